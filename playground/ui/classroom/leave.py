"""The way out of a class, for a member."""

from __future__ import annotations

import streamlit as st

from playground.classroom.rules import acts
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.locales import t
from playground.ui.classroom.alone import to_class
from playground.ui.classroom.here import Here
from playground.ui.classroom.teacher.acting import act


def leave_button(found: Here) -> None:
    """What leaving means, and the button that does it; for a member of a class with a teacher."""
    if found.audience in (TEACHER, SCREEN) or found.view["class"]["solo"]:
        return
    with st.popover(
        t("Leave this class"),
        icon=":material/logout:",
        help=t("From then on what your teacher fixes or pauses holds for you no longer."),
    ):
        st.write(
            t(
                "What you did in this class stays, and your runs stay yours. What your teacher "
                "fixes or pauses holds for you no longer. You can join again with the code as long "
                "as the class goes on."
            )
        )
        st.button(
            t("Leave now"),
            type="primary",
            on_click=_leave,
            args=(found.class_id,),
            help=t("You are then no member of this class."),
        )


def _leave(class_id: str) -> None:
    act(class_id, acts.leave)
    to_class()
