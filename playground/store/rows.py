"""Rows of the database as runs and events; another version's, too, as far as they are known."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.types import TypeDecorator, TypeEngine

from playground.config import RunConfig, with_current_names
from playground.events import EVENT_MODELS, Event, Status, read_data
from playground.locales import english, lazy
from playground.store.summaries import Summary, read_summary

_log = logging.getLogger(__name__)
_NO_NUMBERS = Summary()

# Who owns the run that the server trains by itself; no login and no browser's cookie is called so.
READY_MADE = "server:ready-made"


@dataclass(frozen=True)
class RunInfo:
    """One run: its owner, its configuration and its status.

    Attributes:
        created: in UTC, by the server's clock.
        number: 1, 2, 3, … in the order of submission; 0 before the store has it.
        foreign: an English sentence, if another version made the run and this one does not know
            all of it. What is known is in `config`; its status has ended. Empty for others.
        name, note, starred: what the owner has said of it; empty and False at first.
        summary: what it has reached.
        parent: the id of the run that it goes on from; None from the beginning. That run may be
            deleted.
        parent_epoch: the finished epochs of the parent where it begins.
        sweep: the id of the sweep that it was queued by; empty for others.
        lesson: the path of the page of Learn that has started it; empty for others.
        classroom: the class that it belongs to, the number of the opening of an activity in it, and
            its cell there if it has one: "CLASS/ACTIVITY" or "CLASS/ACTIVITY/CELL"; empty for
            others.
        sealed: whether it is never judged on the test images, as its class is to choose settings
            without them.
    """

    id: str
    owner: str
    config: RunConfig
    status: Status
    reason: str
    created: datetime
    number: int = 0
    foreign: str = ""
    name: str = ""
    note: str = ""
    starred: bool = False
    summary: Summary = _NO_NUMBERS
    parent: str | None = None
    parent_epoch: int = 0
    sweep: str = ""
    lesson: str = ""
    classroom: str = ""
    sealed: bool = False

    @property
    def ready_made(self) -> bool:
        """Whether the server trains it by itself, for everybody."""
        return self.owner == READY_MADE


def new_run_id() -> str:
    """An id that no other run has: twelve hexadecimal digits at random."""
    return secrets.token_hex(6)


class TolerantJson(TypeDecorator[Any]):
    """A column of JSON; None where it cannot be read."""

    cache_ok = True
    impl: type[TypeEngine[Any]] = sa.JSON

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[object], object]:
        """How SQLAlchemy reads it."""
        read = super().result_processor(dialect, coltype) or (lambda value: value)

        def read_or_none(value: object) -> object:
            try:
                return read(value)
            except (TypeError, ValueError):
                return None

        return read_or_none


class TolerantTime(TolerantJson):
    """A time; None where it is none."""

    cache_ok = True
    impl = sa.DateTime


def in_utc(time: datetime | None) -> datetime:
    """A stored time; the first of all if it cannot be read."""
    if time is None:
        return datetime.fromtimestamp(0, timezone.utc)
    # SQLite keeps no time zone.
    return time.replace(tzinfo=timezone.utc) if time.tzinfo is None else time


def read_run(row: sa.RowMapping) -> RunInfo:
    """A run, also one of another version."""
    config, unknown = _config(row["config"])
    created, word = row["created"], row["status"]
    if created is None:
        unknown = [*unknown, "created"]
    created = in_utc(created)
    status = _status(word)
    if status is None:
        unknown.append(f"status={word}")
    foreign = ""
    if unknown:
        foreign = english(
            lazy(
                "This run was made by another version of the playground. This version cannot read: "
                "{names}. You can look at the run or delete it.",
                names=", ".join(unknown),
            )
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
        row["name"],
        row["note"],
        bool(row["starred"]),
        read_summary(row["summary"]),
        row["parent"],
        row["parent_epoch"],
        row["sweep"],
        row["lesson"],
        row["classroom"],
        bool(row["sealed"]),
    )


def _config(values: object) -> tuple[RunConfig, list[str]]:
    """What is known of a stored configuration, and the names of what is not."""
    if not isinstance(values, dict):
        return RunConfig(), ["config"]
    values = with_current_names(values)
    try:
        return RunConfig.model_validate(values), []
    except ValidationError as error:
        bad = sorted({str(part["loc"][0]) for part in error.errors()})
    known = {name: value for name, value in values.items() if name not in bad}
    return RunConfig.model_validate(known), bad


def _status(word: object) -> Status | None:
    return next((status for status in Status if status.value == word), None)


def read_event(row: sa.RowMapping) -> Event | None:
    """An event; None for one that cannot be read, as one of another version."""
    if row["kind"] not in EVENT_MODELS:
        return None
    try:
        return Event(row["run_id"], row["seq"], read_data(row["kind"], row["data"]))
    except ValueError as error:
        _log.warning("Event %d of run %s cannot be read: %s", row["seq"], row["run_id"], error)
        return None
