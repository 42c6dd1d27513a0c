"""Events as JSON and back, and what a run's status may become."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest

from playground.events import (
    EVENT_MODELS,
    Command,
    EpochEnd,
    Evaluation,
    Event,
    EventData,
    HookCall,
    HookCalls,
    HookStop,
    Kind,
    Notice,
    Status,
    data_of,
    may_become,
    read_data,
)
from tests.conftest import epoch_end, progress, status

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


def test_only_what_takes_long_becomes_itself_and_only_a_run_with_a_worker_waits_again() -> None:
    assert {status for status in Status if status in _next(status)} == {
        Status.STARTING,
        Status.RUNNING,
    }
    again = {status for status in Status if Status.QUEUED in _next(status)}
    assert again == {status for status in Status if status.active}


def test_only_a_run_with_a_worker_is_active_and_can_be_interrupted() -> None:
    active = {status for status in Status if status.active}
    assert active == {Status.STARTING, Status.RUNNING, Status.PAUSED}
    assert {status for status in Status if Status.INTERRUPTED in _next(status)} == active


def test_the_word_on_the_screen_is_the_value() -> None:
    assert json.loads(json.dumps({"status": Status.RUNNING})) == {"status": "Running"}
    assert Status("Interrupted") is Status.INTERRUPTED


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_a_model_whose_fields_are_described(kind: Kind) -> None:
    model = EVENT_MODELS[kind]
    assert model.kind == kind
    told = {name for name, field in model.model_fields.items() if field.description}
    assert told | {"status", "metric"} >= set(model.model_fields)


@pytest.mark.parametrize(
    "data",
    [
        progress(seconds_left=None),
        epoch_end(),
        HookCalls(calls=(HookCall("on_train_begin", None, 0.0, 0.5, 1),), stop=None),
        HookCalls(calls=(), stop=HookStop(hook="on_epoch_end", epoch=2)),
        Evaluation(loss=0.5, accuracy=0.8, confusion=epoch_end().confusion),
        Notice(message="„Disk“ full"),
    ],
    ids=lambda data: data.kind,
)
def test_an_event_is_the_same_after_its_way_as_json(data: EventData) -> None:
    values = json.loads(json.dumps(data.to_json(), allow_nan=False))
    assert read_data(data.kind, values) == data


def test_the_json_has_the_fields_that_were_given_and_no_others() -> None:
    """Stored events of an older run stay as they are."""
    values = {"loss": 0.5, "accuracy": 0.8, "confusion": [[1] * 10] * 10}
    assert read_data("test", values).to_json() == values
    assert read_data("test", values | {"time": 1.5}).to_json() == values | {"time": 1.5}
    assert json.dumps(read_data("status", {"status": "Paused", "reason": ""}).to_json()) == (
        '{"status": "Paused", "reason": ""}'
    )


def test_what_a_later_version_adds_is_left_out() -> None:
    change = read_data("status", {"status": "Paused", "reason": "", "since": 3})
    assert change == status(Status.PAUSED)
    assert "since" not in change.to_json()


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("epoch", lambda x: epoch_end().to_json() | {"val_loss": x}),
        ("progress", lambda x: progress().to_json() | {"step_losses": [0.5, x]}),
        ("pinned", lambda x: {"epoch": 1, "probabilities": [x] * 10}),
        ("hooks", lambda x: {"calls": [["on_train_begin", None, 0.0, x, 1]], "stop": None}),
    ],
)
def test_no_number_is_nan_or_infinite(
    kind: str, values: Callable[[float], object], number: float
) -> None:
    with pytest.raises(ValueError, match=r"data\..*finite number"):
        read_data(kind, values(number))


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("weather", {}, "no kind “weather”"),
        ("status", {"status": "Resting", "reason": ""}, "data.status: Input should be 'Queued'"),
        ("status", {"status": "Paused"}, "data.reason: Field required"),
        ("status", [], "data: Input should be"),
        ("epoch", epoch_end().to_json() | {"confusion": [[1] * 10] * 9}, "data.confusion: Tuple"),
    ],
)
def test_what_is_no_event_is_refused_in_words(kind: str, values: object, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}|{re.escape(words)}$"):
        read_data(kind, values)


@pytest.mark.parametrize("rate", [math.nan, math.inf, 0.0, -1.0, 10.1, None, "0.1"])
def test_a_learning_rate_that_cannot_be_used_is_refused_in_a_sentence(rate: Any) -> None:
    with pytest.raises(ValueError, match=r"^The learning rate must be from 1e-05 to 10\.$"):
        Command("learning_rate", rate)
    assert Command("learning_rate", 10.0).value == 10.0


def test_a_command_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no command “rest”"):
        Command("rest")  # type: ignore[arg-type]


def test_events_of_one_kind() -> None:
    events = [Event("a", 1, progress()), Event("a", 2, epoch_end()), Event("a", 3, progress())]
    assert data_of(events, EpochEnd) == [epoch_end()]
    assert [event.kind for event in events] == ["progress", "epoch", "progress"]
