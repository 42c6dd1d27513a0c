"""Learn, all lessons: a card for each page of the lecture."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.ui.learn.lessons import show_cards


def page() -> None:
    """The page, top to bottom: what it is, and the cards."""
    st.title(t("Learn"), anchor=False)
    st.markdown(
        t(
            "The lecture, page by page, each with numbers and pictures to change by hand. In this "
            "order each builds on those before it."
        )
    )
    show_cards()
