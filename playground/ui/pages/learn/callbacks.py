"""Learn, Callback: the lecture's class, and when each hook of one's own run was called."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from playground.config import Metric
from playground.events import Status
from playground.figures.lesson.training import hooks_figure
from playground.runs import service
from playground.runs.hub import Hub
from playground.script import callback_source
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_run, events_of, open_train


def page() -> None:
    """The page, top to bottom: the class as code, the hooks of a run in time, Train."""
    st.title("Callback", anchor=False)
    st.markdown(
        "A callback is a class whose methods, the **hooks**, Keras calls while it works. "
        "`on_epoch_end` is called after every epoch. It gets the results in `logs`, and can end "
        "training: it sets `self.model.stop_training = True`."
    )
    now = state.config()
    one, two = st.columns(2)
    with one:
        threshold: float = st.slider(
            "Stop when accuracy exceeds", 0.5, 0.99, 0.8, 0.01, help="The callback's threshold."
        )
    with two:
        monitor: Metric = st.selectbox(
            "Watched metric", get_args(Metric), help="On training or on validation images."
        )
    config = now.model_copy(update={"stop": True, "stop_threshold": threshold, "monitor": monitor})
    st.code(
        callback_source(config) + "\n\n\nmodel.fit(x_train, y_train, "
        f"epochs={config.epochs}, validation_split=…, callbacks=[StopAboveThreshold()])",
        language="python",
        wrap_lines=True,
    )
    st.subheader("The hooks of your run, as they were really called", anchor=False)
    hub = service.hub()
    run = choose_run(hub, current_owner(), "One of your runs that have been tested.", "hooks")
    if run is None:
        st.info("You have no run with recorded hooks yet. Train one, then come back.")
    else:
        _hooks(hub, run)
    open_train(
        config, f"Train until {monitor} is above {threshold:g}, and see which epoch ends it."
    )


def _hooks(hub: Hub, run: RunInfo) -> None:
    data = events_of(hub, run, "hooks")[0].data
    calls = data["calls"]
    epochs = max((call[1] or 0 for call in calls), default=0)
    whole: str | int = "the whole run"
    shown = st.select_slider(
        "Show", [whole, *range(1, epochs + 1)], help="The whole run, or one of its epochs."
    )
    if shown != whole:
        calls = [call for call in calls if call[1] == shown]
    total = sum(call[4] for call in calls)
    where = shown if shown == whole else f"epoch {shown}"
    show_figure(
        hooks_figure(calls),
        f"Every hook that was called in {where}, {total:,} calls, from top to bottom in the order "
        "of their first ones. A mark is a call; a line joins a series of calls within one epoch. "
        + who_stopped(run, data["stop"]),
        "hooks",
    )
    with st.expander("In order, as a list"):
        st.dataframe(
            {
                "Hook": [call[0] for call in calls],
                "Epoch": [str(call[1] or "") for call in calls],
                "Calls": [call[4] for call in calls],
                "First, at second": [f"{call[2]:.3f}" for call in calls],
                "Last, at second": [f"{call[3]:.3f}" for call in calls],
            },
            hide_index=True,
        )
    st.caption(
        "The playground trains a chunk of many batches in one go, so on_batch_begin and "
        "on_batch_end are called once a chunk here. In a plain Keras script they are called for "
        f"each of the {run.config.steps_per_epoch:,} batches of an epoch. Before the first one "
        "ends, the training step is compiled, which takes a while. Validation calls the "
        "on_test hooks within an epoch, evaluate() once more at the end; then predict() is given "
        "32 test images."
    )


def who_stopped(run: RunInfo, stop: dict[str, Any] | None) -> str:
    """Which hook ended fit(), in words."""
    if stop:
        return f"{stop['hook']} of epoch {stop['epoch']} set stop_training and so ended fit()."
    if run.status is Status.STOPPED:
        return "The Stop button ended fit() from outside, so on_train_end was not called."
    return "No hook stopped it: fit() did all of its epochs."
