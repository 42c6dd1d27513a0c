"""The bin: runs that were thrown away, and can be taken back for some seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

_log = logging.getLogger(__name__)

UNDO_SECONDS = 10.0


class Bin:
    """Deletes what is thrown away, unless it is taken back in time. Any thread may use it.

    It is in memory: what is in it when a server crashes is there again afterwards.

    Args:
        delete: deletes a run for good; what it raises is logged, and the run is out of the bin.
        seconds: for so long a run can be taken back.
    """

    def __init__(self, delete: Callable[[str], None], seconds: float = UNDO_SECONDS) -> None:
        self._delete, self._seconds = delete, seconds
        self._lock = threading.Lock()  # guards what follows, and is never held while deleting
        self._timers: dict[threading.Timer, None] = {}
        self._thrown: dict[str, threading.Timer] = {}
        self._going: set[str] = set()

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._thrown or run_id in self._going

    def put(self, run_ids: Iterable[str]) -> None:
        """Throw runs away."""
        run_ids = list(run_ids)
        timer = threading.Timer(self._seconds, lambda: self._empty(timer))
        timer.daemon = True
        with self._lock:
            self._timers[timer] = None
            self._thrown |= dict.fromkeys(run_ids, timer)
        timer.start()

    def take_back(self, run_ids: Iterable[str]) -> None:
        """Take runs out again; those that are being deleted are gone."""
        with self._lock:
            for run_id in run_ids:
                self._thrown.pop(run_id, None)

    def close(self) -> None:
        """Delete now what is in it."""
        with self._lock:
            timers = list(self._timers)
        for timer in timers:
            timer.cancel()
            self._empty(timer)

    def _empty(self, timer: threading.Timer) -> None:
        with self._lock:
            self._timers.pop(timer, None)
            going = [run_id for run_id, until in self._thrown.items() if until is timer]
            self._going |= set(going)
            for run_id in going:
                del self._thrown[run_id]
        for run_id in going:
            try:
                self._delete(run_id)
            except Exception:  # one that cannot be deleted must not keep the others
                _log.exception("run %s could not be deleted, and is back", run_id)
            with self._lock:
                self._going.discard(run_id)
