"""Which runs tell what settings lead to."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from playground.config import RunConfig
from playground.events import Status
from playground.runs.results import repeats_of
from playground.store.runs import RunInfo
from playground.store.summaries import Summary

A, B = RunConfig(), RunConfig(learning_rate=0.01)


def run(
    number: int, config: RunConfig, status: Status, accuracy: float | None = 0.8, **more: Any
) -> RunInfo:
    summary = Summary(
        val_accuracies=() if accuracy is None else (accuracy,), by_hand=more.pop("by_hand", False)
    )
    made = datetime.now(timezone.utc)
    return RunInfo(str(number), "me", config, status, "", made, number, summary=summary, **more)


def seeded(config: RunConfig, seed: int) -> RunConfig:
    return config.model_copy(update={"seed": seed})


def test_of_each_seed_the_run_with_a_result_counts_else_one_under_way_else_the_newest() -> None:
    runs = [
        run(6, A, Status.STOPPED, 0.1),
        run(5, A, Status.FINISHED, 0.82),
        run(4, seeded(A, 1), Status.INTERRUPTED),
        run(3, seeded(A, 1), Status.QUEUED, None),
        run(2, seeded(B, 2), Status.FAILED, None),
        run(1, seeded(B, 2), Status.INTERRUPTED, None),
    ]
    one, other = repeats_of([A, B], runs)
    assert {seed: found.number for seed, found in one.runs.items()} == {42: 5, 1: 3}
    assert one.accuracies == {42: 0.82}
    assert one.planned == {42, 1}
    assert {seed: found.number for seed, found in other.runs.items()} == {2: 2}
    assert other.planned == set()


def test_what_has_no_effect_does_not_keep_runs_apart() -> None:
    same = A.model_copy(update={"momentum": 0.5, "keep_snapshots": False})
    [found] = repeats_of([A], [run(1, same, Status.FINISHED)])
    assert found.accuracies == {42: 0.8}


def test_a_run_that_its_settings_do_not_explain_does_not_count() -> None:
    runs = [
        run(3, A, Status.FINISHED, parent="2", parent_epoch=1),
        run(2, A, Status.FINISHED, by_hand=True),
        run(1, A, Status.FINISHED, foreign="made by another version"),
    ]
    assert repeats_of([A], runs)[0].runs == {}
