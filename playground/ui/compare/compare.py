"""Compare: two to eight runs side by side, and two of them in detail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from playground.experiments.differences import differences
from playground.figures.compare import MOST_RUNS, Axis, parallel_figure
from playground.locales import t
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import (
    given_name,
    origin_label,
    setting_name,
    setting_phrase,
    setting_value,
)
from playground.ui.compare.board import compare_board
from playground.ui.compare.pair import compare_two
from playground.ui.runs import session
from playground.ui.runs.view import AXES, CURVES

PARALLEL_FROM = 5
_NOTHING = object()


def can_compare(runs: Sequence[RunInfo]) -> bool:
    """Whether so many runs can be compared."""
    return 2 <= len(runs) <= MOST_RUNS


def compare(hub: Hub, runs: Sequence[RunInfo], named: Mapping[str, str]) -> None:
    """Everything about these runs side by side, top to bottom.

    Args:
        hub: has their networks.
        runs: two to eight.
        named: the name of each, by its id.
    """
    names = names_apart(runs, named)
    view = session.view()
    axis, curves = state.spoken_key("compare_axis"), state.spoken_key("compare_curves")
    with st.container(horizontal=True):
        st.session_state[axis] = view.axis
        st.segmented_control(
            t("Aligned by"),
            list(AXES),
            format_func=lambda name: t(AXES[name]),
            required=True,
            key=axis,
            on_change=lambda: session.set_view(axis=st.session_state[axis]),
            help=t("What the curves have in common: as many epochs, steps, images or seconds."),
        )
        st.session_state[curves] = view.curves
        st.segmented_control(
            t("Images"),
            list(CURVES),
            format_func=lambda name: t(CURVES[name]),
            required=True,
            key=curves,
            on_change=lambda: session.set_view(curves=st.session_state[curves]),
            help=t("Thick lines: on the validation images. Thin ones: on the training images."),
        )
    compare_board(
        runs,
        names,
        [_origin(hub, run) for run in runs],
        view.axis,
        view.curves,
        key="compare_board",
        on_ended_change=lambda: None,
    )
    if len(runs) >= PARALLEL_FROM:
        _parallel(runs)
    first, second = _choose_two(runs, names)
    compare_two(hub, runs[first], runs[second], (names[first], names[second]))


def names_apart(runs: Sequence[RunInfo], named: Mapping[str, str]) -> list[str]:
    """The owners' names, else what sets each run apart from the others; no two are equal."""
    differing = differences([run.config for run in runs])
    shared: dict[str, object] = {}
    for setting, values in differing:
        [(value, count)] = Counter(values).most_common(1)
        if count > 1:
            shared[setting] = value
    found: list[str] = []
    for index, run in enumerate(runs):
        # What several runs share is worth no word.
        short = " · ".join(
            setting_phrase(setting, values[index])
            for setting, values in differing
            if values[index] is not None and values[index] != shared.get(setting, _NOTHING)
        )
        usual = t("most common settings") if differing else named[run.id]
        name = given_name(run) or short or usual
        number = 1
        while (shown := name if number == 1 else f"{name} #{number}") in found:
            number += 1
        found.append(shown)
    return found


def _origin(hub: Hub, run: RunInfo) -> str:
    """What a run begins with."""
    if run.parent is None:
        return t("new weights")
    return origin_label(run, hub.run(run.parent))


def _parallel(runs: Sequence[RunInfo]) -> None:
    """All settings that differ and what came of them, in one picture."""
    accuracies = [run.summary.val_accuracy for run in runs]
    found = differences([run.config for run in runs])
    if len(runs) - accuracies.count(None) < 2 or not found:
        return
    axes = [
        Axis(
            setting_name(one.setting),
            one.values,
            [setting_value(one.setting, value) for value in one.values],
        )
        for one in found
    ]
    show_figure(
        parallel_figure(axes, accuracies),
        t(
            "Each line is a run, from its settings to its validation accuracy, which colours it. "
            "Drag along an axis to see only the runs that pass there; press it to see all again."
        ),
        "compare_parallel",
        least_width=90 * (len(axes) + 2),
    )


def _choose_two(runs: Sequence[RunInfo], names: Sequence[str]) -> tuple[int, int]:
    """Which two are compared in detail, as indices; two of two need no choice."""
    st.header(t("Two runs in detail"), anchor=False)
    if len(runs) == 2:
        return 0, 1
    one, two = st.columns(2)
    ids = [run.id for run in runs]
    called = dict(zip(ids, names, strict=True))
    apart = hash(tuple(names))  # other names are other runs, or the same ones among others
    first: str = one.selectbox(
        t("First run"),
        ids,
        ids.index(state.chosen("compare_first", ids, ids[0])),
        format_func=called.__getitem__,
        help=t("The one that the other is compared with."),
        **state.remembering("compare_first", apart),
    )
    others = [run_id for run_id in ids if run_id != first]
    second: str = two.selectbox(
        t("Second run"),
        others,
        others.index(state.chosen("compare_second", others, others[0])),
        format_func=called.__getitem__,
        help=t("Gains are what this one does better."),
        **state.remembering("compare_second", f"_{first}_{apart}"),
    )
    return ids.index(first), ids.index(second)
