"""What a run is told meanwhile: stop, pause, one epoch, resume, another learning rate."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from playground.events import (
    Command,
    EpochEnd,
    Evaluation,
    EventData,
    LearningRateChange,
    Progress,
    Status,
    StatusChange,
)
from tests.conftest import status
from tests.training import Log, but, trained

pytestmark = pytest.mark.engine


def test_stop_within_an_epoch_reports_no_epoch_but_still_tests() -> None:
    def stop(log: Log, data: EventData) -> None:
        if isinstance(data, Progress) and data.epoch > 1.4:
            log.control.send(Command("stop"))

    log = Log(stop)
    outcome = trained(but(epochs=5), log)
    assert outcome.status is Status.STOPPED
    assert [epoch.epoch for epoch in log.of(EpochEnd)] == [1]
    assert 1.4 < log.of(Progress)[-1].epoch < 1.6
    assert len(log.of(Evaluation)) == 1
    assert outcome.model


def test_a_stop_sent_before_the_start_is_not_lost() -> None:
    log = Log()
    log.control.send(Command("stop"))
    assert trained(but(epochs=200), log).status is Status.STOPPED
    assert "now the test images are judged" in log.of(StatusChange)[-1].reason
    assert log.of(EpochEnd) == []
    assert len(log.of(Progress)) <= 1


def test_a_run_that_gives_way_ends_at_once_and_stands_at_its_last_epoch() -> None:
    def give_way(log: Log, data: EventData) -> None:
        if isinstance(data, Progress) and data.epoch > 1.4:
            log.control.send(Command("give_way"))

    log = Log(give_way)
    outcome = trained(but(epochs=5), log)
    assert outcome.status is Status.QUEUED
    assert log.of(Evaluation) == []
    assert outcome.model is None
    assert outcome.network is not None
    assert outcome.network.epoch == 1
    assert log.control.checkpoint is not None
    assert log.control.checkpoint.epoch == 1


def test_whoever_stops_a_run_that_gives_way_has_stopped_it() -> None:
    log = Log()
    for name in ("give_way", "stop", "give_way"):
        log.control.send(Command(name))
    assert trained(but(epochs=2), log).status is Status.STOPPED


def _later(act: Callable[[], None]) -> None:
    threading.Timer(0.2, act).start()


def test_pause_step_and_resume() -> None:
    answers = iter([Command("step"), Command("learning_rate", 0.02), Command("resume")])

    def react(log: Log, data: EventData) -> None:
        if data.kind == "progress" and len(log.of(Progress)) == 2:
            log.control.send(Command("pause"))
        elif data == status(Status.PAUSED) or data.kind == "learning_rate":
            answer = next(answers)
            _later(lambda: log.control.send(answer))

    log = Log(react)
    outcome = trained(but(epochs=3), log)
    assert outcome.status is Status.FINISHED
    words = [event.status.value for event in log.of(StatusChange)]
    assert words == ["Running", "Paused", "Running", "Paused", "Running", "Running"]
    # The step ran to the end of the first epoch and held there.
    second_pause = [i for i, data in enumerate(log.events) if data == status(Status.PAUSED)]
    assert log.kinds[second_pause[1] - 1] == "epoch"
    (change,) = log.of(LearningRateChange)
    assert change.learning_rate == 0.02
    assert change.epoch == 1
    rates = [epoch.learning_rate for epoch in log.of(EpochEnd)]
    assert rates == pytest.approx([0.01, 0.02, 0.02])
    assert [epoch.epoch for epoch in log.of(EpochEnd)] == [1, 2, 3]


def test_a_schedule_sets_the_rate_of_every_epoch_until_somebody_sets_it_by_hand() -> None:
    config = but(schedule="cosine", epochs=4)

    def react(log: Log, data: EventData) -> None:
        if data.kind == "epoch" and len(log.of(EpochEnd)) == 2:
            log.control.send(Command("learning_rate", 0.02))

    log = Log(react)
    assert trained(config, log).status is Status.FINISHED
    rates = [epoch.learning_rate for epoch in log.of(EpochEnd)]
    assert rates == pytest.approx([config.rate_at(0), config.rate_at(1), 0.02, 0.02])
