"""The event route: a run's events as server-sent events, replayed and then live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from playground.events import Event, Status
from playground.runs import service
from playground.runs.store import StoreError

_KEEP_ALIVE_SECONDS = 15


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
        hub = service.hub()
        if hub.run(run_id) is None:
            return PlainTextResponse("There is no such run.", 404)
    except StoreError as error:
        return PlainTextResponse(str(error), 503)

    async def stream() -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event] = asyncio.Queue()

        def sink(event: Event) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        try:
            past = await run_in_threadpool(hub.subscribe, run_id, after, sink)
            yield "".join(map(_message, past)) or ": nothing new\n\n"
            run = hub.run(run_id)
            if run is None or (run.status.ended and events.empty()):
                return
            while True:
                try:
                    event = await asyncio.wait_for(events.get(), _KEEP_ALIVE_SECONDS)
                except asyncio.TimeoutError:
                    yield ": still here\n\n"
                    continue
                yield _message(event)
                if _is_last(event):
                    return
        finally:
            hub.unsubscribe(run_id, sink)

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"cache-control": "no-store"}
    )


def _message(event: Event) -> str:
    body = json.dumps({"seq": event.seq, "kind": event.kind, "data": event.data})
    number = f"id: {event.seq}\n" if event.seq else ""
    return f"{number}data: {body}\n\n"


def _is_last(event: Event) -> bool:
    return event.kind == "status" and Status(event.data["status"]).ended
