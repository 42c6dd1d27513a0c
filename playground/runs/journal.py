"""The journal: numbers the events of all runs, passes them on to who listens, and writes them."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from playground.events import EpochEnd, Event, EventData, Notice
from playground.locales import Text, english, lazy
from playground.store.runs import RefusedError, Store, StoreError

_log = logging.getLogger(__name__)

# A locked database makes each try wait; nobody else may wait for that all the time.
RETRY_SECONDS = 5.0
# While the store fails, so many events wait in memory (100 MB or so). Beyond it, those within
# epochs are passed on and not kept.
MAX_WAITING = 200_000

Sink = Callable[[Event], None]


class Journal:
    """An event is passed on at once, and then written by a thread of the journal's own.

    If the store cannot take it, it waits in memory until it can. Every method may be called from
    any thread; only `events`, `epochs`, `subscribe` and `close` wait for the store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # Guards what follows, all of it in memory.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._seq: dict[str, int] = {}
        self._waiting: dict[str, list[Event]] = {}
        self._count = 0
        self._sinks: defaultdict[str, set[Sink]] = defaultdict(set)
        self._overhearing: tuple[Sink, ...] = ()
        self._failing = False
        self._closing = False
        self._thread = threading.Thread(target=self._write_all, daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def close(self) -> None:
        """Write what waits, once more if it has failed, and end."""
        with self._lock:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(10)

    @property
    def watched(self) -> list[str]:
        """The runs that somebody listens to."""
        with self._lock:
            return list(self._sinks)

    def open(self, last: Mapping[str, int]) -> None:
        """Take up runs that go on.

        Args:
            last: the seq of each run's last event in the store, 0 for a new run.
        """
        with self._lock:
            self._seq |= last

    def forget(self, run_id: str) -> bool:
        """Forget a run that has ended; returns whether all of it was written, else it stays."""
        with self._lock:
            if run_id in self._waiting:
                return False
            self._seq.pop(run_id, None)
            return True

    def append(self, run_id: str, data: EventData) -> None:
        """Give an event of an open run its number, pass it on, and have it written."""
        with self._lock:
            self._seq[run_id] += 1
            event = Event(run_id, self._seq[run_id], data)
            self._tell(event)
            if self._count >= MAX_WAITING and event.kind == "progress":
                return
            self._waiting.setdefault(run_id, []).append(event)
            self._count += 1
            self._changed.notify_all()

    def pass_on(self, event: Event) -> None:
        """Give an event to all who listen to its run; it is not kept."""
        with self._lock:
            self._tell(event)

    def overhear(self, sink: Sink) -> None:
        """Have `sink` called with every event of every run from now on.

        It is called under the journal's lock: it must return at once.
        """
        with self._lock:
            self._overhearing = (*self._overhearing, sink)

    def _tell(self, event: Event) -> None:
        for sink in (*self._sinks.get(event.run_id, ()), *self._overhearing):
            try:
                sink(event)
            except Exception:  # one who does not hear must not keep it from the others
                _log.exception("an event of run %s could not be passed on", event.run_id)

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """A run's events with a seq greater than `after`, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._lock:
            waiting = list(self._waiting.get(run_id, ()))
        # Read after that: what is written meanwhile is found twice, not missed.
        saved = self._store.events(run_id, after)
        last = saved[-1].seq if saved else after
        return saved + [event for event in waiting if event.seq > last]

    def epochs(self, run_ids: Iterable[str]) -> dict[str, tuple[EpochEnd, ...]]:
        """The finished epochs of runs, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        found: dict[str, dict[int, EpochEnd]] = {run_id: {} for run_id in run_ids}
        with self._lock:
            waiting = [event for run_id in found for event in self._waiting.get(run_id, ())]
        # Read after that, as in `events`.
        for event in (*self._store.epochs(found), *waiting):
            if isinstance(event.data, EpochEnd):
                found[event.run_id][event.seq] = event.data
        return {run_id: tuple(epochs.values()) for run_id, epochs in found.items()}

    def subscribe(self, run_id: str, after: int, sink: Sink) -> list[Event]:
        """Have `sink` called with every event from now on; returns those up to now.

        `sink` is called under the journal's lock: it must return at once.

        Raises:
            StoreError: the store cannot be read; nothing was subscribed.
        """
        with self._lock:
            self._sinks[run_id].add(sink)
            now = self._seq.get(run_id)
        try:
            past = self.events(run_id, after)
        except StoreError:
            self.unsubscribe(run_id, sink)
            raise
        # What came meanwhile went to the sink.
        return past if now is None else [event for event in past if event.seq <= now]

    def unsubscribe(self, run_id: str, sink: Sink) -> None:
        """Undo `subscribe`; nothing happens if that is done."""
        with self._lock:
            self._sinks[run_id].discard(sink)
            if not self._sinks[run_id]:
                del self._sinks[run_id]

    def set_aside(self, run_id: str, kind: str, data: object, why: str) -> None:
        """Write a report that is no event into a file, and tell those who watch; may wait for it.

        Raises:
            StoreError: it cannot be written.
        """
        _log.error("a report (%s) of run %s is set aside: %s", kind, run_id, why)
        self._store.set_aside(run_id, 0, kind, data, why)
        text = lazy(
            "A report of this run ({kind}) could not be read, so it is missing. The person who "
            "runs this server finds it in its data folder.",
            kind=kind,
        )
        self._notice([run_id], text)

    # Writing, in the journal's thread

    def _write_all(self) -> None:
        while True:
            with self._lock:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                batch = {run_id: list(events) for run_id, events in self._waiting.items()}
                closing = self._closing
            try:
                written = not batch or self._write(batch)
            except Exception:  # whatever it was, the thread goes on
                _log.exception("events could not be written")
                written = False
            if closing:
                if not written:
                    _log.error("%d events are lost: they could not be written", self._count)
                return
            if not written:
                with self._lock:
                    self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)

    def _write(self, batch: dict[str, list[Event]]) -> bool:
        """Write events; returns whether the store was there.

        All of them at once, else run by run, else one by one: one that the store refuses holds
        up no other.
        """
        try:
            self._store.append([event for events in batch.values() for event in events])
        except RefusedError:
            return all(self._write_run(run_id, events) for run_id, events in batch.items())
        except StoreError as error:
            self._fail(error)
            return False
        for run_id, events in batch.items():
            self._done(run_id, len(events))
        return True

    def _write_run(self, run_id: str, events: list[Event]) -> bool:
        try:
            self._store.append(events)
        except RefusedError:
            return all(self._write_one(event) for event in events)
        except StoreError as error:
            self._fail(error)
            return False
        self._done(run_id, len(events))
        return True

    def _write_one(self, event: Event) -> bool:
        try:
            try:
                self._store.append([event])
            except RefusedError as error:
                self._store.set_aside(
                    *(event.run_id, event.seq, event.kind, event.data.to_json()), english(error)
                )
                _log.error(
                    "event %d (%s) of run %s is set aside: %s",
                    *(event.seq, event.kind, event.run_id, error),
                )
                self._notice(
                    [event.run_id],
                    lazy(
                        "Event {number} of this run ({kind}) could not be written, so it is "
                        "missing after a reload. The person who runs this server finds it in its "
                        "data folder.",
                        number=event.seq,
                        kind=event.kind,
                    ),
                )
        except StoreError as error:
            self._fail(error)
            return False
        self._done(event.run_id, 1)
        return True

    def _done(self, run_id: str, count: int) -> None:
        with self._lock:
            left = self._waiting[run_id][count:]
            if left:
                self._waiting[run_id] = left
            else:
                del self._waiting[run_id]
            self._count -= count
            failed, self._failing = self._failing, False
        if failed:
            self._notice(self.watched, None)

    def _fail(self, error: StoreError) -> None:
        with self._lock:
            self._failing = True
            count = self._count
        _log.warning("%d events are not saved yet: %s", count, error)
        self._notice(
            self.watched,
            lazy(
                "{problem} Until then, what is new is kept only in the server's memory.",
                problem=error,
            ),
        )

    def _notice(self, runs: list[str], text: Text | None) -> None:
        message = english(text) if text else ""
        for run_id in runs:
            self.pass_on(Event(run_id, 0, Notice(message=message)))
