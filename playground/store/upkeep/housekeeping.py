"""What has to be done from time to time: the one thread that keeps the data folder in order."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta, timezone

from playground.settings import settings
from playground.store.runs import Store, StoreError
from playground.store.upkeep.folder import DataFolder

_log = logging.getLogger(__name__)

# How soon a deleted database is noticed while nobody uses it.
CHECK_SECONDS = 5.0
TIDY_SECONDS = 24 * 3600.0
_MIB = 2**20


class Housekeeping:
    """Tidies at the start and once a day, and looks every few seconds whether all is there.

    Args:
        folder: the data folder, which this process holds.
        store: in that folder.
    """

    def __init__(self, folder: DataFolder, store: Store) -> None:
        self._folder, self._store = folder, store
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; returns when nothing is under way."""
        self._ending.set()
        self._thread.join(5)

    def _work(self) -> None:
        tidied = -TIDY_SECONDS
        while not self._ending.is_set():
            try:
                if time.monotonic() - tidied >= TIDY_SECONDS:
                    tidied = time.monotonic()
                    tidy(self._store)
                self._folder.check()
                self._store.check()
            except StoreError as error:
                _log.error("The data folder is not in order: %s", error)
            except Exception:  # whatever it was, the thread goes on
                _log.exception("the data folder could not be tidied")
            self._ending.wait(CHECK_SECONDS)


def tidy(store: Store) -> None:
    """Delete what a server left behind and models that are old enough; log how much is used."""
    store.sweep()
    days = settings().keep_models_days
    if days is not None:
        runs, freed = store.thin(datetime.now(timezone.utc) - timedelta(days=days))
        if runs:
            _log.info(
                "Models and snapshots of %d runs older than %g days are deleted: %.0f MiB.",
                *(runs, days, freed / _MIB),
            )
    usage = store.usage()
    _log.info(
        "The database has %.0f MiB, models and snapshots %.0f MiB; %.0f MiB are free.",
        *(usage.database / _MIB, usage.artefacts / _MIB, usage.free / _MIB),
    )
    try:
        store.check_space()
    except StoreError as error:
        _log.error("%s", error)
