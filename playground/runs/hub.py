"""The run hub: admits runs to free workers, keeps their events, passes them to who listens."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.engine.client import Pictures, Result
from playground.events import Command, Event, Kind, Status, may_become
from playground.forward import Network
from playground.runs.admission import place_event, turn_order
from playground.runs.archive import Archive
from playground.runs.cluster import Cluster
from playground.runs.crew import Crew
from playground.runs.journal import Journal, Sink
from playground.runs.sketchbook import Sketchbook
from playground.runs.store import RunInfo, Store, StoreError

_log = logging.getLogger(__name__)


class NotYours(Exception):
    """Somebody else's run cannot be commanded."""


class Hub:
    """All runs of this server, and its sketchbook. Every method may be called from any thread.

    What the engine tells is handled in order by one thread of the hub's own.

    Attributes:
        archive: what the networks were after each epoch.
    """

    def __init__(self, store: Store, engine: Cluster) -> None:
        self._store, self._engine = store, engine
        self.sketchbook = Sketchbook(store.engine)
        self._lock = threading.RLock()
        self._runs = {run.id: run for run in store.runs()}
        self._journal = Journal(store)
        self.archive = Archive(store, engine)
        self._crew = Crew()
        self._last_turns: dict[str, int] = {}
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Take up where the last server ended, and start the engine."""
        for run in list(self._runs.values()):
            if run.status.active:
                self._set_status(
                    run.id, Status.INTERRUPTED, "The server was restarted while this run trained."
                )
        self._thread.start()
        self.archive.start()
        self._engine.start(self)

    def close(self) -> None:
        """End the engine and write what is still to write."""
        self.archive.close()
        self._engine.close()
        self._inbox.put(None)
        self._thread.join(5)
        with self._lock:
            self._journal.save(now=True)
        self._store.close()

    # What pages ask

    def submit(self, owner: str, config: RunConfig, pinned: NDArray[np.uint8] | None = None) -> str:
        """Queue a run; returns its id.

        Args:
            owner: whose it is.
            config: its configuration.
            pinned: a drawing (28, 28) to judge before training and after every epoch.

        Raises:
            StoreError: it could not be written; nothing was queued.
        """
        run = RunInfo(
            secrets.token_hex(6), owner, config, Status.QUEUED, "", datetime.now(timezone.utc)
        )
        with self._lock:
            if pinned is not None:
                self._store.save_artefact(run.id, "pinned", pinned.tobytes())
            self._store.add_run(run)
            self._runs[run.id] = run
            self._journal.keep(run.id, "status", {"status": Status.QUEUED.value, "reason": ""})
        self._inbox.put(self._admit)
        return run.id

    def command(self, owner: str, run_id: str, command: Command) -> None:
        """Have a run obey, or leave the queue. One that has ended stays as it is.

        Raises:
            NotYours: `owner` does not own it.
            ConnectionError: its worker cannot be reached.
        """
        with self._lock:
            run = self._runs[run_id]
            if run.owner != owner:
                raise NotYours("This run belongs to somebody else; only its owner can do that.")
            if run.status is Status.QUEUED and command.name == "stop":
                self._set_status(run_id, Status.STOPPED, "Left the queue before it began.")
                self._tell_places()
                return
            worker = self._crew.of(run_id)
        if worker is not None:
            self._engine.command(run_id, worker, command)

    def runs(self) -> list[RunInfo]:
        """All runs, newest first; waits for nothing, as `run`."""
        return list(reversed(self._runs.values()))

    def run(self, run_id: str) -> RunInfo | None:
        """One run; None if there is none of that id."""
        return self._runs.get(run_id)

    def place(self, run_id: str) -> int | None:
        """A queued run's place, 1 is next; None for other runs."""
        with self._lock:
            return self._places().get(run_id)

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """A run's events with a seq greater than `after`, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._lock:
            return self._journal.events(run_id, after)

    def subscribe(self, run_id: str, after: int, sink: Sink) -> list[Event]:
        """Have `sink` called with every later event; returns those up to now, none missing.

        `sink` is called from the hub's threads and must return at once.
        """
        with self._lock:
            past = self._journal.events(run_id, after)
            self._journal.subscribe(run_id, sink)
            return past + place_event(run_id, self._places())

    def unsubscribe(self, run_id: str, sink: Sink) -> None:
        """Undo `subscribe`."""
        with self._lock:
            self._journal.unsubscribe(run_id, sink)

    def network(self, run_id: str) -> Network | None:
        """The newest weights of a run that trains or has ended; None if it has none.

        Raises:
            StoreError: the file cannot be read.
        """
        content = self._store.artefact(run_id, "network.npz")
        worker = self._crew.of(run_id)
        if content is None and worker is not None:
            try:
                content = self._engine.network(run_id, worker)
            except ConnectionError:
                content = None
        return Network.from_bytes(content) if content else None

    def left(self, run_id: str, name: str) -> bool:
        """Whether a run left this file, "model.keras" or "network.npz", readable or not."""
        return name in self._store.artefacts(run_id)

    def model(self, run_id: str) -> bytes | None:
        """The `.keras` file of a run that has ended; None if it has none."""
        return self._store.artefact(run_id, "model.keras")

    def pinned(self, run_id: str) -> NDArray[np.uint8] | None:
        """The drawing (28, 28) that was pinned when the run was queued; None if none was."""
        content = self._store.artefact(run_id, "pinned")
        return None if content is None else np.frombuffer(content, np.uint8).reshape(28, 28)

    # What the engine tells

    def on_event(self, run_id: str, kind: Kind, data: dict[str, Any]) -> None:
        """A worker reported something."""
        self._inbox.put(lambda: self._on_event(run_id, kind, data))

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over."""
        self._inbox.put(lambda: self._on_done(run_id, result))

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        """These workers are there."""
        self._inbox.put(lambda: self._on_workers(workers))

    def on_not_replaced(self, worker: str) -> None:
        """This worker has to go on."""
        self._inbox.put(lambda: self._crew.keep(worker))

    def _work(self) -> None:
        while (job := self._inbox.get()) is not None:
            try:
                with self._lock:
                    job()
            except Exception:  # one bad message must not end the hub
                _log.exception("the hub could not handle a message")

    def _on_event(self, run_id: str, kind: Kind, data: dict[str, Any]) -> None:
        if not self._runs[run_id].status.active:
            return
        if kind == "status":
            self._set_status(run_id, Status(data["status"]), data["reason"])
        else:
            self._journal.keep(run_id, kind, data)
        worker = self._crew.of(run_id)
        if kind in ("status", "epoch") and worker and self._runs[run_id].config.inside:
            self.archive.fetch(run_id, worker)

    def _on_done(self, run_id: str, result: Result) -> None:
        reason = result.reason
        for name, content in (("model.keras", result.model), ("network.npz", result.network)):
            if content is not None:
                try:
                    self._store.save_artefact(run_id, name, content)
                except StoreError as error:
                    reason += f" Its model could not be saved. {error}"
                    break
        self.archive.save(run_id, result.snapshots)
        self._crew.take(run_id, gone=result.status is Status.INTERRUPTED)
        self._end(run_id, result.status, reason)
        self._admit()

    def _on_workers(self, workers: frozenset[str]) -> None:
        for run_id in self._crew.see(workers):
            self._crew.take(run_id)
            self._end(
                run_id,
                Status.INTERRUPTED,
                "The worker process that trained this run ended unexpectedly. "
                "Its finished epochs are kept. Press Train to start again.",
            )
        self._journal.save()
        self._admit()

    def _end(self, run_id: str, status: Status, reason: str) -> None:
        self._engine.forget(run_id)
        self._set_status(run_id, status, reason)

    def _order(self) -> list[RunInfo]:
        runs = self._runs.values()
        return turn_order(
            (run for run in runs if run.status is Status.QUEUED),
            (run for run in runs if run.status.active),
            self._last_turns,
        )

    def _admit(self) -> None:
        waiting = self._order()
        if worn := self._crew.worn(bool(waiting)):
            self._engine.replace(worn)
        for worker, run in zip(self._crew.free, waiting, strict=False):
            self._journal.open(run.id)  # or the run waits until the store can be read
            self._crew.give(run.id, worker)
            self._last_turns[run.owner] = max(self._last_turns.values(), default=0) + 1
            self._set_status(run.id, Status.STARTING, "")
            try:
                sketches, pinned = self._drawings_for(run)
            except (StoreError, ValueError) as error:
                self._crew.take(run.id)
                self._end(run.id, Status.FAILED, str(error))
                continue
            self._engine.submit(run.id, run.config, worker, sketches, pinned)
        self._tell_places()

    def _drawings_for(self, run: RunInfo) -> tuple[Pictures | None, NDArray[np.uint8] | None]:
        """The sketchbook's training drawings, if the run wants them, and its pinned one."""
        wanted = run.config.sketchbook > 0
        return self.sketchbook.for_training() if wanted else None, self.pinned(run.id)

    def _set_status(self, run_id: str, status: Status, reason: str) -> None:
        run = self._runs[run_id]
        if may_become(run.status, status):
            self._runs[run_id] = replace(run, status=status, reason=reason)
            self._journal.keep(run_id, "status", {"status": status.value, "reason": reason})

    def _places(self) -> dict[str, int]:
        return {run.id: place for place, run in enumerate(self._order(), 1)}

    def _tell_places(self) -> None:
        places = self._places()  # once for all: a class waits here
        for run_id in self._journal.watched:
            for event in place_event(run_id, places):
                self._journal.pass_on(event)
