"""The table of runs: what each is and where it stands, and who waits and trains, in memory."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from playground.events import EventData, Status
from playground.runs.dispatch.admission import Waited, turn_order
from playground.store.runs import RunInfo


class RunTable:
    """All runs by id, in the order in which they came. Not safe for threads.

    Args:
        runs: those of before.
        most_active: runs of one owner that may train at once.
    """

    def __init__(self, runs: Iterable[RunInfo], most_active: int) -> None:
        self._runs: dict[str, RunInfo] = {}
        self._of_owner: dict[str, dict[str, None]] = {}
        self._queued: dict[str, None] = {}
        self._active: dict[str, None] = {}
        self._since: dict[str, float] = {}
        self._last_turns: dict[str, int] = {}
        self._most_active = most_active
        self._order: list[RunInfo] | None = None
        self._held: frozenset[str] = frozenset()
        self._background_waits = True
        for run in runs:
            self.add(run)

    def add(self, run: RunInfo) -> None:
        """A new run."""
        self._runs[run.id] = run
        self._of_owner.setdefault(run.owner, {})[run.id] = None
        self._sort(run)

    def remove(self, run_id: str) -> None:
        """Forget a run that has ended."""
        run = self._runs.pop(run_id)
        del self._of_owner[run.owner][run_id]

    def set_status(self, run_id: str, status: Status, reason: str) -> None:
        """Where a run stands from now on."""
        before = self._runs[run_id]
        run = self._runs[run_id] = replace(before, status=status, reason=reason)
        if before.status is Status.QUEUED and status.active:
            turn = max(self._last_turns.values(), default=0) + 1
            self._last_turns[run.owner] = turn
        self._sort(run)

    def describe(
        self, run_id: str, *, name: str | None, note: str | None, starred: bool | None
    ) -> None:
        """Set what the owner says of a run; what is None stays as it is."""
        run = self._runs[run_id]
        self._runs[run_id] = replace(
            run,
            name=run.name if name is None else name,
            note=run.note if note is None else note,
            starred=run.starred if starred is None else starred,
        )

    def summarise(self, run_id: str, data: EventData) -> None:
        """Bring a run's summary up to date with what has happened."""
        run = self._runs[run_id]
        self._runs[run_id] = replace(run, summary=run.summary.after(data))

    def _sort(self, run: RunInfo) -> None:
        """Keep who waits and who trains, since when, and that their order is another now."""
        for group, belongs in (
            (self._queued, run.status is Status.QUEUED),
            (self._active, run.status.active),
        ):
            if belongs and run.id not in group:
                group[run.id] = None
                self._since[run.id] = time.monotonic()
                self._order = None
            elif not belongs and run.id in group:
                del group[run.id]
                self._order = None
        if run.status.ended:
            self._since.pop(run.id, None)

    def get(self, run_id: str) -> RunInfo | None:
        """One run; None if there is none of that id."""
        return self._runs.get(run_id)

    def all(self, owner: str | None = None) -> list[RunInfo]:
        """All runs, or an owner's, newest first."""
        if owner is None:
            return list(reversed(self._runs.values()))
        return [self._runs[run_id] for run_id in reversed(self._of_owner.get(owner, {}))]

    @property
    def queued(self) -> list[RunInfo]:
        """Runs that wait, in the order in which they came."""
        return [self._runs[run_id] for run_id in self._queued]

    @property
    def turns(self) -> list[RunInfo]:
        """Runs that wait for their turn; none of a sweep that is held, or of the background's."""
        return [run for run in self.queued if not self.holds(run)]

    def hold(self, sweeps: frozenset[str]) -> None:
        """Let the runs of these sweeps, and of no others, wait without a turn."""
        self._held, self._order = sweeps, None

    def hold_background(self, waits: bool) -> None:
        """Whether the run that the server trains by itself waits without a turn; at first it does.

        Args:
            waits: from now on.
        """
        if waits != self._background_waits:
            self._background_waits, self._order = waits, None

    def holds(self, run: RunInfo) -> bool:
        """Whether a run waits without a turn."""
        return self._background_waits if run.ready_made else run.sweep in self._held

    @property
    def active(self) -> list[RunInfo]:
        """Runs under way."""
        return [self._runs[run_id] for run_id in self._active]

    def waited(self, runs: Iterable[RunInfo]) -> list[Waited]:
        """For how long each of these runs has waited, or been under way."""
        now = time.monotonic()
        return [Waited(run, (now - self._since[run.id]) / 60) for run in runs]

    def order(self) -> list[RunInfo]:
        """The order in which queued runs are admitted; made once, as long as it stays the same."""
        if self._order is None:
            self._order = turn_order(self.turns, self.active, self._last_turns, self._most_active)
        return self._order

    def queue_positions(self) -> dict[str, int]:
        """The position of each run that waits, by id; 1 is next."""
        return {run.id: position for position, run in enumerate(self.order(), 1)}
