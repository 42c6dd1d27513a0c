"""The envelope: closed, until the teacher opens it; then how far validation and test are apart."""

from __future__ import annotations

from html import escape

import streamlit as st

from playground.classroom.service import classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.locales import language, sentences, t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.common.mount import mount

_HTML = """
<section class="class-envelope" hidden data-testid="class-envelope" aria-label="{name}">
  <p class="class-envelope-says"></p>
  <button type="button" hidden>{open}</button>
  <div class="class-envelope-best" hidden></div>
  <div class="class-envelope-chart" hidden></div>
  <p class="class-envelope-luck" hidden></p>
</section>
"""


def show_envelope(found: Here, owner: str) -> None:
    """The envelope of the activity that the class is at; it hides where that has none.

    It is opened with a press by the teacher, or by one who plays alone. On a member's page, which
    says by itself when there is something new, it is there only where the activity has one.
    """
    at = found.view["at"]
    if found.audience not in (TEACHER, SCREEN) and (at is None or not at["activity"]["sealed"]):
        return

    @state.whole
    def open_it() -> None:
        number = st.session_state[state.CLASS_ENVELOPE]["open"]
        if not isinstance(number, int):  # anybody can send anything
            return
        try:
            classes().open_envelope(found.class_id, owner, number)
        except (Refused, StoreError) as error:
            st.session_state[state.CLASS_ENVELOPE_PROBLEM] = str(error)

    mount(
        "class_envelope",
        _HTML.format(name=escape(t("The envelope")), open=escape(t("Open the envelope"))),
        "classroom/sealed/envelope.css",
        "classroom/sealed/envelope.js",
        key=state.CLASS_ENVELOPE,
        data={
            "token": found.token,
            "view": found.view,
            "opens": found.audience == TEACHER or found.view["class"]["solo"],
            "large": found.audience == SCREEN,
            "sentences": sentences(language()),
        },
        on_open_change=open_it,
    )
    if problem := st.session_state.pop(state.CLASS_ENVELOPE_PROBLEM, None):
        st.error(problem, icon=":material/block:")
