"""The one hub of this process, and the life of it."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import ExitStack

from playground.engine.client import Engine
from playground.runs.folder import DataFolder
from playground.runs.hub import Hub
from playground.runs.store import Store, StoreError
from playground.settings import settings

_log = logging.getLogger(__name__)

_hub: Hub | None = None
_held = ExitStack()  # what ends with the hub
_failed = False
_starting = threading.Lock()
_problem = "The server is only just starting. Load the page again in a moment."


def start() -> None:
    """Open the store and start the hub; if that fails, `hub` tries again, and says why."""
    global _problem, _failed, _held
    os.umask(0o077)  # what this server and its workers write is nobody else's to read
    try:
        with ExitStack() as held:
            folder = DataFolder(settings().home)
            held.callback(folder.release)
            started = Hub(Store(settings().home), Engine())
            started.start()
            _held = held.pop_all()
    except StoreError as error:
        if str(error) != _problem:
            _log.error("The server cannot use %s. %s", settings().home, error)
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
    _held.close()


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
