"""What a scheduler keeps of what workers report, without one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from playground.engine import scheduler
from playground.engine.scheduler import Reports
from playground.engine.tasks import PORTRAITS, TOPIC, Message


class FakeScheduler:
    """A scheduler in memory: plugins, and who has subscribed."""

    def __init__(self) -> None:
        self.allowed_failures = 3
        self.plugins: dict[str, Any] = {}
        self.subscribed: list[tuple[str, str]] = []
        self.truncated: list[str] = []
        self._broker = SimpleNamespace(truncate=self.truncated.append)

    def add_plugin(self, plugin: Any, *, name: str) -> None:
        self.plugins[name] = plugin

    def subscribe_topic(self, topic: str, client: str) -> None:
        self.subscribed.append((topic, client))

    def publish(self, topic: str, message: object) -> None:
        for plugin in self.plugins.values():
            plugin.log_event(topic, message)


def _message(run_id: str, number: int) -> Message:
    return {"run_id": run_id, "number": number, "worker": "w", "kind": "progress", "data": {}}


def _numbers(messages: list[Message]) -> list[tuple[str, int]]:
    return [(message["run_id"], message["number"]) for message in messages]


def test_who_comes_again_gets_what_came_meanwhile_however_much() -> None:
    made = FakeScheduler()
    assert scheduler.subscribe("first", {}, made) == []
    assert (made.allowed_failures, made.subscribed) == (0, [(TOPIC, "first")])
    for number in range(1, 5_001):  # Dask itself keeps 1,000
        made.publish(TOPIC, _message("a", number))
    made.publish("another topic", SimpleNamespace())
    found = scheduler.subscribe("second", {"a": 2}, made)
    assert _numbers(found) == [("a", number) for number in range(3, 5_001)]


def test_the_messages_of_other_runs_are_dropped_when_somebody_comes() -> None:
    made = FakeScheduler()
    scheduler.subscribe("first", {}, made)
    for run_id in ("left", "ours"):
        made.publish(TOPIC, _message(run_id, 1))
    assert _numbers(scheduler.subscribe("second", {"ours": 0}, made)) == [("ours", 1)]
    assert _numbers(scheduler.subscribe("third", {"ours": 0, "left": 0}, made)) == [("ours", 1)]


def test_a_run_that_is_over_leaves_nothing() -> None:
    made = FakeScheduler()
    scheduler.subscribe("first", {}, made)
    for run_id in ("over", "goes on"):
        made.publish(TOPIC, _message(run_id, 1))
    scheduler.forget("over", made)
    assert _numbers(list(made.plugins[Reports.name].messages)) == [("goes on", 1)]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "MOST_MESSAGES", 3)
    reports = Reports(FakeScheduler())
    for number in range(1, 11):
        reports.log_event(TOPIC, _message("a", number))
    assert _numbers(reports.forget_others({"a": 0})) == [("a", 8), ("a", 9), ("a", 10)]


def test_portraits_are_not_kept() -> None:
    made = FakeScheduler()
    scheduler.subscribe("first", {}, made)
    made.publish(PORTRAITS, {"run_id": "a", "portrait": b"{}"})
    assert made.truncated == [PORTRAITS]
    assert not made.plugins[Reports.name].messages
