"""The one hub of this process, and the life of it."""

from __future__ import annotations

import threading

from playground.engine.client import Engine
from playground.runs.hub import Hub
from playground.runs.store import Store, StoreError
from playground.settings import settings

_hub: Hub | None = None
_failed = False
_starting = threading.Lock()
_problem = "The server is only just starting. Load the page again in a moment."


def start() -> None:
    """Open the store and start the hub; if that fails, `hub` tries again, and says why."""
    global _problem, _failed
    try:
        started = Hub(Store(settings().home), Engine())
        started.start()
    except StoreError as error:
        _problem, _failed = str(error), True
        return
    use(started)


def use(hub: Hub | None) -> None:
    """Make this the hub of the process."""
    global _hub, _failed
    _hub, _failed = hub, False


def stop() -> None:
    """End the hub and its engine."""
    if _hub is not None:
        _hub.close()
    use(None)


def hub() -> Hub:
    """The hub; if it could not start, because of the store, this tries again.

    Raises:
        StoreError: there is none, because the store cannot be opened.
    """
    with _starting:
        if _failed:
            start()
    if _hub is None:
        raise StoreError(_problem)
    return _hub
