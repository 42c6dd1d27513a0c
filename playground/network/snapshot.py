"""A network as it stood after one epoch, kept so that one can look inside at any epoch.

A run keeps at most `MOST` snapshots of at most `MOST_BYTES` in all; see `kept_epochs`.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.network.network import Network

MOST = 50
MOST_BYTES = 64 * 1024 * 1024


def kept_epochs(config: RunConfig) -> list[int]:
    """The epochs after which a run keeps its weights: 0, before training, to the last one.

    These are all epochs where that stays within the bounds, else every second, third, … and the
    last. A run that its callback ends keeps its last epoch, too. Of the largest networks only the
    beginning and the end are kept; nothing if `config.keep_snapshots` is off.
    """
    if not config.keep_snapshots:
        return []
    # float32 weights and a byte for each validation image.
    bytes_each = 4 * config.parameters + config.validation_images
    most = min(MOST, MOST_BYTES // bytes_each)
    # One for the last epoch, and one for a last epoch that comes early.
    every = math.ceil(config.epochs / (most - 2))
    return sorted({*range(0, config.epochs + 1, every), config.epochs})


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The weights after an epoch, and the labels that it predicted for the validation images.

    Attributes:
        network: float32 weights; its `epoch` is the finished epochs, 0 before training.
        predicted: (validation images,) uint8, the labels that Keras' validation predicted after
            this epoch, in the order of the images, so that they add up exactly to its confusion
            matrix; empty before training, when nothing has been validated.
    """

    network: Network
    predicted: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """The snapshot as bytes, which `from_bytes` reads: one .npy and then one .npz."""
        file = io.BytesIO()
        np.save(file, self.predicted, allow_pickle=False)
        return file.getvalue() + self.network.to_bytes()

    @classmethod
    def from_bytes(cls, contents: bytes) -> Snapshot:
        """Read what `to_bytes` wrote; nothing in it is executed.

        Raises:
            ValueError: the bytes are no snapshot.
        """
        file = io.BytesIO(contents)
        try:
            predicted: NDArray[np.uint8] = np.load(file, allow_pickle=False)
        except (EOFError, ValueError) as error:
            raise ValueError("These bytes hold no snapshot.") from error
        return cls(Network.from_bytes(file.read()), predicted)
