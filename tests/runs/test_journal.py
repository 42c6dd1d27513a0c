"""The journal: what the store cannot take, what it refuses, and that nobody waits for it."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from playground.config import RunConfig
from playground.events import Event, Notice, Status, data_of
from playground.runs import journal as module
from playground.runs.journal import Journal
from playground.store.runs import RunInfo, Store, StoreError
from tests.conftest import epoch_end, eventually, progress


@pytest.fixture
def opened(store: Store) -> Iterator[Journal]:
    """A journal of two runs, on either database."""
    for run_id in ("a", "b"):
        now = datetime.now(timezone.utc)
        store.add_run(RunInfo(run_id, "me", RunConfig(), Status.QUEUED, "", now))
    journal = Journal(store)
    journal.open({"a": 0, "b": 0})
    journal.start()
    yield journal
    journal.close()


def test_a_refused_event_is_set_aside_and_named_and_holds_up_no_other(
    opened: Journal, store: Store
) -> None:
    heard: list[Event] = []
    opened.subscribe("a", 0, heard.append)
    opened.append("a", epoch_end(1))
    opened.append("a", epoch_end(2).model_copy(update={"loss": math.nan}))
    opened.append("b", epoch_end(1))
    opened.append("a", epoch_end(3))
    eventually(lambda: [e.seq for e in store.events("a")] == [1, 3])
    eventually(lambda: [e.seq for e in store.events("b")] == [1])
    eventually(lambda: data_of(heard, Notice))
    (notice,) = data_of(heard, Notice)
    assert "Event 2 of this run (epoch) could not be written" in notice.message
    line = (store._folder / "refused.jsonl").read_text("utf-8")
    assert json.loads(line)["seq"] == 2
    assert opened.events("a") == store.events("a")


def test_epochs_of_several_runs_are_found_saved_or_not(
    opened: Journal, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        opened.append("a", progress(number))
        opened.append("a", epoch_end(number))
    opened.append("b", epoch_end(1))
    eventually(lambda: len(store.events("a")) == 4 and len(store.events("b")) == 1)

    def fails(self: Store, events: list[Event]) -> None:
        raise StoreError("The database is locked.")

    monkeypatch.setattr(Store, "append", fails)
    opened.append("b", epoch_end(2))
    found = opened.epochs(["a", "b", "gone"])
    numbers = {run: [epoch.epoch for epoch in epochs] for run, epochs in found.items()}
    assert numbers == {"a": [1, 2], "b": [1, 2], "gone": []}
    monkeypatch.undo()


def test_a_store_that_hangs_holds_up_nobody(
    opened: Journal, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, go_on = threading.Event(), threading.Event()
    append = Store.append

    def slow(self: Store, events: list[Event]) -> None:
        hanging.set()
        assert go_on.wait(10)
        append(self, events)

    monkeypatch.setattr(Store, "append", slow)
    heard: list[int] = []
    opened.append("a", epoch_end(0))
    assert hanging.wait(10)
    past = opened.subscribe("a", 0, lambda event: heard.append(event.seq))
    for epoch in range(1, 4):
        opened.append("a", epoch_end(epoch))
    assert [event.seq for event in past] == [1]
    assert heard == [2, 3, 4]
    assert [event.seq for event in opened.events("a", after=1)] == [2, 3, 4]
    go_on.set()
    eventually(lambda: [e.seq for e in store.events("a")] == [1, 2, 3, 4])


def test_one_who_cannot_hear_keeps_it_from_nobody(opened: Journal) -> None:
    heard: list[int] = []

    def deaf(_event: Event) -> None:
        raise RuntimeError("the loop is closed")

    opened.subscribe("a", 0, deaf)
    opened.subscribe("a", 0, lambda event: heard.append(event.seq))
    opened.append("a", epoch_end())
    assert heard == [1]


def test_a_store_that_cannot_be_read_leaves_no_subscription(
    opened: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "events", locked)
        with pytest.raises(StoreError):
            opened.subscribe("a", 0, print)
    assert opened.watched == []


def test_what_waits_in_memory_is_bounded_and_epochs_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAITING", 5)
    store = Store(tmp_path)
    store.add_run(RunInfo("a", "me", RunConfig(), Status.QUEUED, "", datetime.now(timezone.utc)))
    journal = Journal(store)
    journal.open({"a": 0})
    heard: list[int] = []
    journal.subscribe("a", 0, lambda event: heard.append(event.seq))
    for _ in range(10):
        journal.append("a", progress())
    journal.append("a", epoch_end(1))
    assert heard == list(range(1, 12))
    assert [event.seq for event in journal.events("a")] == [1, 2, 3, 4, 5, 11]
    journal.start()
    journal.close()
    assert [event.seq for event in store.events("a")] == [1, 2, 3, 4, 5, 11]
    store.close()
