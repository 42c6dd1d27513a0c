"""Sweeps in the run store: what is to be trained, and whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from playground.store.database import translate_errors
from playground.store.rows import TolerantJson, TolerantTime, in_utc

_metadata = sa.MetaData()
_sweeps = sa.Table(
    "sweeps",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("plan", TolerantJson, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("created", TolerantTime(timezone=True), nullable=False),
    sa.Column("since", TolerantTime(timezone=True), nullable=False),
)


@dataclass(frozen=True)
class SweepRow:
    """A sweep as it is stored.

    Attributes:
        plan: JSON; None if it cannot be read.
        state: a word.
        created, since: when it was made, and when its owner last had it go on; in UTC.
    """

    id: str
    owner: str
    plan: object
    state: str
    created: datetime
    since: datetime


class SweepStore:
    """The stored sweeps; every method works from any thread.

    Args:
        engine: the run store's database.

    Raises:
        StoreError: from every method, when the database refuses.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> list[SweepRow]:
        """All sweeps, the oldest first."""
        with translate_errors(), self._engine.connect() as connection:
            rows = connection.execute(sa.select(_sweeps)).mappings().all()
        read = [
            SweepRow(
                row["id"],
                row["owner"],
                row["plan"],
                row["state"],
                in_utc(row["created"]),
                in_utc(row["since"]),
            )
            for row in rows
        ]
        return sorted(read, key=lambda row: (row.created, row.id))

    def add(self, row: SweepRow) -> None:
        """Write a new sweep."""
        values = {column.name: getattr(row, column.name) for column in _sweeps.columns}
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(_sweeps.insert().values(values))

    def set_state(self, sweep_id: str, state: str, since: datetime) -> None:
        """Write whether it goes on, and since when."""
        changed = _sweeps.update().where(_sweeps.c.id == sweep_id)
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(changed.values(state=state, since=since))

    def delete(self, sweep_id: str) -> None:
        """Forget a sweep; its runs stay."""
        with translate_errors(), self._engine.begin() as connection:
            connection.execute(_sweeps.delete().where(_sweeps.c.id == sweep_id))
