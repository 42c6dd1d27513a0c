from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.dataset import Labelled
from playground.drawing.sketches import NewSketch
from playground.network.network import Network
from playground.store.runs import RunInfo
from playground.ui.sketch import contest
from playground.ui.sketch.contest import Asked, Contest, compete, share_right
from tests.conftest import NETWORK, Place


def answering(label: int) -> Network:
    """A network that always says this."""
    bias = np.eye(10, dtype=np.float32)[label] * 9
    return replace(NETWORK, layers=((np.zeros((784, 10), np.float32), bias),))


def run_of(place: Place, *, sealed: bool = False) -> RunInfo:
    run = place.hub.run(place.finished(twins=1.0))
    assert run is not None
    return replace(run, sealed=sealed)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Labelled:
    """Four twins in place of thousands: two trousers, a bag and a boot."""
    twins = Labelled(np.zeros((4, 28, 28), np.uint8), np.array([1, 1, 8, 9], np.uint8))
    monkeypatch.setattr(contest, "_twins", lambda: twins)
    return twins


def keep(place: Place, owner: str, labels: list[int]) -> None:
    """Keep a drawing of each label, no two the same."""
    total = place.hub.sketchbook.summary().total
    sketches = [
        NewSketch(label, np.full((28, 28), total + i, np.uint8)) for i, label in enumerate(labels)
    ]
    place.hub.sketchbook.add(owner, sketches)


def test_a_share_is_of_all_drawings_and_what_is_not_finite_is_wrong() -> None:
    drawings = Labelled(np.zeros((5, 28, 28), np.uint8), np.array([0, 0, 0, 1, 2], np.uint8))
    assert share_right(answering(0), drawings) == 0.6
    assert share_right(answering(2), drawings) == 0.2
    broken = replace(
        NETWORK, layers=((np.full((784, 10), np.nan, np.float32), np.zeros(10, np.float32)),)
    )
    assert share_right(broken, drawings) == 0


@pytest.mark.parametrize(
    ("own", "ready", "expected"), [(0.8, 0.7, True), (0.7, 0.8, False), (0.7, 0.7, True)]
)
def test_ones_own_answers_if_it_is_as_good(own: float, ready: float, expected: bool) -> None:
    assert Contest(own, ready, 100).own_answers is expected


def test_both_judge_the_same_twins(place: Place, few: Labelled) -> None:
    own, ready = run_of(place), run_of(place)
    found = compete(place.hub, Asked(own, answering(8)), Asked(ready, answering(1)))
    assert found == Contest(own=0.25, ready=0.5, total=4, by_people=False)
    assert not found.own_answers


def test_twins_are_of_test_photos_and_no_run_has_their_seed() -> None:
    twins = contest._twins()
    assert twins.images.shape == (contest.MOST_DRAWINGS, 28, 28)
    assert len(np.unique(twins.labels)) == 10


def test_enough_drawings_by_people_count_more_than_twins(
    place: Place, few: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contest, "LEAST_DRAWINGS", 3)
    own, ready = Asked(run_of(place), answering(8)), Asked(run_of(place), answering(1))
    keep(place, "who draws to train", [1, 1, 1])
    keep(place, "who draws to test", [8, 8])
    assert compete(place.hub, own, ready).total == len(few.labels)
    keep(place, "who draws to test", [1])
    found = compete(place.hub, own, ready)
    assert found == Contest(2 / 3, 1 / 3, 3, by_people=True)
    keep(place, "who draws to test", [1, 1])
    assert compete(place.hub, own, ready).ready == 0.6


def test_what_a_network_has_learned_since_counts(place: Place, few: Labelled) -> None:
    own, ready = Asked(run_of(place), answering(8)), run_of(place)
    for epoch, label, share in ((1, 0, 0.0), (2, 1, 0.5)):
        network = replace(answering(label), epoch=epoch)
        assert compete(place.hub, own, Asked(ready, network)).ready == share


def test_what_cannot_be_compared_is_said_and_who_can_answer_does(
    place: Place, few: Labelled
) -> None:
    own, ready = Asked(run_of(place), answering(8)), Asked(run_of(place), answering(1))
    unread = compete(place.hub, own._replace(network=None), ready)
    assert (unread.problem, unread.own_answers) == ("own unreadable", False)
    unread = compete(place.hub, own, ready._replace(network=None))
    assert (unread.problem, unread.own_answers) == ("ready unreadable", True)
    # How good it is on test images, or what is made of them, is in the envelope of its class.
    sealed = compete(place.hub, own._replace(run=run_of(place, sealed=True)), ready)
    assert sealed == Contest(problem="sealed")
    assert sealed.own_answers
