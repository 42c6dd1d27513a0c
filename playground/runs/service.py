"""The one hub of this process, and the life of it."""

from __future__ import annotations

from playground.engine.client import Engine
from playground.runs.hub import Hub
from playground.runs.store import Store, StoreError, home

_hub: Hub | None = None
_problem = "The server is only just starting. Load the page again in a moment."


def start() -> None:
    """Open the store and start the hub; if that fails, `hub` says why."""
    global _problem
    try:
        started = Hub(Store(home()), Engine())
        started.start()
    except StoreError as error:
        _problem = str(error)
        return
    use(started)


def use(hub: Hub | None) -> None:
    """Make this the hub of the process."""
    global _hub
    _hub = hub


def stop() -> None:
    """End the hub and its engine."""
    if _hub is not None:
        _hub.close()
    use(None)


def hub() -> Hub:
    """The hub.

    Raises:
        StoreError: there is none, because the store could not be opened.
    """
    if _hub is None:
        raise StoreError(_problem)
    return _hub
