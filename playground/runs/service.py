"""The one hub of this process: its start and its end."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import ExitStack

from playground.engine.client import Engine
from playground.locales import english, lazy
from playground.runs.hub import Hub
from playground.runs.ready_made import ready_made
from playground.settings import settings
from playground.store.runs import Store, StoreError
from playground.store.upkeep.folder import DataFolder
from playground.store.upkeep.housekeeping import Housekeeping

_log = logging.getLogger(__name__)

_hub: Hub | None = None
_held = ExitStack()  # what ends with the server, the last first
_failed = False
_starting = threading.Lock()
# A text or an error's arguments: they are shown in the language of each visitor.
_problem: tuple[object, ...] = (
    lazy("The server is still starting. Load the page again in a moment."),
)


def start() -> None:
    """Open the store and start the hub; if that fails, `hub` tries again, and says why."""
    global _problem, _failed
    os.umask(0o077)  # what this server and its workers write is nobody else's to read
    try:
        with ExitStack() as held:
            folder = DataFolder(settings().home)
            held.callback(folder.release)
            store = Store(settings().home)
            started = Hub(store, Engine())
            started.start()
            if settings().ready_made:
                ready_made.make(started)
            held.callback(started.close)
            keeping = Housekeeping(folder, store)
            keeping.start()
            held.callback(keeping.close)
            use(started, held.pop_all())
    except StoreError as error:
        if error.args != _problem:
            _log.error("The server cannot use %s. %s", settings().home, english(error))
        _problem, _failed = error.args, True


def use(hub: Hub | None, held: ExitStack | None = None) -> None:
    """Make this the hub of the process; `held` is what ends with it, by default itself alone."""
    global _hub, _failed, _held
    _hub, _failed, _held = hub, False, held or ExitStack()
    if hub is not None and held is None:
        _held.callback(hub.close)


def stop() -> None:
    """End the hub, its engine, and whatever else began with it."""
    held = _held
    use(None)
    held.close()


def hub() -> Hub:
    """The hub; if it could not start, because of the store, this tries again.

    Raises:
        StoreError: there is none, because the store cannot be opened.
    """
    with _starting:
        if _failed:
            start()
    if _hub is None:
        raise StoreError(*_problem)
    return _hub
