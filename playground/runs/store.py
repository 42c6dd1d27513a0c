"""The run store: runs and their events in a database, artefacts in files beside it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from playground.config import RunConfig
from playground.events import Event, Status
from playground.settings import settings

_log = logging.getLogger(__name__)
MAX_REFUSED_BYTES = 10 * 2**20
# JSON knows no NaN: what holds one is refused here, not by whoever reads it.
_to_json = partial(json.dumps, allow_nan=False)


class StoreError(Exception):
    """The store cannot be read or written; the message says why and what to do."""


class RefusedError(StoreError):
    """The store works, and refuses what it was given; to try again does not help."""


@dataclass(frozen=True)
class RunInfo:
    """One run: who owns it, what it is, and where it stands. `created` is in UTC."""

    id: str
    owner: str
    config: RunConfig
    status: Status
    reason: str
    created: datetime


_metadata = sa.MetaData()
_runs = sa.Table(
    "runs",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("config", sa.JSON, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)


class Store:
    """Runs, events and artefacts, on SQLite in WAL mode or any database SQLAlchemy speaks to.

    Attributes:
        engine: SQLAlchemy's, for what else is kept in the same database.

    Args:
        folder: for the SQLite file and the artefacts; made if it is not there.
        url: another database, by default `PLAYGROUND_DATABASE_URL`.

    Raises:
        StoreError: from every method, when the database or the disk refuses.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        url = url or settings().database_url
        self._artefacts = folder / "artefacts"
        with in_words():
            self._artefacts.mkdir(parents=True, exist_ok=True)
            if url and not url.startswith("sqlite"):
                self.engine = sa.create_engine(url, pool_pre_ping=True, json_serializer=_to_json)
            else:
                url = url or f"sqlite:///{folder / 'playground.sqlite'}"
                self.engine = sa.create_engine(
                    url, connect_args={"timeout": 2}, json_serializer=_to_json
                )
                sa.event.listen(self.engine, "connect", _sqlite_pragmas)
            _metadata.create_all(self.engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def add_run(self, run: RunInfo) -> None:
        """Write a new run; if that fails, once more, for it may be there and the answer lost."""
        row = {
            "id": run.id,
            "owner": run.owner,
            "config": run.config.model_dump(mode="json"),
            "status": run.status.value,
            "reason": run.reason,
            "created": run.created,
        }
        try:
            self._add_row(row)
        except StoreError:
            self._add_row(row)

    def _add_row(self, row: dict[str, Any]) -> None:
        with in_words(), self.engine.begin() as connection:
            there = sa.select(_runs.c.id).where(_runs.c.id == row["id"])
            if connection.scalar(there) is None:
                connection.execute(_runs.insert(), row)

    def append(self, events: list[Event]) -> None:
        """Write events, all or none; a status event also sets its run's status.

        Those that are there are left as they are: a commit whose answer was lost is tried again.

        Raises:
            RefusedError: the database is there, and one of them is nothing it can hold.
        """
        with in_words(), self.engine.begin() as connection:
            _insert_or_ignore(connection, [vars(event) for event in events])
            for event in events:
                if event.kind == "status":
                    connection.execute(
                        _runs.update().where(_runs.c.id == event.run_id).values(**event.data)
                    )

    def runs(self) -> list[RunInfo]:
        """All runs, oldest first, but those whose configuration this version cannot read."""
        with in_words(), self.engine.connect() as connection:
            rows = connection.execute(sa.select(_runs).order_by(_runs.c.created)).mappings()
            return list(_readable(rows))

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """The events of a run whose seq is greater than `after`, in order."""
        query = sa.select(_events).where(_events.c.run_id == run_id, _events.c.seq > after)
        with in_words(), self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_events.c.seq)).mappings()
            return [Event(**row) for row in rows]

    def last_seqs(self, run_ids: Iterable[str]) -> dict[str, int]:
        """The highest seq of each run's events; 0 of a run that has none."""
        found: dict[str, int] = {}
        highest = sa.select(sa.func.max(_events.c.seq))
        with in_words(), self.engine.connect() as connection:
            for run_id in run_ids:
                found[run_id] = connection.scalar(highest.where(_events.c.run_id == run_id)) or 0
        return found

    def set_aside(self, event: Event, why: str) -> None:
        """Write an event that the database refuses into a file beside it, `refused.jsonl`.

        At most `MAX_REFUSED_BYTES`; beyond that the log is all that tells of it.
        """
        line = json.dumps({**vars(event), "refused": why}, default=str)
        path = self._artefacts.parent / "refused.jsonl"
        with in_words():
            if not path.exists() or path.stat().st_size + len(line) <= MAX_REFUSED_BYTES:
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")

    def save_artefact(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of a run, whole or not at all."""
        path = self._artefacts / run_id / name
        with in_words():
            path.parent.mkdir(exist_ok=True)
            # A name of its own: the same file may be written twice at once.
            partial = path.with_name(f"{name}.{secrets.token_hex(4)}.partial")
            partial.write_bytes(content)
            partial.replace(path)

    def artefacts(self, run_id: str) -> list[str]:
        """The names of a run's files that are whole, sorted."""
        with in_words():
            found = (self._artefacts / run_id).glob("*")
            return sorted(path.name for path in found if path.suffix != ".partial")

    def artefact(self, run_id: str, name: str) -> bytes | None:
        """A file of a run; None if there is none."""
        try:
            return (self._artefacts / run_id / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(_words(error)) from error


def _insert_or_ignore(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Insert events, without those that are there."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}.get(connection.dialect.name)
    if dialect is not None:
        connection.execute(dialect.insert(_events).on_conflict_do_nothing(), rows)
        return
    runs = {row["run_id"] for row in rows}
    keys = sa.select(_events.c.run_id, _events.c.seq).where(_events.c.run_id.in_(runs))
    there = {(run_id, seq) for run_id, seq in connection.execute(keys)}
    new = [row for row in rows if (row["run_id"], row["seq"]) not in there]
    if new:
        connection.execute(_events.insert(), new)


def _readable(rows: Iterable[Any]) -> Iterator[RunInfo]:
    for row in rows:
        try:
            yield _run(row)
        except ValidationError as error:  # of another version: it is not shown, and not lost
            _log.warning("run %s is left out: %s", row["id"], error)


def _run(row: Any) -> RunInfo:
    created = row["created"]
    if created.tzinfo is None:  # SQLite keeps no time zone
        created = created.replace(tzinfo=timezone.utc)
    return RunInfo(
        row["id"],
        row["owner"],
        RunConfig.model_validate(row["config"]),
        Status(row["status"]),
        row["reason"],
        created,
    )


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # WAL: readers and the writer do not wait for each other. NORMAL is safe against a crash of
    # the process; a power cut may lose the last events but not the file.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


@contextmanager
def in_words() -> Iterator[None]:
    """Raise what a database or a disk reports as a `StoreError`, in words."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise RefusedError(f"The database refuses it ({error.orig}).") from error
    except (SQLAlchemyError, OSError) as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise RefusedError(f"It cannot be written ({error.orig}).") from error
        raise StoreError(_words(error)) from error


def _words(error: Exception) -> str:
    # What the database itself says: SQLAlchemy's text holds the values, too.
    text = str(getattr(error, "orig", None) or error).lower()
    for sign, words in (
        ("full", "The disk of the server is full. Free some space on it"),
        ("no space left", "The disk of the server is full. Free some space on it"),
        ("locked", "The database is locked by another program. Close that program"),
        ("readonly", "The database is read-only. Let the server write to its data folder"),
        ("read-only", "The data folder is read-only. Let the server write to it"),
        ("permission denied", "The data folder is read-only. Let the server write to it"),
        (
            "unable to open",
            "The database cannot be opened. Let the server write to its data folder",
        ),
        ("malformed", "The database file is damaged. Move it away; a new one is made"),
        ("not a database", "The database file is damaged. Move it away; a new one is made"),
    ):
        if sign in text:
            return f"{words}, then try again."
    return f"The database cannot be used just now ({type(error).__name__}). Try again in a moment."
