"""Where a training stands at the end of an epoch: all that it needs to go on from there.

How the images are shuffled needs no field: it follows from the seed and the number of epochs done.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES, RunConfig
from playground.locales import lazy
from playground.network.activations import Floats

_VERSION = 1


def _nothing() -> NDArray[np.uint8]:
    return np.empty(0, np.uint8)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training between two epochs.

    Its size is that of the weights times 1 (plain SGD), 2 or 3 (Adam), and a byte for each
    validation image.

    Attributes:
        epoch: finished epochs, 0 or more.
        layers: float32 weights (inputs, units) and bias (units,) of each Dense layer; empty: those
            that the seed gives.
        optimizer: all variables of Keras' optimizer, in its order; empty: those of a new one.
        dropout: the state (2,) of the random generator of each Dropout; empty: as from the seed.
        predicted: (validation images,) uint8, the labels predicted after this epoch; may be empty.
        rate_by_hand: the learning rate, if it was set by hand, which ends a schedule; else None.
    """

    epoch: int
    layers: tuple[tuple[Floats, Floats], ...] = ()
    optimizer: tuple[NDArray[Any], ...] = ()
    dropout: tuple[NDArray[Any], ...] = ()
    predicted: NDArray[np.uint8] = field(default_factory=_nothing)
    rate_by_hand: float | None = None

    def fits(self, config: RunConfig) -> bool:
        """Whether a network with these settings has weights of this shape."""
        sizes = [784, *config.hidden_layers, CLASSES]
        shapes = [weights.shape for weights, _ in self.layers]
        return not self.layers or shapes == list(pairwise(sizes))

    def forked(self, before: RunConfig, now: RunConfig) -> Checkpoint:
        """What of it a run with other settings begins with.

        Args:
            before: the settings of the run that stands here.
            now: those of the run that begins here.
        """
        seeded = before.seed == now.seed and bool(before.dropout) == bool(now.dropout)
        return replace(
            self,
            optimizer=self.optimizer if keeps_optimizer(before, now) else (),
            dropout=self.dropout if seeded else (),
            predicted=self.predicted if before.split_key == now.split_key else _nothing(),
            rate_by_hand=None,
        )

    def to_bytes(self) -> bytes:
        """The checkpoint as one .npz file, which `from_bytes` reads."""
        arrays: dict[str, NDArray[Any]] = {
            "version": np.array(_VERSION),
            "epoch": np.array(self.epoch),
            "rate_by_hand": np.array(self.rate_by_hand or 0.0),
            "predicted": self.predicted,
        }
        for i, (weights, bias) in enumerate(self.layers):
            arrays |= {f"weights{i}": weights, f"bias{i}": bias}
        arrays |= {f"optimizer{i}": values for i, values in enumerate(self.optimizer)}
        arrays |= {f"dropout{i}": state for i, state in enumerate(self.dropout)}
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, contents: bytes) -> Checkpoint:
        """Read what `to_bytes` wrote; nothing in it is executed.

        Raises:
            ValueError: the bytes are no checkpoint, or it is damaged, or of another version.
        """
        try:
            with np.load(io.BytesIO(contents), allow_pickle=False) as file:
                arrays = dict(file)
            version = int(arrays["version"])
        except Exception as error:  # zipfile and NumPy raise many kinds for damaged files
            raise ValueError(
                lazy("What was kept to go on from is damaged, so it cannot be used.")
            ) from error
        if version != _VERSION:
            raise ValueError(
                lazy(
                    "What was kept to go on from was written by another version of the playground."
                )
            )
        return _read(arrays)


def keeps_optimizer(before: RunConfig, now: RunConfig) -> bool:
    """Whether the optimizer of a run can go on in a run with other settings."""

    def kind(config: RunConfig) -> tuple[object, ...]:
        velocity = config.optimizer == "sgd" and config.momentum > 0
        return config.optimizer, velocity, config.batch_images, config.fit_images

    return kind(before) == kind(now)


def _read(arrays: dict[str, NDArray[Any]]) -> Checkpoint:
    """A checkpoint from its file's arrays.

    Raises:
        ValueError: an array is missing, or there is one too many, or they do not fit together.
    """

    def numbered(name: str) -> tuple[NDArray[Any], ...]:
        count = sum(key.rstrip("0123456789") == name for key in arrays)
        return tuple(arrays[f"{name}{i}"] for i in range(count))

    try:
        found = Checkpoint(
            epoch=int(arrays["epoch"]),
            layers=tuple(zip(numbered("weights"), numbered("bias"), strict=True)),
            optimizer=numbered("optimizer"),
            dropout=numbered("dropout"),
            predicted=arrays["predicted"],
            rate_by_hand=float(arrays["rate_by_hand"]) or None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(lazy("What was kept to go on from is not whole.")) from error
    sizes = [784, *(bias.size for _, bias in found.layers)]
    sound = (
        found.epoch >= 0
        and math.isfinite(found.rate_by_hand or 0.0)
        and found.predicted.ndim == 1
        and found.predicted.dtype == np.uint8
        and [weights.shape for weights, _ in found.layers] == list(pairwise(sizes))
        and all(x.dtype == np.float32 for layer in found.layers for x in layer)
        and all(x.dtype.kind in "iuf" for x in (*found.optimizer, *found.dropout))
    )
    if not sound:
        raise ValueError(lazy("The parts of what was kept to go on from do not fit together."))
    return found
