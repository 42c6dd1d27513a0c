"""The hub: queue, ownership, events without gap or double, and what survives."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.drawing.sketches import NewSketch
from playground.engine.protocol import Result
from playground.events import Command, Event, Notice, Status, StatusChange, data_of
from playground.network.network import Network
from playground.network.snapshot import Snapshot
from playground.runs import journal
from playground.runs.dispatch.admission import turn_order
from playground.runs.dispatch.crew import WORN_AT_LAST
from playground.runs.hub import Hub, NotYours, TooMany
from playground.settings import settings
from playground.store.runs import RunInfo, Store, StoreError
from tests.conftest import FakeCluster, epoch_end, eventually, progress, report, settle, status

CONFIG = RunConfig(epochs=3)


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


@pytest.fixture
def hub(tmp_path: Path, cluster: FakeCluster) -> Iterator[Hub]:
    started = Hub(Store(tmp_path), cluster)
    started.start()
    yield started
    started.close()


def _workers(hub: Hub, *names: str) -> None:
    hub.dispatcher.on_workers(frozenset(names))
    settle(hub)


def _status(hub: Hub, run_id: str) -> Status:
    run = hub.run(run_id)
    assert run is not None
    return run.status


def _report(hub: Hub, run_id: str, new: Status) -> None:
    report(hub, run_id, status(new))


def _reasons(events: list[Event]) -> list[str]:
    return [change.reason for change in data_of(events, StatusChange)]


def test_a_run_from_queue_to_end(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    settle(hub)
    assert hub.queue_position(run) == 1
    _workers(hub, "w")
    assert cluster.submitted == [(run, CONFIG, "w")]
    assert hub.queue_position(run) is None
    assert _status(hub, run) is Status.STARTING
    _report(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    network = Network("relu", 1.0, 0.0, ((np.ones((784, 10), "f4"), np.ones(10, "f4")),))
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", b"keras", network.to_bytes()))
    settle(hub)
    assert _status(hub, run) is Status.FINISHED
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
    _workers(hub, "w")
    hub.dispatcher.on_done(run, Result(Status.STOPPED, ""))
    settle(hub)
    report(hub, run, epoch_end(9))
    _report(hub, run, Status.RUNNING)
    hub.dispatcher.on_done(run, Result(Status.FAILED, "late"))
    settle(hub)
    assert _status(hub, run) is Status.STOPPED
    assert len(hub.events(run)) == 3


def test_places_are_fair_and_told(hub: Hub, cluster: FakeCluster) -> None:
    first = [hub.submit("a", CONFIG) for _ in range(3)]
    other = hub.submit("b", CONFIG)
    assert [hub.queue_position(run) for run in (*first, other)] == [1, 3, 4, 2]
    heard: list[Event] = []
    past = hub.subscribe(other, 0, heard.append)
    assert past[-1].seq == 0
    soon = "Training begins as soon as the worker processes have started."
    assert past[-1].data == status(Status.QUEUED, soon)
    _workers(hub, "w")
    assert [run for run, _, _ in cluster.submitted] == [first[0]]
    assert _reasons(heard)[-1] == "You are next."
    assert hub.runs()[0].id == other
    hub.dispatcher.on_done(first[0], Result(Status.FINISHED, ""))
    settle(hub)
    assert [run for run, _, _ in cluster.submitted] == [first[0], other]


def test_one_run_at_a_time_on_each_worker(hub: Hub, cluster: FakeCluster) -> None:
    for _ in range(5):
        hub.submit("me", CONFIG)
    _workers(hub, "v", "w")
    _workers(hub, "v", "w")
    assert [worker for _, _, worker in cluster.submitted] == ["v", "w"]


def test_only_the_owner_commands(hub: Hub, cluster: FakeCluster) -> None:
    run = hub.submit("me", CONFIG)
    with pytest.raises(NotYours):
        hub.command("you", run, Command("stop"))
    _workers(hub, "w")
    with pytest.raises(NotYours):
        hub.command("", run, Command("pause"))
    hub.command("me", run, Command("learning_rate", 0.5))
    assert cluster.commands == [(run, "w", Command("learning_rate", 0.5))]
    hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
    settle(hub)
    hub.command("me", run, Command("stop"))
    assert len(cluster.commands) == 1


def test_a_queued_run_can_leave_the_queue(hub: Hub, cluster: FakeCluster) -> None:
    first, second = hub.submit("me", CONFIG), hub.submit("me", CONFIG)
    hub.command("me", first, Command("stop"))
    assert _status(hub, first) is Status.STOPPED
    assert hub.queue_position(second) == 1
    _workers(hub, "w")
    assert [run for run, _, _ in cluster.submitted] == [second]


def test_replay_and_live_join_without_gap_or_double(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    count, watchers = 300, 8
    heard: list[list[int]] = [[] for _ in range(watchers)]
    everyone = threading.Barrier(watchers + 1)

    def watch(seqs: list[int]) -> None:
        everyone.wait(10)
        live: list[Event] = []
        past = hub.subscribe(run, 0, live.append)
        eventually(lambda: len(past) + len(live) >= count + 2)
        seqs += [event.seq for event in past + live]

    threads = [threading.Thread(target=watch, args=(seqs,)) for seqs in heard]
    for thread in threads:
        thread.start()
    everyone.wait(10)
    for n in range(count):
        report(hub, run, progress(n / count))
    for thread in threads:
        thread.join(20)
    assert heard == [list(range(1, count + 3))] * watchers
    assert [event.seq for event in hub.events(run, after=count)] == [count + 1, count + 2]


def test_after_unsubscribing_nothing_is_heard(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)
    hub.unsubscribe(run, heard.append)
    settle(hub)
    heard.clear()
    _workers(hub, "w")
    assert heard == []


def test_the_queue_is_put_in_order_once_for_all_who_wait(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Event] = []
    for n in range(30):
        hub.subscribe(hub.submit(f"student {n}", CONFIG), 0, heard.append)
    settle(hub)
    heard.clear()
    orders: list[int] = []

    def counted(*args: Any) -> list[RunInfo]:
        orders.append(1)
        return turn_order(*args)

    monkeypatch.setattr("playground.runs.dispatch.table.turn_order", counted)
    for _ in range(3):
        _workers(hub, "w")
    # One begins, and each of the others moves up and is told so once.
    assert len(orders) <= 2
    places = _reasons([event for event in heard if not event.seq])
    assert places == ["You are next.", *(f"Place {n} in the queue." for n in range(2, 30))]
    heard.clear()
    _workers(hub, "w")
    assert not heard


def test_events_survive_a_store_that_fails_for_a_while(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "RETRY_SECONDS", 0.01)
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    eventually(lambda: hub._store.last_seqs([run]) == {run: 2})
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)

    def full(_store: Store, _events: list[Event]) -> None:
        raise StoreError("The disk of the server is full.")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", full)
        for n in range(3):
            report(hub, run, epoch_end(n))
        settle(hub)
        assert [event.seq for event in heard if event.seq] == [3, 4, 5]
        eventually(lambda: any(event.kind == "notice" for event in heard))
        assert {event.seq for event in heard if event.kind == "notice"} == {0}
        assert "disk of the server is full" in data_of(heard, Notice)[0].message
        assert [event.seq for event in hub.events(run)] == [1, 2, 3, 4, 5]
        assert hub._store.last_seqs([run]) == {run: 2}
    report(hub, run, epoch_end(3))
    eventually(lambda: [e.seq for e in hub._store.events(run)] == [1, 2, 3, 4, 5, 6])
    assert hub.events(run) == hub._store.events(run)
    eventually(lambda: data_of(heard, Notice)[-1].message == "")


def test_nobody_waits_all_the_time_for_a_store_that_fails(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def locked(_store: Store, events: list[Event]) -> None:
        tries.append(len(events))
        raise StoreError("The database is locked.")

    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    eventually(lambda: hub._store.last_seqs([run]) == {run: 2})
    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", locked)
        report(hub, run, epoch_end(0))
        eventually(lambda: tries)
        for n in range(1, 5):
            report(hub, run, epoch_end(n))
            _workers(hub, "w")
        settle(hub)
        assert len(tries) == 1
    hub.close()  # with the server, what waits is written, and that the run was interrupted
    assert len(Store(hub._store._folder).events(run)) == 8


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("epoch", epoch_end().to_json() | {"loss": math.nan}),
        ("status", {"status": "Resting"}),
        ("weather", {"rain": 1}),
        ("epoch", None),
    ],
)
def test_a_bad_report_is_set_aside_and_the_run_goes_on(hub: Hub, kind: str, values: object) -> None:
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)
    hub.dispatcher.on_event(run, kind, values)
    report(hub, run, epoch_end(2))
    settle(hub)
    assert [event.seq for event in hub.events(run)] == [1, 2, 3]
    assert _status(hub, run) is Status.STARTING
    (notice,) = data_of(heard, Notice)
    assert f"A report of this run ({kind}) could not be read" in notice.message
    (line,) = (hub._store._folder / "refused.jsonl").read_text("utf-8").splitlines()
    refused = json.loads(line)
    assert (refused["run_id"], refused["kind"]) == (run, kind)
    assert str(refused["data"]) == str(values)
    assert refused["refused"]


def test_a_run_that_cannot_be_written_is_not_queued(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(Store, "add_run", locked)
    with pytest.raises(StoreError):
        hub.submit("me", CONFIG)
    assert hub.runs() == []


def test_a_model_that_cannot_be_written_is_said(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    monkeypatch.setattr(Store, "save_artefact", full)
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", b"x", b"y"))
    settle(hub)
    info = hub.run(run)
    assert info is not None
    assert info.status is Status.FINISHED
    assert info.reason == "Done. Its model could not be saved. The disk is full."


def test_a_worker_that_vanishes_interrupts_its_run_and_the_next_begins(
    hub: Hub, cluster: FakeCluster
) -> None:
    first, second = hub.submit("me", CONFIG), hub.submit("you", CONFIG)
    _workers(hub, "v")
    _report(hub, first, Status.RUNNING)
    _workers(hub)
    info = hub.run(first)
    assert info is not None
    assert info.status is Status.INTERRUPTED
    assert "Press Train" in info.reason
    assert _status(hub, second) is Status.QUEUED
    _workers(hub, "w")
    assert cluster.submitted[-1] == (second, CONFIG, "w")


@pytest.mark.parametrize("ended", [Status.FINISHED, Status.INTERRUPTED])
def test_how_a_run_ended_is_not_overtaken_by_the_news_that_its_worker_is_gone(
    hub: Hub, cluster: FakeCluster, ended: Status
) -> None:
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    saving = threading.Event()

    def wait() -> None:
        assert saving.wait(10)

    hub.dispatcher._clerk.do(wait)  # as when a disk is slow
    hub.dispatcher.on_done(run, Result(ended, "So it was.", b"keras", None))
    hub.dispatcher.on_workers(frozenset(), problem="No worker is there.")
    hub.dispatcher._inbox.do(saving.set)
    settle(hub)
    kept = hub.run(run)
    assert kept is not None
    assert (kept.status, kept.reason) == (ended, "So it was.")
    assert hub.archive.model(run) == b"keras"
    _workers(hub, "another")
    following = hub.submit("me", CONFIG)
    settle(hub)
    assert cluster.submitted[-1] == (following, CONFIG, "another")


def test_a_dead_worker_is_not_given_the_next_run(hub: Hub, cluster: FakeCluster) -> None:
    # The end of the run may be told before the end of its worker.
    first, second = hub.submit("me", CONFIG), hub.submit("you", CONFIG)
    _workers(hub, "v")
    hub.dispatcher.on_done(first, Result(Status.INTERRUPTED, ""))
    settle(hub)
    assert _status(hub, second) is Status.QUEUED
    _workers(hub, "w")
    assert cluster.submitted[-1] == (second, CONFIG, "w")


def test_after_a_restart_active_runs_are_interrupted_and_queued_ones_stay(
    tmp_path: Path,
) -> None:
    before = FakeCluster()
    hub = Hub(Store(tmp_path), before)
    hub.start()
    active, queued = hub.submit("a", CONFIG), hub.submit("b", CONFIG)
    _workers(hub, "w")
    hub.close()
    assert before.closed.is_set()
    after = FakeCluster()
    again = Hub(Store(tmp_path), after)
    again.start()
    assert _status(again, active) is Status.INTERRUPTED
    assert [event.seq for event in again.events(active)] == [1, 2, 3]
    assert "The server was shut down" in _reasons(again.events(active))[-1]
    assert _status(again, queued) is Status.QUEUED
    assert again.queue_position(queued) == 1
    _workers(again, "w")
    assert after.submitted == [(queued, CONFIG, "w")]
    again.close()


def test_the_weights_of_a_run_in_training_come_from_its_worker(
    hub: Hub, cluster: FakeCluster
) -> None:
    run = hub.submit("me", CONFIG)
    assert hub.network(run) is None
    _workers(hub, "w")
    assert hub.network(run) is None
    layer = (np.zeros((784, 10), "f4"), np.zeros(10, "f4"))
    cluster.weights = Network("tanh", 1.0, 0.0, (layer,)).to_bytes()
    network = hub.network(run)
    assert network is not None
    assert network.activation == "tanh"
    assert hub.network("nobody") is None


def test_a_worn_worker_is_replaced_and_runs_go_to_the_others(
    hub: Hub, cluster: FakeCluster
) -> None:
    for _ in range(WORN_AT_LAST):
        run = hub.submit("me", CONFIG)
        _workers(hub, "w")
        hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
        settle(hub)
    assert cluster.restarted == ["w"]
    last = hub.submit("me", CONFIG)
    _workers(hub, "w")
    assert _status(hub, last) is Status.QUEUED
    _workers(hub, "new")
    assert cluster.submitted[-1][0::2] == (last, "new")

    cluster.restarted.clear()
    hub.dispatcher.on_done(last, Result(Status.FINISHED, ""))
    _workers(hub, "new")
    assert not cluster.restarted


def _items(count: int) -> list[NewSketch]:
    rng = np.random.default_rng(0)
    return [NewSketch(n % 10, rng.integers(0, 256, (28, 28), np.uint8)) for n in range(count)]


def test_a_run_gets_half_of_the_sketchbook_if_it_wants_it(hub: Hub, cluster: FakeCluster) -> None:
    hub.sketchbook.add("anybody", _items(40), imported=True)
    without, wanting = hub.submit("me", CONFIG), hub.submit("you", RunConfig(sketchbook=0.1))
    _workers(hub, "v", "w")
    assert cluster.jobs[without].sketches is None
    assert cluster.jobs[without].pinned is None
    sketches = cluster.jobs[wanting].sketches
    assert sketches is not None
    expected = hub.sketchbook.pictures("train")
    assert 0 < len(expected[0]) < 40
    for found, wanted in zip(sketches, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_a_run_that_wants_an_empty_sketchbook_fails_in_words(
    hub: Hub, cluster: FakeCluster
) -> None:
    run = hub.submit("me", RunConfig(sketchbook=0.1))
    _workers(hub, "w")
    assert _status(hub, run) is Status.FAILED
    info = hub.run(run)
    assert info is not None
    assert "Keep some on the Draw page" in info.reason
    assert cluster.submitted == []
    # The worker is free for the next one.
    after = hub.submit("me", CONFIG)
    settle(hub)
    assert [run for run, _, _ in cluster.submitted] == [after]


def test_a_pinned_drawing_stays_with_its_run(tmp_path: Path) -> None:
    item = _items(1)[0].item
    hub = Hub(Store(tmp_path), FakeCluster())
    hub.start()
    plain, run = hub.submit("me", CONFIG), hub.submit("me", CONFIG, item)
    hub.close()
    cluster = FakeCluster()
    again = Hub(Store(tmp_path), cluster)
    again.start()
    _workers(again, "v", "w")
    assert again.archive.pinned(plain) is None
    np.testing.assert_array_equal(again.archive.pinned(run), item)
    assert cluster.jobs[plain].pinned is None
    pinned = cluster.jobs[run].pinned
    assert pinned is not None
    np.testing.assert_array_equal(pinned, item)
    again.close()


def test_snapshots_are_fetched_as_the_run_goes_and_the_last_come_with_its_end(
    hub: Hub, cluster: FakeCluster
) -> None:
    layer = (np.ones((784, 10), "f4"), np.ones(10, "f4"))

    def taken(epoch: int) -> bytes:
        network = Network("linear", 1.0, 0.0, (layer,), epoch)
        return Snapshot(network, np.full(5, epoch, np.uint8)).to_bytes()

    run = hub.submit("me", CONFIG)
    assert hub.archive.epochs(run) == []
    assert hub.archive.snapshot(run, 0) is None
    _workers(hub, "w")
    cluster.kept = {0: taken(0)}
    _report(hub, run, Status.RUNNING)
    eventually(lambda: hub.archive.epochs(run) == [0])
    cluster.kept = {0: b"fetched already", 1: taken(1)}
    report(hub, run, epoch_end(1))
    eventually(lambda: hub.archive.epochs(run) == [0, 1])
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "", snapshots={1: taken(1), 10: taken(10)}))
    settle(hub)
    assert hub.archive.epochs(run) == [0, 1, 10]
    for epoch in (0, 1, 10):
        snapshot = hub.archive.snapshot(run, epoch)
        assert snapshot is not None
        assert snapshot.network.epoch == epoch
        assert snapshot.predicted.tolist() == [epoch] * 5


def test_with_look_inside_off_nothing_is_fetched(hub: Hub, cluster: FakeCluster) -> None:
    cluster.kept = {0: b"x"}
    run = hub.submit("me", CONFIG.model_copy(update={"keep_snapshots": False}))
    _workers(hub, "w")
    _report(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    settle(hub)
    hub.archive.close()
    assert hub.archive.epochs(run) == []


def test_a_snapshot_that_cannot_be_written_does_not_harm_the_run(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Store, "save_artefact", full)
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done.", snapshots={1: b"x"}))
    settle(hub)
    info = hub.run(run)
    assert info is not None
    assert (info.status, info.reason) == (Status.FINISHED, "Done.")


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
    hub.sketchbook.add("me", _items(8))
    item = _items(1)[0].item
    stopped, run = hub.submit("you", CONFIG), hub.submit("me", RunConfig(sketchbook=0.5), item)
    hub.subscribe(run, 0, lambda _: None)
    hub.command("you", stopped, Command("stop"))
    _workers(hub, "w")
    _report(hub, run, Status.RUNNING)
    report(hub, run, epoch_end(1))
    settle(hub)
    hub.command("me", run, Command("pause"))
    hub.network(run)
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "", b"model", b"network", {1: b"snapshot"}))
    settle(hub)
    assert _status(hub, run) is Status.FINISHED
    assert waited == []


def test_an_end_is_an_end_whatever_goes_wrong(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(Store, "save_artefact", broken)
    first, second = hub.submit("me", CONFIG), hub.submit("me", CONFIG)
    _workers(hub, "w")
    hub.dispatcher.on_done(first, Result(Status.FINISHED, "Done.", b"model", snapshots={1: b"x"}))
    settle(hub)
    info = hub.run(first)
    assert info is not None
    assert (info.status, info.reason) == (
        Status.FINISHED,
        "Done. Its model could not be saved. The server's log says why.",
    )
    assert cluster.submitted[-1][0] == second


def test_one_owner_cannot_fill_the_queue(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    most = hub._limits.max_waiting_runs
    for _ in range(most):
        hub.submit("me", CONFIG)
    with pytest.raises(TooMany, match=f"You have {most} in the queue"):
        hub.submit("me", CONFIG)
    hub.submit("you", CONFIG)
    assert len(hub.runs("me")) == most


@pytest.fixture
def limited(tmp_path: Path, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub whose minutes are as short as a test's, and that gives an owner two workers."""
    for name, value in (("RUN_MINUTES", "1000"), ("WAIT_MINUTES", "10"), ("ACTIVE_RUNS", "2")):
        monkeypatch.setenv(f"PLAYGROUND_MAX_{name}", value)
    settings.cache_clear()
    started = Hub(Store(tmp_path), cluster)
    started.start()
    yield started
    started.close()


def _minutes_pass(hub: Hub, minutes: float) -> None:
    with hub._standings._lock:
        for run_id in hub._standings._table._since:
            hub._standings._table._since[run_id] -= 60 * minutes


def test_an_owner_trains_no_more_runs_at_once_than_allowed(
    limited: Hub, cluster: FakeCluster
) -> None:
    runs = [limited.submit("me", CONFIG) for _ in range(3)]
    _workers(limited, "u", "v", "w")
    assert [run for run, _, _ in cluster.submitted] == runs[:2]
    other = limited.submit("you", CONFIG)
    settle(limited)
    assert cluster.submitted[-1][0] == other


def test_who_holds_the_last_worker_makes_room_for_who_waits_too_long(
    limited: Hub, cluster: FakeCluster
) -> None:
    first, second = limited.submit("me", CONFIG), limited.submit("me", CONFIG)
    _workers(limited, "v", "w")
    waiting = limited.submit("you", CONFIG)
    _minutes_pass(limited, 9)
    _workers(limited, "v", "w")
    assert cluster.commands == []
    _minutes_pass(limited, 2)
    for _ in range(3):  # told once
        _workers(limited, "v", "w")
    assert cluster.commands == [(first, "v", Command("stop"))]
    limited.dispatcher.on_done(first, Result(Status.STOPPED, "Stopped by its owner."))
    settle(limited)
    info = limited.run(first)
    assert info is not None
    assert info.reason.startswith("Ended because somebody else had waited for 10 minutes.")
    assert cluster.submitted[-1][0] == waiting
    assert _status(limited, second) is Status.STARTING


def test_a_run_ends_after_the_most_that_a_run_may_train(limited: Hub, cluster: FakeCluster) -> None:
    run = limited.submit("me", CONFIG)
    _workers(limited, "w")
    _minutes_pass(limited, 999)
    _workers(limited, "w")
    assert cluster.commands == []
    _minutes_pass(limited, 2)
    _workers(limited, "w")
    assert cluster.commands == [(run, "w", Command("stop"))]
    limited.dispatcher.on_done(run, Result(Status.STOPPED, "Stopped by its owner."))
    settle(limited)
    info = limited.run(run)
    assert info is not None
    assert info.reason.startswith("Ended after 1000 minutes")


def test_a_teacher_stops_any_run_and_empties_the_queue(hub: Hub, cluster: FakeCluster) -> None:
    runs = [hub.submit(owner, CONFIG) for owner in "abc"]
    _workers(hub, "w")
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


def test_why_nothing_trains_is_said_to_all_who_wait(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)
    hub.dispatcher.on_workers(frozenset(), problem="Training is not available.")
    settle(hub)
    assert hub.problem == "Training is not available."
    assert _reasons(heard)[-1] == "Training is not available."
    _workers(hub, "w")
    assert hub.problem == ""


def test_a_server_that_ends_says_so_and_nothing_else(hub: Hub, tmp_path: Path) -> None:
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")
    _report(hub, run, Status.RUNNING)
    settle(hub)
    hub.close()
    hub.dispatcher.on_done(run, Result(Status.INTERRUPTED, "The worker ended unexpectedly."))
    reasons = _reasons(Store(tmp_path).events(run))
    assert reasons[-1].startswith("The server was shut down while this run trained.")


def test_the_queue_does_not_trust_the_clock(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    class Backwards(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2020, 1, 1, tzinfo=timezone.utc)

    first = hub.submit("me", CONFIG)
    monkeypatch.setattr("playground.runs.hub.datetime", Backwards)
    second = hub.submit("me", CONFIG)
    assert [hub.queue_position(first), hub.queue_position(second)] == [1, 2]


def test_a_stream_of_an_ended_run_always_has_its_end(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hub.submit("me", CONFIG)
    hub.command("me", run, Command("stop"))
    monkeypatch.setattr(hub._journal, "subscribe", lambda *_: [])
    (last,) = hub.subscribe(run, 0, lambda _: None)
    assert (last.seq, last.data) == (
        0,
        status(Status.STOPPED, "Taken out of the queue by its owner before it began."),
    )


def test_an_end_that_did_not_reach_the_worker_is_told_again(
    limited: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = limited.submit("me", CONFIG)
    _workers(limited, "w")
    _minutes_pass(limited, 1001)

    def away(*_: Any) -> None:
        raise ConnectionError("The worker does not answer just now.")

    with monkeypatch.context() as patch:
        patch.setattr(cluster, "command", away)
        _workers(limited, "w")
    assert cluster.commands == []
    _workers(limited, "w")
    assert cluster.commands == [(run, "w", Command("stop"))]


def test_a_teacher_who_could_not_stop_a_run_is_not_said_to_have(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hub.submit("me", CONFIG)
    _workers(hub, "w")

    def away(*_: Any) -> None:
        raise ConnectionError("The worker does not answer just now.")

    with monkeypatch.context() as patch:
        patch.setattr(cluster, "command", away)
        with pytest.raises(ConnectionError):
            hub.command("t", run, Command("stop"), teacher=True)
    hub.dispatcher.on_done(run, Result(Status.STOPPED, "Stopped by its owner."))
    settle(hub)
    info = hub.run(run)
    assert info is not None
    assert info.reason == "Stopped by its owner."


def test_a_worker_that_does_not_answer_holds_up_no_other_run(
    limited: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    overdue = limited.submit("me", CONFIG)
    _workers(limited, "v")
    asked, answers = threading.Event(), threading.Event()

    def silent(*_: Any) -> None:
        asked.set()
        answers.wait(30)

    monkeypatch.setattr(cluster, "command", silent)
    _minutes_pass(limited, 1001)
    limited.dispatcher.on_workers(frozenset({"v", "w"}))
    assert asked.wait(10)
    other = limited.submit("you", CONFIG)
    limited.dispatcher.on_done(overdue, Result(Status.FINISHED, "Done.", b"keras"))
    eventually(lambda: other in cluster.jobs)
    eventually(lambda: limited.archive.model(overdue) == b"keras")
    answers.set()
