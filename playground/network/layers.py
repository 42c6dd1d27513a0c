"""Inside a network: what its layers do on a few images, its neurons' weights, its mistakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES, RunConfig
from playground.locales import mark
from playground.network.activations import Floats
from playground.network.gradients import gradients
from playground.network.network import Network

# Where a bounded activation counts as near an end: tanh(x) = 2·sigmoid(2x) − 1.
SATURATED = {"sigmoid": (0.05, 0.95), "tanh": (-0.9, 0.9)}
BINS = 40
# Images that are judged at once.
_BATCH = 500


@dataclass(frozen=True, eq=False)
class Layer:
    """One Dense layer on a sample of images.

    Attributes:
        name: in English, e.g. "Dense 1, relu" or "Output, softmax".
        units: its neurons.
        mean, deviation: of all its outputs.
        zeros: the share of outputs that are exactly 0.
        counts, edges: histogram of the other outputs, (40,) and (41,).
        idle: the share of its units that do no work: dead or saturated, see `idle_units`; None
            where that means nothing (linear, softmax).
        gradient: the L2 norm of the loss's gradient with respect to its weights and bias.
    """

    name: str
    units: int
    mean: float
    deviation: float
    zeros: float
    counts: NDArray[np.int64]
    edges: Floats
    idle: float | None
    gradient: float


def layers(
    network: Network,
    images: NDArray[np.generic],
    labels: NDArray[np.integer],
    config: RunConfig,
) -> list[Layer]:
    """What each Dense layer does on a sample of images, first to last.

    Args:
        network: of any epoch of a run.
        images: (n, 28, 28), 0 to 255.
        labels: (n,), 0 to 9.
        config: of the run, for its loss and its L2 penalty; nothing is dropped out.
    """
    outputs = network.activations(images)
    slopes = gradients(network, images, labels, loss=config.loss, l2=config.l2)
    found = []
    for number, (output, (weights, bias)) in enumerate(zip(outputs, slopes, strict=True), 1):
        last = number == len(outputs)
        others = output[np.isfinite(output) & (output != 0)]
        counts, edges = np.histogram(others, BINS, (0, 1) if last else None)
        found.append(
            Layer(
                name=mark("Output, softmax") if last else f"Dense {number}, {network.activation}",
                units=output.shape[1],
                mean=float(output.mean()),
                deviation=float(output.std()),
                zeros=1 - others.size / output.size,
                counts=counts,
                edges=edges.astype(np.float32),
                idle=None if last else idle_units(output, network.activation),
                gradient=float(np.sqrt(np.square(weights).sum() + np.square(bias).sum())),
            )
        )
    return found


def idle_units(output: Floats, activation: str) -> float | None:
    """The share of units, 0 to 1, that are saturated or dead on these images.

    Saturated (sigmoid, tanh): near an end of the range for more than half of the images, see
    `SATURATED`. Dead (other activations): never above 0. None for linear, which can be neither.

    Args:
        output: (images, units), of a layer with this activation.
        activation: a key of `ACTIVATIONS`.
    """
    if activation == "linear":
        return None
    return float(idle(output, activation).mean())


def idle(output: Floats, activation: str) -> NDArray[np.bool_]:
    """Which units are saturated or dead, as in `idle_units`: (units,); none of linear ones."""
    if activation == "linear":
        return np.zeros(output.shape[1], bool)
    if activation in SATURATED:
        low, high = SATURATED[activation]
        near_an_end = ((output < low) | (output > high)).mean(axis=0)
        saturated: NDArray[np.bool_] = near_an_end > 0.5
        return saturated
    dead: NDArray[np.bool_] = np.all(output <= 0, axis=0)
    return dead


def weight_images(network: Network) -> tuple[Floats, float]:
    """Each neuron of the first layer as its weights from the 28×28 pixels.

    Returns:
        (units, 28, 28), and the absolute value that 99 % of the weights do not exceed, for the
        ends of the colour scale.
    """
    weights = network.layers[0][0]
    return weights.T.reshape(-1, 28, 28), float(np.quantile(np.abs(weights), 0.99))


@dataclass(frozen=True, eq=False)
class Judged:
    """Some images, the labels that the network predicts, and how sure it is; most sure first.

    Attributes:
        indices: (n,) of the images among the validation images.
        labels, predicted: (n,) true and predicted labels.
        confidence: (n,) float32, the probability given to the predicted label.
    """

    indices: NDArray[np.int64]
    labels: NDArray[np.uint8]
    predicted: NDArray[np.uint8]
    confidence: Floats


def judged(
    network: Network,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    predicted: NDArray[np.uint8],
    cell: tuple[int, int] | None = None,
) -> Judged:
    """The images of one cell of the confusion matrix, or all mistakes.

    Args:
        network: of the epoch of `predicted`.
        images: (n, 28, 28), the validation images.
        labels, predicted: (n,), the true and the predicted labels of these images.
        cell: true and predicted label; None for all mistakes.
    """
    wrong = labels != predicted
    in_cell = wrong if cell is None else (labels == cell[0]) & (predicted == cell[1])
    indices = np.flatnonzero(in_cell)
    probabilities = network.predict(images[indices])
    confidence = probabilities[np.arange(len(indices)), predicted[indices]]
    order = np.argsort(-confidence, kind="stable")
    indices = indices[order]
    return Judged(indices, labels[indices], predicted[indices], confidence[order])


def one_of_each(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """The index of the first image of each label: (10,)."""
    return np.array([int(np.argmax(labels == label)) for label in range(CLASSES)])


def most_exciting(
    network: Network, images: NDArray[np.generic], layer: int, count: int
) -> tuple[NDArray[np.int64], Floats]:
    """The images at which each neuron of a layer has its highest activations.

    Args:
        network: any.
        images: (n, 28, 28), 0 to 255; n is `count` or more.
        layer: of its hidden layers, 0 is the first.
        count: images for each neuron.

    Returns:
        Indices of images and the activations there, (units, count) each, the highest first; of
        equal ones the first image.
    """
    units = network.layers[layer][1].size
    values = np.empty((0, units), np.float32)
    indices = np.empty((0, units), np.int64)
    for start in range(0, len(images), _BATCH):
        batch = images[start : start + _BATCH]
        new = network.activations(batch)[layer]
        # NaN, of a network that ran away, excites nothing.
        values = np.concatenate([values, np.nan_to_num(new, nan=-np.inf, posinf=np.inf)])
        here = np.arange(start, start + len(batch))
        indices = np.concatenate([indices, np.repeat(here[:, None], units, axis=1)])
        order = np.argsort(-values, axis=0, kind="stable")[:count]
        values = np.take_along_axis(values, order, axis=0)
        indices = np.take_along_axis(indices, order, axis=0)
    return indices.T, values.T


def hardest(
    network: Network, images: NDArray[np.generic], labels: NDArray[np.integer], count: int
) -> NDArray[np.int64]:
    """The images whose true label gets the lowest probabilities, the lowest first.

    Args:
        network: any.
        images: (n, 28, 28), 0 to 255.
        labels: (n,), 0 to 9.
        count: of images.

    Returns:
        Their indices, (count,); of equal ones the first. NaN counts as the highest probability.
    """
    given = [
        network.predict(images[start : start + _BATCH])[
            np.arange(len(images[start : start + _BATCH])), labels[start : start + _BATCH]
        ]
        for start in range(0, len(images), _BATCH)
    ]
    return np.argsort(np.concatenate(given), kind="stable")[:count]
