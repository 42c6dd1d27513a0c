"""Class: join one or start one; then the activity, the teacher's board, or the projector."""

from __future__ import annotations

import streamlit as st

from playground.classroom.codes import read_code, same
from playground.classroom.rules.state import ClassState
from playground.classroom.service import Classes, classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.locales import t
from playground.ui import location
from playground.ui.classroom.alone import read_alone
from playground.ui.classroom.door import door, follow_address
from playground.ui.classroom.drawing.guesses import show_guesses
from playground.ui.classroom.drawing.pad import show_pad
from playground.ui.classroom.here import DOOR, Here, choose, here, see
from playground.ui.classroom.jigsaw.cell import another_cell, with_cell
from playground.ui.classroom.jigsaw.grid import show_grid
from playground.ui.classroom.leave import leave_button
from playground.ui.classroom.offer import offer
from playground.ui.classroom.player.member import member_page
from playground.ui.classroom.sealed.envelope import show_envelope
from playground.ui.classroom.teacher.board import teacher_page
from playground.ui.classroom.teacher.screen import asked_for_screen, projected, screen_page
from playground.ui.common.labels import plain
from playground.ui.common.owner import current_owner

_MOST_OTHERS = 10


def page() -> None:
    """The page, by who looks at it."""
    all_classes, owner = classes(), current_owner()
    follow_address(all_classes, owner)
    read_alone(all_classes, owner)
    found = projected(all_classes, owner) or here(all_classes, owner)
    if found is None or _asks_for_another(all_classes, found):
        st.title(t("Class"), anchor=False)
        offer(all_classes, owner, None)
        door(all_classes, owner)
        _way_back(all_classes, owner)
        return
    if found.audience == SCREEN or (found.audience == TEACHER and asked_for_screen()):
        screen_page(found, owner)
        return
    offer(all_classes, owner, found)
    if found.audience == TEACHER:
        teacher_page(found, owner)
    else:
        found = with_cell(all_classes, found, owner)
        member_page(found, owner)
        another_cell(all_classes, found, owner)
        show_pad(found, owner)
        show_grid(found)
        show_envelope(found, owner)
        show_guesses(found)
    _other_classes(all_classes, owner, found)


def _asks_for_another(all_classes: Classes, found: Here) -> bool:
    """Whether the address has the code of another class than the one that would be shown."""
    asked = read_code(location.parameter(location.CODE))
    return bool(asked) and not same(asked, all_classes.code(found.class_id))


def _other_classes(all_classes: Classes, owner: str, found: Here) -> None:
    """The way to another class, and out of this one."""
    others = [one for one in all_classes.of(owner) if one.id != found.class_id]
    with st.container(horizontal=True, key="class_others"):
        for one in others[:_MOST_OTHERS]:
            _to(one)
        st.button(
            t("Another class"),
            icon=":material/add:",
            on_click=choose,
            args=(DOOR,),
            help=t("Join another class, or start one. This one stays."),
        )
        leave_button(found)


def _way_back(all_classes: Classes, owner: str) -> None:
    """From the door to what one has already."""
    latest, joined = all_classes.latest(owner), all_classes.where(owner)
    known = [
        *([joined[0]] if joined else []),
        *([all_classes.state(latest)] if latest else []),
        *all_classes.of(owner),
    ]
    once = {one.id: one for one in known if one is not None}
    with st.container(horizontal=True, key="class_back"):
        for one in list(once.values())[:_MOST_OTHERS]:
            if see(all_classes, one.id, owner):
                _to(one)


def _to(state: ClassState) -> None:
    name = plain(state.name) or t("Class without a name")
    st.button(
        t("{name} (ended)", name=name) if state.ended else name,
        key=f"class_to_{state.id}",
        icon=":material/arrow_forward:",
        on_click=_go_to,
        args=(state.id,),
        help=t("Opens this class."),
    )


def _go_to(class_id: str) -> None:
    """Be at this class, and no longer at the door to which a code in the address has led."""
    location.remove_parameter(location.CODE)
    choose(class_id)
