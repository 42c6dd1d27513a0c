"""Sweeps: many runs of one plan, queued bit by bit, each cell until it has a result."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from playground.config import RunConfig
from playground.events import Command, Status
from playground.experiments.sweep import Sweep
from playground.locales import lazy
from playground.runs.dispatch.errands import Errands
from playground.runs.gate import Gate
from playground.runs.refusals import NotYours, Refused, TooMany
from playground.runs.sweeps.trials import SweepInfo, SweepState, Trial, planned, trials
from playground.store.runs import RunInfo, StoreError
from playground.store.sweeps import SweepRow, SweepStore

_log = logging.getLogger(__name__)
_PLAN: TypeAdapter[Sweep] = TypeAdapter(Sweep)

# A sweep has at most so many runs waiting; when half of them have begun, others are queued.
AHEAD = 8
# So many places in the queue are left to the owner for single runs.
SPARE = 8
# Sweeps of one owner that have not ended.
MOST_UNENDED = 10


class Queue(Protocol):
    """What sweeps need of the hub."""

    gate: Gate

    @property
    def most_waiting(self) -> int:
        """How many runs of one owner may wait at once."""

    def room(self, owner: str) -> int:
        """How many more runs of an owner may wait."""

    def runs(self, owner: str | None = None) -> list[RunInfo]:
        """An owner's runs, newest first."""

    def submit(self, owner: str, config: RunConfig, *, sweep: str) -> str:
        """Queue a run."""

    def command(self, owner: str, run_id: str, command: Command) -> None:
        """Have a run obey."""


class Sweeps:
    """All sweeps of this server. Every method may be called from any thread.

    A thread of its own queues the runs, whether or not anybody watches.

    Args:
        store: keeps them.
        queue: has the runs.
        hold: lets the runs of these sweeps, and of no others, wait without a turn.

    Raises:
        StoreError: from what creates, changes or deletes a sweep, and at the start.
    """

    def __init__(
        self,
        store: SweepStore,
        queue: Queue,
        hold: Callable[[frozenset[str]], None],
    ) -> None:
        self._store, self._queue, self._hold = store, queue, hold
        self._errands = Errands("sweeps")
        self._lock = threading.Lock()  # guards what follows
        self._sweeps = {row.id: _read(row) for row in store.all()}
        self._told = False  # an errand to queue runs is waiting
        self._hold_paused()

    def start(self) -> None:
        """Begin to queue."""
        self._errands.start()
        self.turn()

    def close(self) -> None:
        """Queue no more."""
        self._errands.close(5)

    def of(self, owner: str) -> list[SweepInfo]:
        """An owner's sweeps, newest first."""
        with self._lock:
            return [one for one in reversed(self._sweeps.values()) if one.owner == owner]

    def get(self, sweep_id: str) -> SweepInfo | None:
        """One sweep; None if there is none of that id."""
        with self._lock:
            return self._sweeps.get(sweep_id)

    def create(self, owner: str, plan: Sweep) -> str:
        """Begin a sweep; returns its id.

        Raises:
            SweepError: it has too many runs.
            TooMany: the owner has too many sweeps that have not ended.
            Refused: the gate does not allow one of its runs.
        """
        for config in planned(plan):
            with self._queue.gate.submission(owner, config, ""):
                pass
        if sum(not one.state.ended for one in self.of(owner)) >= MOST_UNENDED:
            raise TooMany(
                lazy(
                    "You have {most} sweeps that have not ended. Stop one of them first.",
                    most=MOST_UNENDED,
                )
            )
        now = datetime.now(timezone.utc)
        one = SweepInfo(secrets.token_hex(6), owner, plan, SweepState.GOING, now, now)
        self._store.add(
            SweepRow(one.id, owner, _PLAN.dump_python(plan, mode="json"), one.state, now, now)
        )
        with self._lock:
            self._sweeps[one.id] = one
        self.turn()
        return one.id

    def pause(self, owner: str, sweep_id: str) -> None:
        """Let no further run of an owner's sweep begin; those that train go on.

        Raises:
            NotYours: `owner` does not own it.
        """
        if self._own(owner, sweep_id).state is SweepState.GOING:
            self._set(sweep_id, SweepState.PAUSED)

    def go_on(self, owner: str, sweep_id: str) -> None:
        """Train what an owner's sweep lacks.

        If it had ended, also what was stopped, failed or was interrupted too often.

        Raises:
            NotYours: `owner` does not own it.
        """
        one = self._own(owner, sweep_id)
        if one.plan is not None:
            since = datetime.now(timezone.utc) if one.state.ended else None
            self._set(sweep_id, SweepState.GOING, since)

    def stop(self, owner: str, sweep_id: str) -> None:
        """Stop all runs of an owner's sweep, and begin no others.

        Raises:
            NotYours: `owner` does not own it.
            ConnectionError: a worker cannot be reached.
        """
        self._own(owner, sweep_id)
        self._set(sweep_id, SweepState.STOPPED)
        runs = [run for run in self._queue.runs(owner) if run.sweep == sweep_id]
        # What waits first: else it would take the place of what is stopped.
        for run in sorted(runs, key=lambda run: run.status.active):
            if not run.status.ended:
                self._queue.command(owner, run.id, Command("stop"))

    def pause_all(self) -> None:
        """Pause everybody's sweeps, as when the teacher empties the queue."""
        with self._lock:
            going = [one.id for one in self._sweeps.values() if one.state is SweepState.GOING]
        for sweep_id in going:
            self._set(sweep_id, SweepState.PAUSED)

    def delete(self, owner: str, sweep_id: str) -> None:
        """Forget an owner's sweep; its runs stay. Nothing happens if it has not ended.

        Raises:
            NotYours: `owner` does not own it.
        """
        if self._own(owner, sweep_id).state.ended:
            self._store.delete(sweep_id)
            with self._lock:
                self._sweeps.pop(sweep_id, None)

    def trials(self, one: SweepInfo) -> list[Trial]:
        """All runs of a sweep's plan, in the order in which they are trained."""
        if one.plan is None:
            return []
        return trials(one, planned(one.plan), self._queue.runs(one.owner))

    def turn(self) -> None:
        """Runs may have begun or ended: see whether others are to be queued; returns at once."""
        with self._lock:
            going = any(one.state is SweepState.GOING for one in self._sweeps.values())
            if not going or self._told:
                return
            self._told = True
        self._errands.do(self._feed)

    def _own(self, owner: str, sweep_id: str) -> SweepInfo:
        one = self.get(sweep_id)
        if one is None or one.owner != owner:
            raise NotYours(lazy("There is no such sweep of yours."))
        return one

    def _set(self, sweep_id: str, state: SweepState, since: datetime | None = None) -> None:
        with self._lock:
            one = self._sweeps.get(sweep_id)
            if one is None:
                return
            changed = replace(one, state=state, since=since or one.since, problem="")
            self._sweeps[sweep_id] = changed
        self._hold_paused()
        self._store.set_state(sweep_id, state.value, changed.since)
        self.turn()

    def _hold_paused(self) -> None:
        with self._lock:
            sweeps = list(self._sweeps.values())
        self._hold(frozenset(one.id for one in sweeps if one.state is SweepState.PAUSED))

    # In the thread of the sweeps

    def _feed(self) -> None:
        with self._lock:
            self._told = False
            going = [one for one in self._sweeps.values() if one.state is SweepState.GOING]
        for one in going:
            try:
                self._feed_one(one)
            except TooMany:  # the owner has queued others meanwhile
                continue
            except (Refused, StoreError) as error:  # the next turn tries again
                self._note(one.id, error)
            else:
                self._note(one.id, "")

    def _feed_one(self, one: SweepInfo) -> None:
        waiting = sum(
            run.status is Status.QUEUED and run.sweep == one.id
            for run in self._queue.runs(one.owner)
        )
        if waiting > AHEAD // 2:  # nothing to do yet: what follows looks at every run of the plan
            return
        found = self.trials(one)
        runs = [trial.run for trial in found if trial.run is not None]
        to_come = [trial.config for trial in found if trial.to_come]
        if not to_come and all(run.status.ended for run in runs):
            self._set(one.id, SweepState.DONE)
        spare = min(SPARE, self._queue.most_waiting // 2)
        count = max(0, min(AHEAD - waiting, self._queue.room(one.owner) - spare))
        for config in to_come[:count]:
            now = self.get(one.id)
            if now is None or now.state is not SweepState.GOING:
                return
            self._queue.submit(one.owner, config, sweep=one.id)

    def _note(self, sweep_id: str, problem: str | Refused | StoreError) -> None:
        with self._lock:
            one = self._sweeps.get(sweep_id)
            if one is not None and one.problem != problem:
                self._sweeps[sweep_id] = replace(one, problem=problem)


def _read(row: SweepRow) -> SweepInfo:
    """A stored sweep; one of another version has no plan and has ended."""
    plan: Sweep | None
    try:
        plan = _PLAN.validate_python(row.plan)
        planned(plan)
        state = SweepState(row.state)
    except (ValidationError, ValueError) as error:
        _log.warning("Sweep %s cannot be read: %s", row.id, error)
        plan, state = None, SweepState.STOPPED
    return SweepInfo(row.id, row.owner, plan, state, row.created, row.since)
