"""What the tests of runs share: workers that come, reports, minutes that pass."""

from __future__ import annotations

import numpy as np

from playground.config import RunConfig
from playground.drawing.sketches import NewSketch
from playground.events import Event, Status, StatusChange, data_of
from playground.runs.hub import Hub
from tests.conftest import report, settle, status

CONFIG = RunConfig(epochs=3)


def workers(hub: Hub, *names: str) -> None:
    hub.dispatcher.on_workers(frozenset(names))
    settle(hub)


def status_of(hub: Hub, run_id: str) -> Status:
    run = hub.run(run_id)
    assert run is not None
    return run.status


def report_status(hub: Hub, run_id: str, new: Status) -> None:
    report(hub, run_id, status(new))


def reasons(events: list[Event]) -> list[str]:
    return [change.reason for change in data_of(events, StatusChange)]


def items(count: int) -> list[NewSketch]:
    rng = np.random.default_rng(0)
    return [NewSketch(n % 10, rng.integers(0, 256, (28, 28), np.uint8)) for n in range(count)]


def minutes_pass(hub: Hub, minutes: float) -> None:
    with hub._standings._lock:
        for run_id in hub._standings._table._since:
            hub._standings._table._since[run_id] -= 60 * minutes
