"""The run store: runs and their events in a database, artefacts in files beside it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from playground.config import RunConfig
from playground.events import Event, Status
from playground.runs.database import RefusedError, StoreError, describe, in_words, open_database
from playground.runs.migrations import hold
from playground.settings import settings

__all__ = ["RefusedError", "RunInfo", "Store", "StoreError"]

_log = logging.getLogger(__name__)
MAX_REFUSED_BYTES = 10 * 2**20


@dataclass(frozen=True)
class RunInfo:
    """One run: who owns it, what it is, and where it stands.

    Attributes:
        created: in UTC, by the server's clock.
        number: 1, 2, 3, … in the order of submission; 0 before the store has it.
        foreign: a sentence, if another version made the run and this one does not know all of
            it. What is known is in `config`; its status is one that has ended. Empty for others.
    """

    id: str
    owner: str
    config: RunConfig
    status: Status
    reason: str
    created: datetime
    number: int = 0
    foreign: str = ""


class _Tolerant(TypeDecorator[Any]):
    """A column in which what cannot be read is None."""

    cache_ok = True
    impl: type[TypeEngine[Any]] = sa.JSON

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        read = super().result_processor(dialect, coltype) or (lambda value: value)

        def read_or_none(value: Any) -> Any:
            try:
                return read(value)
            except (TypeError, ValueError):
                return None

        return read_or_none


class _Time(_Tolerant):
    impl = sa.DateTime


_metadata = sa.MetaData()
_runs = sa.Table(
    "runs",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("config", _Tolerant, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created", _Time(timezone=True), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("data", _Tolerant, nullable=False),
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
        self.engine = open_database(folder, url)

    def check(self) -> None:
        """Notice whether the database has gone; an SQLite file is then written again."""
        with in_words(), self.engine.connect():
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
        }
        try:
            number = self._add_row(row)
        except RefusedError:
            raise
        except StoreError:
            number = self._add_row(row)
        return replace(run, number=number)

    def _add_row(self, row: dict[str, Any]) -> int:
        with in_words(), self.engine.begin() as connection:
            hold(connection)
            there = connection.scalar(sa.select(_runs.c.number).where(_runs.c.id == row["id"]))
            if there is None:
                there = connection.scalar(_runs.insert().values(row).returning(_runs.c.number))
            return int(there or 0)

    def append(self, events: list[Event]) -> None:
        """Write events, all or none; a status event also sets its run's status.

        Those that are there are left as they are: a commit whose answer was lost is tried again.

        Raises:
            RefusedError: the database is there, and one of them is nothing it can hold.
        """
        try:
            self._append(events)
        except (TypeError, ValueError) as error:  # some drivers write JSON themselves
            raise RefusedError(f"It cannot be written ({error}).") from error

    def _append(self, events: list[Event]) -> None:
        with in_words(), self.engine.begin() as connection:
            _insert_or_ignore(connection, [vars(event) for event in events])
            for event in events:
                if event.kind == "status":
                    connection.execute(
                        _runs.update().where(_runs.c.id == event.run_id).values(**event.data)
                    )

    def runs(self) -> list[RunInfo]:
        """All runs in the order of submission, also those of another version."""
        with in_words(), self.engine.connect() as connection:
            rows = connection.execute(sa.select(_runs).order_by(_runs.c.number)).mappings()
            runs = [_run(row) for row in rows]
        for run in runs:
            if run.foreign:
                _log.warning("Run %s: %s", run.id, run.foreign)
        return runs

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """The events of a run whose seq is greater than `after`, in order.

        What another version wrote is left out where this one cannot read it.
        """
        query = sa.select(_events).where(_events.c.run_id == run_id, _events.c.seq > after)
        with in_words(), self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_events.c.seq)).mappings()
            return [event for row in rows if (event := _event(row))]

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
            path.parent.mkdir(parents=True, exist_ok=True)
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
            raise StoreError(describe(error)) from error


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


def _run(row: Any) -> RunInfo:
    config, unknown = _config(row["config"])
    created, word = row["created"], row["status"]
    if created is None:
        created, unknown = datetime.fromtimestamp(0, timezone.utc), [*unknown, "its date"]
    elif created.tzinfo is None:  # SQLite keeps no time zone
        created = created.replace(tzinfo=timezone.utc)
    status = _status(word)
    if status is None:
        unknown.append(f"its status “{word}”")
    foreign = ""
    if unknown:
        foreign = (
            "This run was made by another version of the playground. "
            f"This version does not know {', '.join(unknown)}. The run can only be looked at."
        )
        status = status if status and status.ended else Status.INTERRUPTED  # nobody trains it
    return RunInfo(
        row["id"],
        row["owner"],
        config,
        status or Status.INTERRUPTED,
        row["reason"],
        created,
        row["number"],
        foreign,
    )


def _config(values: Any) -> tuple[RunConfig, list[str]]:
    """What is known of a stored configuration, and what is not, in words."""
    if not isinstance(values, dict):
        return RunConfig(), ["its settings"]
    try:
        return RunConfig.model_validate(values), []
    except ValidationError as error:
        bad = sorted({str(part["loc"][0]) for part in error.errors()})
    known = {name: value for name, value in values.items() if name not in bad}
    return RunConfig.model_validate(known), [f"its setting “{name}”" for name in bad]


def _status(word: object) -> Status | None:
    return next((status for status in Status if status.value == word), None)


def _event(row: Any) -> Event | None:
    """An event; None for one that cannot be read and for a status of another version."""
    if not isinstance(row["data"], dict):
        _log.warning("Event %d of run %s cannot be read.", row["seq"], row["run_id"])
        return None
    if row["kind"] == "status" and _status(row["data"].get("status")) is None:
        return None
    return Event(**row)
