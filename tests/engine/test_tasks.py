"""What runs inside a worker, without one."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import DatasetError
from playground.engine import tasks
from playground.engine.protocol import Job, Result
from playground.events import Command, Status
from playground.network.checkpoint import Checkpoint
from playground.network.gradients import initial_network
from playground.network.portrait import Watch
from playground.training.control import Control, Stopped
from tests.conftest import epoch_end, progress

CONFIG = RunConfig()
Train = Callable[..., Any]


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch) -> Callable[[Train], list[dict[str, Any]]]:
    """Lets a function train; returns the messages it will have sent."""
    messages: list[dict[str, Any]] = []
    worker = SimpleNamespace(address="w", log_event=lambda topic, message: messages.append(message))
    monkeypatch.setattr(tasks, "get_worker", lambda: worker)
    monkeypatch.setattr(tasks, "_early", {})
    monkeypatch.setattr(tasks, "_watches", {})

    def use(function: Train) -> list[dict[str, Any]]:
        monkeypatch.setattr("playground.training.train.train", function)
        return messages

    return use


def _ended(status: Status = Status.FINISHED) -> Any:
    return SimpleNamespace(status=status, reason="", model=None, network=None)


def test_messages_are_numbered_in_each_run(train: Any) -> None:
    def function(config: Any, data: Any, emit: Any, control: Control, *_: Any) -> Any:
        emit(progress(loss=1.0))
        emit(epoch_end(loss=0.5))
        return _ended()

    messages = train(function)
    for run_id in ("a", "b"):
        tasks.run_training(Job(run_id, CONFIG))
    told = [(m["run_id"], m["number"], m["kind"]) for m in messages]
    assert messages[0]["data"].pop("time") > 0
    assert messages[0]["data"] == progress(loss=1.0).to_json()
    assert told == [
        ("a", 1, "progress"),
        ("a", 2, "epoch"),
        ("b", 1, "progress"),
        ("b", 2, "epoch"),
    ]
    assert tasks._controls == {}


def test_a_command_that_comes_before_its_run_is_obeyed(train: Any) -> None:
    def function(config: Any, data: Any, emit: Any, control: Control, *_: Any) -> Any:
        with pytest.raises(Stopped):
            control.check()
        return _ended(Status.STOPPED)

    train(function)
    tasks.send_command("a", Command("stop"))
    assert tasks.run_training(Job("a", CONFIG)).status is Status.STOPPED
    assert tasks._early == {}


def test_who_looks_before_a_run_begins_sees_it_from_its_start(train: Any) -> None:
    def function(config: Any, data: Any, emit: Any, control: Control, *_: Any) -> Any:
        control.portray(network, 0.0, due=False)
        tasks.watch("a", watch, False)  # again, while it trains
        control.portray(network, 0.5, due=False)
        control.portray(network, 1.0, due=True)
        return _ended()

    network = initial_network((3,), "relu", 1)
    watch = Watch(np.zeros((2, 28, 28), np.uint8), ((0, 2),))
    messages = train(function)
    tasks.watch("a", watch, False)
    tasks.run_training(Job("a", CONFIG))
    assert messages == [
        {"run_id": "a", "portrait": watch.portrait(network, position)} for position in (0.0, 1.0)
    ]


def test_of_those_who_look_at_runs_that_never_begin_the_last_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_watches", {})
    watch = Watch(np.zeros((1, 28, 28), np.uint8), ())
    for number in range(tasks.MOST_EARLY + 5):
        tasks.watch(str(number), watch, True)
    assert list(tasks._watches) == [str(n) for n in range(5, tasks.MOST_EARLY + 5)]


def test_a_run_goes_on_from_its_start_and_says_where_it_stands(train: Any) -> None:
    starts: list[Checkpoint] = []

    def function(*given: Any) -> Any:
        control: Control = given[3]
        starts.append(given[6])
        assert tasks.checkpoint("a") is None
        control.checkpoint = Checkpoint(8)
        held = tasks.checkpoint("a")
        assert held is not None
        assert Checkpoint.from_bytes(held).epoch == 8
        return _ended()

    train(function)
    result = tasks.run_training(Job("a", CONFIG, start=Checkpoint(7).to_bytes()))
    assert [start.epoch for start in starts] == [7]
    assert result.checkpoint == Checkpoint(8).to_bytes()
    assert tasks.checkpoint("a") is None


def test_commands_to_runs_that_are_over_leave_little_behind(train: Any) -> None:
    train(lambda *_: _ended())
    for n in range(100):
        tasks.run_training(Job(f"run {n}", CONFIG))
        tasks.send_command(f"run {n}", Command("pause"))
    assert tasks._controls == {}
    assert len(tasks._early) == tasks.MOST_EARLY
    assert f"run {99}" in tasks._early


def test_all_but_the_servers_runs_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, stray = Control(), Control()
    monkeypatch.setattr(tasks, "_controls", {"ours": ours, "stray": stray})
    tasks.stop_others(["ours"])
    ours.check()
    with pytest.raises(Stopped):
        stray.check()


class ResourceExhaustedError(Exception):
    """As TensorFlow calls it, which the web process must not have to import."""


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DatasetError("The file is damaged."), "The file is damaged."),
        (MemoryError(), "ran out of memory"),
        (ResourceExhaustedError("OOM when allocating"), "ran out of memory"),
        (KeyError("accuracy"), "The worker failed: KeyError: 'accuracy'"),
    ],
)
def test_a_failure_stays_in_the_worker_and_says_why(
    train: Any, error: Exception, reason: str
) -> None:
    def function(*_: Any) -> Any:
        raise error

    train(function)
    result = tasks.run_training(Job("a", CONFIG))
    assert result == Result(Status.FAILED, result.reason)
    assert reason in result.reason
    assert tasks._controls == {}


def test_a_worker_warms_up_until_somebody_wants_to_train(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = [RunConfig(hidden_layers=(units,)) for units in (1, 2, 3)]
    warm: list[RunConfig] = []

    def train_a_moment(config: RunConfig) -> None:
        warm.append(config)
        if config is usual[1]:
            tasks._controls["a"] = Control()

    monkeypatch.setattr(tasks, "_controls", {})
    monkeypatch.setattr(tasks, "_train_a_moment", train_a_moment)
    monkeypatch.setattr("gc.freeze", lambda: None)
    tasks.WarmUp(usual)._warm_up()
    assert warm == [RunConfig(), *usual[:2]]
