"""The choice of the language, at the top of every page."""

from __future__ import annotations

import streamlit as st

from playground.locales import in_its_own_words, language, languages, t
from playground.locales.pseudo import PSEUDO
from playground.ui import location


def choose_language() -> None:
    """A list of the languages that the app speaks; a choice changes the page at once."""
    spoken = language()
    offered = [one for one in languages() if one != PSEUDO or spoken == PSEUDO]
    # Another key when the language changes: under the same key Streamlit would show the old one.
    key = f"language_{spoken}"
    st.selectbox(
        t("Language"),
        offered,
        offered.index(spoken),
        format_func=in_its_own_words,
        key=key,
        on_change=lambda: location.speak(st.session_state[key]),
        label_visibility="collapsed",
    )
