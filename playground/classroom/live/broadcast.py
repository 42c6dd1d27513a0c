"""The views of all who follow: made ready in a thread, so that the event loop only hands them on.

However much happens, the views of a class are made so many times a second and no more; only for
audiences that somebody follows; and what was made is forgotten with the last page that follows it.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playground.classroom.live.presence import Live, Wake

_log = logging.getLogger(__name__)

# Of a class, between the beginnings of two times its views are made.
SECONDS_BETWEEN = 0.25
# In which those who have waited learn what others of their class have done.
SECONDS_CALM = 1.0

# Makes the views of some audiences of a class, as JSON.
Make = Callable[[str, Collection[str]], Iterable[tuple[str, bytes]]]


@dataclass
class _Followed:
    """What is ready for one audience.

    Attributes:
        wakes: those who follow it.
        number: of the time when it was made; 0 before the first.
    """

    wakes: dict[object, Wake] = field(default_factory=dict)
    number: int = 0
    body: bytes | None = None


class Broadcast:
    """Makes views and wakes those who wait for them. Every method returns at once, in any thread.

    Args:
        make: called in the thread of this; may take its time.
        clock: seconds.
    """

    def __init__(self, make: Make, clock: Callable[[], float] = time.monotonic) -> None:
        self._make, self._clock = make, clock
        self._lock = threading.Lock()  # guards what follows
        self._changed = threading.Condition(self._lock)
        self._followed: dict[tuple[str, str], _Followed] = {}
        self._due: dict[str, set[str]] = {}
        self._calm: dict[str, float] = {}  # when all of a class are due
        self._made: dict[str, float] = {}
        self._number = 0
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="views of classes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, after what it is at."""
        with self._lock:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(5)

    @contextmanager
    def follow(
        self, class_id: str, audience: str, wake: Wake
    ) -> Iterator[Callable[[], bytes | None]]:
        """Within, `wake` is called when there is another view of an audience.

        Yields:
            What gives the newest view that was begun after this, as JSON; None before the first.
        """
        of, key = (class_id, audience), object()
        with self._lock:
            followed = self._followed.setdefault(of, _Followed())
            followed.wakes[key] = wake
            # What is there may be older than what the page shows already.
            first = self._number + 1
        self.mark(class_id, audience)
        try:
            yield lambda: followed.body if followed.number >= first else None
        finally:
            with self._lock:
                del followed.wakes[key]
                if not followed.wakes:
                    self._followed.pop(of, None)
                if all(one != class_id for one, _ in self._followed):
                    self._due.pop(class_id, None)
                    self._calm.pop(class_id, None)
                    self._made.pop(class_id, None)

    def mark(self, class_id: str, audience: str) -> None:
        """What an audience sees may have changed."""
        with self._lock:
            if (class_id, audience) in self._followed:
                self._due.setdefault(class_id, set()).add(audience)
                self._changed.notify_all()

    def mark_all(self, class_id: str) -> None:
        """What all see may have changed; who is not marked besides learns it in `SECONDS_CALM`."""
        with self._lock:
            if any(one == class_id for one, _ in self._followed):
                self._calm.setdefault(class_id, self._clock() + SECONDS_CALM)
                self._changed.notify_all()

    def newest(self, class_id: str, audience: str) -> bytes | None:
        """What is ready for an audience; None if nothing is, or nobody follows it."""
        with self._lock:
            followed = self._followed.get((class_id, audience))
            return followed.body if followed else None

    def turn(self) -> float | None:
        """Make the views of a class whose time has come.

        Returns:
            In how many seconds there will be something to do; None if nothing is known of.
        """
        now = self._clock()
        with self._lock:
            waits = {
                **{class_id: at - now for class_id, at in self._calm.items()},
                **{
                    class_id: self._made.get(class_id, -SECONDS_BETWEEN) + SECONDS_BETWEEN - now
                    for class_id in self._due
                },
            }
            class_id = min(waits, key=waits.__getitem__, default="")
            if not class_id or waits[class_id] > 0:
                return waits.get(class_id)
            audiences = self._due.pop(class_id, set())
            if self._calm.get(class_id, math.inf) <= now:
                del self._calm[class_id]
                audiences |= {one for of, one in self._followed if of == class_id}
            self._made[class_id] = now
            self._number += 1
            number = self._number
        try:
            for audience, body in self._make(class_id, audiences):
                self._put((class_id, audience), number, body)
        except Exception:  # the next change tries again, and the other classes go on
            _log.exception("the views of class %s could not be made", class_id)
        return 0.0

    def _put(self, of: tuple[str, str], number: int, body: bytes) -> None:
        """Have a view ready, and wake those who follow it if it is another one, or their first."""
        with self._lock:
            followed = self._followed.get(of)
            if followed is None:
                return
            followed.body, followed.number = body, number
            wakes = list(followed.wakes.values())
        for wake in wakes:
            try:
                wake()
            except Exception:  # one who does not hear must not keep it from the others
                _log.exception("a page of class %s could not be woken", of[0])

    def _work(self) -> None:
        while True:
            wait = self.turn()
            with self._lock:
                if self._closing:
                    return
                if wait is None and not (self._due or self._calm):
                    self._changed.wait()
                elif wait:
                    self._changed.wait(wait)


class Attendance:
    """One page of one audience, on the event loop.

    Attributes:
        token: with which it came.
    """

    def __init__(
        self, live: Live, broadcast: Broadcast, class_id: str, audience: str, token: str
    ) -> None:
        self._live, self._broadcast = live, broadcast
        self._class_id, self._audience = class_id, audience
        self.token = token
        self._newest: Callable[[], bytes | None] = lambda: None
        self._sent: bytes | None = None

    @contextmanager
    def watch(self, wake: Wake) -> Iterator[None]:
        """Within, `wake` is called when there may be something new."""
        of = (self._class_id, self._audience)
        with (
            self._broadcast.follow(*of, wake) as self._newest,
            self._live.attend(*of, lambda: self._broadcast.mark(*of)),
        ):
            yield

    def new(self) -> bytes | None:
        """The view as JSON, if it is another one than before; `null` if it sees nothing more."""
        body = self._newest()
        if body is None or body == self._sent:
            return None
        self._sent = body
        return body
