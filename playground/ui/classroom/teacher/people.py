"""What the teacher can do for one member."""

from __future__ import annotations

from typing import Any

import streamlit as st

from playground.classroom.codes import MOST_NICKNAME
from playground.classroom.rules import acts
from playground.locales import t
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.classroom.names import spoken
from playground.ui.classroom.teacher.acting import act, act_on
from playground.ui.classroom.teacher.levers import stop_runs

_WHO = "class_person"


def people(found: Here) -> None:
    """Choose a member, then: one more run, end their run, another name, out or in again."""
    tiles = {tile["number"]: tile for tile in found.view["roster"]}
    if not tiles:
        st.caption(t("Nobody has joined yet. Show the code."))
        return
    numbers, name = [*tiles], f"{_WHO}_{found.class_id}"
    number = st.selectbox(
        t("Member"),
        numbers,
        numbers.index(state.chosen(name, numbers, numbers[0])),
        format_func=lambda one: _label(tiles[one]),
        help=t("For whom the buttons beside are."),
        width=320,
        **state.kept(name),
    )
    tile, class_id, at = tiles[number], found.class_id, found.view["at"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limited = at is not None and tile["runs_left"] is not None
        st.button(
            t("One more run"),
            icon=":material/add:",
            disabled=not limited,
            on_click=act,
            args=(class_id, acts.grant_runs, at["number"] if at else 0, number),
            help=t("Lets them train once more than the activity allows."),
        )
        run = tile["run"]
        going = run is not None and not run["ended"]
        st.button(
            t("End their run"),
            icon=":material/stop_circle:",
            disabled=not going,
            on_click=stop_runs,
            args=(class_id, [run["id"]] if run else []),
            help=t("Ends the run that trains or waits; what it has learned is kept."),
        )
        st.button(
            t("Let in again") if tile["removed"] else t("Remove"),
            key=f"class_remove_{number}",
            icon=":material/person_add:" if tile["removed"] else ":material/person_remove:",
            on_click=act,
            args=(class_id, acts.remove, number, not tile["removed"]),
            help=t("They take part again, with all they had.")
            if tile["removed"]
            else t("They can do nothing more here; what they did stays."),
        )
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


def _label(tile: dict[str, Any]) -> str:
    name = spoken(tile["name"])
    if tile["removed"]:
        return t("{name} (removed)", name=name)
    return t("{name} (has left)", name=name) if tile["left"] else name
