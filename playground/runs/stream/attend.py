"""What a page gets beside the events of runs: a view that changes, of a class for example."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

# A view that changes all the time is sent so often.
SECONDS_BETWEEN = 0.25


class Attendance(Protocol):
    """One page that attends to something."""

    token: str

    def watch(self, wake: Callable[[], None]) -> AbstractContextManager[None]:
        """Within, `wake` is called from any thread when there may be something new."""

    def new(self) -> bytes | None:
        """The view as JSON, if it is another one than before; `null` if there is none any more."""


# What a token gets; None if it is not right. May be called from any thread.
Attend = Callable[[str], Attendance | None]


def nothing(_token: str) -> None:
    """There is nothing to attend to."""


class Attending:
    """What one stream attends to. Lives on the event loop.

    Args:
        attend: what a token gets.
        tokens: as they came.
    """

    def __init__(self, attend: Attend, tokens: list[str]) -> None:
        found = {token: attend(token) for token in tokens}
        self._all = [one for one in found.values() if one is not None]
        self._refused = [token for token, one in found.items() if one is None]
        self._sent: dict[str, float] = {}
        self._due: dict[str, asyncio.TimerHandle] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    @contextmanager
    def watch(self, wake: asyncio.Event) -> Iterator[None]:
        """Within, `wake` is set when there may be something new."""
        loop = asyncio.get_running_loop()

        def on_change() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(wake.set)

        watched = [one.watch(on_change) for one in self._all]
        for one in watched:
            one.__enter__()
        try:
            yield
        finally:
            for timer in self._due.values():
                timer.cancel()
            for one in watched:
                one.__exit__(None, None, None)

    def new(self, wake: asyncio.Event) -> Iterator[bytes]:
        """The messages to send now; what may not be sent yet wakes the stream later."""
        for token in self._refused:
            yield _message(token, b"null", gone=True)
        self._refused = []
        for one in self._all:
            wait = self._sent.get(one.token, 0.0) + SECONDS_BETWEEN - time.monotonic()
            if wait > 0:
                if one.token not in self._due:
                    loop = asyncio.get_running_loop()
                    self._due[one.token] = loop.call_later(wait, self._again, one.token, wake)
                continue
            body = one.new()
            if body is not None:
                self._sent[one.token] = time.monotonic()
                yield _message(one.token, body)

    def _again(self, token: str, wake: asyncio.Event) -> None:
        self._due.pop(token, None)
        wake.set()


def _message(token: str, view: bytes, gone: bool = False) -> bytes:
    """A view; with `gone` there will never be another one for this token."""
    return b'data: {"class":%b,"at":%.3f,"view":%b%b}\n\n' % (
        json.dumps(token).encode(),
        time.time(),
        view,
        b',"gone":true' if gone else b"",
    )
