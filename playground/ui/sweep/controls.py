"""Pause, go on, stop all and forget: what the owner of a sweep can do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.locales import t
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.runs.results import has_result
from playground.runs.sweeps.trials import SweepInfo, SweepState
from playground.store.runs import StoreError
from playground.ui import state


def show_controls(hub: Hub, owner: str, one: SweepInfo) -> None:
    """The buttons of a sweep's owner."""
    sweeps = hub.sweeps
    trials = sweeps.trials(one)
    lacking = any(trial.run is None or not has_result(trial.run) for trial in trials)
    unended = not one.state.ended
    with st.container(horizontal=True):
        if one.state is SweepState.GOING:
            _button(
                "hold",
                t("Pause"),
                ":material/pause:",
                sweeps.pause,
                owner,
                one,
                t("No further run of this sweep begins; those that train go on."),
            )
        else:
            _button(
                "hold",
                t("Go on"),
                ":material/play_arrow:",
                sweeps.go_on,
                owner,
                one,
                t(
                    "Trains what has no result yet; if the sweep has ended, also what failed or "
                    "was stopped."
                ),
                disabled=one.plan is None or (one.state is SweepState.DONE and not lacking),
            )
        _button(
            "stop",
            t("Stop all"),
            ":material/stop:",
            sweeps.stop,
            owner,
            one,
            t("Ends its runs that train, and takes the others out of the queue."),
            disabled=not unended,
        )
        _button(
            "forget",
            t("Forget this sweep"),
            ":material/delete:",
            sweeps.delete,
            owner,
            one,
            t("Takes it out of your list. Its runs stay on the page Runs."),
            disabled=unended,
        )


def _button(
    name: str,
    label: str,
    icon: str,
    command: Callable[[str, str], None],
    owner: str,
    one: SweepInfo,
    help: str,
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"sweep_{name}_{one.id}",
        icon=icon,
        on_click=_command,
        args=(command, owner, one.id),
        help=help,
        disabled=disabled,
    )


def _command(command: Callable[[str, str], None], owner: str, sweep_id: str) -> None:
    """Do what a button asks; why it could not be done is shown above the sweep."""
    try:
        command(owner, sweep_id)
    except (Refused, StoreError, ConnectionError) as error:
        st.session_state[state.SWEEP_PROBLEMS] = [str(error)]
    else:
        st.session_state[state.SWEEP_PROBLEMS] = []
