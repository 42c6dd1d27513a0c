"""Learn, Terms: every term of the lecture with its meaning and the page that shows it."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.ui import navigation
from playground.ui.learn.terms import TERMS


def page() -> None:
    """The page: the terms in the order of the lecture."""
    st.title(t("Terms"), anchor=False)
    st.markdown(
        t(
            "The lecture's terms, in its order. On the other pages, point at an underlined word to "
            "see what it means."
        )
    )
    for term in TERMS:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{t(term.name)}**: {t(term.says)}", width="content")
            index = navigation.index_of(term.page)
            if index is not None:
                lesson = navigation.COURSE[index]
                navigation.link_to(lesson, t("See {page}", page=t(lesson.title)))
