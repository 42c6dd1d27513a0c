"""The events of runs, through the hub: none missing, none double, whatever the store does."""

from __future__ import annotations

import json
import math
import threading

import pytest

from playground.events import Command, Event, Notice, Status, data_of
from playground.runs import journal
from playground.runs.hub import Hub
from playground.store.runs import Store, StoreError
from tests.conftest import epoch_end, eventually, progress, report, settle, status
from tests.runs import CONFIG, status_of, workers


def test_replay_and_live_join_without_gap_or_double(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
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
    workers(hub, "w")
    assert heard == []


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


def test_events_survive_a_store_that_fails_for_a_while(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "RETRY_SECONDS", 0.01)
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
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
    workers(hub, "w")
    eventually(lambda: hub._store.last_seqs([run]) == {run: 2})
    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", locked)
        report(hub, run, epoch_end(0))
        eventually(lambda: tries)
        for n in range(1, 5):
            report(hub, run, epoch_end(n))
            workers(hub, "w")
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
    workers(hub, "w")
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)
    hub.dispatcher.on_event(run, kind, values)
    report(hub, run, epoch_end(2))
    settle(hub)
    assert [event.seq for event in hub.events(run)] == [1, 2, 3]
    assert status_of(hub, run) is Status.STARTING
    (notice,) = data_of(heard, Notice)
    assert f"A report of this run ({kind}) could not be read" in notice.message
    (line,) = (hub._store._folder / "refused.jsonl").read_text("utf-8").splitlines()
    refused = json.loads(line)
    assert (refused["run_id"], refused["kind"]) == (run, kind)
    assert str(refused["data"]) == str(values)
    assert refused["refused"]
