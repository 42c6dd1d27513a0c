"""Commands and the clock."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from playground.events import Command
from playground.network.network import Network
from playground.network.snapshot import Snapshot
from playground.training.control import Clock, Control, Stopped


def test_pause_holds_and_resume_lets_go() -> None:
    control = Control()
    assert not control.held
    control.send(Command("pause"))
    assert control.held
    control.send(Command("resume"))
    assert not control.held
    control.wait()


def test_step_runs_to_the_end_of_one_epoch_and_holds() -> None:
    control = Control()
    control.send(Command("pause"))
    control.send(Command("step"))
    assert not control.held
    control.epoch_ended()
    assert control.held
    control.send(Command("resume"))
    control.epoch_ended()
    assert not control.held


def test_resume_takes_a_step_back() -> None:
    control = Control()
    control.send(Command("step"))
    control.send(Command("resume"))
    control.epoch_ended()
    assert not control.held


def test_stop_is_not_lost_whatever_follows() -> None:
    control = Control()
    control.check()
    control.send(Command("stop"))
    control.send(Command("pause"))
    control.send(Command("resume"))
    for _ in range(2):
        with pytest.raises(Stopped):
            control.check()


def test_the_last_learning_rate_is_taken_once() -> None:
    control = Control()
    assert control.take_learning_rate() is None
    control.send(Command("learning_rate", 0.5))
    control.send(Command("learning_rate", 0.25))
    assert control.take_learning_rate() == 0.25
    assert control.take_learning_rate() is None


@pytest.mark.parametrize(
    "command",
    [Command("resume"), Command("step"), Command("stop"), Command("learning_rate", 0.1)],
)
def test_a_held_run_wakes_for_every_command_that_gives_it_something_to_do(
    command: Command,
) -> None:
    control = Control()
    control.send(Command("pause"))
    woken = threading.Event()

    def wait() -> None:
        control.wait()
        woken.set()

    threading.Thread(target=wait, daemon=True).start()
    control.send(Command("pause"))
    assert not woken.is_set()
    control.send(command)
    assert woken.wait(10)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: seconds[0])
    return seconds


def test_the_clock_says_nothing_before_the_second_tick(now: list[float]) -> None:
    clock = Clock(10)
    assert clock.epochs_per_second is None
    clock.tick(0.1)
    now[0] += 5
    assert clock.epochs_per_second is None
    assert clock.seconds_left is None


def test_the_clock_leaves_out_the_first_chunk_and_pauses(now: list[float]) -> None:
    clock = Clock(10)
    now[0] += 60  # compiling
    clock.tick(0.1)
    now[0] += 2
    clock.tick(0.5)
    assert clock.epochs_per_second == pytest.approx(0.2)
    assert clock.seconds_left == pytest.approx(9.5 / 0.2)
    with clock.stopped():
        now[0] += 1_000
    now[0] += 2
    clock.tick(0.9)
    assert clock.epochs_per_second == pytest.approx(0.2)
    assert clock.seconds_left == pytest.approx(9.1 / 0.2)


def test_a_pause_before_the_first_tick_does_not_count_either(now: list[float]) -> None:
    clock = Clock(1)
    with clock.stopped():
        now[0] += 50
    clock.tick(0.1)
    now[0] += 1
    clock.tick(0.2)
    assert clock.epochs_per_second == pytest.approx(0.1)


def test_snapshots_are_held_until_somebody_has_them() -> None:
    control = Control()
    assert control.snapshots() == {}
    layer = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    network = Network("linear", 1.0, 0.0, (layer,))
    snapshots = [Snapshot(network, np.full(3, epoch, np.uint8)) for epoch in (0, 1)]
    for epoch, snapshot in enumerate(snapshots):
        control.hold_snapshot(epoch, snapshot)
    first, second = (snapshot.to_bytes() for snapshot in snapshots)
    assert control.snapshots() == {0: first, 1: second}
    assert control.snapshots(after=0) == {1: second}
    assert control.snapshots() == {1: second}
