"""Sweeps: plan one, watch its cells fill, and the list of one's sweeps."""

from __future__ import annotations

import streamlit as st

from playground.locales import t
from playground.runs import service
from playground.runs.hub import Hub
from playground.ui import location, navigation, state
from playground.ui.common.labels import plain
from playground.ui.common.owner import current_owner
from playground.ui.runs import session
from playground.ui.sweep.form import show_form
from playground.ui.sweep.view import show_sweep, state_words, sweep_name

# Of a list nobody reads more at once.
_LISTED = 20


def page() -> None:
    """The page, top to bottom: one sweep, or the form and one's sweeps."""
    hub, owner = service.hub(), current_owner()
    _read_address(hub)
    if run_ids := st.session_state.pop(state.SWEEP_OPENED, None):
        _open(hub, run_ids)
    one = hub.sweeps.get(st.session_state[state.SWEEP] or "")
    st.title(t("Sweep") if one else t("Sweeps"), anchor=False)
    if problems := st.session_state[state.SWEEP_PROBLEMS]:
        st.warning("\n".join(f"- {line}" for line in problems))
    if one is None:
        show_form(hub, owner)
        _list(hub, owner)
    else:
        st.button(
            t("All sweeps"),
            icon=":material/arrow_back:",
            on_click=state.show_sweep,
            args=(None,),
            help=t("Back to your sweeps; this one goes on."),
        )
        show_sweep(hub, owner, one)
    location.write_query({location.SWEEP: one.id} if one else {})


def _read_address(hub: Hub) -> None:
    """Show the sweep that the address asks for, once a session."""
    if state.SWEEP in st.session_state:
        return
    asked = location.parameter(location.SWEEP)
    state.show_sweep(asked or None)
    if asked and hub.sweeps.get(asked) is None:
        st.session_state[state.SWEEP_PROBLEMS] = [
            t("There is no sweep “{sweep}” on this server.", sweep=plain(asked[:40]))
        ]


def _open(hub: Hub, run_ids: list[str]) -> None:
    """Open a cell's run on Train, or its runs on Runs."""
    if len(run_ids) > 1:
        session.open_with(hub, run_ids)
        navigation.go_to(navigation.RUNS)
    else:
        state.show_run(run_ids[0])
        navigation.go_to(navigation.TRAIN)


def _list(hub: Hub, owner: str) -> None:
    found = hub.sweeps.of(owner)
    if not found:
        return
    st.header(t("Your sweeps"), anchor=False)
    for one in found[:_LISTED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                sweep_name(one.plan),
                key=f"sweep_{one.id}",
                icon=":material/grid_on:",
                on_click=state.show_sweep,
                args=(one.id,),
                help=t("Shows this sweep."),
            )
            made = t("{date:%d %b %H:%M}", date=one.created)
            st.markdown(f"{made} · {state_words(one, hub.sweeps.trials(one))}", width="content")
    if more := len(found[_LISTED:]):
        st.caption(t("and {more:,} more.", more=more))
