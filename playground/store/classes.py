"""Classes in the run store: who has started them, their secrets, and the log of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.exc import IntegrityError

from playground.store.database import translate_errors
from playground.store.rows import TolerantJson, TolerantTime, in_utc

_metadata = sa.MetaData()
_classes = sa.Table(
    "classes",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("solo", sa.Boolean, nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("secrets", TolerantJson, nullable=False),
    sa.Column("created", TolerantTime(timezone=True), nullable=False),
    sa.Column("ended", TolerantTime(timezone=True), nullable=True),
)
_events = sa.Table(
    "class_events",
    _metadata,
    sa.Column("class_id", sa.String(32), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("data", TolerantJson, nullable=False),
    sa.Column("created", TolerantTime(timezone=True), nullable=False),
)


class SomebodyWasFirst(Exception):
    """Others have written to the log meanwhile: read it, and decide once more."""


@dataclass(frozen=True)
class ClassRow:
    """A class as it is stored.

    Attributes:
        owner: who has started it.
        solo: whether a person plays alone.
        code: with which one joins; empty for a solo class and for one that has ended.
        secrets: what the links and tokens of this class are made of; only its teacher sees
            any of them.
        ended: when the lesson was over, in UTC; None while it goes on.
    """

    id: str
    owner: str
    solo: bool
    code: str
    secrets: dict[str, str]
    created: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class EventRow:
    """An event of a class's log as it is stored; `data` is JSON, None if it cannot be read."""

    seq: int
    kind: str
    data: object
    created: datetime


class ClassStore:
    """The stored classes; every method works from any thread.

    Args:
        engine: the run store's database.

    Raises:
        StoreError: from every method, when the database refuses.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[ClassRow]:
        """All classes, the oldest first."""
        with translate_errors(), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_classes)).mappings().all()
        return sorted(map(_class, rows), key=lambda row: (row.created, row.id))

    def add(self, row: ClassRow) -> None:
        """Write a new class."""
        values = {column.name: getattr(row, column.name) for column in _classes.columns}
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(_classes.insert().values(values))

    def set_ended(self, class_id: str, ended: datetime | None) -> None:
        """Write when a class has ended."""
        changed = _classes.update().where(_classes.c.id == class_id)
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(changed.values(ended=ended))

    def set_secrets(self, class_id: str, kept: dict[str, str]) -> None:
        """Write the secrets of a class instead of those that it had."""
        changed = _classes.update().where(_classes.c.id == class_id)
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(changed.values(secrets=kept))

    def delete(self, class_id: str) -> None:
        """Forget a class with its log; the runs of its members stay."""
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(_events.delete().where(_events.c.class_id == class_id))
            connection.execute(_classes.delete().where(_classes.c.id == class_id))

    def events(self, class_id: str, after: int = 0) -> list[EventRow]:
        """The events of a class with a seq greater than `after`, in order."""
        wanted = sa.select(_events).where(_events.c.class_id == class_id, _events.c.seq > after)
        with translate_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(_events.c.seq)).mappings().all()
        return [
            EventRow(row["seq"], row["kind"], row["data"], in_utc(row["created"])) for row in rows
        ]

    def append(
        self, class_id: str, after: int, events: Sequence[tuple[str, dict[str, JsonValue]]]
    ) -> None:
        """Write events behind the last one, all or none.

        Args:
            class_id: the class.
            after: the seq of the last one that the writer knows.
            events: kind and data of each.

        Raises:
            SomebodyWasFirst: there are later ones.
        """
        now = datetime.now(timezone.utc)
        rows = [
            {"class_id": class_id, "seq": seq, "kind": kind, "data": data, "created": now}
            for seq, (kind, data) in enumerate(events, after + 1)
        ]
        with translate_errors():
            try:
                with self._engine.begin() as connection:
                    connection.execute(_events.insert(), rows)
            except IntegrityError as error:
                raise SomebodyWasFirst from error


def _class(row: sa.RowMapping) -> ClassRow:
    kept = row["secrets"]
    secrets = {str(k): str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}
    ended = row["ended"]
    return ClassRow(
        row["id"],
        row["owner"],
        bool(row["solo"]),
        row["code"],
        secrets,
        in_utc(row["created"]),
        None if ended is None else in_utc(ended),
    )
