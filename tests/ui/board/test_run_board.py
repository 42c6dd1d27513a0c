"""What the board compares a run's accuracies to."""

from __future__ import annotations

from typing import Any

import numpy as np

from playground.engine.protocol import Result
from playground.events import Evaluation, Status
from playground.store.runs import RunInfo
from playground.ui.board.board import Before
from playground.ui.board.run_board import _before
from tests.conftest import NETWORK, Place, epoch_end, report


def ended(place: Place, val: float, test: float | None, owner: str = "me", **more: Any) -> RunInfo:
    """A run that has trained one epoch; its test accuracy, unless it was not tested."""
    run_id = place.run(owner, **more)
    place.tell(lambda: report(place.hub, run_id, epoch_end(1, val_accuracy=val)))
    if test is not None:
        confusion = np.eye(10, dtype=int).tolist()
        tested = Evaluation(accuracy=test, loss=0.5, confusion=confusion)
        place.tell(lambda: report(place.hub, run_id, tested))
    status = Status.STOPPED if test is None else Status.FINISHED
    result = Result(status, "", None, NETWORK.to_bytes())
    place.tell(lambda: place.end(run_id, result))
    run = place.hub.run(run_id)
    assert run is not None
    return run


def test_a_run_is_compared_to_the_owners_last_one_that_was_tested(place: Place) -> None:
    first = ended(place, 0.8, 0.79)
    second = ended(place, 0.85, 0.84, seed=1)
    ended(place, 0.9, 0.89, owner="somebody")
    ended(place, 0.5, None)
    last = ended(place, 0.86, 0.85, seed=2)
    assert _before(place.hub, first) is None
    assert _before(place.hub, second) == Before(0.8, 0.79)
    assert _before(place.hub, last) == Before(0.85, 0.84)


def test_on_other_validation_images_only_the_test_is_compared(place: Place) -> None:
    ended(place, 0.8, 0.79)
    other = ended(place, 0.85, 0.84, validation_split=0.5)
    assert _before(place.hub, other) == Before(None, 0.79)
