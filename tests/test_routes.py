"""The event route, over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config import RunConfig
from playground.engine.client import Result
from playground.events import Status
from playground.runs import routes, service
from playground.runs.hub import Hub
from playground.runs.routes import run_events
from playground.runs.store import Store
from tests.conftest import FakeCluster, eventually


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    started = Hub(Store(tmp_path), FakeCluster())
    started.start()
    service.use(started)
    yield started
    service.stop()


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/api/runs/{id}/events", run_events)]))


def _messages(body: str) -> list[tuple[str | None, dict[str, Any]]]:
    """Server-sent events: (id, data) of each message; comments are left out."""
    found = []
    for block in body.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if fields:
            assert set(fields) <= {"id", "data"}
            found.append((fields.get("id"), json.loads(fields["data"])))
    return found


def _watchers(run: str) -> int:
    channels = routes._channels
    assert channels is not None
    channel = channels[1]._channels.get(run)
    return channel.watchers if channel else 0


def _ended(hub: Hub) -> str:
    run = hub.submit("me", RunConfig())
    hub.on_workers(frozenset({"w"}))
    hub.on_event(run, "progress", {"epoch": 0.1, "loss": None})
    hub.on_done(run, Result(Status.FINISHED, "Done – ü."))
    eventually(lambda: (info := hub.run(run)) and info.status.ended)
    return run


def test_an_ended_run_is_replayed_and_the_stream_ends(hub: Hub, client: TestClient) -> None:
    run = _ended(hub)
    answer = client.get(f"/api/runs/{run}/events")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    messages = _messages(answer.text)
    assert [number for number, _ in messages] == ["1", "2", "3", "4"]
    assert [data for _, data in messages] == [
        {"seq": event.seq, "kind": event.kind, "data": event.data} for event in hub.events(run)
    ]


@pytest.mark.parametrize(
    ("last", "expected"),
    [("0", 4), ("2", 2), ("4", 0), ("99", 0), ("-5", 4), ("x", 4), ("", 4)],
)
def test_a_reconnect_gets_only_what_is_newer(
    hub: Hub, client: TestClient, last: str, expected: int
) -> None:
    run = _ended(hub)
    answer = client.get(f"/api/runs/{run}/events", headers={"Last-Event-ID": last})
    assert len(_messages(answer.text)) == expected


def test_a_run_that_is_not_there_is_404(hub: Hub, client: TestClient) -> None:
    answer = client.get("/api/runs/nobody/events")
    assert answer.status_code == 404
    assert "no such run" in answer.text


def test_without_a_store_the_answer_is_503_in_words(client: TestClient) -> None:
    service.use(None)
    answer = client.get("/api/runs/x/events")
    assert answer.status_code == 503
    assert answer.text


def test_a_live_run_streams_to_its_end(hub: Hub, client: TestClient) -> None:
    run = hub.submit("me", RunConfig())
    bodies: list[str] = []

    def listen() -> None:
        bodies.append(client.get(f"/api/runs/{run}/events").text)

    listeners = [threading.Thread(target=listen) for _ in range(3)]
    for listener in listeners:
        listener.start()
    eventually(lambda: _watchers(run) == 3)
    hub.on_workers(frozenset({"w"}))
    for n in range(50):
        hub.on_event(run, "progress", {"epoch": n / 50})
    hub.on_done(run, Result(Status.STOPPED, ""))
    for listener in listeners:
        listener.join(20)
    assert len(bodies) == 3
    for body in bodies:
        messages = _messages(body)
        kept = [data["seq"] for number, data in messages if number]
        assert kept == list(range(1, 54))
        assert messages[-1][1]["data"]["status"] == "Stopped"
        places = [data for number, data in messages if not number]
        assert places[0]["data"]["status"] == "Queued"
    eventually(lambda: run not in hub._journal.watched)
