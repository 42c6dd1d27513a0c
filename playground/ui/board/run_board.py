"""The board of a run: what it begins with, and what it is compared to."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.experiments.differences import judged_on_the_same_images
from playground.locales import t
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.board.board import Before, live_board
from playground.ui.board.going_on import origin_of


def run_board(
    hub: Hub, run: RunInfo, key: str, on_cell_change: Callable[[], None] | None = None
) -> None:
    """The live board of a run.

    Args:
        hub: has it.
        run: the run.
        key: Streamlit's key of the board.
        on_cell_change: as of `live_board`.
    """
    live_board(
        run.id,
        run.config,
        status=run.status,
        pinned=hub.archive.pinned(run.id) is not None,
        key=key,
        references=state.remembered(state.REFERENCES, False),
        origin=origin_of(hub, run),
        before=_before(hub, run),
        sealed=run.sealed,
        started=run.id == state.started(),
        next_run=state.next_run(),
        on_cell_change=on_cell_change,
    )


def _before(hub: Hub, run: RunInfo) -> Before | None:
    """What the owner's last run before this one has reached that was trained to its end."""
    tested = (
        other
        for other in hub.runs(run.owner, lessons=False)
        if other.created < run.created and other.summary.test_accuracy is not None
    )
    last = next(tested, None)
    if last is None:
        return None
    same = judged_on_the_same_images([run.config, last.config])
    return Before(last.summary.val_accuracy if same else None, last.summary.test_accuracy)


def references_switch() -> None:
    """Whether there is a chart of published results."""
    st.toggle(
        t("Compare with published results"),
        state.remembered(state.REFERENCES, False),
        key=state.REFERENCES,
        on_change=state.remember_widget,
        args=(state.REFERENCES,),
        help=t("A chart of what others have reached on the test images, beside this run."),
    )
