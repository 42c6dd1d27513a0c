"""The end of classes by age: a thread that deletes those in which nothing has happened for long."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from playground.classroom.rooms.rooms import Rooms
from playground.settings import settings
from playground.store.classes import ClassStore

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN = 3600


class Upkeep:
    """Deletes old classes, once an hour.

    Args:
        store: their logs.
        rooms: the classes.
        delete: deletes the class with an id.
    """

    def __init__(self, store: ClassStore, rooms: Rooms, delete: Callable[[str], None]) -> None:
        self._store, self._rooms, self._delete = store, rooms, delete
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._tidy, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(10)

    def _tidy(self) -> None:
        while not self._closing.wait(_SECONDS_BETWEEN):
            try:
                self.delete_old()
            except Exception:  # whatever it was, the next time tries again
                _log.exception("old classes could not be deleted")

    def delete_old(self) -> None:
        """Delete the classes that ended long ago, and those in which nothing has happened so long.

        Raises:
            StoreError: one cannot be deleted now.
        """
        oldest = datetime.now(timezone.utc) - timedelta(days=settings().keep_classes_days)
        for row in [room.row for room in self._rooms.all()]:
            events = self._store.events(row.id) if row.created < oldest else None
            last = events[-1].created if events else row.created
            if max(last, row.created) < oldest:
                _log.info("The class %s is deleted: nothing has happened in it for long.", row.id)
                self._delete(row.id)
