"""The run that the server trains by itself: it waits for calm, gives way, and goes on."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from playground.engine.protocol import Result
from playground.events import Command, EpochEnd, Event, Progress, Status, StatusChange, data_of
from playground.network.checkpoint import Checkpoint
from playground.runs.dispatch.background import (
    CALM_SECONDS,
    GIVES_WAY,
    MOST_CRASHES,
    TURNED_OFF,
)
from playground.runs.hub import Hub, NotYours
from playground.runs.ready_made import ready_made
from playground.settings import settings
from playground.store.rows import READY_MADE
from playground.store.runs import Store
from tests.conftest import NETWORK, FakeCluster, epoch_end, eventually, progress, report, settle
from tests.runs import CONFIG, minutes_pass, reasons, report_status, status_of, workers


@pytest.fixture(autouse=True)
def _on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_READY_MADE", "1")
    settings.cache_clear()


def made(hub: Hub) -> str:
    """As at a server's start, when all has been written."""
    eventually(lambda: not hub._journal._waiting)
    ready_made.make(hub)
    run = ready_made.find(hub)
    assert run is not None
    return run.id


def calm(hub: Hub, *names: str) -> None:
    """Some time passes, then the engine says which workers there are."""
    with hub._standings._lock:
        hub._standings._background._busy_until -= CALM_SECONDS
    workers(hub, *names)


def begun(hub: Hub) -> str:
    """It trains, on the one worker."""
    run = made(hub)
    calm(hub, "w")
    report_status(hub, run, Status.RUNNING)
    settle(hub)
    return run


def gave_way(epoch: int = 0) -> Result:
    stands = Checkpoint(epoch).to_bytes() if epoch else None
    return Result(Status.QUEUED, "", None, NETWORK.to_bytes(), checkpoint=stands)


def end(hub: Hub, run_id: str, result: Result) -> None:
    hub.dispatcher.on_done(run_id, result)
    settle(hub)


def test_it_begins_when_it_has_been_calm_for_a_while(hub: Hub, cluster: FakeCluster) -> None:
    run = made(hub)
    workers(hub, "v", "w")
    assert status_of(hub, run) is Status.QUEUED
    assert hub.queue_position(run) is None
    assert hub.under_way() == []
    calm(hub, "v", "w")
    assert [(run_id, config) for run_id, config, _ in cluster.submitted] == [
        (run, ready_made.CONFIG)
    ]


def test_between_two_runs_of_others_it_does_not_begin(hub: Hub, cluster: FakeCluster) -> None:
    run = made(hub)
    other = hub.submit("me", CONFIG)
    calm(hub, "v", "w")
    calm(hub, "v", "w")
    assert [run_id for run_id, _, _ in cluster.submitted] == [other]
    end(hub, other, Result(Status.FINISHED, ""))
    workers(hub, "v", "w")
    assert status_of(hub, run) is Status.QUEUED
    calm(hub, "v", "w")
    assert status_of(hub, run) is Status.STARTING


def test_whoever_comes_is_given_way_at_once(hub: Hub, cluster: FakeCluster) -> None:
    run = begun(hub)
    other = hub.submit("me", CONFIG)
    settle(hub)
    workers(hub, "w")
    assert cluster.commands == [(run, "w", Command("give_way"))]  # told once
    assert hub.queue_position(other) == 1
    end(hub, run, gave_way())
    assert status_of(hub, run) is Status.QUEUED
    assert status_of(hub, other) is Status.STARTING
    assert reasons(hub.events(run))[-1] == GIVES_WAY
    network = hub.network(run)
    assert network is not None  # what it knows by then can be used


def test_it_gives_way_also_where_a_worker_is_free(hub: Hub, cluster: FakeCluster) -> None:
    run = made(hub)
    calm(hub, "v", "w")
    other = hub.submit("me", CONFIG)
    settle(hub)
    assert status_of(hub, other) is Status.STARTING
    assert [run_id for run_id, _, _ in cluster.commands] == [run]


def test_it_goes_on_from_its_last_epoch_and_says_nothing_twice(
    hub: Hub, cluster: FakeCluster
) -> None:
    run = begun(hub)
    report(hub, run, progress(0.5), epoch_end(1), progress(1.4))
    other = hub.submit("me", CONFIG)
    settle(hub)
    end(hub, run, gave_way(1))
    end(hub, other, Result(Status.FINISHED, ""))
    calm(hub, "w")
    start = cluster.jobs[run].start
    assert start is not None
    assert Checkpoint.from_bytes(start).epoch == 1
    report_status(hub, run, Status.RUNNING)
    report(hub, run, progress(1.2), progress(1.4), progress(1.6), epoch_end(2), epoch_end(2))
    end(hub, run, Result(Status.FINISHED, "All done.", None, NETWORK.to_bytes()))
    assert status_of(hub, run) is Status.FINISHED
    positions, epochs = told(hub.events(run))
    assert positions == [0.5, 1.4, 1.6]
    assert epochs == [1, 2]
    words = [change.status.value for change in data_of(hub.events(run), StatusChange)]
    again = ["Queued", "Starting", "Running"]
    assert words == [*again, *again, "Finished"]
    assert hub.runs(READY_MADE)[0].summary.epochs == 2


def told(events: list[Event]) -> tuple[list[float], list[int]]:
    return [one.epoch for one in data_of(events, Progress)], [
        one.epoch for one in data_of(events, EpochEnd)
    ]


def test_a_paused_run_of_somebody_does_not_keep_it_waiting(hub: Hub) -> None:
    run = made(hub)
    other = hub.submit("me", CONFIG)
    workers(hub, "v", "w")
    report_status(hub, other, Status.PAUSED)
    settle(hub)
    calm(hub, "v", "w")
    assert status_of(hub, run) is Status.STARTING
    report_status(hub, other, Status.RUNNING)
    settle(hub)
    workers(hub, "v", "w")
    assert hub._standings._background.busy


def test_it_survives_a_restart_and_is_made_once(tmp_path: Path) -> None:
    first = Hub(Store(tmp_path), FakeCluster())
    first.start()
    run = begun(first)
    report(first, run, progress(0.5), epoch_end(1), progress(1.4))
    settle(first)
    first.archive.save_checkpoint(run, Checkpoint(1).to_bytes())
    first.close()
    cluster = FakeCluster()
    again = Hub(Store(tmp_path), cluster)
    again.start()
    try:
        assert made(again) == run
        assert status_of(again, run) is Status.QUEUED
        calm(again, "w")
        assert cluster.jobs[run].start is not None
        report_status(again, run, Status.RUNNING)
        report(again, run, progress(1.2), progress(1.6))
        settle(again)
        assert told(again.events(run)) == ([0.5, 1.4, 1.6], [1])
        end(again, run, Result(Status.FINISHED, "", None, NETWORK.to_bytes()))
        assert made(again) == run
        calm(again, "w")
        assert len(again.runs(READY_MADE)) == len(cluster.submitted) == 1
    finally:
        again.close()


def test_crashes_of_its_worker_are_counted(
    hub: Hub, cluster: FakeCluster, caplog: pytest.LogCaptureFixture
) -> None:
    run = begun(hub)
    for _ in range(MOST_CRASHES - 1):
        workers(hub)
        assert status_of(hub, run) is Status.QUEUED
        workers(hub, "w")  # not at once
        assert status_of(hub, run) is Status.QUEUED
        calm(hub, "w")
        assert status_of(hub, run) is Status.STARTING
    with caplog.at_level(logging.ERROR):
        workers(hub)
    assert "given up until the next start" in caplog.text
    assert status_of(hub, run) is Status.INTERRUPTED
    calm(hub, "w")
    assert len(cluster.submitted) == MOST_CRASHES


def test_the_next_start_makes_one_that_failed_again(hub: Hub, cluster: FakeCluster) -> None:
    run = begun(hub)
    end(hub, run, Result(Status.FAILED, "The data set is missing."))
    calm(hub, "w")
    assert len(cluster.submitted) == 1
    again = made(hub)
    assert again != run
    assert [one.id for one in hub.runs(READY_MADE)] == [again]
    calm(hub, "w")
    assert cluster.jobs[again].start is None


def test_the_next_start_goes_on_with_one_that_was_given_up(hub: Hub, cluster: FakeCluster) -> None:
    run = begun(hub)
    hub.archive.save_checkpoint(run, standing(4).to_bytes())
    hub._standings._background._crashes = MOST_CRASHES
    workers(hub)
    assert status_of(hub, run) is Status.INTERRUPTED
    again = made(hub)
    assert [one.id for one in hub.runs(READY_MADE)] == [again]
    calm(hub, "w")
    start = cluster.jobs[again].start
    assert start is not None
    assert Checkpoint.from_bytes(start).epoch == 4


def standing(epoch: int) -> Checkpoint:
    """A checkpoint of a network of the shape that is made."""
    sizes = [784, *ready_made.CONFIG.hidden_layers, 10]
    layers = tuple(
        (np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)) for shape in pairwise(sizes)
    )
    return Checkpoint(epoch, layers)


def test_nobody_can_stop_or_delete_it_but_the_teacher_can_stop_it(hub: Hub) -> None:
    run = begun(hub)
    with pytest.raises(NotYours):
        hub.command("me", run, Command("stop"))
    with pytest.raises(NotYours):
        hub.delete("me", run)
    hub.command("teacher", run, Command("stop"), teacher=True)
    end(hub, run, gave_way())  # it was giving way just then
    assert status_of(hub, run) is Status.STOPPED
    assert made(hub) == run


def test_no_limit_of_time_ends_it(hub: Hub, cluster: FakeCluster) -> None:
    run = begun(hub)
    minutes_pass(hub, 1000)
    workers(hub, "w")
    assert cluster.commands == []
    hub.submit("me", CONFIG)
    minutes_pass(hub, 1000)
    workers(hub, "w")
    assert [command.name for _, _, command in cluster.commands] == ["give_way"]
    end(hub, run, gave_way())
    assert status_of(hub, run) is Status.QUEUED


def test_who_empties_the_queue_leaves_it_there(hub: Hub) -> None:
    run, other = made(hub), hub.submit("me", CONFIG)
    assert hub.empty_queue() == 1
    assert status_of(hub, other) is Status.STOPPED
    assert status_of(hub, run) is Status.QUEUED


def test_where_it_is_turned_off_it_waits_and_says_so(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made(hub)
    assert reasons(hub.subscribe(run, 0, lambda _: None))[-1] == GIVES_WAY
    hub.close()
    monkeypatch.setenv("PLAYGROUND_READY_MADE", "0")
    settings.cache_clear()
    again = Hub(Store(tmp_path), FakeCluster())
    again.start()
    calm(again, "w")
    assert status_of(again, run) is Status.QUEUED
    assert reasons(again.subscribe(run, 0, lambda _: None))[-1] == TURNED_OFF
    again.close()
