"""Who is here now, and which pages are to be told that their view has changed. Memory only."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_log = logging.getLogger(__name__)

Wake = Callable[[], None]


@dataclass(frozen=True)
class Presence:
    """What is known of a member's screen.

    Attributes:
        here: whether one of their pages listens.
        page: the path of the page that they opened last; None before.
        since: when they opened it, in seconds since 1970.
    """

    here: bool = False
    page: str | None = None
    since: float = 0.0


class Live:
    """Every method may be called from any thread, and returns at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # guards what follows
        # By class and by who listens; a page may listen with one wake for several audiences.
        self._wakes: defaultdict[str, dict[object, tuple[Wake, str]]] = defaultdict(dict)
        self._pages: dict[tuple[str, str], tuple[str, float]] = {}
        self._revisions: defaultdict[str, int] = defaultdict(int)

    @contextmanager
    def attend(self, class_id: str, audience: str, wake: Wake) -> Iterator[None]:
        """Within, `wake` is called whenever the view of this audience may have changed."""
        key = object()
        with self._lock:
            self._wakes[class_id][key] = (wake, audience)
        self.touch(class_id, ("teacher",))
        try:
            yield
        finally:
            with self._lock:
                self._wakes[class_id].pop(key, None)
                if not self._wakes[class_id]:
                    del self._wakes[class_id]
            self.touch(class_id, ("teacher",))

    def touch(self, class_id: str, audiences: Collection[str] | None = None) -> None:
        """Something has changed for these audiences; None for all."""
        with self._lock:
            self._revisions[class_id] += 1
            wakes = [
                wake
                for wake, audience in self._wakes.get(class_id, {}).values()
                if audiences is None or audience in audiences
            ]
        for wake in wakes:
            try:
                wake()
            except Exception:  # one who does not hear must not keep it from the others
                _log.exception("a page of class %s could not be told of a change", class_id)

    def revision(self, class_id: str) -> int:
        """A number that is another one whenever something may have changed."""
        with self._lock:
            return self._revisions[class_id]

    def saw(self, class_id: str, audience: str, page: str) -> None:
        """Somebody has opened a page; the same one once more changes nothing."""
        key = (class_id, audience)
        with self._lock:
            if self._pages.get(key, ("", 0.0))[0] == page and key in self._pages:
                return
            self._pages[key] = (page, time.time())
        self.touch(class_id, ("teacher",))

    def presence(self, class_id: str) -> Callable[[str], Presence]:
        """What is known now of the screen of an audience."""
        with self._lock:
            here = {audience for _, audience in self._wakes.get(class_id, {}).values()}
            pages = {who: seen for (one, who), seen in self._pages.items() if one == class_id}

        def of(audience: str) -> Presence:
            page, since = pages.get(audience, (None, 0.0))
            return Presence(audience in here, page, since)

        return of

    def forget(self, class_id: str) -> None:
        """Forget a class that is gone."""
        with self._lock:
            self._pages = {key: seen for key, seen in self._pages.items() if key[0] != class_id}
            self._revisions.pop(class_id, None)
        self.touch(class_id)
