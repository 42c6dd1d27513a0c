"""What a cell of a sweep says."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from playground.config import RunConfig
from playground.events import Status
from playground.runs.sweeps.trials import SweepState, Trial
from playground.store.runs import RunInfo
from playground.store.summaries import Summary
from playground.ui.sweep.cells import Cell, describe


def trial(seed: int, status: Status | None, accuracy: float | None = None) -> Trial:
    config = RunConfig(seed=seed, epochs=10)
    if status is None:
        return Trial(config, None, True)
    summary = Summary(epochs=4, val_accuracies=() if accuracy is None else (accuracy,))
    now = datetime.now(timezone.utc)
    run = RunInfo(str(seed), "me", config, status, "The reason.", now, summary=summary)
    return Trial(config, run, status is Status.INTERRUPTED and seed == 1)


@pytest.mark.parametrize(
    ("status", "paused", "short", "full", "state"),
    [
        (None, False, "waits", "Waits to be queued.", "to-come"),
        (None, True, "paused", "Begins when the sweep goes on.", "to-come"),
        (Status.QUEUED, False, "queued", "Waits for its turn", "waits"),
        (Status.QUEUED, True, "paused", "Begins when the sweep goes on.", "waits"),
        (Status.RUNNING, False, "trains 4/10", "4 of 10 epochs", "trains"),
        (Status.FAILED, False, "Failed", "Failed. The reason.", "failed"),
        (Status.STOPPED, False, "Stopped", "Stopped. The reason.", "stopped"),
        (Status.INTERRUPTED, False, "again", "is queued again", "to-come"),
    ],
)
def test_an_empty_cell_says_why(
    status: Status | None, paused: bool, short: str, full: str, state: str
) -> None:
    said = describe(Cell([trial(1, status)]), SweepState.PAUSED if paused else SweepState.GOING)
    assert (said[0], said[2]) == (short, state)
    assert full in said[1]
    assert ("Press to open." in said[1]) == (status is not None)


def test_a_sweep_that_has_ended_says_how_its_cells_were_left() -> None:
    for status, short in ((None, "not trained"), (Status.INTERRUPTED, "Interrupted")):
        assert describe(Cell([trial(1, status)]), SweepState.STOPPED)[0] == short


def test_a_cell_of_several_seeds_says_its_mean_and_every_seed() -> None:
    done, more = trial(1, Status.FINISHED, 0.8), trial(2, Status.FINISHED, 0.9)
    assert describe(Cell([done, more]), SweepState.GOING)[::2] == ("85.0 %", "result")
    short, full, state = describe(
        Cell([done, trial(2, Status.QUEUED), trial(3, None)]), SweepState.GOING
    )
    assert (short, state) == ("80.0 % (1 of 3)", "waits")
    assert full.splitlines() == [
        "Mean of 1 seed: 80.0 %",
        "seed 1: validation accuracy 80.0 %",
        "seed 2: Waits for its turn in the queue.",
        "seed 3: Waits to be queued.",
        "Press to open.",
    ]
    assert describe(Cell([trial(2, Status.FAILED), done]), SweepState.GOING)[2] == "failed"
    assert [run.id for run in Cell([trial(2, Status.FAILED), done]).runs] == ["1", "2"]
