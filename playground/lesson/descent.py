"""Batch and mini-batch: plain gradient descent on softmax regression, and a view of its path.

Small enough to be exact and quick without Keras: 785·10 weights, the bias being the weight of a
785th pixel that is always 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.forward import Floats, softmax

# Points kept of one path; a path of more steps is thinned evenly.
PATH_POINTS = 250


@dataclass(frozen=True)
class Path:
    """One descent: `weights` (k, 785, 10), the first at the start, the last at the end."""

    batch: int
    steps: int
    weights: Floats


@dataclass(frozen=True)
class Plane:
    """The plane through the paths that shows most of them.

    Attributes:
        centre: (785, 10).
        directions: (2, 785, 10), of length 1 and at right angles.
        share: of all that the paths move (squared distance from their mean), how much the
            plane shows; 0 to 1.
    """

    centre: Floats
    directions: Floats
    share: float

    def project(self, weights: Floats) -> Floats:
        """Where weights (k, 785, 10) lie on the plane: (k, 2)."""
        flat = (weights - self.centre).reshape(len(weights), -1)
        return (flat @ self.directions.reshape(2, -1).T).astype(np.float32)


def inputs(images: NDArray[np.uint8]) -> Floats:
    """Images (n, 28, 28), 0 to 255, as rows 0…1 with a 1 for the bias: (n, 785)."""
    x: Floats = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return np.hstack([x, np.ones((len(x), 1), np.float32)])


def steps_per_epoch(images: int, batch: int) -> int:
    """Steps in one pass over the images; the last may see fewer than `batch`."""
    return -(-images // batch)


def descend(
    x: Floats, labels: NDArray[np.integer], batch: int, steps: int, rate: float, seed: int
) -> Path:
    """Gradient descent from zero weights, every step along the exact gradient of its batch.

    Args:
        x: (n, 785).
        labels: (n,).
        batch: images in a step; the last of an epoch may have fewer.
        steps: how many.
        rate: step size.
        seed: fixes the order of the images, anew in each epoch.
    """
    rng = np.random.default_rng(seed)
    targets = np.eye(CLASSES, dtype=np.float32)[labels]
    weights = np.zeros((x.shape[1], CLASSES), np.float32)
    every = -(-steps // PATH_POINTS)
    kept = [weights.copy()]
    per_epoch = steps_per_epoch(len(x), batch)
    for step in range(steps):
        place = step % per_epoch
        if place == 0:
            order = rng.permutation(len(x))
        chosen = order[place * batch : (place + 1) * batch]
        # All of them need no copy: that would take longer than the step.
        part, wanted = (x, targets) if len(chosen) == len(x) else (x[chosen], targets[chosen])
        wrong = softmax(part @ weights) - wanted
        weights -= np.float32(rate / len(chosen)) * (part.T @ wrong)
        if (step + 1) % every == 0 or step + 1 == steps:
            kept.append(weights.copy())
    return Path(batch, steps, np.stack(kept))


def plane(paths: Sequence[Path]) -> Plane:
    """The first two principal directions of all paths together (as Li et al. 2018, section 7)."""
    points = np.concatenate([path.weights.reshape(len(path.weights), -1) for path in paths])
    centre = points.mean(axis=0)
    moved = points - centre
    # Of the small Gram matrix: the same directions as of the large covariance.
    values, vectors = np.linalg.eigh((moved @ moved.T).astype(np.float64))
    along = (moved.T @ vectors[:, :-3:-1]).T
    directions = along / np.linalg.norm(along, axis=1, keepdims=True)
    shape = paths[0].weights.shape[1:]
    return Plane(
        centre.reshape(shape),
        directions.astype(np.float32).reshape(2, *shape),
        float(values[-2:].sum() / values.sum()),
    )


def surface(
    x: Floats, labels: NDArray[np.integer], view: Plane, across: Floats, up: Floats
) -> Floats:
    """Mean cross-entropy at points of the plane: (len(up), len(across))."""
    # The weighted sums are linear in the weights, so three products do for all points.
    centre, one, two = (x @ w for w in (view.centre, *view.directions))
    rows = np.arange(len(x))
    found = np.empty((len(up), len(across)), np.float32)
    for i, b in enumerate(up):
        for j, a in enumerate(across):
            z = centre + a * one + b * two
            z -= z.max(axis=1, keepdims=True)
            found[i, j] = np.mean(np.log(np.exp(z).sum(axis=1)) - z[rows, labels])
    return found


def loss(x: Floats, labels: NDArray[np.integer], weights: Floats) -> float:
    """Mean cross-entropy of weights (785, 10)."""
    z = x @ weights
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(x)), labels]))
