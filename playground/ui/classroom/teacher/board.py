"""The page Class for its teacher: the way in, the levers, the board, and what is kept."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import streamlit as st

from playground.events import Status
from playground.locales import language, t
from playground.ui import navigation
from playground.ui.classroom.drawing.guesses import show_guesses
from playground.ui.classroom.files.teacher import export_buttons
from playground.ui.classroom.here import Here
from playground.ui.classroom.jigsaw.grid import show_grid
from playground.ui.classroom.names import aliases
from playground.ui.classroom.quiz.teacher import quiz_levers
from playground.ui.classroom.routes import CHARTS
from playground.ui.classroom.sealed.envelope import show_envelope
from playground.ui.classroom.teacher.acting import show_problem
from playground.ui.classroom.teacher.activity import activity_lever
from playground.ui.classroom.teacher.head import head
from playground.ui.classroom.teacher.levers import levers
from playground.ui.classroom.teacher.people import people
from playground.ui.classroom.teacher.snapshots import snapshots
from playground.ui.common.labels import plain
from playground.ui.common.mount import mount

_KEY = "class_board"
_HTML = """
<section class="class-board" data-testid="class-board">
  <p class="class-alert" role="status" data-part="alert" hidden></p>
  <p data-part="present"></p>
  <p data-part="progress" hidden></p>
  <p data-part="nobody" hidden></p>
  <ul></ul>
  <label class="class-choose" hidden>{setting}<select></select></label>
  <p data-part="no-charts" hidden></p>
  <div class="class-charts"></div>
</section>
"""


def teacher_page(found: Here, owner: str) -> None:
    """The page, top to bottom.

    Args:
        found: the class as the teacher sees it.
        owner: the teacher.
    """
    view = found.of_teacher
    with st.container(key="class_head"):
        st.title(plain(view["class"]["name"]) or t("Class"), anchor=False)
        show_problem()
        if view["class"]["ended"]:
            st.info(t("This class has ended."))
        else:
            head(found, owner)
    levers(found)
    with st.expander(t("Activity"), expanded=view["at"] is None, icon=":material/assignment:"):
        activity_lever(found)
    # Beside what is said of the activity; opened on another device, it comes with the levers.
    if view["at"] is not None and view["at"]["activity"]["sealed"]:
        show_envelope(found, owner)
    _board(found)
    show_grid(found)
    show_guesses(found)
    with st.expander(t("One member"), icon=":material/person:"):
        people(found)
    with st.expander(t("Snapshots"), icon=":material/photo_library:"):
        snapshots(found)
    quiz_levers(found, owner)
    export_buttons(found, owner)


def _board(found: Here) -> None:
    mount(
        "class_board",
        _HTML.format(setting=t("Setting")),
        "classroom/teacher/board.css",
        "classroom/teacher/board.js",
        key=_KEY,
        data={
            "token": found.token,
            "view": found.view,
            "now": time.time(),
            "charts": f"{CHARTS}?{urlencode({'class': found.token, 'lang': language()})}",
            "statuses": {status.value: t(status.value) for status in Status},
            "pages": navigation.titles(),
            "names": aliases(),
        },
        on_levers_change=lambda: None,
    )
