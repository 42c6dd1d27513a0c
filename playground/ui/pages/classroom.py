"""Class: join one or start one; then the activity, the teacher's board, or the projector."""

from __future__ import annotations

import streamlit as st

from playground.classroom.service import classes
from playground.classroom.views import SCREEN, TEACHER
from playground.locales import t
from playground.ui.classroom.door import door, follow_address
from playground.ui.classroom.here import here
from playground.ui.classroom.player.member import member_page
from playground.ui.classroom.teacher.board import teacher_page
from playground.ui.classroom.teacher.screen import screen_page
from playground.ui.common.owner import current_owner


def page() -> None:
    """The page, by who looks at it."""
    all_classes, owner = classes(), current_owner()
    follow_address(all_classes, owner)
    found = here(all_classes, owner)
    if found is None:
        st.title(t("Class"), anchor=False)
        door(all_classes, owner)
    elif found.audience == TEACHER:
        teacher_page(found, owner)
    elif found.audience == SCREEN:
        screen_page(found)
    else:
        member_page(found, owner)
