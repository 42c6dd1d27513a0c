"""Channels: the events of runs on their way to browsers, made ready once however many watch."""

from __future__ import annotations

import asyncio
import json
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from starlette.concurrency import run_in_threadpool

from playground.events import Event
from playground.runs.hub import Hub, ends

# What has been made ready of runs that nobody watches any more stays up to this size.
MAX_IDLE_BYTES = 32 * 2**20


def encode(event: Event) -> bytes:
    """An event as the browser gets it, JSON."""
    body = {"seq": event.seq, "kind": event.kind, "data": event.data.to_json()}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class Channel:
    """All events of one run so far, encoded. Lives on the event loop, so it needs no lock.

    Attributes:
        ended: whether the run's last event is among them.
    """

    def __init__(self) -> None:
        self.ended = False
        self.size = 0
        self._seqs: list[int] = []
        self._bodies: list[bytes] = []
        # Of what is not kept (seq 0), the newest of each kind, and how many there have been.
        self._passing: dict[str, tuple[int, bytes]] = {}
        self._passed = 0
        self._joined: tuple[int, bytes] = (0, b"")
        self._end = b""
        self._wakes: set[asyncio.Event] = set()

    @property
    def watchers(self) -> int:
        """How many follow it."""
        return len(self._wakes)

    def add(self, event: Event, body: bytes) -> None:
        """One more event."""
        if event.seq:
            if self._seqs and event.seq <= self._seqs[-1]:
                return
            # A kept status makes a place in the queue that was told before it out of date.
            self._passing.pop(event.kind, None)
            self._seqs.append(event.seq)
            self._bodies.append(body)
            self.size += len(body)
        else:
            self._passed += 1
            self._passing[event.kind] = (self._passed, body)
        if ends(event):
            self.ended, self._end = True, encode(replace(event, seq=0))
        for wake in self._wakes:
            wake.set()

    @contextmanager
    def watch(self, wake: asyncio.Event) -> Iterator[None]:
        """Within, `wake` is set whenever there is something new."""
        self._wakes.add(wake)
        try:
            yield
        finally:
            self._wakes.discard(wake)

    def cursor(self, seq: int) -> Cursor:
        """Where a watcher stands who has the events up to a seq, 0 for none.

        A watcher who has all of a run that has ended is told its end once more, without a number: a
        server that was killed may have told more than it had written, and the end then has a
        number that the watcher knows for another event.
        """
        cursor = Cursor(seq)
        cursor.end_is_due = self.ended and seq > 0 and seq >= (self._seqs or [0])[-1]
        return cursor

    def new(self, cursor: Cursor) -> list[tuple[int, bytes]]:
        """What has come after a cursor, which moves on: seqs (0: not kept) and bodies."""
        start = bisect_right(self._seqs, cursor.seq)
        found = list(zip(self._seqs[start:], self._bodies[start:], strict=True))
        cursor.seq = self._seqs[-1] if found else cursor.seq
        # A place in the queue, or a notice, comes after the status that it adds to.
        found += [(0, body) for at, body in self._passing.values() if at > cursor.passed]
        cursor.passed = self._passed
        if cursor.end_is_due:
            found.append((0, self._end))
            cursor.end_is_due = False
        return found

    def joined(self, cursor: Cursor) -> bytes:
        """As `new`, bodies with commas between; all of them are joined once for all who watch."""
        if cursor.seq or cursor.passed or self._passing:
            return b",".join(body for _, body in self.new(cursor))
        if self._joined[0] != len(self._bodies):
            self._joined = (len(self._bodies), b",".join(self._bodies))
        cursor.seq, cursor.passed = (self._seqs or [0])[-1], self._passed
        return self._joined[1]


class Cursor:
    """How far one watcher has come in a channel.

    Args:
        seq: the last event they have.
    """

    def __init__(self, seq: int = 0) -> None:
        self.seq = seq
        self.passed = 0
        self.end_is_due = False


class Channels:
    """The channels of a hub, by run; lives on the event loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._opening: dict[str, asyncio.Task[Channel]] = {}
        self._channels: OrderedDict[str, Channel] = OrderedDict()
        self._sinks: dict[str, Sink] = {}

    async def open(self, run_id: str) -> Channel:
        """The channel of a run, with all events up to now; made once for all who wait for it.

        Raises:
            StoreError: the store cannot be read.
        """
        channel = self._channels.get(run_id)
        if channel is not None:
            self._channels.move_to_end(run_id)
            return channel
        task = self._opening.get(run_id)
        if task is None:
            task = self._opening[run_id] = asyncio.create_task(self._make(run_id))
            task.add_done_callback(lambda done: self._opened(run_id, done))
        return await asyncio.shield(task)

    def _opened(self, run_id: str, done: asyncio.Task[Channel]) -> None:
        del self._opening[run_id]
        if not done.cancelled():
            done.exception()  # those who wait for it are told; there may be none left

    async def _make(self, run_id: str) -> Channel:
        channel = Channel()
        sink = Sink(asyncio.get_running_loop(), channel, lambda: self._unsubscribe(run_id))

        def replay() -> list[tuple[Event, bytes]]:
            past = self._hub.subscribe(run_id, 0, sink)
            return [(event, encode(event)) for event in past]

        for event, body in await run_in_threadpool(replay):
            channel.add(event, body)
        self._channels[run_id], self._sinks[run_id] = channel, sink
        sink.open()
        self.tidy()
        return channel

    def tidy(self) -> None:
        """Close what nobody watches, the oldest first, until what is left is small enough."""
        idle = [run_id for run_id, channel in self._channels.items() if not channel.watchers]
        size = sum(self._channels[run_id].size for run_id in idle)
        for run_id in idle[:-1]:
            if size <= MAX_IDLE_BYTES:
                break
            size -= self._channels.pop(run_id).size
            self._unsubscribe(run_id)

    def _unsubscribe(self, run_id: str) -> None:
        sink = self._sinks.pop(run_id, None)
        if sink is not None:  # it takes a lock, for which the loop must not wait
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, self._hub.unsubscribe, run_id, sink)


class Sink:
    """Takes a run's events from the hub's threads to the loop; those before `open` wait.

    Args:
        loop: the event loop.
        channel: where they go.
        on_end: called on the loop after the run's last event.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, channel: Channel, on_end: Callable[[], None]
    ) -> None:
        self._loop, self._channel, self._on_end = loop, channel, on_end
        self._early: list[tuple[Event, bytes]] | None = []

    def __call__(self, event: Event) -> None:
        """Called by the hub; returns at once."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, event, encode(event))

    def open(self) -> None:
        """What has come while the past was read joins it, and so does what comes from now on."""
        early, self._early = self._early or [], None
        for event, body in early:
            self._channel.add(event, body)
        if self._channel.ended:
            self._on_end()

    def _take(self, event: Event, body: bytes) -> None:
        if self._early is not None:
            self._early.append((event, body))
            return
        self._channel.add(event, body)
        if self._channel.ended:
            self._on_end()
