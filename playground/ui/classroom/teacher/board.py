"""The page Class for its teacher."""

from __future__ import annotations

import streamlit as st

from playground.classroom.rules import acts
from playground.classroom.service import classes
from playground.locales import t
from playground.ui.classroom.files.teacher import export_buttons
from playground.ui.classroom.here import Here
from playground.ui.classroom.quiz.teacher import quiz_levers
from playground.ui.common.labels import plain


def teacher_page(found: Here, owner: str) -> None:
    """The code, the roster, the levers."""
    view = found.view
    st.title(plain(view["class"]["name"]) or t("Class"), anchor=False)
    st.html(f'<p data-testid="join-code">{view["code"]}</p>')
    down = view["curtain"]
    if st.button(
        t("Go on, everyone") if down else t("Pause everyone"),
        help=t("Lifts the curtain from all screens.")
        if down
        else t("Lowers a curtain on all screens: eyes here."),
    ):
        classes().act(found.class_id, acts.set_curtain, owner, not down)
        st.rerun()
    for tile in view["roster"]:
        st.write(plain(tile["name"]))
    quiz_levers(found, owner)
    export_buttons(found, owner)
