"""The run of the network that knows drawings, which the server trains by itself, once."""

from __future__ import annotations

import logging

from playground.config import KNOWS_DRAWINGS, RunConfig
from playground.events import Status
from playground.locales import english
from playground.runs.hub import Hub
from playground.runs.refusals import CannotBegin
from playground.store.rows import READY_MADE
from playground.store.runs import RunInfo, StoreError

CONFIG: RunConfig = KNOWS_DRAWINGS
_log = logging.getLogger(__name__)


def find(hub: Hub) -> RunInfo | None:
    """The run; None on a server that makes none."""
    return next(iter(hub.runs(READY_MADE)), None)


def make(hub: Hub) -> None:
    """Queue the run, unless there is one; it begins when nobody else trains.

    One that failed is made again. One whose worker ended too often goes on from where it stood: as
    what has ended never changes, a new run does, and the old one is deleted.
    """
    before = find(hub)
    try:
        if before is None:
            hub.submit(READY_MADE, CONFIG)
        elif before.status in (Status.FAILED, Status.INTERRUPTED):
            _make_again(hub, before)
    except StoreError as error:
        _log.warning("The ready-made network for drawings is not made: %s", english(error))


def _make_again(hub: Hub, before: RunInfo) -> None:
    try:
        hub.go_on(READY_MADE, before.id, before.config.epochs)
    except CannotBegin:
        hub.submit(READY_MADE, CONFIG)
    hub.delete(READY_MADE, before.id)
