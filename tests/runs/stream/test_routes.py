"""The event route, over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Status
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.stream import routes
from playground.runs.stream.channels import Channels, Cursor
from playground.runs.stream.routes import events, run_events
from playground.store.runs import Store, StoreError, new_run_id
from tests.conftest import FakeCluster, eventually, progress, report, run_async


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    started = Hub(Store(tmp_path), FakeCluster())
    started.start()
    service.use(started)
    yield started
    service.stop()


@pytest.fixture
def client() -> Iterator[TestClient]:
    routed = [Route("/api/runs/{id}/events", run_events), Route("/api/events", events)]
    # Within `with` all requests share one event loop, as on a server.
    with TestClient(Starlette(routes=routed)) as started:
        yield started


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
    hub.dispatcher.on_workers(frozenset({"w"}))
    report(hub, run, progress())
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "Done – ü."))
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
        {"seq": event.seq, "kind": event.kind, "data": event.data.to_json()}
        for event in hub.events(run)
    ]


@pytest.mark.parametrize(
    ("last", "expected"),
    [("0", 4), ("2", 2), ("-5", 4), ("x", 4), ("", 4), (str(2**64), 4)],
)
def test_a_reconnect_gets_only_what_is_newer(
    hub: Hub, client: TestClient, last: str, expected: int
) -> None:
    run = _ended(hub)
    answer = client.get(f"/api/runs/{run}/events", headers={"Last-Event-ID": last})
    assert len(_messages(answer.text)) == expected


@pytest.mark.parametrize("address", ["/api/runs/{run}/events", "/api/events?run={run}:{last}"])
@pytest.mark.parametrize("last", [4, 99])
def test_who_was_told_more_than_a_killed_server_has_written_is_told_the_end(
    hub: Hub, client: TestClient, address: str, last: int
) -> None:
    run, other = _ended(hub), _ended(hub)
    url = address.format(run=run, last=last) + ("&run=" + other if "?" in address else "")
    answer = client.get(url, headers={"Last-Event-ID": str(last)})
    found = [data for _, data in _messages(answer.text)]
    told = [event for data in found for event in data.get("events", [data])]
    # The board leaves out what has a number that it knows.
    assert [(e["seq"], e["data"]["status"]) for e in told if e["kind"] == "status"][:1] == [
        (0, "Finished")
    ]


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

    listeners = [threading.Thread(target=listen, daemon=True) for _ in range(3)]
    for listener in listeners:
        listener.start()
    eventually(lambda: _watchers(run) == 3)
    hub.dispatcher.on_workers(frozenset({"w"}))
    for n in range(50):
        report(hub, run, progress(n / 50))
    hub.dispatcher.on_done(run, Result(Status.STOPPED, ""))
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


def _batches(body: str) -> dict[str, list[Any]]:
    """Of `/api/events`: what came of each run."""
    found: dict[str, list[Any]] = {}
    for _, data in _messages(body):
        found.setdefault(data["run"], []).extend(data.get("events") or [data["gone"]])
    return found


def test_several_runs_come_in_one_stream_each_from_where_the_browser_is(
    hub: Hub, client: TestClient
) -> None:
    first, second = _ended(hub), _ended(hub)
    body = client.get(f"/api/events?run={first}&run={second}:2&run=nobody:7").text
    found = _batches(body)
    assert [event["seq"] for event in found[first]] == [1, 2, 3, 4]
    assert [event["seq"] for event in found[second]] == [3, 4]
    assert found["nobody"] == ["There is no such run."]
    assert len(_messages(body)) == 3


def test_a_run_that_is_about_to_begin_is_waited_for(hub: Hub, client: TestClient) -> None:
    ended, coming = _ended(hub), new_run_id()
    bodies: list[str] = []

    def ask() -> None:
        query = f"run={ended}:3&run={coming}:0&coming={coming}&coming={ended}&coming=x"
        bodies.append(client.get(f"/api/events?{query}").text)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    eventually(lambda: _watchers(ended) == 1)
    assert hub.submit("me", RunConfig(), new_id=coming) == coming
    eventually(lambda: _watchers(coming) == 1)
    hub.dispatcher.on_done(coming, Result(Status.STOPPED, ""))
    thread.join(20)
    [body] = bodies
    found = _batches(body)
    assert [event["seq"] for event in found[ended]] == [4]
    assert found[coming][0]["seq"] == 1
    assert found[coming][-1]["data"]["status"] == "Stopped"
    assert found.keys() == {ended, coming}


def test_a_run_that_does_not_begin_is_waited_for_no_longer(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.runs.stream.coming._SECONDS", 0.05)
    answer = client.get("/api/events?run=never:0&coming=never")
    assert _batches(answer.text) == {"never": ["There is no such run."]}


def test_a_run_that_begins_and_cannot_be_read_ends_the_stream(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        raise StoreError("The database is locked.")

    looked_for: list[str] = []

    def there(run_id: str) -> bool:
        looked_for.append(run_id)
        return len(looked_for) > 3

    monkeypatch.setattr(hub, "run", there)
    monkeypatch.setattr(Store, "events", locked)
    assert client.get("/api/events?run=late:0&coming=late").text == ""
    assert looked_for == ["late"] * 4


@pytest.mark.parametrize("query", ["", "?run=", "?run=:", f"?run=x:{2**70}", "?run=a:b&other=1"])
def test_whatever_is_asked_the_answer_ends(hub: Hub, client: TestClient, query: str) -> None:
    answer = client.get(f"/api/events{query}")
    assert answer.status_code == 200
    assert all(value == ["There is no such run."] for value in _batches(answer.text).values())


def test_many_who_open_a_run_at_once_read_the_store_once(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _ended(hub)
    reads: list[str] = []
    read = Store.events

    def counted(self: Store, run_id: str, after: int = 0) -> Any:
        reads.append(run_id)
        return read(self, run_id, after)

    monkeypatch.setattr(Store, "events", counted)

    async def all_at_once() -> list[int]:
        channels = Channels(hub)
        opened = await asyncio.gather(*(channels.open(run) for _ in range(50)))
        return [len(channel.new(Cursor())) for channel in opened]

    assert run_async(all_at_once()) == [4] * 50
    assert reads == [run]


def test_a_store_that_fails_is_told_and_asked_again(
    hub: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _ended(hub)

    def locked(*_: Any) -> None:
        raise StoreError("The database is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "events", locked)
        assert client.get(f"/api/runs/{run}/events").status_code == 503
        assert client.get(f"/api/events?run={run}").status_code == 503
    assert client.get(f"/api/runs/{run}/events").status_code == 200


def test_what_nobody_watches_is_let_go(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [_ended(hub) for _ in range(4)] + [hub.submit("me", RunConfig())]
    monkeypatch.setattr("playground.runs.stream.channels.MAX_IDLE_BYTES", 0)

    async def one_after_the_other() -> list[str]:
        channels = Channels(hub)
        for run in reversed(runs):
            await channels.open(run)
        return list(channels._channels)

    assert run_async(one_after_the_other()) == [runs[0]]
    eventually(lambda: hub._journal.watched == [])


def _watching(hub: Hub) -> int:
    return len(hub.portraits._scenes)


def test_portraits_come_newest_only_until_the_run_is_over(hub: Hub, client: TestClient) -> None:
    run = hub.submit("me", RunConfig())
    hub.dispatcher.on_workers(frozenset({"w"}))
    bodies: list[str] = []

    def look() -> None:
        bodies.append(client.get(f"/api/events?portrait={run}&portrait=nobody").text)

    looking = [threading.Thread(target=look, daemon=True) for _ in range(2)]
    for thread in looking:
        thread.start()
    eventually(lambda: _watching(hub) == 1 and len(hub.portraits._scenes[run].wakes) == 2)
    for number in range(30):
        hub.dispatcher.on_portrait(run, b'{"position":%d}' % number)
    hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
    for thread in looking:
        thread.join(20)
    assert len(bodies) == 2
    for body in bodies:
        messages = [data for _, data in _messages(body)]
        assert {"run": "nobody", "gone": "There is no such run."} in messages
        assert messages[-1] == {"run": run, "over": True}
        positions = [data["portrait"]["position"] for data in messages if "portrait" in data]
        assert positions == sorted(positions)
        assert positions[-1] == 29
    eventually(lambda: _watching(hub) == 0)


def test_portraits_and_events_share_a_stream(hub: Hub, client: TestClient) -> None:
    ended, run = _ended(hub), hub.submit("me", RunConfig())
    hub.dispatcher.on_workers(frozenset({"w"}))
    bodies: list[str] = []

    def look() -> None:
        query = f"run={ended}&run={run}&portrait={ended}&portrait={run}"
        bodies.append(client.get(f"/api/events?{query}").text)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    eventually(lambda: _watching(hub) == 2)
    report(hub, run, progress())
    hub.dispatcher.on_portrait(run, b"{}")
    hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
    thread.join(20)
    [body] = bodies
    messages = [data for _, data in _messages(body)]
    # Both may be over before the stream has begun.
    assert sorted(data["run"] for data in messages if "over" in data) == sorted([ended, run])
    assert [data["run"] for data in messages if "portrait" in data] == [run]
    kinds = [event["kind"] for data in messages for event in data.get("events", [])]
    assert kinds.count("progress") == 2


@pytest.mark.parametrize("route", ["run", "runs", "portrait"])
def test_a_run_that_ends_while_a_message_is_sent_is_told_to_its_end(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    run = hub.submit("me", RunConfig())
    hub.dispatcher.on_workers(frozenset({"w"}))
    report(hub, run, progress())
    queries = {"run": "", "runs": f"run={run}", "portrait": f"portrait={run}"}
    scope = {
        "type": "http",
        "headers": [],
        "path_params": {"id": run},
        "query_string": queries[route].encode(),
    }

    async def read() -> str:
        request = Request(scope)
        answer = await (run_events(request) if route == "run" else events(request))
        assert isinstance(answer, EventSourceResponse)
        if route == "portrait":
            monkeypatch.setattr(hub.portraits, "newest", lambda _, after: (after + 1, b"{}"))
        pieces: list[bytes] = []
        async for piece in answer.body_iterator:
            if not pieces:
                # The reader is slow: the run ends before the rest of its messages is asked for.
                hub.dispatcher.on_done(run, Result(Status.FINISHED, ""))
                channels = routes._channels
                assert channels is not None
                while not channels[1]._channels[run].ended:
                    await asyncio.sleep(0.01)
            assert isinstance(piece, bytes)
            pieces.append(piece)
        return b"".join(pieces).decode()

    body = run_async(read())
    assert '"over":true' in body if route == "portrait" else '"Finished"' in body
