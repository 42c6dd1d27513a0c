"""The run store: runs and their events in a database, artefacts in files beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.types import TypeDecorator, TypeEngine

from playground.config import RunConfig
from playground.events import Event, Status
from playground.runs.database import StoreError, describe, in_words, open_database
from playground.runs.migrations import hold
from playground.settings import settings

__all__ = ["RunInfo", "Store", "StoreError"]

_log = logging.getLogger(__name__)


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

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def add_run(self, run: RunInfo) -> RunInfo:
        """Write a new run; returns it with its number."""
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
        with in_words(), self.engine.begin() as connection:
            hold(connection)
            number = connection.scalar(_runs.insert().values(row).returning(_runs.c.number))
        return replace(run, number=int(number or 0))

    def append(self, events: list[Event]) -> None:
        """Write events, all or none; a status event also sets its run's status."""
        with in_words(), self.engine.begin() as connection:
            connection.execute(_events.insert(), [vars(event) for event in events])
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

    def last_seq(self, run_id: str) -> int:
        """The highest seq of a run's events; 0 if it has none."""
        query = sa.select(sa.func.max(_events.c.seq)).where(_events.c.run_id == run_id)
        with in_words(), self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def save_artefact(self, run_id: str, name: str, content: bytes) -> None:
        """Write a file of a run, whole or not at all."""
        path = self._artefacts / run_id / name
        with in_words():
            path.parent.mkdir(exist_ok=True)
            partial = path.with_suffix(".partial")
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
