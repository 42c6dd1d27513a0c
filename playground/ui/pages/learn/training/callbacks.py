"""Learn, Callback: the lecture's class, and when each hook of one's own run was called."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from playground.config import Metric
from playground.events import HookCalls, HookStop, Status
from playground.figures.lesson.training import hooks_figure
from playground.locales import plural, t
from playground.runs import service
from playground.runs.hub import Hub
from playground.script import callback_source
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_run, events_of, open_train
from playground.ui.learn.prose import prose

_WHOLE_RUN = 0  # where an epoch can be chosen, of which the first is 1


def page() -> None:
    """The page, top to bottom: the class as code, the hooks of a run in time, Train."""
    st.title(t("Callback"), anchor=False)
    prose(
        t(
            "A callback is a class with methods that Keras calls while it trains; these methods "
            "are the **hooks**. Keras calls `on_epoch_end` after every epoch and gives it the "
            "results in `logs`. The hook can end training: it sets "
            "`self.model.stop_training = True`."
        )
    )
    now, metrics = state.config(), get_args(Metric)
    one, two = st.columns(2)
    with one:
        threshold: float = st.slider(
            t("Stop when accuracy exceeds"),
            0.5,
            0.99,
            state.remembered("callbacks_threshold", 0.8),
            0.01,
            help=t("The threshold of the callback."),
            **state.remembering("callbacks_threshold"),
        )
    with two:
        monitor: Metric = st.selectbox(
            t("Watched metric"),
            metrics,
            metrics.index(state.remembered("callbacks_metric", metrics[0])),
            help=t("The accuracy on the training images or on the validation images."),
            **state.remembering("callbacks_metric"),
        )
    config = now.model_copy(
        update={"early_stop": True, "stop_threshold": threshold, "monitor": monitor}
    )
    st.code(
        callback_source(config) + "\n\n\nmodel.fit(x_train, y_train, "
        f"epochs={config.epochs}, validation_split=…, callbacks=[StopAboveThreshold()])",
        language="python",
        wrap_lines=True,
    )
    st.header(t("The hooks of your run, as Keras really called them"), anchor=False)
    hub = service.hub()
    run = choose_run(
        hub,
        current_owner(),
        "callbacks_run",
        t("One of your runs that have been tested."),
        HookCalls,
    )
    if run is None:
        st.info(t("You have no run with recorded hooks yet. Train one, then come back."))
    else:
        _hooks(hub, run)
    open_train(
        config,
        t(
            "Train until `{metric}` is above {threshold:g}, and see which epoch ends it.",
            metric=monitor,
            threshold=threshold,
        ),
    )


def _hooks(hub: Hub, run: RunInfo) -> None:
    recorded = events_of(hub, run, HookCalls)[0]
    calls = list(recorded.calls)
    epochs = max((call.epoch or 0 for call in calls), default=0)
    choices, name = [_WHOLE_RUN, *range(1, epochs + 1)], f"callbacks_epoch_{run.id}"
    shown: int = st.select_slider(
        t("Show"),
        choices,
        state.chosen(name, choices, _WHOLE_RUN),
        format_func=lambda epoch: t("the whole run") if epoch == _WHOLE_RUN else str(epoch),
        help=t("The whole run, or one of its epochs."),
        **state.remembering(name),
    )
    if shown != _WHOLE_RUN:
        calls = [call for call in calls if call.epoch == shown]
    total = sum(call.calls for call in calls)
    sentences = [
        t("All {total:,} calls of hooks in the whole run.", total=total)
        if shown == _WHOLE_RUN
        else t("All {total:,} calls of hooks in epoch {epoch}.", epoch=shown, total=total),
        t(
            "The hook that was called first is at the top. Each mark is a call; a line joins a "
            "series of calls within one epoch."
        ),
        who_stopped(run, recorded.stop),
    ]
    show_figure(hooks_figure(calls), " ".join(sentences), "hooks")
    with st.expander(t("The calls as a list")):
        st.dataframe(
            {
                t("Hook"): [call.hook for call in calls],
                t("Epoch"): [str(call.epoch or "") for call in calls],
                t("Calls"): [call.calls for call in calls],
                t("First call, in seconds"): [f"{call.first:.3f}" for call in calls],
                t("Last call, in seconds"): [f"{call.last:.3f}" for call in calls],
            },
            hide_index=True,
        )
    st.caption(_differences(run.config.steps_per_epoch))


def _differences(batches: int) -> str:
    """How the calls differ from those of a plain Keras script."""
    sentences = [
        t(
            "The playground trains a chunk of many batches at once, so here Keras calls "
            "on_batch_begin and on_batch_end once per chunk."
        ),
        plural(
            "In a plain Keras script it calls them for the one batch of an epoch.",
            "In a plain Keras script it calls them for each of the {count:,} batches of an epoch.",
            batches,
        ),
        t(
            "Before the first batch ends, Keras compiles the training step, which takes a while. "
            "The on_test hooks are called by the validation in every epoch, and once more by "
            "evaluate() at the end; then predict() gets 32 test images."
        ),
    ]
    return " ".join(sentences)


def who_stopped(run: RunInfo, stop: HookStop | None) -> str:
    """Which hook ended fit(), in a sentence."""
    if stop:
        return t(
            "{hook} of epoch {epoch} set stop_training and so ended fit().",
            hook=stop.hook,
            epoch=stop.epoch,
        )
    if run.status is Status.STOPPED:
        return t("The Stop button ended fit() from outside, so on_train_end was not called.")
    return t("No hook stopped this run: fit() did all of its epochs.")
