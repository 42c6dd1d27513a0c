"""Workers: what they get, when they go, and when they do not answer."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.engine.protocol import Compiled, Result
from playground.events import Command, Status
from playground.runs.dispatch.crew import WORN_AT_LAST
from playground.runs.hub import Hub
from tests.conftest import FakeCluster, eventually, settle
from tests.runs import CONFIG, items, minutes_pass, report_status, status_of, workers


def test_one_run_at_a_time_on_each_worker(hub: Hub, cluster: FakeCluster) -> None:
    for _ in range(5):
        hub.submit("me", CONFIG)
    workers(hub, "v", "w")
    workers(hub, "v", "w")
    assert [worker for _, _, worker in cluster.submitted] == ["v", "w"]


def test_a_run_gets_half_of_the_sketchbook_if_it_wants_it(hub: Hub, cluster: FakeCluster) -> None:
    hub.sketchbook.add("anybody", items(40), imported=True)
    without, wanting = hub.submit("me", CONFIG), hub.submit("you", RunConfig(sketchbook=0.1))
    workers(hub, "v", "w")
    assert cluster.jobs[without].sketches is None
    assert cluster.jobs[without].pinned is None
    sketches = cluster.jobs[wanting].sketches
    assert sketches is not None
    expected = hub.sketchbook.pictures("train")
    assert 0 < len(expected[0]) < 40
    for found, wanted in zip(sketches, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_a_run_that_wants_an_empty_sketchbook_fails_and_says_why(
    hub: Hub, cluster: FakeCluster
) -> None:
    run = hub.submit("me", RunConfig(sketchbook=0.1))
    workers(hub, "w")
    assert status_of(hub, run) is Status.FAILED
    info = hub.run(run)
    assert info is not None
    assert "Keep some on the Draw page" in info.reason
    assert cluster.submitted == []
    # The worker is free for the next one.
    after = hub.submit("me", CONFIG)
    settle(hub)
    assert [run for run, _, _ in cluster.submitted] == [after]


def test_a_worker_that_vanishes_interrupts_its_run_and_the_next_begins(
    hub: Hub, cluster: FakeCluster
) -> None:
    first, second = hub.submit("me", CONFIG), hub.submit("you", CONFIG)
    workers(hub, "v")
    report_status(hub, first, Status.RUNNING)
    workers(hub)
    info = hub.run(first)
    assert info is not None
    assert info.status is Status.INTERRUPTED
    assert "Press Go on" in info.reason
    assert status_of(hub, second) is Status.QUEUED
    workers(hub, "w")
    assert cluster.submitted[-1] == (second, CONFIG, "w")


@pytest.mark.parametrize("ended", [Status.FINISHED, Status.INTERRUPTED])
def test_how_a_run_ended_is_not_overtaken_by_the_news_that_its_worker_is_gone(
    hub: Hub, cluster: FakeCluster, ended: Status
) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")
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
    workers(hub, "another")
    following = hub.submit("me", CONFIG)
    settle(hub)
    assert cluster.submitted[-1] == (following, CONFIG, "another")


def test_a_dead_worker_is_not_given_the_next_run(hub: Hub, cluster: FakeCluster) -> None:
    # The end of the run may be told before the end of its worker.
    first, second = hub.submit("me", CONFIG), hub.submit("you", CONFIG)
    workers(hub, "v")
    hub.dispatcher.on_done(first, Result(Status.INTERRUPTED, ""))
    settle(hub)
    assert status_of(hub, second) is Status.QUEUED
    workers(hub, "w")
    assert cluster.submitted[-1] == (second, CONFIG, "w")


def test_a_worn_worker_is_restarted_and_runs_go_to_the_others(
    hub: Hub, cluster: FakeCluster
) -> None:
    for _ in range(WORN_AT_LAST):
        run = hub.submit("me", CONFIG)
        workers(hub, "w")
        hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
        settle(hub)
    assert cluster.restarted == ["w"]
    last = hub.submit("me", CONFIG)
    workers(hub, "w")
    assert status_of(hub, last) is Status.QUEUED
    workers(hub, "new")
    assert cluster.submitted[-1][0::2] == (last, "new")

    cluster.restarted.clear()
    hub.dispatcher.on_done(last, Result(Status.FINISHED, ""))
    workers(hub, "new")
    assert not cluster.restarted


def test_a_run_goes_where_its_network_is_compiled_and_whose_turn_it_is_stays(
    hub: Hub, cluster: FakeCluster
) -> None:
    wide = CONFIG.model_copy(update={"hidden_layers": (1000,)})
    before = [hub.submit("me", config) for config in (CONFIG, wide)]
    workers(hub, "v", "w")
    for run in before:
        kept = frozenset({cluster.jobs[run].config.compile_key})
        hub.dispatcher.on_done(run, Result(Status.FINISHED, "", compiled=Compiled(2, kept)))
    settle(hub)
    cluster.submitted.clear()
    first = hub.submit("me", wide.model_copy(update={"seed": 1, "learning_rate": 0.5}))
    settle(hub)
    second = hub.submit("me", wide)
    settle(hub)
    third = hub.submit("other", wide)
    settle(hub)
    told = [(run, worker) for run, _, worker in cluster.submitted]
    assert told == [(first, "w"), (second, "v")]  # it does not wait for "w"
    hub.dispatcher.on_done(second, Result(Status.FINISHED, ""))
    settle(hub)
    assert cluster.submitted[-1][0::2] == (third, "v")


def test_an_end_that_did_not_reach_the_worker_is_told_again(
    limited: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = limited.submit("me", CONFIG)
    workers(limited, "w")
    minutes_pass(limited, 1001)

    def away(*_: Any) -> None:
        raise ConnectionError("The worker does not answer just now.")

    with monkeypatch.context() as patch:
        patch.setattr(cluster, "command", away)
        workers(limited, "w")
    assert cluster.commands == []
    workers(limited, "w")
    assert cluster.commands == [(run, "w", Command("stop"))]


def test_a_teacher_who_could_not_stop_a_run_is_not_said_to_have(
    hub: Hub, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hub.submit("me", CONFIG)
    workers(hub, "w")

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
    workers(limited, "v")
    asked, answers = threading.Event(), threading.Event()

    def silent(*_: Any) -> None:
        asked.set()
        answers.wait(30)

    monkeypatch.setattr(cluster, "command", silent)
    minutes_pass(limited, 1001)
    limited.dispatcher.on_workers(frozenset({"v", "w"}))
    assert asked.wait(10)
    other = limited.submit("you", CONFIG)
    limited.dispatcher.on_done(overdue, Result(Status.FINISHED, "Done.", b"keras"))
    eventually(lambda: other in cluster.jobs)
    eventually(lambda: limited.archive.model(overdue) == b"keras")
    answers.set()
