"""A run's newest numbers, from its events as they come, also twice."""

from __future__ import annotations

import pytest

from playground.events import Evaluation, Event, EventData, LearningRateChange
from playground.store.runs import Store
from playground.store.summaries import Summary, read_summary
from tests.conftest import epoch_end, progress
from tests.store.test_runs import _run

_ONES = [[1] * 10] * 10
_EVENTS: tuple[EventData, ...] = (
    epoch_end(1, accuracy=0.5, val_accuracy=0.6, seconds=2.0),
    progress(1.5),
    epoch_end(2, accuracy=0.7, val_accuracy=0.65, seconds=1.5),
    LearningRateChange(epoch=1.6, learning_rate=0.1, loss=None, accuracy=None),
    Evaluation(accuracy=0.63, loss=1.0, confusion=_ONES),
)
_SUM = Summary(
    epochs=2,
    seconds=3.5,
    accuracy=0.7,
    val_accuracies=(0.6, 0.65),
    test_accuracy=0.63,
    by_hand=True,
)


def test_it_adds_up_and_hearing_something_twice_changes_nothing() -> None:
    summary = Summary()
    assert summary.val_accuracy is None
    for data in (*_EVENTS, *_EVENTS):
        summary = summary.after(data)
    assert summary == _SUM
    assert summary.val_accuracy == 0.65


def test_the_store_writes_it_with_the_events(store: Store) -> None:
    store.add_run(_run("a"))
    events = [Event("a", seq, data) for seq, data in enumerate(_EVENTS, 1)]
    store.append(events[:2])
    store.append(events)
    assert store.runs()[0].summary == _SUM


@pytest.mark.parametrize("values", [None, [], {"epochs": "x"}, {"seconds": float("nan")}])
def test_one_that_cannot_be_read_has_no_numbers(values: object) -> None:
    assert read_summary(values) == Summary()
    assert read_summary({"epochs": 1, "of_a_later_version": 2}) == Summary(epochs=1)
