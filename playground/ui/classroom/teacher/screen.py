"""The page Class on the projector."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.ui.classroom.here import Here
from playground.ui.common.labels import plain


def screen_page(found: Here) -> None:
    """What the room looks at."""
    st.title(plain(found.view["class"]["name"]) or t("Class"), anchor=False)
    st.html(f'<p data-testid="join-code">{found.view["code"]}</p>')
