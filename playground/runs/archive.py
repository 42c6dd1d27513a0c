"""The archive: what each run's network was after each epoch, fetched from the workers as it goes.

They are no events: a topic of the cluster keeps its last thousand messages in memory.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from playground.engine.protocol import Cluster
from playground.network.snapshot import Snapshot
from playground.store.runs import Store, StoreError

_log = logging.getLogger(__name__)
_PREFIX, _SUFFIX = "epoch-", ".npz"


class Archive:
    """Snapshots as files of their runs. Every method may be called from any thread.

    They are fetched by a thread of the archive's own, so that neither hub nor training waits.
    What cannot be fetched or written is left out: a run is whole without it.
    """

    def __init__(self, store: Store, source: Cluster) -> None:
        self._store, self._source = store, source
        # A run waits here once, however many of its epochs end meanwhile.
        self._wanted: dict[str, str] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def close(self) -> None:
        """Fetch no more."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(5)

    def fetch(self, run_id: str, worker: str) -> None:
        """Fetch what is new of a run on that worker; returns at once."""
        with self._changed:
            self._wanted[run_id] = worker
            self._changed.notify()

    def save(self, run_id: str, snapshots: Mapping[int, bytes]) -> None:
        """Keep snapshots, by epoch."""
        try:
            for epoch, content in snapshots.items():
                self._store.save_artefact(run_id, f"{_PREFIX}{epoch:04}{_SUFFIX}", content)
        except StoreError as error:
            _log.warning("a snapshot of run %s is not kept: %s", run_id, error)

    def epochs(self, run_id: str) -> list[int]:
        """The epochs that there are snapshots of, in order; 0 is before training.

        Raises:
            StoreError: the folder cannot be read.
        """
        names = self._store.artefacts(run_id)
        return [
            int(name.removeprefix(_PREFIX).removesuffix(_SUFFIX))
            for name in names
            if name.startswith(_PREFIX)
        ]

    def snapshot(self, run_id: str, epoch: int) -> Snapshot | None:
        """What the network was after an epoch; None if that is not kept.

        Raises:
            StoreError: the file cannot be read.
            ValueError: it is damaged.
        """
        content = self._store.artefact(run_id, f"{_PREFIX}{epoch:04}{_SUFFIX}")
        return Snapshot.from_bytes(content) if content else None

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closing)
                if self._closing:
                    return
                run_id = next(iter(self._wanted))
                worker = self._wanted.pop(run_id)
            try:
                newest = max(self.epochs(run_id), default=-1)
                self.save(run_id, self._source.snapshots(run_id, worker, newest))
            except Exception as error:  # the next epoch tries again
                _log.info("snapshots of run %s are not fetched: %s", run_id, error)
