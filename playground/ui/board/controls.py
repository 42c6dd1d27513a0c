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

    if paused:
        goes_on = t("Continues training.")
        if st.button(t("Resume"), icon=":material/play_arrow:", help=goes_on):
            send("resume")
    elif st.button(
        t("Pause"),
        icon=":material/pause:",
        disabled=not active,
        help=t("Holds training here."),
    ):
        send("pause")
    if st.button(
        t("Step one epoch"),
        icon=":material/skip_next:",
        disabled=not active,
        help=t("Trains to the end of this epoch, or of the next if it has ended, then holds."),
    ):
        send("step")
    if st.button(
        t("Stop"),
        # With a key it stays the same button when its help changes, and no click is lost.
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
