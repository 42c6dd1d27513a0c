"""The page Class for a member."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.ui.classroom.here import Here
from playground.ui.common.labels import plain


def member_page(found: Here, owner: str) -> None:
    """Where the class is, and what to do."""
    del owner
    view = found.view
    st.title(plain(view["class"]["name"]) or t("Class"), anchor=False)
    st.markdown(t("You are **{name}**.", name=plain(view["you"]["name"])))
    if view["at"] is None:
        st.info(t("You are in. Your teacher opens the first activity; it will appear here."))
