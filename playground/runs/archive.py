"""The archive: what runs leave. Their networks after each epoch are fetched while they train.

Networks are no events: the cluster keeps the last messages in memory.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from playground.engine.protocol import Cluster, Result
from playground.locales import Text, english, lazy
from playground.network.snapshot import Snapshot
from playground.store.artefacts import PINNED
from playground.store.runs import Store, StoreError

_log = logging.getLogger(__name__)
# A model as Keras loads it, and its weights.
MODEL, NETWORK = "model.keras", "network.npz"
_PREFIX, _SUFFIX = "epoch-", ".npz"


class Archive:
    """Models and snapshots as files of their runs. Every method may be called from any thread.

    The archive has its own thread to fetch snapshots, so that nobody waits for them. What cannot be
    fetched or written is left out: a run is whole without it.
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
        """Write snapshots, by epoch."""
        try:
            for epoch, content in snapshots.items():
                self._store.save_artefact(run_id, f"{_PREFIX}{epoch:04}{_SUFFIX}", content)
        except StoreError as error:
            _log.warning("a snapshot of run %s is not kept: %s", run_id, error)

    def save_result(self, run_id: str, result: Result) -> str:
        """Write what a run has left; returns how it ended, and says so if its model is missing."""
        reason = result.reason
        try:
            for name, content in ((MODEL, result.model), (NETWORK, result.network)):
                if content is not None:
                    self._store.save_artefact(run_id, name, content)
        except StoreError as error:
            reason = _without_model(reason, error)
        except Exception:
            _log.exception("the model of run %s could not be saved", run_id)
            reason = _without_model(reason, lazy("The server's log says why."))
        try:
            self.save(run_id, result.snapshots)
        except Exception:
            _log.exception("the snapshots of run %s could not be saved", run_id)
        return reason

    def has(self, run_id: str, name: str) -> bool:
        """Whether a run left this file, `MODEL` or `NETWORK`, readable or not."""
        return name in self._store.artefacts(run_id)

    def model(self, run_id: str) -> bytes | None:
        """The `.keras` file of a run that has ended; None if it has none."""
        return self._store.artefact(run_id, MODEL)

    def pin(self, run_id: str, item: NDArray[np.uint8]) -> None:
        """Write the drawing (28, 28) that is pinned to a run.

        Raises:
            StoreError: it cannot be written.
        """
        self._store.save_artefact(run_id, PINNED, item.tobytes())

    def pinned(self, run_id: str) -> NDArray[np.uint8] | None:
        """The drawing (28, 28) that was pinned when the run was queued; None if none was."""
        content = self._store.artefact(run_id, PINNED)
        return None if content is None else np.frombuffer(content, np.uint8).reshape(28, 28)

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


def _without_model(reason: str, problem: StoreError | Text) -> str:
    """How a run ended whose model could not be saved, in English."""
    if not reason:
        return english(lazy("Its model could not be saved. {problem}", problem=problem))
    return english(
        lazy("{reason} Its model could not be saved. {problem}", reason=reason, problem=problem)
    )
