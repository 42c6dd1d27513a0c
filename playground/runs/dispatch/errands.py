"""Errands: a thread that does what others must not wait for."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")
_log = logging.getLogger(__name__)


class Errands:
    """Does one errand after another, in the order in which they came; one that fails ends no other.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin with what waits."""
        self._thread.start()

    def do(self, errand: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have an errand done; returns at once."""
        self._queue.put(lambda: errand(*args, **kwargs))

    def close(self, seconds: float | None = None) -> None:
        """Do what waits, then end.

        Args:
            seconds: for so long this waits for the end; None for as long as it takes.
        """
        self._queue.put(None)
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _work(self) -> None:
        while (errand := self._queue.get()) is not None:
            try:
                errand()
            except Exception:
                _log.exception("an errand of %s failed", self._thread.name)
