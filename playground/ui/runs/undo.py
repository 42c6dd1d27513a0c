"""Throwing runs away on the page Runs, and taking them back for some seconds."""

from __future__ import annotations

import time

import streamlit as st

from playground.locales import plural, t
from playground.runs.bin import UNDO_SECONDS
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.ui import state
from playground.ui.common.problems import show_errors
from playground.ui.runs import session


def throw_away(hub: Hub, owner: str, run_ids: list[str]) -> None:
    """Delete runs, which can be undone for some seconds; why not is shown above the table."""
    try:
        hub.throw_away(owner, run_ids)
    except Refused as error:
        st.session_state[state.RUNS_PROBLEMS] = [str(error)]
        return
    session.choose([])
    st.session_state[state.RUNS_PROBLEMS] = []
    st.session_state[state.RUNS_THROWN_AWAY] = (run_ids, time.monotonic() + UNDO_SECONDS)


def undo_for_a_while(hub: Hub, owner: str) -> None:
    """Offer to take back what was thrown away a moment ago."""
    if state.RUNS_THROWN_AWAY in st.session_state:
        st.fragment(show_errors(_undo), run_every=1.0)(hub, owner)


def _undo(hub: Hub, owner: str) -> None:
    """Say what was deleted, and take it back if asked; nothing when it is too late."""
    thrown = st.session_state.get(state.RUNS_THROWN_AWAY)
    if thrown is None:
        return
    run_ids, until = thrown
    if time.monotonic() >= until:
        del st.session_state[state.RUNS_THROWN_AWAY]
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            plural("{count} run is deleted.", "{count} runs are deleted.", len(run_ids)),
            width="content",
        )
        if st.button(
            t("Undo"), key="runs_undo", icon=":material/undo:", help=t("The runs are here again.")
        ):
            hub.take_back(owner, run_ids)
            del st.session_state[state.RUNS_THROWN_AWAY]
            st.rerun()
