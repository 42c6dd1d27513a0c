"""Batch and mini-batch: gradient descent of a neuron with two weights, and a map of its loss.

With two weights, a map can show every possible network: each path lies on it, and the colour under
a path is its loss. A cut through the loss of a larger network would show the loss of other weights
than the path's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.network.activations import ACTIVATIONS, Floats

# Of a path with more steps than this, only every second, third, … point is kept.
PATH_POINTS = 250


@dataclass(frozen=True)
class Path:
    """One descent: `weights` (k, 2), the first at the start, the last at the end."""

    batch: int
    steps: int
    weights: Floats


def halves(images: NDArray[np.uint8]) -> Floats:
    """The mean brightness of the upper and the lower half of each image, standardised: (n, 2).

    Args:
        images: (n, 28, 28), 0 to 255; their halves differ in brightness.
    """
    means = images.reshape(len(images), 2, -1).mean(axis=2)
    scaled: Floats = ((means - means.mean(axis=0)) / means.std(axis=0)).astype(np.float32)
    return scaled


def steps_per_epoch(images: int, batch: int) -> int:
    """Steps in one pass over the images; the last step may see fewer than `batch`."""
    return -(-images // batch)


def descend(
    x: Floats,
    y: NDArray[np.bool_],
    batch: int,
    steps: int,
    rate: float,
    seed: int,
    start: tuple[float, float] = (0.0, 0.0),
) -> Path:
    """Gradient descent of a sigmoid neuron without bias, along the exact gradient of each batch.

    Args:
        x: (n, 2).
        y: (n,), what the neuron should answer.
        batch: images per step; the last step of an epoch may have fewer.
        steps: number of steps.
        rate: learning rate.
        seed: fixes the order of the images, which is another one in each epoch.
        start: the first weights.
    """
    rng = np.random.default_rng(seed)
    weights = np.array(start, np.float32)
    every = -(-steps // PATH_POINTS)
    kept = [weights.copy()]
    per_epoch = steps_per_epoch(len(x), batch)
    for step in range(steps):
        first = step % per_epoch * batch
        if first == 0:
            order = rng.permutation(len(x))
        chosen = order[first : first + batch]
        error = ACTIVATIONS["sigmoid"].function(x[chosen] @ weights) - y[chosen]
        weights -= np.float32(rate / len(chosen)) * (error @ x[chosen])
        if (step + 1) % every == 0 or step + 1 == steps:
            kept.append(weights.copy())
    return Path(batch, steps, np.stack(kept))


def loss(x: Floats, y: NDArray[np.bool_], weights: Floats) -> Floats:
    """Mean binary cross-entropy of each pair of weights, (k, 2): (k,)."""
    z = x @ weights.T
    found: Floats = (np.logaddexp(0, z) - y[:, None] * z).mean(axis=0, dtype=np.float64)
    return found.astype(np.float32)


def surface(x: Floats, y: NDArray[np.bool_], across: Floats, up: Floats) -> Floats:
    """The loss for each first weight in `across`, (n,), and second weight in `up`, (m,): (m, n)."""
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    return loss(x, y, grid.reshape(-1, 2)).reshape(grid.shape[:2])
