"""The form of the database, step by step: any earlier version's becomes today's.

A new database goes through the same steps. A step that has been released never changes: it uses
no definition from elsewhere, since those go on to change.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from playground.locales import lazy

_log = logging.getLogger(__name__)


class NewerDatabaseError(Exception):
    """A newer version of the playground has made the database; the message says what to do."""


def migrate(engine: sa.Engine) -> None:
    """Bring a database to this version's form, all steps or none, and log what was done.

    An SQLite file is copied before, to one beside it with the version and the time in its name.

    Raises:
        NewerDatabaseError: it has a form that this version does not know.
        SQLAlchemyError, sqlite3.Error, OSError: it refuses; it is as it was.
    """
    with engine.begin() as connection:
        if (found := _version(connection)) == len(_STEPS):
            return
        hold(connection)
        found = _version(connection)
        if found > len(_STEPS):
            raise NewerDatabaseError(
                lazy(
                    "A newer version of the playground has made this database: its form has number "
                    "{found}, and this version knows forms up to {known}. Start the newer version, "
                    "or give this one its own data folder with PLAYGROUND_HOME.",
                    found=found,
                    known=len(_STEPS),
                )
            )
        if found:
            _copy(engine, found)
        for step in _STEPS[found:]:
            step(connection)
        connection.execute(_schema.delete())
        connection.execute(_schema.insert().values(version=len(_STEPS)))
    if found:
        _log.warning("The database was brought from form %d to form %d.", found, len(_STEPS))
        _sweep(engine)


def _version(connection: sa.Connection) -> int:
    """The number of steps that a database has behind it; 0 is an empty one."""
    inspector = sa.inspect(connection)
    if inspector.has_table("schema_version"):
        return connection.scalar(sa.select(_schema.c.version)) or 0
    return 1 if inspector.has_table("runs") else 0  # the first form kept no number


def hold(connection: sa.Connection) -> None:
    """Wait for anybody else who holds the database so, and hold it until the transaction ends."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # its driver begins none for CREATE TABLE
    elif connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def sqlite_file(engine: sa.Engine) -> Path | None:
    """The file of a database that is one, and may be written."""
    name = engine.url.database or ""
    is_file = engine.dialect.name == "sqlite" and name not in ("", ":memory:")
    return Path(name) if is_file and not name.startswith("file:") else None


def _copy(engine: sa.Engine, version: int) -> None:
    path = sqlite_file(engine)
    if path is None:
        return
    name = f"{path.stem}.form{version}.{datetime.now(timezone.utc):%Y%m%dT%H%M%S}{path.suffix}"
    source, copy = sqlite3.connect(path), sqlite3.connect(path.with_name(name))
    try:
        path.with_name(name).chmod(0o600)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file for anyone who opens it
    finally:
        source.close()
        copy.close()
    _log.warning("The database as it was before is kept as %s.", path.with_name(name))


def _sweep(engine: sa.Engine) -> None:
    """Leave nothing of what was overwritten in the free parts of an SQLite file."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except SQLAlchemyError as error:  # it needs as much space again; the database is whole
        _log.warning("The database could not be tidied up: %s", error)


_LOCK = 5_730_141  # any number, the same for every version
_schema = sa.Table("schema_version", sa.MetaData(), sa.Column("version", sa.Integer))


def _first_form(connection: sa.Connection) -> None:
    """Runs, events and sketches, as far as they are not there; and the number of the form."""
    form = sa.MetaData()
    sa.Table(
        "runs",
        form,
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("config", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    sa.Table(
        "events",
        form,
        sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    sa.Table(
        "sketches",
        form,
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("label", sa.Integer, nullable=False),
        sa.Column("item", sa.LargeBinary(784), nullable=False),
        sa.Column("strokes", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    sa.Table(
        "sketchbook_owner",
        form,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(255), nullable=False),
    )
    form.create_all(connection)


def _numbers_sides_and_hashes(connection: sa.Connection) -> None:
    """Runs are numbered, a sketch says its side, browsers' names are hashed."""
    _first_form(connection)  # a database may be older than the sketchbook
    for statement in (
        "CREATE TABLE schema_version (version INTEGER NOT NULL)",
        "ALTER TABLE runs ADD COLUMN number INTEGER NOT NULL DEFAULT 0",
        "UPDATE runs SET number = ordered.number FROM "
        "(SELECT id, row_number() OVER (ORDER BY created, id) AS number FROM runs) AS ordered "
        "WHERE ordered.id = runs.id",
        "CREATE UNIQUE INDEX ix_runs_number ON runs (number)",
        "ALTER TABLE sketches ADD COLUMN side VARCHAR(5) NOT NULL DEFAULT 'test'",
        "UPDATE sketches SET side = 'train' WHERE substr(id, length(id), 1) "
        "IN ('1', '3', '5', '7', '9', 'b', 'd', 'f')",
    ):
        connection.exec_driver_sql(statement)
    for name in ("runs", "sketches", "sketchbook_owner"):
        table = sa.table(name, sa.column("owner", sa.String))
        for owner in connection.scalars(sa.select(table.c.owner).distinct()).all():
            if owner.startswith("browser:"):
                token = owner.removeprefix("browser:").encode("utf-8", "surrogatepass")
                hashed = f"browser:{hashlib.sha256(token).hexdigest()}"
                connection.execute(
                    table.update().where(table.c.owner == owner).values(owner=hashed)
                )


def _sides_of_owners(connection: sa.Connection) -> None:
    """An owner's drawings are on one side from now on: where most of them are already."""
    for statement in (
        "CREATE TABLE sketch_sides (owner VARCHAR(255) NOT NULL PRIMARY KEY, "
        "side VARCHAR(5) NOT NULL)",
        "INSERT INTO sketch_sides (owner, side) SELECT owner, "
        "CASE WHEN 2 * sum(CASE WHEN side = 'train' THEN 1 ELSE 0 END) >= count(*) "
        "THEN 'train' ELSE 'test' END FROM sketches GROUP BY owner",
        # What the Sketchbook page counts, without reading the drawings.
        "CREATE INDEX ix_sketches_owner_label_side ON sketches (owner, label, side)",
    ):
        connection.exec_driver_sql(statement)


def _deletions(connection: sa.Connection) -> None:
    """Runs that are deleted, until their files are, too."""
    connection.exec_driver_sql(
        "CREATE TABLE deleted_runs (run_id VARCHAR(32) NOT NULL PRIMARY KEY)"
    )


def _names_and_summaries(connection: sa.Connection) -> None:
    """Owners name, star and note their runs; a run's newest numbers stand beside it."""
    for statement in (
        "ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN starred BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE runs ADD COLUMN summary JSON NOT NULL DEFAULT '{}'",
    ):
        connection.exec_driver_sql(statement)
    form = sa.MetaData()
    runs = sa.Table("runs", form, sa.Column("id", sa.String), sa.Column("summary", sa.JSON))
    events = sa.table(
        "events", sa.column("run_id"), sa.column("seq"), sa.column("kind"), sa.column("data")
    )
    told = sa.select(events.c.kind, sa.cast(events.c.data, sa.Text)).order_by(events.c.seq)
    told = told.where(events.c.kind.in_(["epoch", "test"]))
    for run_id in connection.scalars(sa.select(runs.c.id)).all():
        rows = connection.execute(told.where(events.c.run_id == run_id))
        if summary := _summary((kind, text) for kind, text in rows):
            connection.execute(runs.update().where(runs.c.id == run_id).values(summary=summary))


class _Summary(TypedDict, total=False):
    epochs: int
    seconds: float
    accuracy: float
    val_accuracies: list[float]
    test_accuracy: float


def _summary(rows: Iterable[tuple[str, str]]) -> _Summary:
    """What the events of a run's epochs and its test add up to; what cannot be read is left out."""
    summary: _Summary = {}
    new: _Summary
    for kind, text in rows:
        try:
            data = json.loads(text)
            if kind == "test":
                new = {"test_accuracy": float(data["accuracy"])}
            else:
                validated = [*summary.get("val_accuracies", []), float(data["val_accuracy"])]
                new = {
                    "epochs": int(data["epoch"]),
                    "seconds": summary.get("seconds", 0.0) + float(data["seconds"]),
                    "accuracy": float(data["accuracy"]),
                    "val_accuracies": validated,
                }
            json.dumps(new, allow_nan=False)
            summary |= new
        except (KeyError, TypeError, ValueError, OverflowError):
            continue
    return summary


def _parents(connection: sa.Connection) -> None:
    """A run may go on from another one, after some of its epochs."""
    for statement in (
        "ALTER TABLE runs ADD COLUMN parent VARCHAR(32)",
        "ALTER TABLE runs ADD COLUMN parent_epoch INTEGER NOT NULL DEFAULT 0",
    ):
        connection.exec_driver_sql(statement)


def _sweeps(connection: sa.Connection) -> None:
    """Sweeps, and which run belongs to one; a summary says if the rate was changed by hand."""
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN sweep VARCHAR(32) NOT NULL DEFAULT ''")
    form = sa.MetaData()
    sa.Table(
        "sweeps",
        form,
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    form.create_all(connection)
    runs = sa.table("runs", sa.column("id"), sa.column("summary", sa.JSON))
    text = sa.select(sa.cast(runs.c.summary, sa.Text))
    changed = "SELECT DISTINCT run_id FROM events WHERE kind = 'learning_rate'"
    for run_id in connection.exec_driver_sql(changed).scalars().all():
        try:
            summary = json.loads(connection.scalar(text.where(runs.c.id == run_id)) or "{}")
            values = {**summary, "by_hand": True}
        except (TypeError, ValueError):
            continue
        connection.execute(runs.update().where(runs.c.id == run_id).values(summary=values))


def _lessons(connection: sa.Connection) -> None:
    """A run may be started by a page of Learn."""
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN lesson VARCHAR(32) NOT NULL DEFAULT ''")


def _classes(connection: sa.Connection) -> None:
    """Classes and what has happened in them; which runs belong to one, and which are sealed."""
    for statement in (
        "ALTER TABLE runs ADD COLUMN classroom VARCHAR(64) NOT NULL DEFAULT ''",
        "ALTER TABLE runs ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE",
    ):
        connection.exec_driver_sql(statement)
    form = sa.MetaData()
    sa.Table(
        "classes",
        form,
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("solo", sa.Boolean, nullable=False),
        sa.Column("code", sa.String(16), nullable=False, index=True),
        sa.Column("secrets", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
    )
    sa.Table(
        "class_events",
        form,
        sa.Column("class_id", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    form.create_all(connection)


_STEPS: tuple[Callable[[sa.Connection], None], ...] = (
    _first_form,
    _numbers_sides_and_hashes,
    _sides_of_owners,
    _deletions,
    _names_and_summaries,
    _parents,
    _sweeps,
    _lessons,
    _classes,
)
