"""The journal: numbers the events of all runs, passes them on to who listens, and writes them."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from playground.events import Event, Kind
from playground.runs.store import Store, StoreError

_log = logging.getLogger(__name__)

# A locked database makes each try wait; nobody else may wait for that all the time.
RETRY_SECONDS = 5.0

Sink = Callable[[Event], None]


class Journal:
    """An event is passed on at once; if the store cannot take it, it waits in memory until it can.

    Not safe for threads: the hub calls it under its lock.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seq: dict[str, int] = {}
        self._unsaved: list[Event] = []
        self._failed_at: float | None = None
        self._sinks: defaultdict[str, set[Sink]] = defaultdict(set)

    @property
    def watched(self) -> list[str]:
        """The runs that somebody listens to."""
        return list(self._sinks)

    def open(self, run_id: str) -> None:
        """Learn the number of a run's last event.

        Raises:
            StoreError: it cannot be read.
        """
        if run_id not in self._seq:
            self._seq[run_id] = self._store.last_seq(run_id)

    def keep(self, run_id: str, kind: Kind, data: dict[str, Any]) -> None:
        """Give an event its number, pass it on and write it.

        Raises:
            StoreError: the run's last number is not known, and cannot be read; see `open`.
        """
        self.open(run_id)
        self._seq[run_id] += 1
        event = Event(run_id, self._seq[run_id], kind, data)
        self.pass_on(event)
        was_saving = not self._unsaved
        self._unsaved.append(event)
        if was_saving:
            self.save()

    def save(self, *, now: bool = False) -> None:
        """Write what waits; where that fails, tell all who listen, and let it wait on.

        Some seconds pass between a failure and the next try; `now`, it is tried at once.
        """
        waited = self._failed_at is None or time.monotonic() - self._failed_at >= RETRY_SECONDS
        if not self._unsaved or not (waited or now):
            return
        try:
            self._store.append(self._unsaved)
            self._unsaved = []
            if self._failed_at is not None:
                self._failed_at = None
                self._tell("")
        except StoreError as error:
            self._failed_at = time.monotonic()
            _log.warning("%d events are not saved yet: %s", len(self._unsaved), error)
            self._tell(f"{error} Until then, what is new is kept in the server's memory only.")

    def _tell(self, message: str) -> None:
        for run_id in self.watched:
            self.pass_on(Event(run_id, 0, "notice", {"message": message}))

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """A run's events with a seq greater than `after`, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        saved = self._store.events(run_id, after)
        return saved + [e for e in self._unsaved if e.run_id == run_id and e.seq > after]

    def pass_on(self, event: Event) -> None:
        """Give an event to all who listen to its run."""
        for sink in list(self._sinks.get(event.run_id, ())):
            sink(event)

    def subscribe(self, run_id: str, sink: Sink) -> None:
        """Have `sink` called with every event of the run from now on; it must return at once."""
        self._sinks[run_id].add(sink)

    def unsubscribe(self, run_id: str, sink: Sink) -> None:
        """Undo `subscribe`."""
        self._sinks[run_id].discard(sink)
        if not self._sinks[run_id]:
            del self._sinks[run_id]
