"""Notices that the SQLite file has gone while the server runs, and writes it again."""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
from datetime import datetime, timezone
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

_log = logging.getLogger(__name__)

_FILE = "file_number"  # of the file that a connection leads to


class FileWatch:
    """Looks at the file whenever a connection is taken from the pool.

    What has been deleted can be read for as long as somebody has it open: this does. If another
    file stands in its place, that one is moved aside.

    Args:
        engine: on an SQLite file.
        path: the file, which is there.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._path = path.absolute()
        # The file, its log, and the log's index: none of them changes places while it is open.
        self._files = [self._path.with_name(self._path.name + end) for end in ("", "-wal", "-shm")]
        self._file_number = 0
        self._gone: list[sqlite3.Connection] = []
        self._lock = threading.Lock()  # guards what follows, and that one alone writes the file
        self._open()
        sa.event.listen(engine, "do_connect", self._look)
        sa.event.listen(engine, "connect", self._mark)
        sa.event.listen(engine, "checkout", self._check)
        sa.event.listen(engine, "engine_disposed", self._close)

    def _open(self) -> None:
        # Two: who blocks a database cannot copy it at the same time.
        self._readers = [sqlite3.connect(self._path, 2, check_same_thread=False) for _ in range(2)]
        for reader in self._readers:
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the log, too
        self._seen = self._now()

    def _close(self, *_: object) -> None:
        with self._lock:
            for reader in self._readers + self._gone:
                reader.close()
            self._readers, self._gone = [], []

    def _look(self, *_: object) -> None:
        """Before a connection is made: write the file again, if it has gone."""
        if self._now() == self._seen:
            return
        with self._lock:
            if self._readers and self._now() != self._seen:
                self._write_again()
                self._gone += self._readers
                self._open()
                self._file_number += 1

    def _mark(self, _connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_FILE] = self._file_number

    def _check(self, _connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        """Before a connection is used: it must lead to the file that is there."""
        self._look()
        if record.info.get(_FILE, 0) != self._file_number:
            raise DisconnectionError  # the pool makes another

    def _write_again(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        reader, blocker = self._readers
        # Until the end: what somebody still writes there would be lost. To them it is locked.
        if not blocker.in_transaction:
            blocker.execute("BEGIN IMMEDIATE")
        partial = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}.partial")
        copy = sqlite3.connect(partial)
        try:
            partial.chmod(0o600)
            reader.backup(copy)
        finally:
            copy.close()
        name = f"{self._path.name}.found-{datetime.now(timezone.utc):%Y%m%dT%H%M%S}"
        for found, now, ours in zip(self._files, self._now(), self._seen, strict=True):
            if now not in (None, ours):
                found.replace(found.with_name(found.name.replace(self._path.name, name)))
                _log.error("What was found in place of the database is kept as %s.", name)
        partial.replace(self._path)
        for log in self._files[1:]:  # of the file that has gone; all of it is in the new one
            log.unlink(missing_ok=True)
        _log.error(
            "The database %s was deleted or replaced while the server ran. It has been written "
            "again, with all runs and events; models and snapshots that were deleted are gone. "
            "Stop the server before you move its data.",
            self._path,
        )

    def _now(self) -> list[tuple[int, int] | None]:
        return [_identity(path) for path in self._files]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
