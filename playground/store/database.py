"""The database under store and sketchbook: how it is opened, and its errors in words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from playground.store.migrations import NewerDatabaseError, migrate, sqlite_file
from playground.store.upkeep.watch import FileWatch


class StoreError(Exception):
    """The store cannot be read or written; the message says why and what to do."""


class RefusedError(StoreError):
    """The store works, and refuses what it was given; to try again does not help."""


FILE = "playground.sqlite"

# JSON knows no NaN: what holds one is refused here, not by whoever reads it.
_to_json = partial(json.dumps, allow_nan=False)


def sqlite_path(folder: Path, url: str | None) -> Path | None:
    """Where the SQLite file of a data folder is; None if the database is none."""
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
    with in_words():
        if url and not url.startswith("sqlite"):
            options = _options(url)
            engine = sa.create_engine(
                url, pool_pre_ping=True, connect_args=options, json_serializer=_to_json
            )
        else:
            url = url or f"sqlite:///{folder / FILE}"
            engine = sa.create_engine(url, connect_args={"timeout": 2}, json_serializer=_to_json)
            sa.event.listen(engine, "connect", _sqlite_pragmas)
        migrate(engine)
        if path := sqlite_file(engine):
            FileWatch(engine, path)
    return engine


def _options(url: str) -> dict[str, Any]:
    # A PostgreSQL database may have been made without an encoding (SQL_ASCII): it then keeps the
    # bytes it is given, and the client has to say that they are UTF-8.
    psycopg = sa.make_url(url).drivername in ("postgresql+psycopg", "postgresql+psycopg2")
    return {"client_encoding": "utf8"} if psycopg else {}


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
    except NewerDatabaseError as error:
        raise StoreError(str(error)) from error
    except ImportError as error:
        raise StoreError(
            f"The driver of the database is missing ({error.name}). For PostgreSQL, install it "
            'with: pip install ".[postgresql]", and begin the address with postgresql+psycopg://'
        ) from error
    except (DataError, IntegrityError) as error:
        raise RefusedError(f"The database refuses it ({error.orig}).") from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise RefusedError(f"It cannot be written ({error.orig}).") from error
        raise StoreError(describe(error)) from error


def describe(error: Exception) -> str:
    """What a database or a disk reports, and what to do, in a sentence."""
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
