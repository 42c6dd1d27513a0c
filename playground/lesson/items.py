"""The data: how many, the average image of each label, and which images look mislabelled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES


def label_counts(labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many images carry each label: (10,)."""
    return np.bincount(labels, minlength=CLASSES)


def mean_images(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The average image of each label: (10, 28, 28) float32, 0 to 255."""
    means = [images[labels == label].mean(axis=0) for label in range(CLASSES)]
    return np.stack(means).astype(np.float32)


def closeness(images: NDArray[np.uint8], means: NDArray[np.float32]) -> NDArray[np.float32]:
    """How close each image is to each average image: minus the root mean square difference.

    Args:
        images: (n, 28, 28), 0 to 255.
        means: (10, 28, 28), 0 to 255.

    Returns:
        (n, 10) float32, at most 0; the largest in a row is the nearest average (the
        nearest-centroid classifier).
    """
    x = images.reshape(len(images), -1).astype(np.float32)
    m = means.reshape(len(means), -1)
    squares = (x**2).sum(axis=1)[:, None] - 2 * x @ m.T + (m**2).sum(axis=1)
    result: NDArray[np.float32] = -np.sqrt(np.maximum(squares, 0) / x.shape[1])
    return result


def hardest(
    scores: NDArray[np.float32], label: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The images of one label that look most like another one.

    Args:
        scores: (n, 10), how well each label fits each image; larger is better.
        label: the label that all of them carry.
        count: how many to give, at the most.

    Returns:
        Their places in `scores` and the label each looks most like, (count,) each; first the
        image whose best other label beats its own by most.
    """
    others = scores.copy()
    others[:, label] = -np.inf
    looks_like = others.argmax(axis=1)
    lead = others.max(axis=1) - scores[:, label]
    order = np.argsort(-lead, kind="stable")[:count]
    return order, looks_like[order]


def mosaic(images: NDArray[np.uint8], columns: int, gap: int = 2) -> NDArray[np.uint8]:
    """Images side by side, row by row, as one: white between them and where none is left.

    Args:
        images: (n, 28, 28).
        columns: images in a row.
        gap: white pixels between two.
    """
    rows = -(-len(images) // columns)
    cell = images.shape[1] + gap
    sheet = np.full((rows * cell - gap, columns * cell - gap), 255, np.uint8)
    for place, image in enumerate(images):
        top, left = place // columns * cell, place % columns * cell
        sheet[top : top + cell - gap, left : left + cell - gap] = image
    return sheet
