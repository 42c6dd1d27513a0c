"""Inference from exported weights, without Keras: what the web process runs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from playground.locales import lazy
from playground.network.activations import ACTIVATIONS, Floats, softmax


@dataclass(frozen=True, eq=False)
class Network:
    """The weights of a trained network, and all that is needed to use them.

    Attributes:
        activation: of every layer except the last, which is a softmax; a key of `ACTIVATIONS`.
        scale, offset: pixels 0 to 255 become pixel * scale + offset (Keras' Rescaling).
        layers: a pair for each Dense layer, float32: weights (inputs, units), bias (units,).
        epoch: finished epochs of training, 0 before the first; None if not known.
    """

    activation: str
    scale: float
    offset: float
    layers: tuple[tuple[Floats, Floats], ...]
    epoch: int | None = None

    def activations(self, images: NDArray[np.generic]) -> list[Floats]:
        """The output of each Dense layer, first to last.

        Args:
            images: (n, 28, 28) pixels, 0 to 255, any real dtype.

        Returns:
            One float32 array (n, units) for each layer; the last holds probabilities (n, 10).
        """
        return [output for _, output in self.forward(images)]

    def forward(self, images: NDArray[np.generic]) -> list[tuple[Floats, Floats]]:
        """The weighted sums z = w·x + b of each Dense layer and its output, first to last.

        Args:
            images: as in `activations`.

        Returns:
            A pair of float32 arrays (n, units) for each layer; the last output is probabilities.
        """
        x: Floats = images.reshape(len(images), len(self.layers[0][0])).astype(np.float32)
        x = x * np.float32(self.scale) + np.float32(self.offset)
        found: list[tuple[Floats, Floats]] = []
        for weights, bias in self.layers:
            last = len(found) == len(self.layers) - 1
            sums = x @ weights + bias
            x = (softmax if last else ACTIVATIONS[self.activation].function)(sums)
            found.append((sums, x))
        return found

    def predict(self, images: NDArray[np.generic]) -> Floats:
        """Probabilities (n, 10), float32, each row summing to 1, for images as in `activations`."""
        return self.activations(images)[-1]

    def to_bytes(self) -> bytes:
        """The network as one .npz file, which `from_bytes` reads."""
        arrays = {
            "activation": np.array(self.activation),
            "scaling": np.array([self.scale, self.offset]),
            "epoch": np.array(-1 if self.epoch is None else self.epoch),
        }
        for i, (weights, bias) in enumerate(self.layers):
            arrays |= {f"weights{i}": weights, f"bias{i}": bias}
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, contents: bytes) -> Network:
        """Read what `to_bytes` wrote; nothing in it is executed.

        Raises:
            ValueError: the bytes are not such a file, or its layers do not fit together.
        """
        try:
            with np.load(io.BytesIO(contents), allow_pickle=False) as file:
                arrays = dict(file)
            activation, epoch = str(arrays["activation"]), int(arrays["epoch"])
            scale, offset = map(float, arrays["scaling"])
            layers = tuple(
                (arrays[f"weights{i}"], arrays[f"bias{i}"]) for i in range((len(arrays) - 3) // 2)
            )
        except (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(lazy("The file holds no network.")) from error
        sizes = [784, *(bias.size for _, bias in layers)]
        fits = [weights.shape for weights, _ in layers] == list(pairwise(sizes))
        if activation not in ACTIVATIONS or not layers or not fits:
            raise ValueError(lazy("The layers in the file do not fit together."))
        return cls(activation, scale, offset, layers, None if epoch < 0 else epoch)
