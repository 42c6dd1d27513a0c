"""What hub and archive need of the engine."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.engine.client import Listener, Pictures
from playground.events import Command


class Cluster(Protocol):
    """See `playground.engine.client.Engine`, which is one."""

    def start(self, listener: Listener) -> None:
        """Begin to connect."""

    def close(self) -> None:
        """End."""

    def submit(
        self,
        run_id: str,
        config: RunConfig,
        worker: str,
        sketches: Pictures | None = None,
        pinned: NDArray[np.uint8] | None = None,
    ) -> None:
        """Train there."""

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Pass a command on."""

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The newest weights."""

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        """Those of later epochs."""

    def forget(self, run_id: str) -> None:
        """Let go of it."""

    def replace(self, worker: str) -> None:
        """Put a fresh process in its place."""
