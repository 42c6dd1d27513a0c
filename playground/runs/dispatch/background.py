"""The run that the server trains by itself: when it may begin, and when it gives way to others."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from playground.events import EpochEnd, EventData, Progress, Status
from playground.locales import mark
from playground.settings import settings
from playground.store.runs import RunInfo

# So long nobody else has trained or waited before it begins, or goes on: not between two runs of a
# class.
CALM_SECONDS = 20.0
# A command to give way that has had no effect for so long is sent again.
AGAIN_SECONDS = 5.0
# When its worker has ended unexpectedly so often, it is given up until the server starts again.
MOST_CRASHES = 3

GIVES_WAY = mark("It trains while nobody else trains or waits, and goes on by itself.")
TURNED_OFF = mark("This server is set not to train it now. What it has learned is kept.")
_log = logging.getLogger(__name__)


class Background:
    """What is decided about that run. Not safe for threads: the standings have a lock.

    Attributes:
        busy: whether somebody else trains or waits, as `look` saw it last.
    """

    def __init__(self) -> None:
        self._on = settings().ready_made
        self.busy = False
        self._busy_until = time.monotonic()
        self._crashes = 0
        self._told: dict[str, float] = {}
        self._reached: dict[str, float] = {}

    @property
    def why_it_waits(self) -> str:
        """What is said of it while it waits, in English."""
        return GIVES_WAY if self._on else TURNED_OFF

    def look(self, runs: Iterable[RunInfo]) -> bool:
        """See who else trains or waits; returns whether it has to wait.

        Somebody's paused run needs no processor, so it does not count.

        Args:
            runs: all that train or wait for their turn.
        """
        now = time.monotonic()
        self.busy = any(not run.ready_made and run.status is not Status.PAUSED for run in runs)
        if self.busy:
            self._busy_until = now
        return not self._on or now - self._busy_until < CALM_SECONDS

    def to_give_way(self, active: Iterable[RunInfo]) -> list[RunInfo]:
        """What is to give way now, and has not just been told so."""
        if not self.busy:
            return []
        now = time.monotonic()
        late = now - AGAIN_SECONDS
        found = [run for run in active if run.ready_made and self._told.get(run.id, late) <= late]
        self._told |= dict.fromkeys((run.id for run in found), now)
        return found

    def what_becomes(self, run: RunInfo, status: Status, reason: str) -> tuple[Status, str]:
        """Status and reason of a run that does not train any more; only this run goes on later."""
        if not run.ready_made:
            return status, reason
        self._told.pop(run.id, None)
        if status is Status.INTERRUPTED:
            self._crashes += 1
            self._busy_until = time.monotonic()
            _log.warning("The ready-made network was interrupted: %s", reason)
            if self._crashes < MOST_CRASHES:
                status = Status.QUEUED
        if status is Status.QUEUED:
            return status, self.why_it_waits
        if status in (Status.FAILED, Status.INTERRUPTED):
            _log.error("The ready-made network is given up until the next start: %s", reason)
        return status, reason

    def reach(self, run_id: str, position: float) -> None:
        """It has been told that this run stood there, in epochs, before the server started."""
        self._reached[run_id] = position

    def is_news(self, run: RunInfo, data: EventData) -> bool:
        """Whether an event says something new: what was lost is trained again, to the same bit."""
        if not run.ready_made:
            return True
        if isinstance(data, EpochEnd):
            return data.epoch > run.summary.epochs
        if isinstance(data, Progress):
            reached = self._reached.get(run.id, float(run.summary.epochs))
            self._reached[run.id] = max(reached, data.epoch)
            return data.epoch > reached
        return True
