"""The run hub: what pages ask of the runs of this server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.engine.protocol import Cluster, Job
from playground.events import Command, EpochEnd, Event, Progress, Status, StatusChange, data_of
from playground.locales import lazy
from playground.network.network import Network
from playground.runs import lineage
from playground.runs.archive import NETWORK, Archive
from playground.runs.bin import Bin
from playground.runs.dispatch.admission import Waited
from playground.runs.dispatch.dispatcher import Dispatcher
from playground.runs.dispatch.standings import Standings
from playground.runs.gate import Gate, OpenGate, Stamp
from playground.runs.journal import Journal, Sink
from playground.runs.lineage import Beginning
from playground.runs.refusals import CannotBegin, NotEnded, NotYours, Refused, TooMany
from playground.runs.stream.attend import Attend, nothing
from playground.runs.sweeps.feeder import Sweeps
from playground.settings import settings
from playground.store.classes import ClassStore
from playground.store.runs import RunInfo, Store, StoreError, Usage, new_run_id
from playground.store.sketchbook import Sketchbook
from playground.store.sweeps import SweepStore

__all__ = ["Hub", "NotEnded", "NotYours", "TooMany"]

MOST_NAME, MOST_NOTE = 60, 2_000


class Hub:
    """All runs of this server, and its sketchbook. Every method may be called from any thread.

    Attributes:
        archive: what runs leave.
        dispatcher: the engine's listener.
        gate: what has a say in what may be queued.
        classes: what is written of classes.
        attend: what pages get beside the events of runs.
        portraits: what those who look at a run that trains are shown.
        sketchbook: the drawings that all share.
        sweeps: what is trained cell by cell.
    """

    def __init__(self, store: Store, engine: Cluster) -> None:
        self._store, self._engine = store, engine
        self._limits = settings()
        self.gate: Gate = OpenGate()
        self.attend: Attend = nothing
        self.sketchbook = Sketchbook(store.engine)
        self.classes = ClassStore(store.engine)
        self.archive = Archive(store, engine)
        self._journal = Journal(store)
        self._standings = Standings(store.runs(), self._journal)
        self.dispatcher = Dispatcher(
            self._standings,
            engine,
            self._journal,
            self.archive,
            self._job,
            lambda: self.sweeps.turn(),
        )
        self.portraits = self.dispatcher.watching
        self.sweeps = Sweeps(SweepStore(store.engine), self, self._hold)
        self._bin = Bin(self._delete)

    def start(self) -> None:
        """Take up where the last server ended, and start the engine."""
        unfinished = [run.id for run in self._standings.all() if not run.status.ended]
        self._journal.open(self._store.last_seqs(unfinished))
        self._journal.start()
        for run_id in unfinished:
            self._note_position(run_id)
        self.archive.start()
        self.dispatcher.start()
        self.sweeps.start()

    def close(self) -> None:
        """End the engine and write what is still to write."""
        self._bin.close()
        self.sweeps.close()
        self.dispatcher.close()
        self.archive.close()
        self._journal.close()
        self._store.close()

    # Runs

    @property
    def problem(self) -> str:
        """Why nothing can be trained now, an English sentence; empty if it can."""
        return self._standings.problem

    def runs(self, owner: str | None = None, *, lessons: bool = True) -> list[RunInfo]:
        """All runs, or an owner's, newest first.

        Args:
            owner: whose; None for everybody's.
            lessons: whether those that pages of Learn have started are among them.
        """
        there = (run for run in self._standings.all(owner) if run.id not in self._bin)
        return [run for run in there if lessons or not run.lesson]

    def run(self, run_id: str) -> RunInfo | None:
        """One run; None if there is none of that id."""
        return None if run_id in self._bin else self._standings.get(run_id)

    def under_way(self) -> list[Waited]:
        """The runs that train or wait and how long they have, as they have begun and will begin."""
        return self._standings.under_way()

    @property
    def workers(self) -> int:
        """How many runs can train at once."""
        return self._standings.workers

    def queue_position(self, run_id: str) -> int | None:
        """A queued run's position, 1 is next; None for other runs."""
        return self._standings.queue_position(run_id)

    @property
    def most_waiting(self) -> int:
        """How many runs of one owner may wait at once."""
        return self._limits.max_waiting_runs

    def room(self, owner: str) -> int:
        """How many more runs of an owner may wait."""
        return max(0, self._limits.max_waiting_runs - self._standings.waiting(owner))

    def submit(
        self,
        owner: str,
        config: RunConfig,
        pinned: NDArray[np.uint8] | None = None,
        sweep: str = "",
        lesson: str = "",
        classroom: str = "",
        new_id: str = "",
    ) -> str:
        """Queue a run; returns its id.

        Args:
            owner: who submits it.
            config: its configuration.
            pinned: a drawing (28, 28) to judge before training and after every epoch.
            sweep: the id of the sweep that it belongs to; empty for none.
            lesson: the path of the page of Learn that starts it; empty for others.
            classroom: what of a class it is to belong to, as in `RunInfo.classroom`; the gate has
                the last word. Empty for what the gate says by itself.
            new_id: from `new_run_id`, where somebody knows it already; empty for one made here.

        Raises:
            TooMany: the owner has as many runs waiting as one may have.
            Refused: the gate does not allow it.
            StoreError: it could not be written; nothing was queued.
        """
        with self.gate.submission(owner, config, classroom) as stamp:
            return self._submit(
                owner, config, pinned, stamp, new_id=new_id, sweep=sweep, lesson=lesson
            )

    def seals(self, owner: str, config: RunConfig, parent: RunInfo | None = None) -> bool:
        """Whether a run that somebody submits now is not judged on the test images.

        So are one's settings where the gate lets none of them in.

        Args:
            owner: who would submit it.
            config: its settings.
            parent: the run that it would go on from.
        """
        try:
            with self.gate.submission(owner, config, "", parent) as stamp:
                return stamp.sealed
        except Refused:
            return True

    def go_on(self, owner: str, run_id: str, epochs: int) -> str:
        """Queue a run that trains another one's settings on, to so many epochs; returns its id.

        Args:
            owner: who submits it; the other run may be anybody's.
            run_id: the other run, which has ended.
            epochs: in all, those that are done included.

        Raises:
            CannotBegin: it cannot go on.
            TooMany, Refused: as `submit`.
            StoreError: as `submit`, or the store cannot be read.
        """
        parent = self._parent(run_id)
        beginning = lineage.go_on(self.archive, parent, self.events(run_id), epochs)
        pinned = self.archive.pinned(run_id)
        with self.gate.submission(owner, beginning.config, "", parent) as stamp:
            return self._submit(owner, beginning.config, pinned, stamp, beginning)

    def fork(
        self,
        owner: str,
        run_id: str,
        epoch: int,
        config: RunConfig,
        pinned: NDArray[np.uint8] | None = None,
        new_id: str = "",
    ) -> str:
        """Queue a run that begins with the weights of another one; returns its id.

        Args:
            owner: who submits it; the other run may be anybody's.
            run_id: the other run, which has ended.
            epoch: of it, after which the new run begins; 0 is before training.
            config: of the new run; its network has the same shape.
            pinned: a drawing (28, 28) to judge at the beginning and after every epoch.
            new_id: as of `submit`.

        Raises:
            CannotBegin: nothing can begin there, or not with these settings.
            TooMany, Refused: as `submit`.
            StoreError: as `submit`, or the store cannot be read.
        """
        events, parent = self.events(run_id), self._parent(run_id)
        beginning = lineage.fork(self.archive, parent, events, epoch, config)
        with self.gate.submission(owner, config, "", parent) as stamp:
            return self._submit(owner, config, pinned, stamp, beginning, new_id)

    def _parent(self, run_id: str) -> RunInfo:
        run = self.run(run_id)
        if run is None:
            raise CannotBegin(lazy("This run has been deleted, so nothing can go on from it."))
        return run

    def _submit(
        self,
        owner: str,
        config: RunConfig,
        pinned: NDArray[np.uint8] | None,
        stamp: Stamp,
        beginning: Beginning | None = None,
        new_id: str = "",
        sweep: str = "",
        lesson: str = "",
    ) -> str:
        waiting = self._standings.waiting(owner)
        if waiting >= self._limits.max_waiting_runs:
            raise TooMany(
                lazy(
                    "You have {waiting} in the queue, and no more may wait at once. Stop one of "
                    "them, or come back when some have trained.",
                    waiting=waiting,
                )
            )
        run = RunInfo(
            *(new_id or new_run_id(), owner, config, Status.QUEUED, "", datetime.now(timezone.utc)),
            sweep=sweep,
            lesson=lesson,
            classroom=stamp.classroom,
            sealed=stamp.sealed,
        )
        if beginning is not None:
            checkpoint = beginning.checkpoint
            run = replace(run, parent=beginning.parent, parent_epoch=checkpoint.epoch)
            self.archive.save_checkpoint(run.id, checkpoint.to_bytes())
        if pinned is not None:
            self.archive.pin(run.id, pinned)
        try:
            run = self._store.add_run(run)
        except StoreError:
            self.archive.discard(run.id)
            raise
        self.dispatcher.submit(run, beginning.history if beginning else ())
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
            Refused: the gate allows no other learning rate.
            ConnectionError: its worker cannot be reached.
        """
        run = self._standings.get(run_id)
        if run is None:
            return
        if run.owner != owner and not teacher:
            raise NotYours(lazy("This run belongs to somebody else; only its owner can do that."))
        if command.name == "learning_rate" and not teacher:
            self.gate.command(owner, run, command)
        self.dispatcher.command(run_id, command, teacher=run.owner != owner)

    def empty_queue(self) -> int:
        """Take all runs that wait out of the queue, for the teacher; returns how many.

        Sweeps are paused, so that they do not fill it again.

        Raises:
            StoreError: it cannot be written that a sweep is paused.
        """
        self.sweeps.pause_all()
        return self._standings.empty_queue()

    def describe(
        self,
        owner: str,
        run_id: str,
        *,
        name: str | None = None,
        note: str | None = None,
        starred: bool | None = None,
    ) -> None:
        """Name, note or star an owner's run; what is None stays as it is.

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
            raise NotYours(lazy("This run belongs to somebody else; only its owner can do that."))
        name = None if name is None else _line(name)[:MOST_NAME].strip()
        note = None if note is None else note.replace("\0", "")[:MOST_NOTE].strip()
        self._store.describe_run(run_id, name=name, note=note, starred=starred)
        self._standings.describe(run_id, name=name, note=note, starred=starred)

    # Deleting

    def throw_away(self, owner: str, run_ids: Iterable[str]) -> None:
        """Delete runs as `delete` does, in `UNDO_SECONDS`; until then they can be taken back.

        Nobody sees them any more. Those that are gone are left out.

        Raises:
            NotYours: `owner` does not own one of them; none is thrown away.
            NotEnded: one of them waits or trains; none is thrown away.
            Refused: the gate keeps one of them; none is thrown away.
        """
        self._bin.put([id for id in run_ids if self._deletable(owner, self.run(id))])

    def take_back(self, owner: str, run_ids: Iterable[str]) -> None:
        """Undo `throw_away`; what is gone stays so."""
        runs = [run for run_id in run_ids if (run := self._standings.get(run_id))]
        self._bin.take_back(run.id for run in runs if run.owner == owner)

    def delete(self, owner: str, run_id: str) -> None:
        """Delete an owner's run that has ended, with its files; nothing happens if it is gone.

        Raises:
            NotYours: `owner` does not own it.
            NotEnded: it waits or trains.
            Refused: the gate keeps it.
            StoreError: it cannot be deleted now.
        """
        if self._deletable(owner, self._standings.get(run_id)):
            self._delete(run_id)

    def _deletable(self, owner: str, run: RunInfo | None) -> bool:
        """Whether there is something to delete.

        Raises:
            NotYours: `owner` does not own it.
            NotEnded: it waits or trains.
            Refused: the gate keeps it.
        """
        if run is None:
            return False
        if run.owner != owner:
            raise NotYours(lazy("This run belongs to somebody else; only its owner can delete it."))
        if not run.status.ended:
            raise NotEnded(lazy("This run has not ended. Stop it first, then delete it."))
        self.gate.deletion(run)
        return True

    def _delete(self, run_id: str) -> None:
        if not self._journal.forget(run_id):
            raise StoreError(lazy("The end of this run is being written. Try again in a moment."))
        self._store.delete_run(run_id)
        self._standings.remove(run_id)

    # Events

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """A run's events with a seq greater than `after`, saved or not.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._journal.events(run_id, after)

    def epochs(self, run_ids: Iterable[str]) -> dict[str, tuple[EpochEnd, ...]]:
        """The finished epochs of runs, saved or not; of many of them, one query reads all.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._journal.epochs(run_ids)

    def subscribe(self, run_id: str, after: int, sink: Sink) -> list[Event]:
        """Have `sink` called with every later event; returns those up to now, none missing.

        Of a run that has ended, the last one says how, even if that event was lost. `sink` is
        called from the hub's threads and must return at once.

        Raises:
            StoreError: the store cannot be read; nothing was subscribed.
        """
        run = self._standings.get(run_id)
        past = self._journal.subscribe(run_id, after, sink)
        past += self._standings.queue_position_event(run_id)
        if run is not None and run.status.ended and (run.foreign or not any(map(ends, past))):
            end = StatusChange(status=run.status, reason=run.foreign or run.reason)
            past.append(Event(run_id, 0, end))
        return past

    def overhear(self, sink: Sink) -> None:
        """Have `sink` called with every event of every run from now on.

        It is called from the hub's threads, under a lock: it must return at once.
        """
        self._journal.overhear(sink)

    def unsubscribe(self, run_id: str, sink: Sink) -> None:
        """Undo `subscribe`."""
        self._journal.unsubscribe(run_id, sink)

    def network(self, run_id: str) -> Network | None:
        """The newest weights of a run that trains or has ended; None if it has none.

        Raises:
            StoreError: the file cannot be read.
            ValueError: it is damaged.
        """
        content, worker = None, self._standings.worker_of(run_id)
        if worker is not None:
            with contextlib.suppress(ConnectionError):
                content = self._engine.network(run_id, worker)
        # A run that has given way to others has left one, and trains again.
        content = content or self._store.artefact(run_id, NETWORK)
        return Network.from_bytes(content) if content else None

    def bring_checkpoint(self, run_id: str) -> None:
        """Have in the archive where a run stands that has a worker, if that can be had."""
        worker = self._standings.worker_of(run_id)
        if worker is None:
            return
        with contextlib.suppress(ConnectionError, StoreError, ValueError):
            content = self._engine.checkpoint(run_id, worker)
            if content is not None:
                self.archive.save_checkpoint(run_id, content)

    def usage(self) -> Usage:
        """How much the store has, and what is free; reads the folders of all runs.

        Raises:
            StoreError: the database or a folder cannot be read.
        """
        return self._store.usage()

    def _note_position(self, run_id: str) -> None:
        """What has been told of the run that the server trains by itself is not told again."""
        run = self._standings.get(run_id)
        told = data_of(self.events(run_id), Progress) if run and run.ready_made else ()
        if told:
            self._standings.reach(run_id, max(data.epoch for data in told))

    def _hold(self, sweeps: frozenset[str]) -> None:
        """Let the runs of these sweeps, and of no others, wait without a turn."""
        self._standings.hold(sweeps)
        self.dispatcher.look()

    def _job(self, run: RunInfo) -> Job:
        """The run with all that its worker needs.

        Raises:
            StoreError: the store cannot be read, or what the run goes on from is gone.
            ValueError: that is damaged.
        """
        wanted = run.config.sketchbook > 0
        sketches = self.sketchbook.for_training() if wanted else None
        start = self.archive.checkpoint(run.id) if run.parent or run.ready_made else None
        if run.parent and start is None:
            raise StoreError(
                lazy("What this run was to go on from is gone from the server's disk.")
            )
        content = start.to_bytes() if start else None
        return Job(run.id, run.config, sketches, self.archive.pinned(run.id), content, run.sealed)


def ends(event: Event) -> bool:
    """Whether this is a run's last event."""
    return isinstance(event.data, StatusChange) and event.data.status.ended


def _line(text: str) -> str:
    """Words on one line, without characters that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
