"""How a run ended, from what the cluster made of its task; why, in sentences for its owner."""

from __future__ import annotations

import logging
from pathlib import Path

from distributed import Future, KilledWorker

from playground.engine import compiled
from playground.engine.protocol import WORKER_ENDED, Result
from playground.events import Status
from playground.locales import english, lazy, mark

_RESULT_SECONDS = 30
_log = logging.getLogger(__name__)

ENGINE_ENDED = mark(
    "The part of this server that trains ended unexpectedly. Its finished epochs are kept. Press "
    "Go on to train the rest."
)
CLUSTER_AWAY = mark(
    "The connection to the cluster was lost while this run trained. Its finished epochs are kept. "
    "Press Go on to train the rest."
)
CLUSTER_LOST_IT = mark(
    "The cluster does not have this run any more: it was restarted, or the connection to it broke "
    "when the run began. Its finished epochs are kept. Press Go on to train the rest."
)
NOT_BEGUN = mark("Its worker was gone before this run could begin. Press Go on to start it again.")
NOT_FETCHED = mark(
    "The cluster did not hand over what this run has learned. Its finished epochs are kept. Press "
    "Go on to train the rest."
)
DAMAGED = mark(
    "A compiled network on the server's disk was damaged. It has been removed: press Train to "
    "start again."
)
_UNREADABLE = mark("The worker's answer cannot be read; it may be from another version.")


def outcome(future: Future, home: Path) -> Result | None:
    """How a run ended; None if that could not be fetched, as when the connection broke.

    A compiled network that made it fail is removed, so that the next run of that network trains.

    Args:
        future: the run's task, which is done.
        home: where compiled networks are kept.
    """
    try:
        result = future.result(timeout=_RESULT_SECONDS)
    except KilledWorker:
        _forget_damaged(home, "")
        return Result(Status.INTERRUPTED, WORKER_ENDED)
    except BaseException as error:  # some of Dask's are no Exceptions
        if future.status == "error":
            _log.exception("%s failed", future.key)
            return Result(Status.FAILED, english(lazy("The worker failed: {error}", error=error)))
        _log.info("the result of %s could not be fetched: %r", future.key, error)
        return None
    if not isinstance(result, Result):
        _log.error("%s: the worker's answer cannot be read", future.key)
        return Result(Status.FAILED, _UNREADABLE)
    if result.status is Status.FAILED and _forget_damaged(home, result.reason):
        return Result(Status.FAILED, DAMAGED)
    return result


def _forget_damaged(home: Path, error: str) -> bool:
    try:
        return compiled.forget_damaged(home, error)
    except OSError:
        _log.warning("compiled networks in %s cannot be looked at", home, exc_info=True)
        return False
