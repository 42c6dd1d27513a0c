"""One connection, without a scheduler: which messages it passes on, and when it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.engine import connection, scheduler
from playground.engine.connection import Connection
from playground.engine.tasks import PORTRAITS, TOPIC, Message
from tests.conftest import run_async


def _message(number: int) -> Message:
    return {"run_id": "a", "number": number, "worker": "w", "kind": "progress", "data": {}}


class FakeClient:
    """A client of Dask's in memory: `say` is a message that the scheduler sends."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.id, self.status = "client", "running"
        self.scheduler_comm = object()
        self.asked: list[tuple[Any, ...]] = []
        self.handlers: dict[str, Callable[[tuple[float, Any]], None]] = {}

    def subscribe_topic(self, topic: str, handler: Any) -> None:
        self.handlers[topic] = handler

    def say(self, number: int) -> None:
        self.handlers[TOPIC]((0.0, _message(number)))

    def run_on_scheduler(self, function: Any, *args: Any, callback_timeout: float) -> Any:
        self.asked.append((function, *args))
        if function is scheduler.subscribe:
            self.say(4)  # it comes before those of the past
            return [_message(2), _message(3)]
        return None

    def sync(self, function: Any, *args: Any, callback_timeout: float) -> None:
        run_async(function(*args))

    def list_datasets(self, callback_timeout: float) -> list[str]:
        return []

    def unpublish_dataset(self, name: str, callback_timeout: float) -> None: ...
    def close(self, timeout: float) -> None: ...


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    made = FakeClient()
    monkeypatch.setattr(connection, "ClosedIfItFails", lambda *_, **__: made)
    return made


def _connect(heard: list[int], seen: list[Any] | None = None) -> Connection:
    seen = [] if seen is None else seen

    def on_message(message: Message) -> None:
        heard.append(message["number"])

    return Connection("tcp://cluster:8786", None, None, on_message, seen.append, {"a": 1})


def test_what_was_said_before_comes_first(client: FakeClient) -> None:
    heard: list[int] = []
    _connect(heard)
    client.say(5)
    assert heard == [2, 3, 4, 5]
    assert client.asked[0] == (scheduler.subscribe, "client", {"a": 1})


def test_a_stream_that_dask_has_made_again_passes_nothing_on(client: FakeClient) -> None:
    """It has missed what was said while it was away; the next connection gets all of it."""
    heard: list[int] = []
    made = _connect(heard)
    client.scheduler_comm = object()
    client.say(9)
    assert made.broken
    assert heard == [2, 3, 4]


def test_a_run_that_is_over_is_forgotten_with_its_messages(client: FakeClient) -> None:
    made = _connect([])
    made.published.add("a")
    made.unpublish("a")
    assert made.published == set()
    assert client.asked[-1] == (scheduler.forget, "a")


def test_portraits_pass_and_one_that_fails_ends_nothing(client: FakeClient) -> None:
    class Refuses(list[Any]):
        def append(self, message: Any) -> None:
            super().append(message)
            raise ValueError(message)

    seen = Refuses()
    _connect([], seen)
    for number in (1, 2):
        client.handlers[PORTRAITS]((0.0, number))
    assert seen == [1, 2]
