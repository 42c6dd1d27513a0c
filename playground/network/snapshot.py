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

    All of them where that stays within the bounds, else every second, third, … and the last. A
    run that its callback ends keeps that last epoch, too. For the largest networks that is the
    beginning and the end; none if `config.keep_snapshots` is off.
    """
    if not config.keep_snapshots:
        return []
    # float32 weights and a byte for each validation image.
    bytes_each = 4 * config.parameters + config.validation_images
    most = min(MOST, MOST_BYTES // bytes_each)
    # One place for the last epoch, one for a last epoch that comes early.
    every = math.ceil(config.epochs / (most - 2))
    return sorted({*range(0, config.epochs + 1, every), config.epochs})


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The weights after an epoch, and what the network called the validation images then.

    Attributes:
        network: float32 weights; its `epoch` is the finished epochs, 0 before training.
        predicted: (validation images,) uint8, the labels that Keras' validation predicted after
            this epoch, in the images' order, so that they add up to its confusion matrix exactly;
            empty before training, when nothing has been validated.
    """

    network: Network
    predicted: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """All of it as bytes, which `from_bytes` reads: one .npy and then one .npz."""
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
