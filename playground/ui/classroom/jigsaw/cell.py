"""One's own cell of a jigsaw: it is dealt when one comes, and another one where one is free."""

from __future__ import annotations

import contextlib

import streamlit as st

from playground.classroom.gate import is_of, stamp
from playground.classroom.jigsaw import deal
from playground.classroom.service import Classes
from playground.locales import t
from playground.runs.refusals import Refused
from playground.runs.results import has_result
from playground.ui.classroom.here import Here, see


def with_cell(all_classes: Classes, found: Here, owner: str) -> Here:
    """The class as a member sees it once they have a cell; as it was where there is none to have.

    Raises:
        StoreError: it could not be written.
    """
    at = found.of_member["at"]
    if at is None or at["activity"]["jigsaw"] is None or found.of_member["class"]["ended"]:
        return found
    wanted = stamp(found.class_id, at["number"])
    runs = all_classes.runs(found.class_id)
    # Who has trained a cell is asked before they get another one.
    if any(run.owner == owner and is_of(run, wanted) and has_result(run) for run in runs):
        return found
    with contextlib.suppress(Refused):  # the page says by itself that there is no cell
        all_classes.act(found.class_id, deal, owner, at["number"], runs)
    return see(all_classes, found.class_id, owner) or found


def another_cell(all_classes: Classes, found: Here, owner: str) -> None:
    """A button for one who has trained their cell, as long as others are empty."""
    at, state = found.of_member["at"], all_classes.state(found.class_id)
    if at is None or state is None or at["activity"]["jigsaw"] is None:
        return
    runs = all_classes.runs(found.class_id)
    try:
        if at["cell"] is None or not deal(state, owner, at["number"], runs):
            return
    except Refused:
        return
    if st.button(
        t("Take another cell"),
        key=f"class_{found.class_id}_{at['number']}_another",
        icon=":material/extension:",
        help=t("Some cells of the grid are still empty: train one more."),
    ):
        try:
            all_classes.act(found.class_id, deal, owner, at["number"], runs)
        except Refused as error:
            st.error(str(error))
        else:
            st.rerun()
