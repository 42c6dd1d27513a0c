"""The run store: runs and their events in a database, artefacts in files beside it."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from playground.events import (
    EpochEnd,
    Evaluation,
    Event,
    LearningRateChange,
    Status,
    StatusChange,
)
from playground.locales import lazy
from playground.settings import settings
from playground.store.artefacts import Artefacts
from playground.store.database import RefusedError, StoreError, open_database, translate_errors
from playground.store.migrations import hold, sqlite_file
from playground.store.rows import (
    READY_MADE,
    RunInfo,
    TolerantJson,
    TolerantTime,
    new_run_id,
    read_event,
    read_run,
)
from playground.store.summaries import read_summary

__all__ = ["RefusedError", "RunInfo", "Store", "StoreError", "new_run_id"]

_log = logging.getLogger(__name__)
MAX_REFUSED_BYTES = 10 * 2**20


_metadata = sa.MetaData()
_runs = sa.Table(
    "runs",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("config", TolerantJson, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", TolerantTime(timezone=True), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("starred", sa.Boolean, nullable=False),
    sa.Column("summary", TolerantJson, nullable=False),
    sa.Column("parent", sa.String(32), nullable=True),
    sa.Column("parent_epoch", sa.Integer, nullable=False),
    sa.Column("sweep", sa.String(32), nullable=False),
    sa.Column("lesson", sa.String(32), nullable=False),
    sa.Column("classroom", sa.String(64), nullable=False),
    sa.Column("sealed", sa.Boolean, nullable=False),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("data", TolerantJson, nullable=False),
)
_deleted = sa.Table("deleted_runs", _metadata, sa.Column("run_id", sa.String(32), primary_key=True))


class Usage(NamedTuple):
    """How many bytes the database and the runs' files have, and how many are free."""

    database: int
    artefacts: int
    free: int


class Store:
    """Runs, events and artefacts, on SQLite in WAL mode or any database SQLAlchemy speaks to.

    Attributes:
        engine: SQLAlchemy's, for what else is kept in the same database.
        files: what runs leave beside it.

    Args:
        folder: for the SQLite file and the artefacts; made if it is not there.
        url: another database, by default `PLAYGROUND_DATABASE_URL`.

    Raises:
        StoreError: from every method, when the database or the disk refuses.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        url = url or settings().database_url
        self._folder = folder
        self.files = Artefacts(folder / "artefacts")
        self.engine = open_database(folder, url)

    def check(self) -> None:
        """Notice whether the database has gone; an SQLite file is then written again."""
        with translate_errors(), self.engine.connect():
            pass

    def close(self) -> None:
        """Close all connections."""
        try:
            self.check()
        except StoreError as error:
            _log.error("The database is left as it is: %s", error)
        self.engine.dispose()

    def add_run(self, run: RunInfo) -> RunInfo:
        """Write a new run; returns it with its number.

        If that fails, once more: it may be there, and only the answer have been lost.
        """
        next_number = sa.select(sa.func.coalesce(sa.func.max(_runs.c.number), 0) + 1)
        row = {
            "id": run.id,
            "owner": run.owner,
            "config": run.config.model_dump(mode="json"),
            "status": run.status.value,
            "reason": run.reason,
            "created": run.created,
            "number": next_number.scalar_subquery(),
            "name": run.name,
            "note": run.note,
            "starred": run.starred,
            "summary": run.summary.model_dump(mode="json"),
            "parent": run.parent,
            "parent_epoch": run.parent_epoch,
            "sweep": run.sweep,
            "lesson": run.lesson,
            "classroom": run.classroom,
            "sealed": run.sealed,
        }
        self.check_space()
        try:
            number = self._add_row(row)
        except RefusedError:
            raise
        except StoreError:
            number = self._add_row(row)
        return replace(run, number=number)

    def _add_row(self, row: dict[str, object]) -> int:
        with translate_errors(), self.engine.begin() as connection:
            hold(connection)
            there = connection.scalar(sa.select(_runs.c.number).where(_runs.c.id == row["id"]))
            if there is None:
                there = connection.scalar(_runs.insert().values(row).returning(_runs.c.number))
            return int(there or 0)

    def append(self, events: list[Event]) -> None:
        """Write events, all or none; with them its run's status and summary, where they change.

        Those that are there are left as they are: a commit whose answer was lost is tried again.

        Raises:
            RefusedError: the database is there, and one of them is nothing it can hold.
        """
        try:
            self._append(events)
        except (TypeError, ValueError) as error:  # some drivers write JSON themselves
            raise RefusedError(lazy("It cannot be written ({problem}).", problem=error)) from error

    def _append(self, events: list[Event]) -> None:
        with translate_errors(), self.engine.begin() as connection:
            _insert_or_ignore(connection, [_row(event) for event in events])
            for event in events:
                if isinstance(event.data, StatusChange):
                    connection.execute(
                        _runs.update()
                        .where(_runs.c.id == event.run_id)
                        .values(status=event.data.status.value, reason=event.data.reason)
                    )
                elif isinstance(event.data, EpochEnd | Evaluation | LearningRateChange):
                    _sum_up(connection, event)

    def describe_run(
        self,
        run_id: str,
        *,
        name: str | None = None,
        note: str | None = None,
        starred: bool | None = None,
    ) -> None:
        """Write what an owner says of a run; what is None stays as it is."""
        said = {"name": name, "note": note, "starred": starred}
        values = {column: value for column, value in said.items() if value is not None}
        if values:
            with translate_errors(), self.engine.begin() as connection:
                connection.execute(_runs.update().where(_runs.c.id == run_id).values(values))

    def runs(self) -> list[RunInfo]:
        """All runs in the order of submission, also those of another version."""
        with translate_errors(), self.engine.connect() as connection:
            rows = connection.execute(sa.select(_runs).order_by(_runs.c.number)).mappings()
            runs = [read_run(row) for row in rows]
        for run in runs:
            if run.foreign:
                _log.warning("Run %s: %s", run.id, run.foreign)
        return runs

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """The events of a run whose seq is greater than `after`, in order.

        What another version wrote is left out where this one cannot read it.
        """
        query = sa.select(_events).where(_events.c.run_id == run_id, _events.c.seq > after)
        with translate_errors(), self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_events.c.seq)).mappings()
            return [event for row in rows if (event := read_event(row))]

    def epochs(self, run_ids: Iterable[str]) -> list[Event]:
        """The finished epochs of runs, each run's in order, by one query.

        What another version wrote is left out where this one cannot read it.
        """
        query = sa.select(_events).where(
            _events.c.run_id.in_(list(run_ids)), _events.c.kind == EpochEnd.kind
        )
        with translate_errors(), self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_events.c.run_id, _events.c.seq)).mappings()
            return [event for row in rows if (event := read_event(row))]

    def last_seqs(self, run_ids: Iterable[str]) -> dict[str, int]:
        """The highest seq of each run's events; 0 of a run that has none."""
        found: dict[str, int] = {}
        highest = sa.select(sa.func.max(_events.c.seq))
        with translate_errors(), self.engine.connect() as connection:
            for run_id in run_ids:
                found[run_id] = connection.scalar(highest.where(_events.c.run_id == run_id)) or 0
        return found

    def set_aside(self, run_id: str, seq: int, kind: str, data: object, why: str) -> None:
        """Write what cannot be kept as an event into a file beside the database, `refused.jsonl`.

        At most `MAX_REFUSED_BYTES`; beyond that the log is all that tells of it.
        """
        line = json.dumps(
            {"run_id": run_id, "seq": seq, "kind": kind, "data": data, "refused": why}, default=str
        )
        path = self._folder / "refused.jsonl"
        with translate_errors():
            if not path.exists() or path.stat().st_size + len(line) <= MAX_REFUSED_BYTES:
                with path.open("a", encoding="utf-8") as file:
                    file.write(f"{line}\n")

    # Files of runs

    def save_artefact(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of a run, whole or not at all."""
        self.files.save(run_id, name, content)

    def artefacts(self, run_id: str) -> list[str]:
        """The names of a run's files that are whole, sorted."""
        return self.files.names(run_id)

    def artefact(self, run_id: str, name: str) -> bytes | None:
        """A file of a run; None if there is none."""
        return self.files.read(run_id, name)

    def remove_artefact(self, run_id: str, name: str) -> None:
        """Delete a file of a run; nothing happens if it is gone."""
        self.files.remove(run_id, name)

    # What is kept, and for how long

    def delete_run(self, run_id: str) -> None:
        """Delete a run with its events and files; nothing happens if it is gone.

        Files that cannot be deleted now, or come late, go with the next `sweep`.
        """
        with translate_errors(), self.engine.begin() as connection:
            hold(connection)
            if connection.execute(_deleted.select().where(_deleted.c.run_id == run_id)).first():
                return
            connection.execute(_events.delete().where(_events.c.run_id == run_id))
            connection.execute(_runs.delete().where(_runs.c.id == run_id))
            connection.execute(_deleted.insert().values(run_id=run_id))
        try:
            self.files.delete(run_id)
        except StoreError as error:
            _log.warning("Files of the deleted run %s are still there: %s", run_id, error)

    def sweep(self) -> None:
        """Delete what is left of deleted runs, and what was half-written when a server ended."""
        for part in self._folder.glob("*.sqlite.*.partial*"):
            part.unlink(missing_ok=True)
        with translate_errors(), self.engine.connect() as connection:
            deleted = connection.scalars(sa.select(_deleted.c.run_id)).all()
            known = set(connection.scalars(sa.select(_runs.c.id)))
        for run_id in deleted:
            self.files.delete(run_id)
        with translate_errors(), self.engine.begin() as connection:
            connection.execute(_deleted.delete().where(_deleted.c.run_id.in_(deleted)))
        self.files.sweep(known)

    def thin(self, before: datetime) -> tuple[int, int]:
        """Delete models and snapshots of runs that ended and were made before a time.

        The one that the server has trained by itself keeps all: it is made once.

        Returns:
            Of how many runs, and how many bytes.
        """
        old = sa.select(_runs.c.id).where(
            _runs.c.created < before,
            _runs.c.status.in_([s.value for s in Status if s.ended]),
            _runs.c.owner != READY_MADE,
        )
        with translate_errors(), self.engine.connect() as connection:
            runs = connection.scalars(old).all()
        freed = [self.files.thin(run_id) for run_id in runs]
        return sum(map(bool, freed)), sum(freed)

    def usage(self) -> Usage:
        """How much is used; reads the folders of all runs."""
        with translate_errors():
            if path := sqlite_file(self.engine):
                database = sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
            else:
                with self.engine.connect() as connection:
                    size = sa.func.pg_database_size(sa.func.current_database())
                    database = int(connection.scalar(sa.select(size)) or 0)
            return Usage(database, self.files.size(), shutil.disk_usage(self._folder).free)

    def check_space(self) -> None:
        """Whether there is room for a new run.

        Raises:
            StoreError: there is less than `PLAYGROUND_MIN_FREE_MIB`.
        """
        least = settings().min_free_mib
        with translate_errors():
            free = shutil.disk_usage(self._folder).free / 2**20
        if free < least:
            raise StoreError(
                lazy(
                    "The disk of the server is nearly full: {free:,.0f} MiB are free, and the last "
                    "{least:,} MiB are for the runs that train. Delete runs that nobody needs, or "
                    "ask the person who runs the server for more space; then try again.",
                    free=free,
                    least=least,
                )
            )


def _sum_up(connection: sa.Connection, event: Event) -> None:
    """Bring the summary of an event's run up to date."""
    this = _runs.c.id == event.run_id
    summary = read_summary(connection.scalar(sa.select(_runs.c.summary).where(this)))
    values = summary.after(event.data).model_dump(mode="json")
    connection.execute(_runs.update().where(this).values(summary=values))


def _row(event: Event) -> dict[str, object]:
    return {
        "run_id": event.run_id,
        "seq": event.seq,
        "kind": event.kind,
        "data": event.data.to_json(),
    }


def _insert_or_ignore(connection: sa.Connection, rows: list[dict[str, object]]) -> None:
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
