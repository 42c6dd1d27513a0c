"""Where all runs stand: who waits, who trains on which worker, and how runs end. Memory only."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from playground.engine.protocol import WORKER_ENDED, Compiled
from playground.events import Event, EventData, Status, StatusChange, may_become
from playground.locales import mark
from playground.runs.dispatch.admission import (
    Waited,
    admitted,
    exchanged,
    queue_position_event,
    reasons_to_end,
)
from playground.runs.dispatch.background import Background
from playground.runs.dispatch.crew import Crew
from playground.runs.dispatch.table import RunTable
from playground.runs.journal import Journal
from playground.settings import settings
from playground.store.runs import RunInfo

_BY_TEACHER = mark("Stopped by the teacher.")
_LEFT_BY_OWNER = mark("Taken out of the queue by its owner before it began.")
_HELD = mark("Its sweep is paused. Go on with it on the page Sweeps.")
_LEFT_BY_TEACHER = mark("Taken out of the queue by the teacher before it began.")


class Assigned(NamedTuple):
    """A run and the address of its worker."""

    run: RunInfo
    worker: str


class Standings:
    """All runs, where they stand, and their workers. Every method may be called from any thread.

    Each method is one change of all that belongs together, under one lock. None ever waits: what
    has to be done elsewhere is returned. The journal gets every change of a status.

    Args:
        runs: those of before.
        journal: gets the events.

    Attributes:
        problem: why nothing can be trained now, an English sentence; empty if it can.
    """

    def __init__(self, runs: Iterable[RunInfo], journal: Journal) -> None:
        self._journal, self._limits = journal, settings()
        self.problem = ""
        self._lock = threading.RLock()  # guards what follows
        self._table = RunTable(runs, self._limits.max_active_runs)
        self._crew = Crew()
        self._background = Background()
        self._ended_for: dict[str, str] = {}  # why a run has been told to stop, if not by its owner
        self._over: set[str] = set()  # the engine has said how these ended
        self._told: dict[str, EventData] = {}  # the newest queue position of each watched run

    # Questions

    def get(self, run_id: str) -> RunInfo | None:
        """One run; None if there is none of that id."""
        return self._table.get(run_id)

    def all(self, owner: str | None = None) -> list[RunInfo]:
        """All runs, or an owner's, newest first."""
        with self._lock:
            return self._table.all(owner)

    def under_way(self) -> list[Waited]:
        """The runs that train or wait and how long they have, as they have begun and will begin."""
        with self._lock:
            return self._table.waited(self._table.active + self._table.order())

    def waiting(self, owner: str) -> int:
        """How many of an owner's runs wait."""
        with self._lock:
            return sum(run.owner == owner for run in self._table.queued)

    def worker_of(self, run_id: str) -> str | None:
        """The address of the worker that trains a run."""
        with self._lock:
            return self._crew.of(run_id)

    def queue_position(self, run_id: str) -> int | None:
        """A queued run's position, 1 is next; None for other runs."""
        with self._lock:
            return self._table.queue_positions().get(run_id)

    def queue_position_event(self, run_id: str) -> list[Event]:
        """A queued run's position as an event that is not kept; nothing for any other run."""
        with self._lock:
            return self._queue_position_event(run_id, self._table.queue_positions())

    @property
    def workers(self) -> int:
        """How many runs can train at once; as the settings say while no worker is there."""
        with self._lock:
            return self._crew.count or self._limits.workers

    def hold(self, sweeps: frozenset[str]) -> None:
        """Let the runs of these sweeps, and of no others, wait without a turn."""
        with self._lock:
            self._table.hold(sweeps)
            self.tell_queue_positions()

    # Changes that the owner or the teacher makes

    def add(self, run: RunInfo, history: Sequence[EventData] = ()) -> None:
        """Queue a new run; `history` is what has happened in those that it goes on from."""
        with self._lock:
            self._journal.open({run.id: 0})
            self._table.add(run)
            for data in (StatusChange(status=Status.QUEUED, reason=""), *history):
                # In this order: who hears of it finds it in the summary.
                self._table.summarise(run.id, data)
                self._journal.append(run.id, data)

    def describe(
        self, run_id: str, *, name: str | None, note: str | None, starred: bool | None
    ) -> None:
        """Set what the owner says of a run; what is None stays as it is."""
        with self._lock:
            if self._table.get(run_id) is not None:
                self._table.describe(run_id, name=name, note=note, starred=starred)

    def remove(self, run_id: str) -> None:
        """Forget a run that has ended."""
        with self._lock:
            if self._table.get(run_id) is not None:
                self._table.remove(run_id)

    def stop(self, run_id: str, *, teacher: bool) -> str | None:
        """Take a run that waits out of the queue; returns the worker that has to stop it if not.

        Args:
            run_id: the run.
            teacher: whether it is not the owner who stops it.
        """
        with self._lock:
            run = self._table.get(run_id)
            if run is not None and run.status is Status.QUEUED:
                reason = _LEFT_BY_TEACHER if teacher else _LEFT_BY_OWNER
                self._set_status(run_id, Status.STOPPED, reason)
                self.tell_queue_positions()
            worker = self._crew.of(run_id)
            if worker is not None and teacher:
                self._ended_for[run_id] = _BY_TEACHER
            return worker

    def not_stopped(self, run_id: str) -> None:
        """A command to stop did not arrive, so it says nothing of how the run will end."""
        with self._lock:
            self._ended_for.pop(run_id, None)

    def empty_queue(self) -> int:
        """Take all runs that wait out of the queue, for the teacher; returns how many."""
        with self._lock:
            waiting = [run for run in self._table.queued if not run.ready_made]
            for run in waiting:
                self._set_status(run.id, Status.STOPPED, _LEFT_BY_TEACHER)
        return len(waiting)

    # Changes that come from the engine

    def record(self, run_id: str, data: EventData) -> Assigned | None:
        """Something happened to a run; returns it with its worker, None if it does not train."""
        with self._lock:
            run = self._table.get(run_id)
            if run is None or not run.status.active:
                return None
            if isinstance(data, StatusChange):
                if data.status is not Status.QUEUED:  # that follows when its worker is free
                    self._set_status(run_id, data.status, data.reason)
            elif self._background.is_news(run, data):
                self._table.summarise(run_id, data)
                self._journal.append(run_id, data)
            worker = self._crew.of(run_id)
            return None if worker is None else Assigned(run, worker)

    def result_arrived(self, run_id: str, compiled: Compiled | None) -> None:
        """The engine has said how a run ended; `end` follows when what it left is saved.

        Args:
            run_id: the run.
            compiled: what its worker has compiled; None if that is not known.
        """
        with self._lock:
            self._over.add(run_id)
            self._crew.learn(run_id, compiled)

    def end(self, run_id: str, status: Status, reason: str) -> None:
        """A run has ended, and its worker is free, or gone if the run was interrupted."""
        with self._lock:
            if status in (Status.STOPPED, Status.QUEUED) and run_id in self._ended_for:
                status, reason = Status.STOPPED, self._ended_for[run_id]
            self._crew.release(run_id, gone=status is Status.INTERRUPTED)
            self._finish(run_id, status, reason)

    def interrupt_all(self, reason: str) -> None:
        """End what trains, as when the server ends; what it trains by itself goes on later."""
        with self._lock:
            for run in self._table.active:
                if run.ready_made:
                    self._set_status(run.id, Status.QUEUED, self._background.why_it_waits)
                else:
                    self._set_status(run.id, Status.INTERRUPTED, reason)

    def see(self, workers: frozenset[str], problem: str) -> list[str]:
        """These workers are there; returns the runs whose worker is gone, interrupted now."""
        with self._lock:
            self.problem = problem
            lost = set(self._crew.see(workers)) - self._over
            for run_id in lost:
                self._crew.release(run_id)
                self._finish(run_id, Status.INTERRUPTED, WORKER_ENDED)
            return list(lost)

    def retain(self, worker: str) -> None:
        """A worker that was to be restarted has to go on."""
        with self._lock:
            self._crew.retain(worker)

    def overdue(self) -> list[Assigned]:
        """Runs to stop: they have trained for too long, or others have waited for too long."""
        limits = self._limits
        with self._lock:
            # What the server trains by itself gives way sooner, and is not ended for it.
            going_on = [
                run
                for run in self._table.active
                if not run.ready_made and run.id not in self._ended_for
            ]
            active = self._table.waited(going_on)
            ending = len(self._table.active) - len(active)
            queued = self._table.waited(self._table.turns)
            reasons = reasons_to_end(
                queued, active, limits.max_run_minutes, limits.max_wait_minutes, ending
            )
            self._ended_for |= reasons
            return [
                Assigned(run, worker)
                for run in going_on
                if run.id in reasons and (worker := self._crew.of(run.id)) is not None
            ]

    def admit(self) -> list[Assigned]:
        """Give free workers to the runs whose turn it is; returns these."""
        with self._lock:
            waits = self._background.look(self._table.turns + self._table.active)
            self._table.hold_background(waits)
            free, most = len(self._crew.free), self._limits.max_active_runs
            order, active = self._table.order(), self._table.active
            chosen = admitted(order, active, free, most)
            networks = self._crew.at_hand, self._crew.elsewhere
            chosen = exchanged(chosen, order, active, *networks)
            workers = self._crew.choose(run.config.compile_key for run in chosen)
            begun = [Assigned(run, worker) for run, worker in zip(chosen, workers, strict=True)]
            for run, worker in begun:
                self._crew.give(run.id, worker, run.config.compile_key)
                self._set_status(run.id, Status.STARTING, "")
            return begun

    def to_give_way(self) -> list[Assigned]:
        """What the server trains by itself, if it has to give way to others now."""
        with self._lock:
            return [
                Assigned(run, worker)
                for run in self._background.to_give_way(self._table.active)
                if (worker := self._crew.of(run.id)) is not None
            ]

    def reach(self, run_id: str, position: float) -> None:
        """Let nothing be told again of this run up to there, in epochs."""
        with self._lock:
            self._background.reach(run_id, position)

    def worn_out(self) -> str | None:
        """A free worker to restart now, which gets no run any more; None if there is none."""
        with self._lock:
            return self._crew.worn_out(bool(self._table.turns))

    def tell_queue_positions(self) -> None:
        """Tell those who watch a run that waits where it stands, if that has changed."""
        with self._lock:
            told: dict[str, EventData] = {}
            positions = self._table.queue_positions()
            for run_id in self._journal.watched if self._table.queued else ():
                for event in self._queue_position_event(run_id, positions):
                    if self._told.get(run_id) != event.data:
                        self._journal.pass_on(event)
                    told[run_id] = event.data
            self._told = told

    def _queue_position_event(self, run_id: str, positions: Mapping[str, int]) -> list[Event]:
        run = self._table.get(run_id)
        if run is not None and run.status is Status.QUEUED and self._table.holds(run):
            reason = self._background.why_it_waits if run.ready_made else _HELD
            return [Event(run_id, 0, StatusChange(status=Status.QUEUED, reason=reason))]
        return queue_position_event(run_id, positions, self._unavailable())

    def _unavailable(self) -> str:
        if self.problem or self._crew.any:
            return self.problem
        return mark("Training begins as soon as the worker processes have started.")

    def _finish(self, run_id: str, status: Status, reason: str) -> None:
        self._ended_for.pop(run_id, None)
        self._over.discard(run_id)
        if run := self._table.get(run_id):
            self._set_status(run_id, *self._background.what_becomes(run, status, reason))

    def _set_status(self, run_id: str, status: Status, reason: str) -> None:
        run = self._table.get(run_id)
        if run is not None and may_become(run.status, status):
            self._table.set_status(run_id, status, reason)
            self._journal.append(run_id, StatusChange(status=status, reason=reason))
