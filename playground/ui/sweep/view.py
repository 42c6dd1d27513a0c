"""One sweep on the screen: its cells as they fill, and pause, go on, stop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from playground.config import RunConfig
from playground.experiments.repeats import network_key
from playground.experiments.sweep import Grid, Sweep
from playground.figures.compare import Axis, parallel_figure
from playground.figures.sweep import sweep_curve
from playground.locales import english, from_english, mark, plural, t
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.sweeps.trials import SweepInfo, SweepState, Trial
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import duration, plain, setting_name, setting_phrase, setting_value
from playground.ui.common.pictures import percent
from playground.ui.common.problems import show_errors
from playground.ui.sweep.cells import Cell, Row, show_cells
from playground.ui.sweep.controls import show_controls
from playground.ui.sweep.estimate import seconds_for

FOLLOW_SECONDS = 1.5
_STATES = {
    SweepState.GOING: mark("under way"),
    SweepState.PAUSED: mark("paused"),
    SweepState.STOPPED: mark("stopped"),
    SweepState.DONE: mark("done"),
}


def sweep_name(plan: Sweep | None) -> str:
    """What a sweep changes, such as "Learning rate × Batch size, 3 × 3"."""
    if plan is None:
        return t("made by another version")
    names = " × ".join(setting_name(axis.setting) for axis in plan.axes)
    if isinstance(plan, Grid) and len(plan.axes) == 1:
        count = len(plan.axes[0].values)
        return plural("{names}, {count} value", "{names}, {count} values", count, names=names)
    if isinstance(plan, Grid):
        return f"{names}, {' × '.join(str(len(axis.values)) for axis in plan.axes)}"
    return plural("{names}, {count} draw", "{names}, {count} draws", plan.count, names=names)


def state_words(one: SweepInfo, trials: Sequence[Trial]) -> str:
    """How far a sweep is, in a few words."""
    ended = sum(trial.run is not None and trial.run.status.ended for trial in trials)
    again = sum(trial.to_come and trial.run is not None for trial in trials)
    again = 0 if one.state.ended else again
    return t(
        "{state}, {done:,} of {all:,} runs have ended",
        state=t(_STATES[one.state]),
        done=ended - again,
        all=len(trials),
    )


def show_sweep(hub: Hub, owner: str, one: SweepInfo) -> None:
    """The sweep, live while runs are under way.

    Args:
        hub: has it.
        owner: who looks; only its owner can command it.
        one: the sweep.
    """
    st.header(sweep_name(one.plan), anchor=False)
    if one.plan is None:
        st.info(
            t(
                "This sweep was made by another version of the playground, and this one cannot "
                "read it. Its runs are on the page Runs."
            )
        )
    if one.owner == owner:
        show_controls(hub, owner, one)
    going = _going(one, hub.sweeps.trials(one))
    st.fragment(show_errors(_follow), run_every=FOLLOW_SECONDS if going else None)(one.id, going)


def _going(one: SweepInfo, trials: Sequence[Trial]) -> bool:
    """Whether something of it will change by itself."""
    return one.state is SweepState.GOING or any(
        trial.run is not None and trial.run.status.active for trial in trials
    )


def _follow(sweep_id: str, going: bool) -> None:
    """The sweep as its runs are now."""
    hub = service.hub()
    one = hub.sweeps.get(sweep_id)
    trials = hub.sweeps.trials(one) if one else []
    if one is None or state.SWEEP_OPENED in st.session_state:
        st.rerun()
    if going and not _going(one, trials):
        st.rerun()
    if one.plan is None:
        return
    _progress(hub, one, trials)
    cells = _cells(one.plan, trials)
    _figure(one.plan, cells)
    _table(one, cells)
    _best(one.plan, cells)


def _progress(hub: Hub, one: SweepInfo, trials: Sequence[Trial]) -> None:
    said = state_words(one, trials)
    left = [
        trial.config
        for trial in trials
        if trial.run is None or not trial.run.status.ended or trial.to_come
    ]
    if left and one.state is SweepState.GOING:
        seconds = seconds_for(hub, one.owner, left)
        said = t("{standing}; about {time} left", standing=said, time=duration(seconds / 60))
    st.progress(1 - len(left) / max(1, len(trials)), said[:1].upper() + said[1:] + ".")
    if one.problem:
        st.warning(
            t(
                "The next runs could not be queued. {reason} This is tried again by itself.",
                reason=from_english(english(one.problem)),
            )
        )
    elif one.state is SweepState.GOING and hub.problem:
        st.warning(from_english(hub.problem))


def _cells(plan: Sweep, trials: Sequence[Trial]) -> dict[tuple[int, ...], Cell]:
    """The cells by their indices, in the order of the indices."""
    by_key = {network_key(trial.config): trial for trial in trials}

    def cell(config: RunConfig) -> Cell:
        seeded = [config.model_copy(update={"seed": seed}) for seed in plan.seeds]
        return Cell([by_key[network_key(one)] for one in seeded])

    return {index: cell(config) for index, config in sorted(_configs(plan).items())}


@lru_cache(maxsize=64)
def _configs(plan: Sweep) -> dict[tuple[int, ...], RunConfig]:
    return plan.cells()


def _texts(plan: Sweep, index: tuple[int, ...]) -> list[str]:
    """The values of a cell, as they are shown."""
    return [setting_value(setting, value) for setting, value in _values(plan, index)]


def _values(plan: Sweep, index: tuple[int, ...]) -> list[tuple[str, object]]:
    if isinstance(plan, Grid):
        return [(axis.setting, axis.values[i]) for axis, i in zip(plan.axes, index, strict=True)]
    config = _configs(plan)[index]
    return [(axis.setting, getattr(config, axis.setting)) for axis in plan.axes]


def _figure(plan: Sweep, cells: dict[tuple[int, ...], Cell]) -> None:
    """The curve of one setting, or parallel coordinates of draws; a map is the table itself."""
    texts = [_texts(plan, index) for index in cells]
    values = [[value for _, value in _values(plan, index)] for index in cells]
    if len(plan.axes) == 1:
        show_figure(
            sweep_curve(
                setting_name(plan.axes[0].setting),
                [one[0] for one in values],
                [one[0] for one in texts],
                [cell.accuracies for cell in cells.values()],
            ),
            t("The validation accuracy by the value of the setting: every run, and their mean."),
            "sweep_curve",
        )
    elif not isinstance(plan, Grid):
        axes = [
            Axis(setting_name(axis.setting), [v[i] for v in values], [x[i] for x in texts])
            for i, axis in enumerate(plan.axes)
        ]
        means = [cell.mean for cell in cells.values()]
        if len(means) - means.count(None) >= 2:
            show_figure(
                parallel_figure(axes, means),
                t(
                    "Each line is a combination, from its values to its validation accuracy, which "
                    "colours it. Drag along an axis to see only those that pass there."
                ),
                "sweep_parallel",
                least_width=90 * (len(axes) + 2),
            )


def _table(one: SweepInfo, cells: dict[tuple[int, ...], Cell]) -> None:
    plan = one.plan
    assert plan is not None
    names = [setting_name(axis.setting) for axis in plan.axes]
    accuracy = t("Validation accuracy")
    if isinstance(plan, Grid) and len(plan.axes) == 2:
        down, across = (
            [setting_value(axis.setting, value) for value in axis.values] for axis in plan.axes
        )
        heads = [t("{down} ↓ {across} →", down=names[0], across=names[1]), *across]
        rows = [
            Row(head, [], [cells[i, j] for j in range(len(across))]) for i, head in enumerate(down)
        ]
    elif len(plan.axes) == 1:
        heads = [names[0], accuracy]
        rows = [Row(_texts(plan, index)[0], [], [cell]) for index, cell in cells.items()]
    else:
        heads = [t("Draw number"), *names, accuracy]
        rows = [
            Row(str(index[0] + 1), _texts(plan, index), [cell]) for index, cell in cells.items()
        ]
    key = f"sweep_cells_{one.id}"

    def opened() -> None:
        row, _, column = str(st.session_state[key]["open"]).partition("-")
        if row.isdigit() and column.isdigit() and int(row) < len(rows):
            found = rows[int(row)].cells[int(column) : int(column) + 1]
            ids = [run.id for cell in found for run in cell.runs]
            if ids:
                st.session_state[state.SWEEP_OPENED] = ids

    show_cells(heads, rows, one.state, key=key, on_open_change=opened)
    st.caption(
        t(
            "Validation accuracy after the last epoch, the more colour, the "
            "higher. Press a cell to open its run."
        )
        if len(plan.seeds) == 1
        else t(
            "Mean validation accuracy after the last epoch, the more colour, "
            "the higher. Press a cell to see its runs on the page Runs."
        )
    )


def _best(plan: Sweep, cells: dict[tuple[int, ...], Cell]) -> None:
    measured = [(mean, index) for index, cell in cells.items() if (mean := cell.mean) is not None]
    if len(measured) < 2:
        return
    mean, index = max(measured)
    st.markdown(
        t(
            "Highest so far: {settings}, with {accuracy}. The highest of many is partly luck: "
            "to know, choose its run and another one on Runs and repeat both with other seeds.",
            settings=plain(
                " · ".join(setting_phrase(name, value) for name, value in _values(plan, index))
            ),
            accuracy=percent(mean, 1),
        )
    )
