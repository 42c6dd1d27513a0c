"""Sweeps: fed bit by bit, paused, stopped, fair to others, and whole after crashes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.experiments.axes import Choices, SweepError
from playground.experiments.sweep import Grid
from playground.runs.hub import Hub, NotYours, TooMany
from playground.runs.sweeps.feeder import AHEAD, MOST_UNENDED, SPARE
from playground.runs.sweeps.trials import MOST_TRIES, SweepState
from playground.settings import settings
from playground.store.runs import RunInfo, Store, StoreError
from tests.conftest import FakeCluster, epoch_end, eventually, report, settle
from tests.runs import CONFIG, minutes_pass, reasons, workers

RATES = (0.001, 0.002, 0.003, 0.004, 0.005, 0.006)


def grid(rates: tuple[float, ...] = RATES, seeds: tuple[int, ...] = (1, 2)) -> Grid:
    return Grid(RunConfig(epochs=1), (Choices("learning_rate", rates),), seeds)


def fed(hub: Hub) -> None:
    """Wait until all that is to be queued now is queued."""
    for _ in range(3):
        settle(hub)
        eventually(lambda: not hub.sweeps._told)
        done = threading.Event()
        hub.sweeps._errands.do(done.set)
        assert done.wait(10)
    settle(hub)


def waiting(hub: Hub, owner: str = "me") -> list[RunInfo]:
    return [run for run in reversed(hub.runs(owner)) if run.status is Status.QUEUED]


def end(hub: Hub, run_id: str, status: Status = Status.FINISHED, accuracy: float = 0.8) -> None:
    """A worker ends a run."""
    if status is Status.FINISHED:
        report(hub, run_id, epoch_end(1, val_accuracy=accuracy))
    hub.dispatcher.on_done(run_id, Result(status, "Why not." if status is Status.FAILED else ""))
    fed(hub)


def active(hub: Hub) -> list[RunInfo]:
    return [run for run in hub.runs() if run.status.active]


def finish_all(hub: Hub, *names: str) -> None:
    """Train until nothing is left to train."""
    workers(hub, *names)
    fed(hub)
    while runs := active(hub):
        end(hub, runs[0].id)


def state(hub: Hub, sweep_id: str) -> SweepState:
    one = hub.sweeps.get(sweep_id)
    assert one is not None
    return one.state


def test_every_run_of_the_plan_is_trained_once_and_few_wait_at_a_time(hub: Hub) -> None:
    sweep_id = hub.sweeps.create("me", grid())
    fed(hub)
    assert len(waiting(hub)) == AHEAD
    assert all(run.sweep == sweep_id for run in waiting(hub))
    finish_all(hub, "a", "b")
    configs = [run.config for run in reversed(hub.runs("me"))]
    assert len(set(configs)) == len(configs) == 12
    assert [config.seed for config in configs] == [1] * 6 + [2] * 6
    assert state(hub, sweep_id) is SweepState.DONE
    one = hub.sweeps.get(sweep_id)
    assert one is not None
    assert all(trial.run and trial.run.summary.val_accuracy for trial in hub.sweeps.trials(one))


def test_what_has_been_trained_before_counts(hub: Hub) -> None:
    workers(hub, "a")
    before = hub.submit("me", RunConfig(epochs=1, learning_rate=0.002, seed=1))
    settle(hub)
    end(hub, before)
    hub.submit("you", RunConfig(epochs=1, learning_rate=0.003, seed=1))
    hub.sweeps.create("me", grid(seeds=(1,)))
    fed(hub)
    queued = [run.config.learning_rate for run in waiting(hub)]
    assert sorted(queued) == [0.001, 0.003, 0.004, 0.005, 0.006]


def test_another_persons_run_comes_next_and_ones_own_single_run_before_the_sweep(
    hub: Hub,
) -> None:
    workers(hub, "a", "b")
    hub.sweeps.create("me", grid())
    fed(hub)
    assert [run.owner for run in active(hub)] == ["me", "me"]
    own = hub.submit("me", CONFIG)
    other = hub.submit("you", CONFIG)
    end(hub, active(hub)[0].id)
    assert other in [run.id for run in active(hub)]
    end(hub, next(run.id for run in active(hub) if run.owner == "me"))
    assert own in [run.id for run in active(hub)]


def test_a_paused_sweep_begins_nothing_and_goes_on_where_it_was(hub: Hub) -> None:
    workers(hub, "a")
    sweep_id = hub.sweeps.create("me", grid(seeds=(1,)))
    fed(hub)
    held = waiting(hub)[0].id
    hub.sweeps.pause("me", sweep_id)
    assert "Its sweep is paused" in reasons(hub.subscribe(held, 0, lambda event: None))[-1]
    end(hub, active(hub)[0].id)
    assert active(hub) == []
    assert hub.queue_position(held) is None
    single = hub.submit("me", CONFIG)
    settle(hub)
    assert [run.id for run in active(hub)] == [single]
    end(hub, single)
    hub.sweeps.go_on("me", sweep_id)
    fed(hub)
    assert [run.id for run in active(hub)] == [held]
    finish_all(hub, "a")
    assert state(hub, sweep_id) is SweepState.DONE
    assert len(hub.runs("me")) == len(RATES) + 1


def test_nobody_gives_way_to_a_paused_sweep(limited: Hub, cluster: FakeCluster) -> None:
    sweep_id = limited.sweeps.create("me", grid())
    fed(limited)
    limited.sweeps.pause("me", sweep_id)
    other = limited.submit("you", CONFIG)
    workers(limited, "a")
    minutes_pass(limited, 60)
    workers(limited, "a")
    assert cluster.commands == []
    limited.sweeps.go_on("me", sweep_id)
    workers(limited, "a")
    assert [run_id for run_id, *_ in cluster.commands] == [other]


def test_stopping_ends_all_of_its_runs_and_going_on_trains_them_again(
    hub: Hub, cluster: FakeCluster
) -> None:
    workers(hub, "a")
    sweep_id = hub.sweeps.create("me", grid(seeds=(1,)))
    fed(hub)
    single = hub.submit("me", CONFIG)
    [training] = active(hub)
    hub.sweeps.stop("me", sweep_id)
    assert cluster.commands == [(training.id, "a", Command("stop"))]
    assert [run.id for run in waiting(hub)] == [single]
    end(hub, training.id, Status.STOPPED)
    assert state(hub, sweep_id) is SweepState.STOPPED
    hub.sweeps.go_on("me", sweep_id)
    finish_all(hub, "a")
    assert state(hub, sweep_id) is SweepState.DONE
    one = hub.sweeps.get(sweep_id)
    assert one is not None
    assert {t.run.status for t in hub.sweeps.trials(one) if t.run} == {Status.FINISHED}


def test_interrupted_cells_are_queued_again_and_given_up_after_some_tries(hub: Hub) -> None:
    workers(hub, "a")
    sweep_id = hub.sweeps.create("me", grid(RATES[:2], (1,)))
    fed(hub)
    tried = 0
    while runs := active(hub):
        if runs[0].config.learning_rate == RATES[0]:
            tried += 1
            end(hub, runs[0].id, Status.INTERRUPTED)
            workers(hub, "a")  # a new process under the same name
            fed(hub)
        else:
            end(hub, runs[0].id)
    assert tried == MOST_TRIES
    assert state(hub, sweep_id) is SweepState.DONE
    one = hub.sweeps.get(sweep_id)
    assert one is not None
    statuses = [trial.run.status for trial in hub.sweeps.trials(one) if trial.run]
    assert sorted(statuses) == [Status.FINISHED, Status.INTERRUPTED]
    hub.sweeps.go_on("me", sweep_id)
    finish_all(hub, "a")
    assert {t.run.status for t in hub.sweeps.trials(one) if t.run} == {Status.FINISHED}


def test_a_cell_that_fails_or_is_stopped_is_not_queued_again(hub: Hub) -> None:
    workers(hub, "a")
    sweep_id = hub.sweeps.create("me", grid(RATES[:2], (1,)))
    fed(hub)
    end(hub, active(hub)[0].id, Status.FAILED)
    hub.command("me", active(hub)[0].id, Command("stop"))
    end(hub, active(hub)[0].id, Status.STOPPED)
    assert active(hub) == waiting(hub) == []
    assert state(hub, sweep_id) is SweepState.DONE


def test_after_a_restart_it_goes_on_and_leaves_no_hole(tmp_path: Path) -> None:
    first = Hub(Store(tmp_path), FakeCluster())
    first.start()
    workers(first, "a")
    going = first.sweeps.create("me", grid(seeds=(1,)))
    fed(first)
    paused = first.sweeps.create("me", grid((0.5, 0.6), (1,)))
    fed(first)
    first.sweeps.pause("me", paused)
    end(first, active(first)[0].id)
    interrupted = active(first)[0].config
    first.close()
    again = Hub(Store(tmp_path), FakeCluster())
    again.start()
    finish_all(again, "a")
    assert state(again, going) is SweepState.DONE
    assert state(again, paused) is SweepState.PAUSED
    assert len(waiting(again)) == 2
    runs = [run for run in again.runs("me") if run.config == interrupted]
    assert [run.status for run in runs] == [Status.FINISHED, Status.INTERRUPTED]
    again.close()


def test_the_owner_has_room_for_single_runs_beside_many_sweeps(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_limits", settings().model_copy(update={"max_waiting_runs": 20}))
    for i in range(MOST_UNENDED):
        hub.sweeps.create("me", grid(tuple(rate * (i + 2) for rate in RATES)))
    fed(hub)
    assert hub.room("me") == SPARE
    with pytest.raises(TooMany, match="10 sweeps that have not ended"):
        hub.sweeps.create("me", grid())
    hub.sweeps.create("you", grid())


def test_a_full_disk_is_said_and_it_goes_on_later(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    workers(hub, "a")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "add_run", full)
        sweep_id = hub.sweeps.create("me", grid())
        fed(hub)
        one = hub.sweeps.get(sweep_id)
        assert one is not None
        assert str(one.problem) == "The disk is full."
    finish_all(hub, "a")
    one = hub.sweeps.get(sweep_id)
    assert one is not None
    assert (one.state, one.problem) == (SweepState.DONE, "")


def test_emptying_the_queue_pauses_sweeps(hub: Hub) -> None:
    sweep_id = hub.sweeps.create("me", grid())
    fed(hub)
    assert hub.empty_queue() == AHEAD
    fed(hub)
    assert waiting(hub) == []
    assert state(hub, sweep_id) is SweepState.PAUSED


def test_only_its_owner_commands_it_and_it_is_forgotten_only_when_it_has_ended(hub: Hub) -> None:
    sweep_id = hub.sweeps.create("me", grid(RATES[:2], (1,)))
    commands: list[Callable[[str, str], None]] = [
        *(hub.sweeps.pause, hub.sweeps.go_on, hub.sweeps.stop, hub.sweeps.delete),
    ]
    for command in commands:
        with pytest.raises(NotYours):
            command("you", sweep_id)
        with pytest.raises(NotYours):
            command("me", "gone")
    hub.sweeps.delete("me", sweep_id)
    assert hub.sweeps.of("me")
    finish_all(hub, "a")
    hub.sweeps.delete("me", sweep_id)
    assert hub.sweeps.of("me") == []
    assert len(hub.runs("me")) == 2


def test_a_sweep_of_too_many_runs_is_refused(hub: Hub) -> None:
    with pytest.raises(SweepError, match="1,020 runs are too many"):
        hub.sweeps.create("me", grid(tuple(i / 100 for i in range(1, 18)), tuple(range(60))))
    assert hub.sweeps.of("me") == []


def test_another_versions_sweep_is_there_and_trains_nothing(tmp_path: Path) -> None:
    first = Hub(Store(tmp_path), FakeCluster())
    sweep_id = first.sweeps.create("me", grid())
    with first.sweeps._store._engine.begin() as connection:
        connection.exec_driver_sql("""UPDATE sweeps SET plan = '{"of": "another"}'""")
    first.close()
    again = Hub(Store(tmp_path), FakeCluster())
    again.start()
    fed(again)
    one = again.sweeps.get(sweep_id)
    assert one is not None
    assert (one.plan, one.state, again.runs()) == (None, SweepState.STOPPED, [])
    again.sweeps.go_on("me", sweep_id)
    assert state(again, sweep_id) is SweepState.STOPPED
    assert again.sweeps.trials(one) == []
    again.close()
