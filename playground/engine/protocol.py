"""What the hub asks of the engine and is told by it: plain values, no Dask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import Labelled
from playground.events import Command, Status
from playground.locales import mark
from playground.network.portrait import Watch

WORKER_ENDED = mark(
    "The worker process that trained this run ended unexpectedly. "
    "Its finished epochs are kept. Press Go on to train the rest."
)


@dataclass(frozen=True, eq=False)
class Job:
    """A run as a worker gets it.

    Attributes:
        run_id: the run.
        config: its settings.
        sketches: the sketchbook's training drawings, (n, 28, 28) and (n,) uint8; None if the
            configuration wants none.
        pinned: a drawing (28, 28) uint8 to judge before training and after every epoch.
        start: where it goes on from, as a file of `playground.network.checkpoint`; None from the
            beginning.
        sealed: whether it is not judged on the test images.
    """

    run_id: str
    config: RunConfig
    sketches: Labelled | None = None
    pinned: NDArray[np.uint8] | None = None
    start: bytes | None = field(default=None, repr=False)
    sealed: bool = False


@dataclass(frozen=True)
class Compiled:
    """The networks that a worker has compiled.

    Attributes:
        count: how many since it started.
        kept: the `RunConfig.compile_key` of those that it still has.
    """

    count: int
    kept: frozenset[str]


@dataclass(frozen=True)
class Result:
    """How a run ended, and what it left: `model` (.keras) and `network` (.npz) as bytes.

    The status is `QUEUED` if it gave way to others: it goes on later from `checkpoint`.

    `snapshots` are those not fetched yet, by epoch; see `playground.network.snapshot`. `checkpoint`
    is where it stood after its last epoch, as a file; None if it has finished none. `compiled` is
    what its worker has now; None if that is not known.
    """

    status: Status
    reason: str
    model: bytes | None = field(default=None, repr=False)
    network: bytes | None = field(default=None, repr=False)
    snapshots: dict[int, bytes] = field(default_factory=dict, repr=False)
    checkpoint: bytes | None = field(default=None, repr=False)
    compiled: Compiled | None = None


class Listener(Protocol):
    """What the engine tells the hub; called from threads of its own, must return at once."""

    def on_event(self, run_id: str, kind: str, data: object) -> None:
        """A worker reported something, not validated yet; each event is told once, in order."""

    def on_portrait(self, run_id: str, portrait: bytes) -> None:
        """What those who look at a run are shown now, not validated yet; some may be lost."""

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over, well or badly; told once, unless the hub or the engine ended first."""

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        """These workers are there now; told again and again.

        `problem` is a sentence for users while training is not available.
        """

    def on_not_restarted(self, worker: str) -> None:
        """This worker could not be restarted, so it goes on."""


class Cluster(Protocol):
    """What hub and archive need of the engine; `playground.engine.client.Engine` is one."""

    def start(self, listener: Listener, usual: Sequence[RunConfig]) -> None:
        """Begin to connect; workers compile the networks of the usual runs when they start."""

    def close(self) -> None:
        """End."""

    def submit(self, job: Job, worker: str) -> None:
        """Train there."""

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Pass a command on."""

    def watch(self, run_id: str, worker: str, watch: Watch, *, fresh: bool) -> None:
        """Have the run there show itself for half a minute."""

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The newest weights."""

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        """Those of later epochs."""

    def checkpoint(self, run_id: str, worker: str) -> bytes | None:
        """Where it stood after its last epoch."""

    def forget(self, run_id: str) -> None:
        """Let go of it."""

    def restart(self, worker: str) -> None:
        """Put a fresh process in its place."""
