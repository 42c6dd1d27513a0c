"""The event route: a run's events as server-sent events, replayed and then live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.events import Event, Status
from playground.runs import service
from playground.runs.store import StoreError


async def run_events(request: Request) -> Response:
    """`GET /api/runs/{id}/events`: all events of a run, or those after `Last-Event-ID`.

    A message's id is the event's seq; events that are not kept (seq 0) have none. The stream
    ends after the run's last status.
    """
    run_id = request.path_params["id"]
    try:
        after = max(0, int(request.headers.get("last-event-id", "0")))
    except ValueError:
        after = 0
    try:
        hub = await run_in_threadpool(service.hub)
        if hub.run(run_id) is None:
            return PlainTextResponse("There is no such run.", 404)
    except StoreError as error:
        return PlainTextResponse(str(error), 503)

    async def stream() -> AsyncIterator[dict[str, str]]:
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event] = asyncio.Queue()

        def sink(event: Event) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        try:
            for event in await run_in_threadpool(hub.subscribe, run_id, after, sink):
                yield _message(event)
            run = hub.run(run_id)
            if run is None or (run.status.ended and events.empty()):
                return
            while True:
                event = await events.get()
                yield _message(event)
                if _is_last(event):
                    return
        finally:
            hub.unsubscribe(run_id, sink)

    # It also keeps the connection alive, and lets go of it when the server is told to end.
    return EventSourceResponse(stream())


def _message(event: Event) -> dict[str, str]:
    body = {"seq": event.seq, "kind": event.kind, "data": event.data}
    number = {"id": str(event.seq)} if event.seq else {}
    return {"data": json.dumps(body), **number}


def _is_last(event: Event) -> bool:
    return event.kind == "status" and Status(event.data["status"]).ended
