"""What a run that has not ended is told: pause, step, stop, another learning rate."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.events import Command, CommandName, EpochEnd, LearningRateChange, Status
from playground.locales import t
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.teacher import is_teacher


def controls(hub: Hub, owner: str, run: RunInfo) -> None:
    """Pause or Resume, Step, Stop, and the learning rate while the run trains, side by side."""
    active = run.status.active
    paused = run.status is Status.PAUSED

    def send(name: CommandName, value: float | None = None) -> None:
        try:
            hub.command(owner, run.id, Command(name, value), teacher=is_teacher())
        except (Refused, ConnectionError, ValueError) as error:
            st.error(str(error))

    # With a key a button stays the same one when its word or its help changes: no press on it or
    # on those beside it is lost. What it does is what it said when it was pressed.
    st.button(
        t("Resume") if paused else t("Pause"),
        key=f"hold_{run.id}",
        icon=":material/play_arrow:" if paused else ":material/pause:",
        disabled=not active,
        on_click=state.whole(send),
        args=("resume" if paused else "pause",),
        help=t("Continues training.") if paused else t("Holds training here."),
    )
    if st.button(
        t("Step one epoch"),
        key=f"step_{run.id}",
        icon=":material/skip_next:",
        disabled=not active,
        help=t("Trains to the end of this epoch, or of the next if it has ended, then holds."),
    ):
        send("step")
    if st.button(
        t("Stop"),
        key=f"stop_{run.id}",
        icon=":material/stop:",
        help=t("Ends this run and tests what it has learned.")
        if active
        else t("Leaves the queue; nothing has been trained yet."),
    ):
        send("stop")
    if active:
        low, high = RunConfig.limits("learning_rate")
        key = f"rate_{run.id}"

        def change() -> None:
            # Otherwise the browser only repeats what it shows.
            if st.session_state[key] != state.remembered(key):
                send("learning_rate", st.session_state[key])

        st.number_input(
            t("Rate from now on"),
            low,
            high,
            _rate(hub, run),
            step=run.config.learning_rate / 10,
            format="%g",
            key=key,
            on_change=change,
            width=160,
            help=t(
                "The learning rate of this run from the next step on; the chart marks the change."
            ),
        )
        state.remember_widget(key)


def _rate(hub: Hub, run: RunInfo) -> float:
    """The learning rate that a run trains with now."""
    rates = [
        event.data.learning_rate
        for event in hub.events(run.id)
        if isinstance(event.data, LearningRateChange | EpochEnd)
    ]
    return rates[-1] if rates else run.config.learning_rate
