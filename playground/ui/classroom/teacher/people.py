"""What the teacher can do for one member."""

from __future__ import annotations

import streamlit as st

from playground.classroom.codes import MOST_NICKNAME
from playground.classroom.rules import acts
from playground.classroom.views.shapes import TileView
from playground.locales import t
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.classroom.names import spoken
from playground.ui.classroom.teacher.acting import act, act_on
from playground.ui.classroom.teacher.levers import stop_runs

_WHO = "class_person"


def people(found: Here) -> None:
    """Choose a member, then: one more run, end their run, another name, out or in again."""
    tiles = {tile["number"]: tile for tile in found.of_teacher["roster"]}
    if not tiles:
        st.caption(t("Nobody has joined yet. Show the code."))
        return
    numbers, name = [*tiles], f"{_WHO}_{found.class_id}"
    widget = state.remembering(name)
    number = st.selectbox(
        t("Member"),
        numbers,
        numbers.index(state.chosen(name, numbers, numbers[0])),
        format_func=lambda one: _label(tiles[one]),
        help=t("For whom the buttons beside are."),
        width=320,
        **widget,
    )
    tile, class_id, at = tiles[number], found.class_id, found.of_teacher["at"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limited = at is not None and tile["runs_left"] is not None
        st.button(
            t("One more run"),
            icon=":material/add:",
            disabled=not limited,
            on_click=act_on,
            args=(widget["key"], None, class_id, acts.grant_runs, at["number"] if at else 0),
            help=t("Lets them train once more than the activity allows."),
        )
        run = tile["run"]
        going = run is not None and not run["ended"]
        st.button(
            t("End their run"),
            icon=":material/stop_circle:",
            disabled=not going,
            on_click=_end_run,
            args=(class_id, widget["key"]),
            help=t("Ends the run that trains or waits; what it has learned is kept."),
        )
        st.button(
            t("Let in again") if tile["removed"] else t("Remove"),
            key="class_remove",
            icon=":material/person_add:" if tile["removed"] else ":material/person_remove:",
            on_click=_remove,
            args=(class_id, widget["key"], not tile["removed"]),
            help=t("They take part again, with all they had.")
            if tile["removed"]
            else t("They can do nothing more here; what they did stays."),
        )
    if found.of_teacher["names_hidden"]:
        # The teacher's screen may be on the wall.
        st.text_input(
            t("Another nickname"),
            spoken(tile["name"]),
            key=f"class_rename_{number}_hidden",
            disabled=True,
            width=320,
            help=t("While names are hidden, none is shown here either. Show names to change one."),
        )
        return
    key = f"class_rename_{number}_{tile['nickname']}"
    st.text_input(
        t("Another nickname"),
        tile["nickname"],
        max_chars=MOST_NICKNAME,
        key=key,
        on_change=act_on,
        args=(key, tile["nickname"], class_id, acts.rename, number),
        autocomplete="off",
        width=320,
        help=t("Empty: they are called by a colour and an animal."),
    )


# Whom a press is for, the widget with this key says when it is pressed: somebody else may have been
# chosen since the last run of the script.


@state.whole
def _remove(class_id: str, key: str, removed: bool) -> None:
    act(class_id, acts.remove, st.session_state.get(key), removed)


@state.whole
def _end_run(class_id: str, key: str) -> None:
    number = st.session_state.get(key)
    if number is not None:
        stop_runs(class_id, number)


def _label(tile: TileView) -> str:
    name = spoken(tile["name"])
    if tile["removed"]:
        return t("{name} (removed)", name=name)
    return t("{name} (has left)", name=name) if tile["left"] else name
