"""The database of runs and sketchbook: how it is opened, and its errors as sentences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from playground.locales import Text, lazy, mark
from playground.store.migrations import NewerDatabaseError, migrate, sqlite_file
from playground.store.upkeep.watch import FileWatch


class StoreError(Exception):
    """The store cannot be read or written; the message says why and what to do."""


class RefusedError(StoreError):
    """The store works and refuses what it was given; trying again does not help."""


FILE = "playground.sqlite"

# JSON has no NaN: data with one is refused here, not when it is read.
_to_json = partial(json.dumps, allow_nan=False)

# Seconds that one who writes waits for another.
BUSY_SECONDS = 2.0


def sqlite_path(folder: Path, url: str | None) -> Path | None:
    """Where the SQLite file of a data folder is; None if the database is not SQLite."""
    if not url:
        return folder / FILE
    parts = sa.make_url(url)
    return Path(parts.database or "") if parts.get_backend_name() == "sqlite" else None


def open_database(folder: Path, url: str | None) -> sa.Engine:
    """Connect to a database and bring it to this version's form.

    Args:
        folder: where the SQLite file is, `playground.sqlite`, unless `url` names another place.
        url: another database, as SQLAlchemy writes it.

    Raises:
        StoreError: it cannot be opened, or a newer version has made it.
    """
    with translate_errors():
        if url and not url.startswith("sqlite"):
            options = _options(url)
            engine = sa.create_engine(
                url, pool_pre_ping=True, connect_args=options, json_serializer=_to_json
            )
        else:
            url = url or f"sqlite:///{folder / FILE}"
            engine = sa.create_engine(
                url, connect_args={"timeout": BUSY_SECONDS}, json_serializer=_to_json
            )
            sa.event.listen(engine, "connect", _sqlite_pragmas)
        migrate(engine)
        if path := sqlite_file(engine):
            FileWatch(engine, path)
    return engine


def _options(url: str) -> dict[str, str]:
    # A PostgreSQL database may have no encoding (SQL_ASCII): it then stores bytes as they come, and
    # the client has to say that they are UTF-8.
    psycopg = sa.make_url(url).drivername in ("postgresql+psycopg", "postgresql+psycopg2")
    return {"client_encoding": "utf8"} if psycopg else {}


def _sqlite_pragmas(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # WAL: readers and the writer do not wait for each other. NORMAL is safe against a crash of
    # the process; a power cut may lose the last events but not the file.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise what a database or a disk reports as a `StoreError` that says what to do."""
    try:
        yield
    except NewerDatabaseError as error:
        raise StoreError(*error.args) from error
    except ImportError as error:
        raise StoreError(
            lazy(
                "The driver of the database is missing ({name}). For PostgreSQL, install it with: "
                'pip install ".[postgresql]", and begin the address with postgresql+psycopg://',
                name=error.name,
            )
        ) from error
    except (DataError, IntegrityError) as error:
        raise RefusedError(
            lazy("The database refuses it ({problem}).", problem=error.orig)
        ) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise RefusedError(
                lazy("It cannot be written ({problem}).", problem=error.orig)
            ) from error
        raise StoreError(describe(error)) from error


_FULL = mark("The disk of the server is full. Free some space on it, then try again.")
_READ_ONLY = mark("The data folder is read-only. Let the server write to it, then try again.")
_DAMAGED = mark(
    "The database file is damaged. Move it away, so that a new one is made, then try again."
)
# What a database or a disk says in its report, and what a user reads.
_SIGNS = {
    "full": _FULL,
    "no space left": _FULL,
    "locked": mark(
        "The database is locked by another program. Close that program, then try again."
    ),
    "readonly": mark(
        "The database is read-only. Let the server write to its data folder, then try again."
    ),
    "read-only": _READ_ONLY,
    "permission denied": _READ_ONLY,
    "unable to open": mark(
        "The database cannot be opened. Let the server write to its data folder, then try again."
    ),
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
}


def describe(error: Exception) -> Text:
    """A sentence about what a database or a disk reports, and what to do."""
    # What the database itself says: SQLAlchemy's text holds the values, too.
    text = str(getattr(error, "orig", None) or error).lower()
    for sign, sentence in _SIGNS.items():
        if sign in text:
            return lazy(sentence)
    return lazy(
        "The database cannot be used now ({problem}). Try again in a moment.",
        problem=type(error).__name__,
    )
