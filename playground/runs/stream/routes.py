"""The event routes: the events of runs as server-sent events, replayed and then live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack

from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.locales import english, mark
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.stream.attend import Attending
from playground.runs.stream.channels import Channels
from playground.runs.stream.coming import LOOK_SECONDS, Coming
from playground.runs.stream.looks import Looks
from playground.store.runs import StoreError

# A page shows a handful of runs, a browser's tabs a few more.
MAX_RUNS = 64
MAX_PORTRAITS = 16
MAX_CLASSES = 4
MAX_TOKEN = 200
# Where many watch, each message holds what has happened meanwhile: so many a second go to all of
# them together.
MESSAGES_PER_SECOND = 2_000
PIECE_BYTES = 2**16
PIECES_PER_SECOND = 1_500
# So that no proxy takes a run that is paused for a connection that is dead. By us, since a message
# goes out in parts: nothing may come between.
PING_SECONDS = 15
_PING = b": ping\n\n"
_GONE = mark("There is no such run.")
_sending = 0
_channels: tuple[Hub, Channels] | None = None


async def run_events(request: Request) -> Response:
    """`GET /api/runs/{id}/events`: all events of a run, or those after `Last-Event-ID`.

    A message is an event, its id the event's seq; events that are not kept (seq 0) have none. The
    stream ends after the run's last status.
    """
    run_id = request.path_params["id"]
    try:
        hub, channels = await _open()
        if hub.run(run_id) is None:
            return PlainTextResponse(_GONE, 404)
        channel = await channels.open(run_id)
    except StoreError as error:
        return PlainTextResponse(english(error), 503)
    cursor = channel.cursor(_number(request.headers.get("last-event-id", "")))

    def framed() -> bytes:
        return b"".join(
            (b"id: %d\r\ndata: %b\r\n\r\n" % (seq, body)) if seq else b"data: %b\r\n\r\n" % body
            for seq, body in channel.new(cursor)
        )

    async def stream() -> AsyncIterator[bytes]:
        wake = asyncio.Event()
        with ExitStack() as watched:
            watched.callback(channels.tidy)
            watched.enter_context(channel.watch(wake))
            while True:
                wake.clear()
                # Asked before: what comes while a piece is sent is sent in the next turn.
                ended = channel.ended
                async for piece in _pieces(framed()):
                    yield piece
                if ended:
                    return
                if not await _news(wake, channel.watchers):
                    yield _PING

    return EventSourceResponse(stream(), ping=0)


async def events(request: Request) -> Response:
    """`GET /api/events?run=ID:SEQ&…&coming=ID&portrait=ID&class=TOKEN`: several runs in one stream.

    A message's data is `{"run": id, "events": […]}`; the first of a run holds all that came after
    SEQ, by default 0. `{"run": id, "portrait": {…}}` is the newest portrait of a run that trains,
    see `playground.network.portrait`: a slow reader misses those between; `{"run": id, "over":
    true}` says that no more come. `{"run": id, "gone": sentence}` says that there is no such run;
    `coming` names those runs that may begin only now, which are waited for.
    `{"class": token, "at": seconds, "view": {…}}` is what a page may see of a class, the whole of
    it whenever it changes; null if that is nothing any more. `at` is the server's time.
    The stream ends when all of its runs have ended and it attends to no class.
    """
    asked = dict(_run_and_seq(text) for text in request.query_params.getlist("run")[:MAX_RUNS])
    tokens = [text[:MAX_TOKEN] for text in request.query_params.getlist("class")[:MAX_CLASSES]]
    looked_at = {text[:80] for text in request.query_params.getlist("portrait")[:MAX_PORTRAITS]}
    may_come = {text[:80] for text in request.query_params.getlist("coming")[:MAX_RUNS]}
    try:
        hub, channels = await _open()
        there = {run_id for run_id in asked.keys() | looked_at if hub.run(run_id)}
        opened = {run_id: await channels.open(run_id) for run_id in there}
    except StoreError as error:
        return PlainTextResponse(english(error), 503)
    cursors = {run_id: opened[run_id].cursor(asked[run_id]) for run_id in asked if run_id in there}
    looks = Looks(hub.portraits, {run_id: opened[run_id] for run_id in looked_at & there})

    may_come &= asked.keys() - there
    missing = (asked.keys() | looked_at) - there - may_come
    coming = Coming(hub, may_come)

    attending = await run_in_threadpool(Attending, hub.attend, tokens)

    async def stream() -> AsyncIterator[bytes]:
        for run_id in missing:
            yield _gone(run_id)
        wake = asyncio.Event()
        with ExitStack() as watched:
            watched.callback(channels.tidy)
            for channel in opened.values():
                watched.enter_context(channel.watch(wake))
            watched.enter_context(looks.watch(wake))
            watched.enter_context(attending.watch(wake))
            while True:
                wake.clear()
                try:
                    come = {run_id: await channels.open(run_id) for run_id in coming.come()}
                except StoreError:
                    return  # the browser asks again, and is told why
                for run_id, channel in come.items():
                    cursors[run_id] = channel.cursor(asked[run_id])
                    watched.enter_context(channel.watch(wake))
                opened.update(come)
                for run_id in coming.given_up():
                    yield _gone(run_id)
                # Asked before: what comes while a piece is sent is sent in the next turn.
                ended = all(each.ended for each in opened.values()) and not (attending or coming)
                for run_id, cursor in cursors.items():
                    if bodies := opened[run_id].joined(cursor):
                        yield b'data: {"run":"%b","events":[' % run_id.encode()
                        async for piece in _pieces(bodies):
                            yield piece
                        yield b"]}\n\n"
                for message in looks.new():
                    yield message
                for message in attending.new(wake):
                    yield message
                if ended:
                    return
                most = max((channel.watchers for channel in opened.values()), default=0)
                if coming:
                    await _news(wake, most, LOOK_SECONDS)
                elif not await _news(wake, most):
                    yield _PING

    return EventSourceResponse(stream(), ping=0)


def _gone(run_id: str) -> bytes:
    return b"data: %b\n\n" % json.dumps({"run": run_id, "gone": _GONE}).encode()


async def _open() -> tuple[Hub, Channels]:
    """The hub there is, and its channels.

    Raises:
        StoreError: there is none.
    """
    global _channels
    hub = await run_in_threadpool(service.hub)
    if _channels is None or _channels[0] is not hub:
        _channels = (hub, Channels(hub))
    return _channels


async def _pieces(message: bytes) -> AsyncIterator[bytes]:
    """A message in parts: what a slow connection has not taken waits here, once for all.

    Where many get long ones at once, each waits between its parts: pages are answered by the same
    event loop.
    """
    global _sending
    if len(message) <= PIECE_BYTES:
        if message:
            yield message
        return
    _sending += 1
    try:
        for start in range(0, len(message), PIECE_BYTES):
            yield message[start : start + PIECE_BYTES]
            await asyncio.sleep(_sending / PIECES_PER_SECOND)
    finally:
        _sending -= 1


async def _news(wake: asyncio.Event, watchers: int, seconds: float = PING_SECONDS) -> bool:
    """Wait until there is something new, but not for ever; the more who watch, the more at once."""
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except asyncio.TimeoutError:
        return False
    await asyncio.sleep(watchers / MESSAGES_PER_SECOND if watchers > 1 else 0)
    return True


def _number(text: str) -> int:
    """A seq as a browser sends it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _run_and_seq(text: str) -> tuple[str, int]:
    run_id, _, seq = text[:80].partition(":")
    return run_id, _number(seq)
