"""What a run's status may become."""

from __future__ import annotations

import json

from playground.events import Event, Status, may_become

ENDS = {Status.FINISHED, Status.STOPPED, Status.FAILED, Status.INTERRUPTED}


def _next(status: Status) -> set[Status]:
    return {then for then in Status if may_become(status, then)}


def test_a_run_ends_exactly_once() -> None:
    assert {status for status in Status if status.ended} == ENDS
    assert all(not _next(end) for end in ENDS)


def test_every_status_can_be_reached_and_every_run_can_end() -> None:
    reached, todo = {Status.QUEUED}, [Status.QUEUED]
    while todo:
        new = _next(todo.pop()) - reached
        reached |= new
        todo += new
    assert reached == set(Status)
    assert all(_next(status) & ENDS for status in set(Status) - ENDS)


def test_only_what_takes_long_becomes_itself_and_nothing_goes_back_to_the_queue() -> None:
    assert {status for status in Status if status in _next(status)} == {
        Status.STARTING,
        Status.RUNNING,
    }
    assert all(Status.QUEUED not in _next(status) for status in Status)


def test_only_a_run_with_a_worker_is_active_and_can_be_interrupted() -> None:
    active = {status for status in Status if status.active}
    assert active == {Status.STARTING, Status.RUNNING, Status.PAUSED}
    assert {status for status in Status if Status.INTERRUPTED in _next(status)} == active


def test_the_word_on_the_screen_is_the_value() -> None:
    assert json.loads(json.dumps({"status": Status.RUNNING})) == {"status": "Running"}
    assert Status("Interrupted") is Status.INTERRUPTED


def test_events_are_equal_by_content() -> None:
    assert Event("a", 1, "test", {"x": 1}) == Event("a", 1, "test", {"x": 1})
