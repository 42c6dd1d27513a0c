"""One training step by hand: a mini-batch through a network, forward and backward.

Without dropout: all neurons take part, as when Keras calls the model with `training=False`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.network.activations import Floats
from playground.network.gradients import backpropagate, output_delta, scaled
from playground.network.network import Network


@dataclass(frozen=True, eq=False)
class Walk:
    """What n images give on their way through a network and back; float32.

    Attributes:
        inputs: what the first layer gets, (n, 784).
        values: for each Dense layer z = x·w + b and what its activation function makes of it,
            (n, units) each; the last ones are logits and probabilities.
        losses: of each image, (n,).
        penalty: what L2 adds to the loss.
        deltas: for each layer the gradient of the loss with respect to z, (n, units).
        gradients: for each layer that with respect to its weights and its bias, shaped like them.
    """

    inputs: Floats
    values: tuple[tuple[Floats, Floats], ...]
    losses: Floats
    penalty: float
    deltas: tuple[Floats, ...]
    gradients: tuple[tuple[Floats, Floats], ...]

    @property
    def loss(self) -> float:
        """What training makes small: the mean over the mini-batch, and L2's penalty."""
        return float(self.losses.mean()) + self.penalty


def walk(
    network: Network,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    *,
    loss: str,
    l2: float = 0.0,
) -> Walk:
    """Take a mini-batch forward and backward through a network.

    Args:
        network: its last layer is a softmax; one that has diverged gives NaN, without a warning.
        images: (n, 28, 28), 0 to 255.
        labels: (n,), 0 to 9.
        loss, l2: as in `RunConfig`.
    """
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
    with np.errstate(all="ignore"):
        inputs = scaled(network, images)
        values = network.forward(images)
        logits, probabilities = values[-1]
        delta = output_delta(logits, one_hot, loss) / np.float32(len(labels))
        deltas, found = backpropagate(network, inputs, values, delta, l2)
        squares = sum(float(np.square(weights).sum()) for weights, _ in network.layers)
        return Walk(
            inputs,
            tuple(values),
            image_losses(logits, probabilities, one_hot, loss),
            l2 * squares if l2 else 0.0,
            tuple(deltas),
            tuple(found),
        )


def image_losses(logits: Floats, probabilities: Floats, one_hot: Floats, loss: str) -> Floats:
    """The loss of each image, (n,), as Keras computes it of a softmax; arguments are (n, 10).

    Both cross-entropies are -log(p of the true label), from the logits. So is binary
    cross-entropy, with a sigmoid of each logit: Keras goes back behind the softmax.
    """
    if loss == "mse":
        errors: Floats = np.square(probabilities - one_hot).mean(axis=1)
        return errors
    if loss == "binary_crossentropy":
        terms = np.maximum(logits, 0) - logits * one_hot + np.log1p(np.exp(-np.abs(logits)))
        apart: Floats = terms.mean(axis=1)
        return apart
    greatest = logits.max(axis=1)
    whole = greatest + np.log(np.exp(logits - greatest[:, None]).sum(axis=1))
    crossed: Floats = whole - (logits * one_hot).sum(axis=1)
    return crossed
