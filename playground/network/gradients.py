"""Networks as Keras starts them, and backpropagation in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from playground.config import CLASSES
from playground.network.activations import ACTIVATIONS, Floats, softmax
from playground.network.network import Network


def initial_network(units: Sequence[int], activation: str, seed: int) -> Network:
    """An untrained network with pixels scaled to 0…1.

    Weights are drawn as by Keras' default, `glorot_uniform` (Glorot & Bengio 2010): uniformly
    between ±sqrt(6 / (inputs + units)); biases are 0.

    Args:
        units: of each hidden layer; the output layer of 10 is added.
        activation: of the hidden layers, a key of `ACTIVATIONS`.
        seed: fixes the weights.
    """
    rng = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in pairwise([784, *units, CLASSES]):
        limit = np.sqrt(6 / (inputs + outputs))
        weights = rng.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
        layers.append((weights, np.zeros(outputs, np.float32)))
    return Network(activation, 1 / 255, 0.0, tuple(layers), epoch=0)


def gradients(
    network: Network,
    images: NDArray[np.generic],
    labels: NDArray[np.integer],
    *,
    loss: str = "sparse_categorical_crossentropy",
    l2: float = 0.0,
) -> list[tuple[Floats, Floats]]:
    """Gradient of the mean loss with respect to each weight and bias, by backpropagation.

    Args:
        network: its last layer is a softmax.
        images: (n, 28, 28), 0 to 255.
        labels: (n,), 0 to 9.
        loss: as in `RunConfig`.
        l2: the loss includes this times the sum of squared weights.

    Returns:
        A pair for each Dense layer, shaped like its weights and its bias.
    """
    x = scaled(network, images)
    values = network.forward(images)
    one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
    delta = output_delta(values[-1][0], one_hot, loss) / np.float32(len(labels))
    return backpropagate(network, x, values, delta, l2)[1]


def scaled(network: Network, images: NDArray[np.generic]) -> Floats:
    """What the first layer gets of images (n, 28, 28), 0 to 255: float32 (n, 784)."""
    x: Floats = images.reshape(len(images), -1).astype(np.float32)
    return x * np.float32(network.scale) + np.float32(network.offset)


def backpropagate(
    network: Network,
    x: Floats,
    values: Sequence[tuple[Floats, Floats]],
    delta: Floats,
    l2: float = 0.0,
) -> tuple[list[Floats], list[tuple[Floats, Floats]]]:
    """Carry the gradient of a loss back from the logits to the first layer.

    Args:
        network: whose weights it goes through.
        x: what its first layer got, (n, 784).
        values: what `network.forward` made of it.
        delta: gradient of the loss with respect to the logits, (n, 10).
        l2: the loss includes this times the sum of squared weights.

    Returns:
        For each Dense layer the gradient with respect to its sums z, (n, units); and a pair,
        shaped like its weights and its bias.
    """
    slope = ACTIVATIONS[network.activation].slope
    deltas, found = [delta], []
    for layer in reversed(range(len(network.layers))):
        weights = network.layers[layer][0]
        inputs = values[layer - 1][1] if layer else x
        penalty = np.float32(2 * l2) * weights
        found.append((inputs.T @ deltas[-1] + penalty, deltas[-1].sum(axis=0)))
        if layer:
            deltas.append((deltas[-1] @ weights.T) * slope(values[layer - 1][0]))
    return deltas[::-1], found[::-1]


def output_delta(sums: Floats, y: Floats, loss: str) -> Floats:
    """Gradient of each image's loss with respect to the logits `sums`; all are (n, 10)."""
    if loss == "binary_crossentropy":
        # After a softmax Keras goes back to the logits and applies a sigmoid to each.
        apart: Floats = (expit(sums) - y) / CLASSES
        return apart
    p = softmax(sums)
    if loss == "mse":
        slope = 2 * (p - y) / CLASSES
        through: Floats = p * (slope - (slope * p).sum(axis=1, keepdims=True))
        return through
    # For softmax and cross-entropy together: probabilities minus one-hot labels.
    return p - y


def gradient_sizes(
    network: Network, images: NDArray[np.generic], labels: NDArray[np.integer]
) -> list[float]:
    """The root mean square of each layer's weight gradients, first layer to last.

    It says how strongly a typical weight of the layer is pulled, independent of the layer's size.
    """
    return [
        float(np.sqrt(np.mean(weights.astype(np.float64) ** 2)))
        for weights, _ in gradients(network, images, labels)
    ]
