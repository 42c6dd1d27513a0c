"""The hub: whose run it is, from the queue to its end, and what survives a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Command, Status, StatusChange, data_of
from playground.network.network import Network
from playground.runs.hub import Hub, NotYours, TooMany
from playground.store.runs import Store, StoreError
from tests.conftest import FakeCluster, epoch_end, report, settle
from tests.runs import CONFIG, items, reasons, report_status, status_of, workers


def test_a_run_from_queue_to_end(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    settle(hub)
    assert hub.queue_position(run) == 1
    workers(hub, "w")
    assert cluster.submitted == [(run, CONFIG, "w")]
    assert hub.queue_position(run) is None
    assert status_of(hub, run) is Status.STARTING
    report_status(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    network = Network("relu", 1.0, 0.0, ((np.ones((784, 10), "f4"), np.ones(10, "f4")),))
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", b"keras", network.to_bytes()))
    settle(hub)
    assert status_of(hub, run) is Status.FINISHED
    assert hub.archive.model(run) == b"keras"
    kept = hub.network(run)
    assert kept is not None
    np.testing.assert_array_equal(kept.layers[0][0], network.layers[0][0])
    events = hub.events(run)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    words = [change.status.value for change in data_of(events, StatusChange)]
    assert words == ["Queued", "Starting", "Running", "Finished"]
    assert cluster.forgotten == [run]


def test_an_ended_run_never_changes_again(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
    hub.dispatcher.on_done(run, Result(Status.STOPPED, ""))
    settle(hub)
    report(hub, run, epoch_end(9))
    report_status(hub, run, Status.RUNNING)
    hub.dispatcher.on_done(run, Result(Status.FAILED, "late"))
    settle(hub)
    assert status_of(hub, run) is Status.STOPPED
    assert len(hub.events(run)) == 3


def test_only_the_owner_commands(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    with pytest.raises(NotYours):
        hub.command("you", run, Command("stop"))
    workers(hub, "w")
    with pytest.raises(NotYours):
        hub.command("", run, Command("pause"))
    hub.command("me", run, Command("learning_rate", 0.5))
    assert cluster.commands == [(run, "w", Command("learning_rate", 0.5))]
    hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
    settle(hub)
    hub.command("me", run, Command("stop"))
    assert len(cluster.commands) == 1


def test_a_run_that_cannot_be_written_is_not_queued(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(Store, "add_run", locked)
    with pytest.raises(StoreError):
        hub.submit("me", CONFIG)
    assert hub.runs() == []


def test_one_owner_cannot_fill_the_queue(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    most = hub._limits.max_waiting_runs
    for _ in range(most):
        hub.submit("me", CONFIG)
    with pytest.raises(TooMany, match=f"You have {most} in the queue"):
        hub.submit("me", CONFIG)
    hub.submit("you", CONFIG)
    assert len(hub.runs("me")) == most


def test_a_teacher_stops_any_run_and_empties_the_queue(hub: Hub, cluster: FakeCluster) -> None:
    runs = [hub.submit(owner, CONFIG) for owner in "abc"]
    workers(hub, "w")
    hub.command("t", runs[0], Command("stop"), teacher=True)
    assert cluster.commands == [(runs[0], "w", Command("stop"))]
    assert hub.empty_queue() == 2
    hub.dispatcher.on_done(runs[0], Result(Status.STOPPED, "Stopped by its owner."))
    settle(hub)
    ended = [run.reason for run in map(hub.run, runs) if run is not None]
    assert ended == [
        "Stopped by the teacher.",
        *(2 * ["Taken out of the queue by the teacher before it began."]),
    ]


def test_after_a_restart_active_runs_are_interrupted_and_queued_ones_stay(
    tmp_path: Path,
) -> None:
    before = FakeCluster()
    hub = Hub(Store(tmp_path), before)
    hub.start()
    active, queued = hub.submit("a", CONFIG), hub.submit("b", CONFIG)
    workers(hub, "w")
    hub.close()
    assert before.closed.is_set()
    after = FakeCluster()
    again = Hub(Store(tmp_path), after)
    again.start()
    assert status_of(again, active) is Status.INTERRUPTED
    assert [event.seq for event in again.events(active)] == [1, 2, 3]
    assert "The server was shut down" in reasons(again.events(active))[-1]
    assert status_of(again, queued) is Status.QUEUED
    assert again.queue_position(queued) == 1
    workers(again, "w")
    assert after.submitted == [(queued, CONFIG, "w")]
    again.close()


def test_a_server_that_ends_says_so_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
    report_status(hub, run, Status.RUNNING)
    settle(hub)
    hub.close()
    hub.dispatcher.on_done(run, Result(Status.INTERRUPTED, "The worker ended unexpectedly."))
    last = reasons(Store(tmp_path).events(run))[-1]
    assert last.startswith("The server was shut down while this run trained.")


def test_the_hub_never_waits_under_its_lock(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []

    def watch(owner: Any, name: str) -> None:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            if hub._standings._lock._is_owned() or hub._journal._lock.locked():  # type: ignore[attr-defined]
                waited.append(name)
            return inner(*args, **kwargs)

        monkeypatch.setattr(owner, name, outer)

    for name in ("add_run", "append", "events", "save_artefact", "artefact", "artefacts"):
        watch(hub._store, name)
    for name in ("submit", "command", "network", "snapshots", "forget"):
        watch(cluster, name)
    watch(hub.sketchbook, "for_training")
    hub.sketchbook.add("me", items(8))
    item = items(1)[0].item
    stopped, run = hub.submit("you", CONFIG), hub.submit("me", RunConfig(sketchbook=0.5), item)
    hub.subscribe(run, 0, lambda _: None)
    hub.command("you", stopped, Command("stop"))
    workers(hub, "w")
    report_status(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    settle(hub)
    hub.command("me", run, Command("pause"))
    hub.network(run)
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "", b"model", b"network", {1: b"snapshot"}))
    settle(hub)
    assert status_of(hub, run) is Status.FINISHED
    assert waited == []
