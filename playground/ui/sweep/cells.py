"""The cells of a sweep as a table of buttons: a heat map that fills, or says why it has not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from playground.events import Status
from playground.locales import from_english, plural, t
from playground.runs.results import has_result
from playground.runs.sweeps.trials import SweepState, Trial
from playground.store.runs import RunInfo
from playground.ui.common.mount import mount
from playground.ui.common.pictures import percent

_HTML = '<div class="sweep-cells" aria-label="{name}" data-testid="sweep-cells"></div>'
# How much of the colour the lowest result has; the highest has all.
_LEAST = 0.1


class Cell(NamedTuple):
    """One configuration of a sweep, with all of its seeds.

    Attributes:
        trials: one for each seed.
    """

    trials: Sequence[Trial]

    @property
    def runs(self) -> list[RunInfo]:
        """The runs that count, those with a result first."""
        found = [trial.run for trial in self.trials if trial.run is not None]
        return sorted(found, key=lambda run: not has_result(run))

    @property
    def accuracies(self) -> list[float]:
        """The validation accuracies of the seeds that have a result, 0 to 1."""
        return [
            run.summary.val_accuracy
            for run in self.runs
            if has_result(run) and run.summary.val_accuracy is not None
        ]

    @property
    def mean(self) -> float | None:
        """Of the accuracies; None before the first."""
        return sum(self.accuracies) / len(self.accuracies) if self.accuracies else None


class Row(NamedTuple):
    """A row of the table: its name, what it says in words, its cells."""

    head: str
    values: Sequence[str]
    cells: Sequence[Cell]


def show_cells(
    heads: Sequence[str],
    rows: Sequence[Row],
    sweep: SweepState,
    *,
    key: str,
    on_open_change: Callable[[], None],
) -> None:
    """Show the cells; a press on one that has a run sets `open`, "row-column" from 0.

    Args:
        heads: of the columns, that of the rows' names first.
        rows: all with as many values and cells.
        sweep: whether it goes on.
        key: Streamlit's key of the component.
        on_open_change: called before the script run that a press causes.
    """
    means = [m for row in rows for cell in row.cells if (m := cell.mean) is not None]
    ends = (min(means), max(means)) if means else (0.0, 1.0)
    mount(
        "sweep_cells",
        _HTML.format(name=escape(t("Validation accuracy"))),
        "sweep/cells.css",
        "sweep/cells.js",
        key=key,
        data={
            "heads": list(heads),
            "rows": [
                {
                    "head": row.head,
                    "values": list(row.values),
                    "cells": [_cell(cell, ends, sweep) for cell in row.cells],
                }
                for row in rows
            ],
        },
        on_open_change=on_open_change,
    )


def _cell(cell: Cell, ends: tuple[float, float], sweep: SweepState) -> dict[str, object]:
    mean, low, high = cell.mean, *ends
    tint = None
    if mean is not None:
        share = (mean - low) / (high - low) if high > low else 1
        tint = round(_LEAST + (1 - _LEAST) * share, 3)
    text, title, state = describe(cell, sweep)
    opens = bool(cell.runs)
    return {"text": text, "title": title, "state": state, "tint": tint, "opens": opens}


def describe(cell: Cell, sweep: SweepState) -> tuple[str, str, str]:
    """What a cell says in short, in full, and its state in a word for style sheets and checks."""
    seeds = [(trial.config.seed, *_standing(trial, sweep)) for trial in cell.trials]
    lines = [t("seed {seed}: {standing}", seed=seed, standing=full) for seed, _, full, _ in seeds]
    done = cell.accuracies
    mean = "" if cell.mean is None else percent(cell.mean, 1)
    if len(done) == len(cell.trials):
        short, state = mean, "result"
    else:
        _, short, _, state = next(one for one in seeds if one[3] != "result")
        if done:
            short = t(
                "{accuracy} ({done} of {all})",
                accuracy=mean,
                done=len(done),
                all=len(cell.trials),
            )
    if len(cell.trials) == 1:
        return short, f"{seeds[0][2]}" + (_press() if cell.runs else ""), state
    first = (
        plural(
            "Mean of {count} seed: {mean}",
            "Mean of {count} seeds: {mean}",
            len(done),
            mean=mean,
        )
        if done
        else t("No result yet")
    )
    return short, "\n".join([first, *lines]) + (_press() if cell.runs else ""), state


def _press() -> str:
    return "\n" + t("Press to open.")


def _standing(trial: Trial, sweep: SweepState) -> tuple[str, str, str]:
    """How far a run is: in short, in full, in a word."""
    run, paused = trial.run, sweep is SweepState.PAUSED
    if run is None and sweep.ended:
        return t("not trained"), t("The sweep ended before it was trained."), "to-come"
    if run is None or (trial.to_come and not sweep.ended):
        if paused:
            return t("paused"), t("Begins when the sweep goes on."), "to-come"
        if run is not None:
            return t("again"), t("Was interrupted, and is queued again."), "to-come"
        return t("waits"), t("Waits to be queued."), "to-come"
    if has_result(run) and run.summary.val_accuracy is not None:
        accuracy = percent(run.summary.val_accuracy, 1)
        return accuracy, t("validation accuracy {accuracy}", accuracy=accuracy), "result"
    if run.status is Status.QUEUED:
        if paused:
            return t("paused"), t("Begins when the sweep goes on."), "waits"
        return t("queued"), t("Waits for its turn in the queue."), "waits"
    if not run.status.ended:
        share = {"done": run.summary.epochs, "all": run.config.epochs}
        short = t("trains {done}/{all}", **share)
        return short, t("Trains, {done} of {all} epochs are done.", **share), "trains"
    words = t(run.status.value)
    why = from_english(run.reason)
    full = t("{status}. {reason}", status=words, reason=why) if why else words
    return words, full, run.status.value.lower()
