"""The archive: what runs leave. Their networks after each epoch, and where they stand, are fetched
while they train.

Networks are no events: the cluster keeps the last messages in memory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from playground.engine.protocol import Cluster, Result
from playground.locales import Text, english, lazy
from playground.network.checkpoint import Checkpoint
from playground.network.snapshot import Snapshot
from playground.store.artefacts import PINNED
from playground.store.runs import RunInfo, Store, StoreError

_log = logging.getLogger(__name__)
# A model as Keras loads it, and its weights.
MODEL, NETWORK = "model.keras", "network.npz"
_PREFIX, _CHECKPOINT, _SUFFIX = "epoch-", "checkpoint-", ".npz"
# Where a run stands is fetched at most so often: after a crash, so much is trained once more.
CHECKPOINT_SECONDS = 10.0


class Archive:
    """Models, snapshots and checkpoints as files of their runs. Any thread may call every method.

    The archive has its own thread to fetch snapshots, so that nobody waits for them. What cannot be
    fetched or written is left out: a run is whole without it.
    """

    def __init__(self, store: Store, source: Cluster) -> None:
        self._store, self._source = store, source
        # A run waits here once, however many of its epochs end meanwhile.
        self._wanted: dict[str, tuple[RunInfo, str]] = {}
        self._checkpointed: dict[str, float] = {}  # when, in the archive's thread only
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

    def fetch(self, run: RunInfo, worker: str) -> None:
        """Fetch what is new of a run on that worker; returns at once."""
        with self._changed:
            self._wanted[run.id] = run, worker
            self._changed.notify()

    def save(self, run_id: str, snapshots: Mapping[int, bytes]) -> None:
        """Write snapshots, by epoch."""
        try:
            for epoch, content in snapshots.items():
                self._store.save_artefact(run_id, f"{_PREFIX}{epoch:04}{_SUFFIX}", content)
        except StoreError as error:
            _log.warning("a snapshot of run %s is not kept: %s", run_id, error)

    def save_checkpoint(self, run_id: str, content: bytes) -> None:
        """Write where a run stands, in place of what was there, unless that is later.

        Raises:
            StoreError: it cannot be written.
            ValueError: the bytes are no checkpoint.
        """
        epoch = Checkpoint.from_bytes(content).epoch
        self._store.save_artefact(run_id, _checkpoint_name(epoch), content)
        for before in self._checkpoints(run_id)[:-1]:
            self._store.remove_artefact(run_id, _checkpoint_name(before))

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
            if result.checkpoint is not None:
                self.save_checkpoint(run_id, result.checkpoint)
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

    def discard(self, run_id: str) -> None:
        """Delete the files of a run that could not be queued, if the disk lets us."""
        try:
            self._store.files.delete(run_id)
        except StoreError as error:
            _log.warning("files of run %s, which was not queued, are left: %s", run_id, error)

    def pinned(self, run_id: str) -> NDArray[np.uint8] | None:
        """The drawing (28, 28) that was pinned when the run was queued; None if none was."""
        content = self._store.artefact(run_id, PINNED)
        return None if content is None else np.frombuffer(content, np.uint8).reshape(28, 28)

    def epochs(self, run_id: str) -> list[int]:
        """The epochs that there are snapshots of, in order; 0 is before training.

        Raises:
            StoreError: the folder cannot be read.
        """
        return self._epochs_of(run_id, _PREFIX)

    def snapshot(self, run_id: str, epoch: int) -> Snapshot | None:
        """What the network was after an epoch; None if that is not kept.

        Raises:
            StoreError: the file cannot be read.
            ValueError: it is damaged.
        """
        content = self._store.artefact(run_id, f"{_PREFIX}{epoch:04}{_SUFFIX}")
        return Snapshot.from_bytes(content) if content else None

    def standing(self, run_id: str) -> int | None:
        """The finished epochs of the run's checkpoint; None if it has none.

        Raises:
            StoreError: the folder cannot be read.
        """
        return max(self._checkpoints(run_id), default=None)

    def checkpoint(self, run_id: str) -> Checkpoint | None:
        """Where a run stands, or what it begins with; None if that is not kept.

        Raises:
            StoreError: the file cannot be read.
            ValueError: it is damaged.
        """
        epoch = self.standing(run_id)
        if epoch is None:
            return None
        content = self._store.artefact(run_id, _checkpoint_name(epoch))
        return Checkpoint.from_bytes(content) if content is not None else None

    def _checkpoints(self, run_id: str) -> list[int]:
        """The finished epochs of all checkpoints, in order; more than one after a crash only."""
        return self._epochs_of(run_id, _CHECKPOINT)

    def _epochs_of(self, run_id: str, prefix: str) -> list[int]:
        names = [name for name in self._store.artefacts(run_id) if name.startswith(prefix)]
        return [int(name.removeprefix(prefix).removesuffix(_SUFFIX)) for name in names]

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closing)
                if self._closing:
                    return
                run, worker = self._wanted.pop(next(iter(self._wanted)))
            try:
                self._fetch(run, worker)
            except Exception as error:  # the next epoch tries again
                _log.info("snapshots of run %s are not fetched: %s", run.id, error)

    def _fetch(self, run: RunInfo, worker: str) -> None:
        if run.config.keep_snapshots:
            newest = max(self.epochs(run.id), default=-1)
            self.save(run.id, self._source.snapshots(run.id, worker, newest))
        recent = time.monotonic() - CHECKPOINT_SECONDS
        self._checkpointed = {id: at for id, at in self._checkpointed.items() if at > recent}
        if run.id in self._checkpointed:
            return
        content = self._source.checkpoint(run.id, worker)
        if content is not None:
            self.save_checkpoint(run.id, content)
            self._checkpointed[run.id] = time.monotonic()


def _checkpoint_name(epoch: int) -> str:
    return f"{_CHECKPOINT}{epoch:04}{_SUFFIX}"


def _without_model(reason: str, problem: StoreError | Text) -> str:
    """How a run ended whose model could not be saved, in English."""
    if not reason:
        return english(lazy("Its model could not be saved. {problem}", problem=problem))
    return english(
        lazy("{reason} Its model could not be saved. {problem}", reason=reason, problem=problem)
    )
