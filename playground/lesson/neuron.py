"""Dense: one neuron's sum, z = wx + b, in numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.network.activations import ACTIVATIONS, Floats
from playground.network.network import Network


@dataclass(frozen=True)
class Neuron:
    """One neuron of the first Dense layer at work on one image.

    Attributes:
        x, w: (784,) scaled pixels, and the weight of each.
        b, z, a: bias, weighted sum and activation; a is None for an output neuron, whose softmax
            needs the sums of all ten.
    """

    x: Floats
    w: Floats
    b: float
    z: float
    a: float | None

    def largest_terms(self, count: int) -> NDArray[np.int64]:
        """The `count` pixels whose products w·x are furthest from 0, the furthest first."""
        return np.argsort(-np.abs(self.x * self.w), kind="stable")[:count]


def neuron(network: Network, image: NDArray[np.generic], number: int) -> Neuron:
    """Neuron `number` (0 is the first) of the first layer on an image (28, 28), 0 to 255."""
    weights, bias = network.layers[0]
    x = image.ravel().astype(np.float32) * np.float32(network.scale) + np.float32(network.offset)
    z = x @ weights[:, number] + bias[number]
    hidden = len(network.layers) > 1
    a = float(ACTIVATIONS[network.activation].function(z)) if hidden else None
    return Neuron(x, weights[:, number], float(bias[number]), float(z), a)
