"""The run hub: what pages ask of the runs of this server."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.engine.protocol import Cluster, Job
from playground.events import Command, Event, Status, StatusChange
from playground.network.network import Network
from playground.runs.archive import MODEL, NETWORK, PINNED, Archive
from playground.runs.bin import Bin
from playground.runs.dispatch.admission import Waited
from playground.runs.dispatch.dispatcher import Dispatcher
from playground.runs.dispatch.standings import Standings
from playground.runs.journal import Journal, Sink
from playground.settings import settings
from playground.store.runs import RunInfo, Store, StoreError, Usage
from playground.store.sketchbook import Sketchbook

MOST_NAME, MOST_NOTE = 60, 2_000


class NotYours(Exception):
    """Somebody else's run cannot be commanded."""


class NotEnded(Exception):
    """A run that waits or trains cannot be deleted; the message says what to do."""


class TooMany(Exception):
    """A limit of this server is reached; the message says which, and what to do."""


class Hub:
    """All runs of this server, and its sketchbook. Every method may be called from any thread.

    Attributes:
        archive: what the networks were after each epoch.
        dispatcher: the engine's listener.
        sketchbook: the drawings that all share.
    """

    def __init__(self, store: Store, engine: Cluster) -> None:
        self._store, self._engine = store, engine
        self._limits = settings()
        self.sketchbook = Sketchbook(store.engine)
        self.archive = Archive(store, engine)
        self._journal = Journal(store)
        self._standings = Standings(store.runs(), self._journal)
        self.dispatcher = Dispatcher(
            self._standings, engine, self._journal, self.archive, self._job
        )
        self._bin = Bin(self._delete)

    def start(self) -> None:
        """Take up where the last server ended, and start the engine."""
        unfinished = [run.id for run in self._standings.all() if not run.status.ended]
        self._journal.open(self._store.last_seqs(unfinished))
        self._journal.start()
        self.archive.start()
        self.dispatcher.start()

    def close(self) -> None:
        """End the engine and write what is still to write."""
        self._bin.close()
        self.dispatcher.close()
        self.archive.close()
        self._journal.close()
        self._store.close()

    @property
    def problem(self) -> str:
        """Why nothing can be trained just now, a sentence; empty if it can."""
        return self._standings.problem

    def submit(self, owner: str, config: RunConfig, pinned: NDArray[np.uint8] | None = None) -> str:
        """Queue a run; returns its id.

        Args:
            owner: who submits it.
            config: its configuration.
            pinned: a drawing (28, 28) to judge before training and after every epoch.

        Raises:
            TooMany: the owner has as many runs waiting as one may have.
            StoreError: it could not be written; nothing was queued.
        """
        waiting = self._standings.waiting(owner)
        if waiting >= self._limits.max_waiting_runs:
            raise TooMany(
                f"You have {waiting} in the queue, and no more may wait at once. "
                "Stop one of them, or come back when some have trained."
            )
        run = RunInfo(
            secrets.token_hex(6), owner, config, Status.QUEUED, "", datetime.now(timezone.utc)
        )
        if pinned is not None:
            self._store.save_artefact(run.id, PINNED, pinned.tobytes())
        self.dispatcher.submit(self._store.add_run(run))
        return run.id

    def command(self, owner: str, run_id: str, command: Command, *, teacher: bool = False) -> None:
        """Have a run obey, or leave the queue. One that has ended stays as it is.

        Args:
            owner: who asks.
            run_id: the run.
            command: what it is to do.
            teacher: whether they may command everybody's runs.

        Raises:
            NotYours: `owner` does not own it.
            ConnectionError: its worker cannot be reached.
        """
        run = self._standings.get(run_id)
        if run is None:
            return
        if run.owner != owner and not teacher:
            raise NotYours("This run belongs to somebody else; only its owner can do that.")
        self.dispatcher.command(run_id, command, teacher=run.owner != owner)

    def describe(
        self,
        owner: str,
        run_id: str,
        *,
        name: str | None = None,
        note: str | None = None,
        starred: bool | None = None,
    ) -> None:
        """Name, note or star a run of one's own; what is None stays as it is.

        Args:
            owner: who asks.
            run_id: the run; nothing happens if it is gone.
            name: at most `MOST_NAME` characters count; empty for the name that it has by itself.
            note: at most `MOST_NOTE` characters count.
            starred: whether it has a star.

        Raises:
            NotYours: `owner` does not own it.
            StoreError: it cannot be written now.
        """
        run = self.run(run_id)
        if run is None:
            return
        if run.owner != owner:
            raise NotYours("This run belongs to somebody else; only its owner can do that.")
        said = {
            "name": None if name is None else _line(name)[:MOST_NAME].strip(),
            "note": None if note is None else note.replace("\0", "")[:MOST_NOTE].strip(),
            "starred": starred,
        }
        values: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        self._store.describe_run(run_id, **values)
        with self._lock:
            if self._table.get(run_id) is not None:
                self._table.change(run_id, **values)

    def throw_away(self, owner: str, run_ids: Iterable[str]) -> None:
        """Delete runs as `delete` does, in `UNDO_SECONDS`; until then they can be taken back.

        Nobody sees them any more. Those that are gone are left out.

        Raises:
            NotYours: `owner` does not own one of them; none is thrown away.
            NotEnded: one of them waits or trains; none is thrown away.
        """
        there = [run_id for run_id in run_ids if self._deletable(owner, self.run(run_id))]
        self._bin.put(there)

    def take_back(self, owner: str, run_ids: Iterable[str]) -> None:
        """Undo `throw_away`; what is gone stays so."""
        with self._lock:
            runs = [run for run_id in run_ids if (run := self._table.get(run_id))]
        self._bin.take_back(run.id for run in runs if run.owner == owner)

    def delete(self, owner: str, run_id: str) -> None:
        """Delete a run of one's own that has ended, with its files; nothing happens if it is gone.

        Raises:
            NotYours: `owner` does not own it.
            NotEnded: it waits or trains.
            StoreError: it cannot be deleted now.
        """
        if self._deletable(owner, self._table.get(run_id)):
            self._delete(run_id)

    def _deletable(self, owner: str, run: RunInfo | None) -> bool:
        """Whether there is something to delete.

        Raises:
            NotYours: `owner` does not own it.
            NotEnded: it waits or trains.
        """
        if run is None:
            return False
        if run.owner != owner:
            raise NotYours("This run belongs to somebody else; only its owner can delete it.")
        if not run.status.ended:
            raise NotEnded("This run has not ended. Stop it first, then delete it.")
        return True

    def _delete(self, run_id: str) -> None:
        if not self._journal.forget(run_id):
            raise StoreError("The end of this run is being written. Try again in a moment.")
        self._store.delete_run(run_id)
        with self._lock:
            if self._table.get(run_id) is not None:
                self._table.remove(run_id)

    def empty_queue(self) -> int:
        """Have all runs that wait leave the queue, for the teacher; returns how many did."""
        with self._lock:
            waiting = self._table.queued
            for run in waiting:
                self._set_status(run.id, Status.STOPPED, _left_the_queue("the teacher"))
        return len(waiting)

    def runs(self, owner: str | None = None) -> list[RunInfo]:
        """All runs, or an owner's, newest first."""
        with self._lock:
            runs = self._table.all(owner)
        return [run for run in runs if run.id not in self._bin]

    def under_way(self) -> list[Waited]:
        """The runs that train or wait and how long they have, as they have begun and will begin."""
        with self._lock:
            return self._table.waited(self._table.active + self._table.order())

    def run(self, run_id: str) -> RunInfo | None:
        """One run; None if there is none of that id."""
        return None if run_id in self._bin else self._table.get(run_id)

    def place(self, run_id: str) -> int | None:
        """A queued run's place, 1 is next; None for other runs."""
        with self._lock:
            return self._table.places().get(run_id)

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """A run's events with a seq greater than `after`, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._journal.events(run_id, after)

    def subscribe(self, run_id: str, after: int, sink: Sink) -> list[Event]:
        """Have `sink` called with every later event; returns those up to now, none missing.

        Of a run that has ended, the last one says how, even if that event was lost. `sink` is
        called from the hub's threads and must return at once.

        Raises:
            StoreError: the store cannot be read; nothing was subscribed.
        """
        run = self._table.get(run_id)
        past = self._journal.subscribe(run_id, after, sink)
        with self._lock:
            past += self._place_event(run_id)
        if run is not None and run.status.ended and (run.foreign or not any(map(ends, past))):
            end = StatusChange(status=run.status, reason=run.foreign or run.reason)
            past.append(Event(run_id, 0, end))
        return past

    def unsubscribe(self, run_id: str, sink: Sink) -> None:
        """Undo `subscribe`."""
        self._journal.unsubscribe(run_id, sink)

    def network(self, run_id: str) -> Network | None:
        """The newest weights of a run that trains or has ended; None if it has none.

        Raises:
            StoreError: the file cannot be read.
            ValueError: it is damaged.
        """
        content = self._store.artefact(run_id, "network.npz")
        with self._lock:
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

    def usage(self) -> Usage:
        """How much the store has, and what is free; reads the folders of all runs.

        Raises:
            StoreError: the database or a folder cannot be read.
        """
        return self._store.usage()

    # What the engine tells

    def on_event(self, run_id: str, kind: str, data: object) -> None:
        """A worker reported something."""
        self._inbox.put(lambda: self._on_report(run_id, kind, data))

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over."""
        self._inbox.put(lambda: self._take_end(run_id, result))

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        """These workers are there; `problem` says why nothing can be trained, if it cannot."""
        self._inbox.put(lambda: self._on_workers(workers, problem))

    def on_not_replaced(self, worker: str) -> None:
        """This worker has to go on."""
        self._inbox.put(lambda: self._on_not_replaced(worker))

    def _work(self) -> None:
        while (job := self._inbox.get()) is not None:
            try:
                job()
            except Exception:  # one bad message must not end the hub
                _log.exception("the hub could not handle a message")

    def _do(self, errand: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have the clerk do something that waits for disk, database or workers."""

        def done() -> None:
            try:
                errand(*args, **kwargs)
            except Exception:  # one bad errand must not end the clerk
                _log.exception("the hub could not do an errand")

        self._clerk.submit(done)

    def _on_report(self, run_id: str, kind: str, values: object) -> None:
        try:
            data = read_data(kind, values)
        except ValueError as error:
            self._do(self._set_aside, run_id, kind, values, str(error))
        else:
            self._on_event(run_id, data)

    def _set_aside(self, run_id: str, kind: str, values: object, why: str) -> None:
        """By the clerk: a report that is no event. The run goes on without it."""
        _log.error("a report (%s) of run %s is set aside: %s", kind, run_id, why)
        self._store.set_aside(run_id, 0, kind, values, why)
        message = (
            f"A report of this run ({kind}) could not be read, so it is missing. "
            "Whoever runs this server finds it in its data folder."
        )
        self._journal.pass_on(Event(run_id, 0, Notice(message=message)))

    def _on_event(self, run_id: str, data: EventData) -> None:
        with self._lock:
            run = self._table.get(run_id)
            if run is None or not run.status.active:
                return
            if isinstance(data, StatusChange):
                self._set_status(run_id, data.status, data.reason)
            else:
                self._journal.append(run_id, data)
                self._table.change(run_id, summary=run.summary.after(data))
            worker = self._crew.of(run_id)
        if data.kind in ("status", "epoch") and worker and run.config.keep_snapshots:
            self.archive.fetch(run_id, worker)

    def _take_end(self, run_id: str, result: Result) -> None:
        with self._lock:
            self._over.add(run_id)
        self._do(self._on_done, run_id, result)

    def _on_done(self, run_id: str, result: Result) -> None:
        """By the clerk: keep what a run has left; whatever happens, it has ended."""
        reason = result.reason
        try:
            for name, content in (("model.keras", result.model), ("network.npz", result.network)):
                if content is not None:
                    self._store.save_artefact(run_id, name, content)
        except StoreError as error:
            reason += f" Its model could not be saved. {error}"
        except Exception:
            _log.exception("the model of run %s could not be saved", run_id)
            reason += " Its model could not be saved."
        try:
            self.archive.save(run_id, result.snapshots)
        finally:
            self._inbox.put(lambda: self._end(run_id, result.status, reason))

    def _end(self, run_id: str, status: Status, reason: str) -> None:
        with self._lock:
            if status is Status.STOPPED:
                reason = self._ended_for.get(run_id, reason)
            self._crew.release(run_id, gone=status is Status.INTERRUPTED)
            self._finish(run_id, status, reason)
        self._admit()

    def _finish(self, run_id: str, status: Status, reason: str) -> None:
        self._ended_for.pop(run_id, None)
        self._over.discard(run_id)
        self._do(self._engine.forget, run_id)
        self._set_status(run_id, status, reason)

    def _on_not_replaced(self, worker: str) -> None:
        with self._lock:
            self._crew.retain(worker)

    def _on_workers(self, workers: frozenset[str], problem: str) -> None:
        with self._lock:
            self.problem = problem
            for run_id in set(self._crew.see(workers)) - self._over:
                self._crew.release(run_id)
                self._finish(run_id, Status.INTERRUPTED, WORKER_ENDED)
            self._end_overdue()
        self._admit()

    def _end_overdue(self) -> None:
        """End runs that have trained for too long, and those that others wait for too long."""
        limits = self._limits
        going_on = [run for run in self._table.active if run.id not in self._ended_for]
        active = self._table.waited(going_on)
        ending = len(self._table.active) - len(active)
        over = {
            run.id: f"Ended after {limits.max_run_minutes:g} minutes, the most that a run may "
            "train on this server. What it had learned by then is kept."
            for run in overdue(active, limits.max_run_minutes)
        }
        queued = self._table.waited(self._table.queued)
        for run_id in gives_way(queued, active, limits.max_wait_minutes, ending):
            over[run_id] = (
                f"Ended because somebody else had waited for {limits.max_wait_minutes:g} minutes. "
                "What it had learned by then is kept."
            )
        for run_id, reason in over.items():
            self._ended_for[run_id] = reason
            worker = self._crew.of(run_id)
            if worker is not None:
                # Where it does not arrive, the next heartbeat tries again.
                self._do(self._tell_worker, run_id, worker, Command("stop"))

    def _admit(self) -> None:
        with self._lock:
            waiting = self._table.order()
            if worn := self._crew.worn_out(bool(waiting)):
                self._engine.replace(worn)
            free = self._crew.free
            most = self._limits.max_active_runs
            for worker, run in zip(
                free, admitted(waiting, self._table.active, len(free), most), strict=False
            ):
                self._crew.give(run.id, worker)
                self._set_status(run.id, Status.STARTING, "")
                self._do(self._begin, run, worker)
            self._tell_places()

    def _begin(self, run: RunInfo, worker: str) -> None:
        """By the clerk: give a run what it needs, and to its worker."""
        try:
            job = self._job(run)
        except Exception as error:
            words = isinstance(error, StoreError | ValueError)
            if not words:
                _log.exception("run %s could not begin", run.id)
            reason = str(error) if words else "This run could not begin. Press Train again."
            self._inbox.put(lambda: self._end(run.id, Status.FAILED, reason))
            return
        self._engine.submit(job, worker)

    def _job(self, run: RunInfo) -> Job:
        """The run with the sketchbook's training drawings, if it wants them, and its pinned one."""
        wanted = run.config.sketchbook > 0
        sketches = self.sketchbook.for_training() if wanted else None
        return Job(run.id, run.config, sketches, self.pinned(run.id))

    def _set_status(self, run_id: str, status: Status, reason: str) -> None:
        run = self._table.get(run_id)
        if run is not None and may_become(run.status, status):
            self._table.set_status(run_id, status, reason)
            self._journal.append(run_id, StatusChange(status=status, reason=reason))

    def _place_event(self, run_id: str) -> list[Event]:
        return place_event(run_id, self._table.places(), self._unavailable())

    def _unavailable(self) -> str:
        if self.problem or self._crew.any:
            return self.problem
        return "Training begins as soon as the worker processes have started."

    def _tell_places(self) -> None:
        """Tell those who watch a run that waits where it stands, if that has changed."""
        told: dict[str, EventData] = {}
        places, unavailable = self._table.places(), self._unavailable()
        for run_id in self._journal.watched if places else ():
            for event in place_event(run_id, places, unavailable):
                if self._told.get(run_id) != event.data:
                    self._journal.pass_on(event)
                told[run_id] = event.data
        self._told = told


def ends(event: Event) -> bool:
    """Whether this is a run's last event."""
    return isinstance(event.data, StatusChange) and event.data.status.ended


def _line(text: str) -> str:
    """Words on one line, without characters that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _left_the_queue(by: str) -> str:
    return f"Taken out of the queue by {by} before it began."
