"""What the hub asks of the engine and is told by it: plain values, no Dask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from playground.events import Kind, Status

# Images (n, 28, 28) and labels (n,).
Pictures = tuple[NDArray[np.uint8], NDArray[np.uint8]]

WORKER_ENDED = (
    "The worker process that trained this run ended unexpectedly. "
    "Its finished epochs are kept. Press Train to start again."
)


@dataclass(frozen=True)
class Result:
    """How a run ended, and what it left: `model` (.keras) and `network` (.npz) as bytes.

    `snapshots` are those not fetched yet, by epoch; see `playground.snapshot`.
    """

    status: Status
    reason: str
    model: bytes | None = field(default=None, repr=False)
    network: bytes | None = field(default=None, repr=False)
    snapshots: dict[int, bytes] = field(default_factory=dict, repr=False)


class Listener(Protocol):
    """What the engine tells the hub; called from threads of its own, must return at once."""

    def on_event(self, run_id: str, kind: Kind, data: dict[str, Any]) -> None:
        """A worker reported something; each event is told once, in order."""

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over, well or badly; told once, unless the hub or the engine ended first."""

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        """These workers are there now; told again and again.

        `problem` is a sentence for users while training is not available.
        """

    def on_not_replaced(self, worker: str) -> None:
        """This worker was to be replaced, and could not be."""
