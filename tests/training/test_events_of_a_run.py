"""The events of a run, held against its weights and against each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from playground.config import Metric
from playground.dataset import load_data
from playground.events import (
    EpochEnd,
    Evaluation,
    PinnedPrediction,
    Progress,
    Status,
    ThresholdPassed,
)
from playground.network.snapshot import Snapshot
from playground.seeds import split_photos
from playground.training.train import Outcome, train
from tests.conftest import status
from tests.training import SMALL, Log, but, trained

pytestmark = pytest.mark.engine


def test_the_events_come_in_order(finished: tuple[Outcome, Log]) -> None:
    outcome, log = finished
    assert outcome.status is Status.FINISHED
    assert log.events[0] == status(Status.RUNNING)
    assert log.kinds[-2:] == ["test", "hooks"]
    progress, epochs = log.of(Progress), log.of(EpochEnd)
    assert [epoch.epoch for epoch in epochs] == [1, 2]
    positions = [event.epoch for event in progress]
    assert positions == sorted(set(positions))
    assert positions[-1] == 2
    pairs = zip(log.events, log.events[1:], strict=False)
    at_end = [before.epoch for before, e in pairs if isinstance(before, Progress) and e in epochs]
    assert at_end == [1, 2]
    assert {event.steps for event in progress} == {SMALL.steps_per_epoch}
    assert all(1 <= event.step <= event.steps for event in progress)
    assert progress[0].seconds_left is None
    assert progress[-1].seconds_left == pytest.approx(0)
    assert all((event.images_per_second or 0) > 0 for event in progress[1:])


def test_the_loss_of_every_step_is_told(finished: tuple[Outcome, Log]) -> None:
    """32 steps in all: few enough that each has its point."""
    _, log = finished
    positions = [x for event in log.of(Progress) for x in event.step_epochs]
    losses = [y for event in log.of(Progress) for y in event.step_losses]
    steps = SMALL.steps_per_epoch
    assert positions == pytest.approx([(i + 1) / steps for i in range(2 * steps)], abs=1e-5)
    sizes = [min(32, SMALL.fit_images - 32 * i) for i in range(steps)]
    for epoch, part in zip(log.of(EpochEnd), (losses[:steps], losses[steps:]), strict=True):
        assert np.average(part, weights=sizes) == pytest.approx(epoch.loss, rel=1e-3)


def test_an_epoch_s_figures_are_those_of_its_chunks(finished: tuple[Outcome, Log]) -> None:
    _, log = finished
    for n, epoch in enumerate(log.of(EpochEnd)):
        chunks = [event for event in log.of(Progress) if n < event.epoch <= n + 1]
        steps = np.diff([0, *(event.step for event in chunks)])
        sizes = [
            sum(
                min(32, SMALL.fit_images - 32 * step)
                for step in range(event.step - count, event.step)
            )
            for event, count in zip(chunks, steps, strict=True)
        ]
        assert sum(sizes) == SMALL.fit_images
        for name in ("loss", "accuracy"):
            mean = np.average([getattr(chunk, name) for chunk in chunks], weights=sizes)
            assert getattr(epoch, name) == pytest.approx(mean, abs=1e-5)


def test_events_hold_only_what_msgpack_and_json_carry(finished: tuple[Outcome, Log]) -> None:
    def check(value: object) -> None:
        if type(value) is dict:
            assert all(type(key) is str for key in value)
            for item in value.values():
                check(item)
        elif type(value) is list:
            for item in value:
                check(item)
        else:
            assert value is None or type(value) in (str, int, float, bool), type(value)
            assert not isinstance(value, float) or math.isfinite(value)

    for data in finished[1].events:
        check(data.to_json())


@pytest.fixture(scope="module")
def drawn() -> tuple[Outcome, Log]:
    """A run whose seed has drawn the validation images."""
    log = Log()
    return trained(but(split_by_seed=True, epochs=1), log), log


@pytest.mark.parametrize("run", ["finished", "drawn"])
def test_confusion_and_figures_agree_with_the_exported_network(
    run: str, request: pytest.FixtureRequest
) -> None:
    outcome, log = request.getfixturevalue(run)
    assert outcome.network is not None
    data = load_data()
    held_out = split_photos(but(split_by_seed=run == "drawn")).validation
    for told, prefix, x, y in (
        (log.of(EpochEnd)[-1], "val_", data.x_train[held_out], data.y_train[held_out]),
        (log.of(Evaluation)[0], "", data.x_test, data.y_test),
    ):
        probabilities = outcome.network.predict(x).astype(float)
        predicted = probabilities.argmax(axis=1)
        assert np.sum(told.confusion) == len(y)
        expected = confusion_matrix(y, predicted, labels=range(10))
        np.testing.assert_array_equal(told.confusion, expected)
        accuracy, told_loss = (getattr(told, f"{prefix}{name}") for name in ("accuracy", "loss"))
        assert accuracy == pytest.approx((predicted == y).mean(), abs=1e-6)
        loss = -np.log(probabilities[np.arange(len(y)), y]).mean()
        assert told_loss == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize("monitor", ["accuracy", "val_accuracy"])
def test_training_ends_after_the_first_epoch_above_the_threshold(monitor: Metric) -> None:
    log = Log()
    config = but(early_stop=True, stop_threshold=0.6, monitor=monitor, epochs=30)
    outcome = trained(config, log)
    values: list[float] = [getattr(epoch, monitor) for epoch in log.of(EpochEnd)]
    assert [value > 0.6 for value in values] == [False] * (len(values) - 1) + [True]
    (threshold,) = log.of(ThresholdPassed)
    assert threshold == ThresholdPassed(
        epoch=len(values), metric=monitor, value=values[-1], threshold=0.6
    )
    assert outcome.status is Status.FINISHED
    assert f"{monitor} {100 * values[-1]:.1f} % is above 60.0 %" in outcome.reason
    # Above, not at: with the value reached as the threshold, this epoch does not end training.
    again = Log()
    trained(
        but(early_stop=True, stop_threshold=values[-1], monitor=monitor, epochs=len(values)), again
    )
    assert again.of(ThresholdPassed) == []


def _figures(log: Log) -> list[tuple[float, ...]]:
    return [(e.loss, e.accuracy, e.val_loss, e.val_accuracy) for e in log.of(EpochEnd)]


def test_a_pinned_drawing_is_judged_before_training_and_after_every_epoch() -> None:
    data = load_data()
    log = Log()
    pinned = data.x_test[0]
    outcome = train(SMALL, data, log, log.control, pinned=pinned)
    rows = log.of(PinnedPrediction)
    assert [row.epoch for row in rows] == [0, 1, 2]
    assert all(sum(row.probabilities) == pytest.approx(1, abs=1e-5) for row in rows)
    assert outcome.network is not None
    last = outcome.network.predict(pinned[None])[0]
    np.testing.assert_allclose(rows[-1].probabilities, last, atol=1e-6)
    assert rows[0].probabilities != rows[-1].probabilities
    # Looking on changes nothing.
    plain = Log()
    trained(SMALL, plain)
    assert _figures(plain) == _figures(log)


def test_snapshots_hold_the_weights_of_their_epochs_and_what_validation_said(
    finished: tuple[Outcome, Log],
) -> None:
    outcome, log = finished
    kept = {n: Snapshot.from_bytes(x) for n, x in log.control.snapshots().items()}
    assert list(kept) == [0, 1, 2]
    assert [snapshot.network.epoch for snapshot in kept.values()] == [0, 1, 2]
    assert not len(kept[0].predicted)
    y = load_data().y_train[SMALL.fit_images : SMALL.train_images]
    for event in log.of(EpochEnd):
        predicted = kept[event.epoch].predicted
        assert np.array_equal(confusion_matrix(y, predicted, labels=range(10)), event.confusion)
    assert outcome.network is not None
    for ours, last in zip(kept[2].network.layers, outcome.network.layers, strict=True):
        np.testing.assert_array_equal(ours[0], last[0])
    assert not np.array_equal(kept[1].network.layers[0][0], kept[2].network.layers[0][0])


def test_an_epoch_that_the_callback_makes_the_last_is_kept_and_none_if_off() -> None:
    log = Log()
    trained(but(epochs=100, early_stop=True, stop_threshold=0.0), log)
    assert list(log.control.snapshots()) == [0, 1]
    log = Log()
    trained(but(epochs=1, keep_snapshots=False), log)
    assert log.control.snapshots() == {}
