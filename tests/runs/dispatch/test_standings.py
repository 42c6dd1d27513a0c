"""The queue: who is next, who is told so, and what a run may take from others."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from playground.engine.protocol import Result
from playground.events import Command, Event, Status
from playground.runs.dispatch.admission import turn_order
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from tests.conftest import FakeCluster, settle, status
from tests.runs import CONFIG, minutes_pass, reasons, status_of, workers


def test_queue_positions_are_fair_and_told(hub: Hub, cluster: FakeCluster) -> None:
    first = [hub.submit("a", CONFIG) for _ in range(3)]
    other = hub.submit("b", CONFIG)
    assert [hub.queue_position(run) for run in (*first, other)] == [1, 3, 4, 2]
    heard: list[Event] = []
    past = hub.subscribe(other, 0, heard.append)
    assert past[-1].seq == 0
    soon = "Training begins as soon as the worker processes have started."
    assert past[-1].data == status(Status.QUEUED, soon)
    workers(hub, "w")
    assert [run for run, _, _ in cluster.submitted] == [first[0]]
    assert reasons(heard)[-1] == "You are next."
    assert hub.runs()[0].id == other
    hub.dispatcher.on_done(first[0], Result(Status.FINISHED, ""))
    settle(hub)
    assert [run for run, _, _ in cluster.submitted] == [first[0], other]


def test_a_queued_run_can_leave_the_queue(hub: Hub, cluster: FakeCluster) -> None:
    first, second = hub.submit("me", CONFIG), hub.submit("me", CONFIG)
    hub.command("me", first, Command("stop"))
    assert status_of(hub, first) is Status.STOPPED
    assert hub.queue_position(second) == 1
    workers(hub, "w")
    assert [run for run, _, _ in cluster.submitted] == [second]


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
        workers(hub, "w")
    # One begins, and each of the others moves up and is told so once.
    assert len(orders) <= 2
    places = reasons([event for event in heard if not event.seq])
    assert places == ["You are next.", *(f"Place {n} in the queue." for n in range(2, 30))]
    heard.clear()
    workers(hub, "w")
    assert not heard


def test_the_queue_does_not_trust_the_clock(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    class Backwards(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2020, 1, 1, tzinfo=timezone.utc)

    first = hub.submit("me", CONFIG)
    monkeypatch.setattr("playground.runs.hub.datetime", Backwards)
    second = hub.submit("me", CONFIG)
    assert [hub.queue_position(first), hub.queue_position(second)] == [1, 2]


def test_why_nothing_trains_is_said_to_all_who_wait(hub: Hub) -> None:
    run = hub.submit("me", CONFIG)
    heard: list[Event] = []
    hub.subscribe(run, 0, heard.append)
    hub.dispatcher.on_workers(frozenset(), problem="Training is not available.")
    settle(hub)
    assert hub.problem == "Training is not available."
    assert reasons(heard)[-1] == "Training is not available."
    workers(hub, "w")
    assert hub.problem == ""


def test_an_owner_trains_no_more_runs_at_once_than_allowed(
    limited: Hub, cluster: FakeCluster
) -> None:
    runs = [limited.submit("me", CONFIG) for _ in range(3)]
    workers(limited, "u", "v", "w")
    assert [run for run, _, _ in cluster.submitted] == runs[:2]
    other = limited.submit("you", CONFIG)
    settle(limited)
    assert cluster.submitted[-1][0] == other


def test_who_holds_the_last_worker_makes_room_for_who_waits_too_long(
    limited: Hub, cluster: FakeCluster
) -> None:
    first, second = limited.submit("me", CONFIG), limited.submit("me", CONFIG)
    workers(limited, "v", "w")
    waiting = limited.submit("you", CONFIG)
    minutes_pass(limited, 9)
    workers(limited, "v", "w")
    assert cluster.commands == []
    minutes_pass(limited, 2)
    for _ in range(3):  # told once
        workers(limited, "v", "w")
    assert cluster.commands == [(first, "v", Command("stop"))]
    limited.dispatcher.on_done(first, Result(Status.STOPPED, "Stopped by its owner."))
    settle(limited)
    info = limited.run(first)
    assert info is not None
    assert info.reason.startswith("Ended because somebody else had waited for 10 minutes.")
    assert cluster.submitted[-1][0] == waiting
    assert status_of(limited, second) is Status.STARTING


def test_a_run_ends_after_the_most_that_a_run_may_train(limited: Hub, cluster: FakeCluster) -> None:
    run = limited.submit("me", CONFIG)
    workers(limited, "w")
    minutes_pass(limited, 999)
    workers(limited, "w")
    assert cluster.commands == []
    minutes_pass(limited, 2)
    workers(limited, "w")
    assert cluster.commands == [(run, "w", Command("stop"))]
    limited.dispatcher.on_done(run, Result(Status.STOPPED, "Stopped by its owner."))
    settle(limited)
    info = limited.run(run)
    assert info is not None
    assert info.reason.startswith("Ended after 1000 minutes")
