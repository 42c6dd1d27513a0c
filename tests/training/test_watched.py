"""A run that somebody looks at: portraits while it trains, and nothing else is different."""

from __future__ import annotations

import base64
import json
import threading
import time
from typing import Any

import numpy as np
import pytest

from playground.dataset import load_data
from playground.events import Command, EventData, Status
from playground.network.portrait import Watch
from playground.training import control as controls
from tests.conftest import status
from tests.training import Log, but, trained

pytestmark = pytest.mark.engine

TIMES = {"seconds", "images_per_second", "seconds_left"}
CONFIG = but(hidden_layers=(8, 6), dropout=0.3, epochs=3, optimizer="adam", momentum=0.0)


def _watch(shown: tuple[tuple[int, ...], ...] = ((7, 0), (1, 2, 5))) -> Watch:
    return Watch(load_data().x_test[:11], shown)


class Watched(Log):
    """A log of a run that is looked at from its start."""

    def __init__(self, watch: Watch | None = None, react: Any = None) -> None:
        super().__init__(react)
        self.portraits: list[dict[str, Any]] = []
        self.control.on_portrait = lambda text: self.portraits.append(json.loads(text))
        if watch is not None:
            self.control.watch(watch, fresh=True)


def _without_times(log: Log) -> list[tuple[str, dict[str, Any]]]:
    events: list[tuple[str, dict[str, Any]]] = [(data.kind, data.to_json()) for data in log.events]
    for _, values in events:
        for name in TIMES & values.keys():
            del values[name]
        values.pop("calls", None)  # of hooks: when they were called
    return events


def _probabilities(portrait: dict[str, Any]) -> Any:
    text = portrait["output"]["probabilities"]
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(-1, 10)


def test_a_run_is_the_same_to_the_bit_whether_it_is_looked_at_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playground.training.reporter.PUBLISH_SECONDS", 0)
    monkeypatch.setattr(controls, "PORTRAIT_SECONDS", 0)
    watched, alone = Watched(_watch()), Watched()
    seen, unseen = trained(CONFIG, watched), trained(CONFIG, alone)
    assert _without_times(watched) == _without_times(alone)
    assert seen.network is not None
    assert unseen.network is not None
    assert seen.network.to_bytes() == unseen.network.to_bytes()
    assert alone.portraits == []
    positions = [portrait["position"] for portrait in watched.portraits]
    assert positions == sorted(positions)
    assert positions[0] == 0
    assert len(set(positions)) == 1 + len([e for e in alone.events if e.kind == "progress"])


def test_nothing_is_made_while_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: Any) -> bytes:
        raise AssertionError

    monkeypatch.setattr(Watch, "portrait", made)
    log = Log()
    trained(but(epochs=1), log)
    assert log.control._watch is None


def test_the_last_portrait_is_that_of_the_final_weights() -> None:
    def stop(log: Log, data: EventData) -> None:
        if data.kind == "progress" and len(log.events) > 8:
            log.control.send(Command("stop"))

    for react in (None, stop):
        log, watch = Watched(_watch(), react), _watch()
        outcome = trained(CONFIG, log)
        assert outcome.network is not None
        np.testing.assert_array_equal(
            _probabilities(log.portraits[-1]), outcome.network.predict(watch.items)
        )
        assert log.portraits[-1]["choice"] == watch.key
        done = [event for event in log.events if event.kind == "progress"][-1]
        assert log.portraits[-1]["position"] == done.to_json()["epoch"]


def test_who_looks_at_a_run_that_is_paused_sees_it_as_it_stands() -> None:
    """And, while it is paused, another item at once."""

    def react(log: Log, data: EventData) -> None:
        if data.kind == "progress" and len(log.events) == 5:
            log.control.send(Command("pause"))
        elif data == status(Status.PAUSED):
            threading.Thread(target=look, args=(log,)).start()

    def look(log: Any) -> None:
        for watch in (_watch(), _watch(((3,), (4,)))):
            log.control.watch(watch, fresh=False)
            while not any(portrait["choice"] == watch.key for portrait in log.portraits):
                time.sleep(0.001)
        log.control.send(Command("resume"))

    log = Watched(None, react)
    trained(CONFIG, log)
    first, second = log.portraits[:2]
    assert first["position"] == second["position"] > 0
    assert second["layers"][0]["shown"] == [3]


def test_a_portrait_that_fails_ends_no_training() -> None:
    log = Watched(_watch(((99,), (0,))))
    assert trained(but(hidden_layers=(8, 6), epochs=1), log).status is Status.FINISHED
    assert log.portraits == []


def test_a_watch_that_is_not_renewed_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("playground.training.control.time.monotonic", lambda: now)
    log = Watched(_watch())
    outcome = trained(but(hidden_layers=(8, 6), epochs=1), Log())
    assert outcome.network is not None
    log.control.portray(outcome.network, 1.0, due=False)
    log.control.portray(outcome.network, 1.0, due=False)  # nothing new has been asked for
    assert len(log.portraits) == 1
    now += controls.WATCH_SECONDS - 1
    log.control.watch(_watch(), fresh=False)  # lost ones before it did no harm
    log.control.watch(_watch(), fresh=False)
    now += controls.WATCH_SECONDS - 1
    log.control.portray(outcome.network, 2.0, due=True)
    assert len(log.portraits) == 2
    now += 2
    log.control.portray(outcome.network, 3.0, due=True)
    assert len(log.portraits) == 2
    log.control.watch(_watch(), fresh=False)
    log.control.portray(outcome.network, 4.0, due=False)
    assert len(log.portraits) == 3
