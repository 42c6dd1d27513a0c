"""The data: how many images each label has, their average, and images that look mislabelled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES


def label_counts(labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many images have each label: (10,)."""
    return np.bincount(labels, minlength=CLASSES)


def mean_images(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The average image of each label: (10, 28, 28) float32, 0 to 255."""
    means = [images[labels == label].mean(axis=0) for label in range(CLASSES)]
    return np.stack(means).astype(np.float32)


def likeness(images: NDArray[np.uint8], means: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each image looks like each average image: Pearson's correlation of their pixels.

    Brightness and contrast do not count, only where an image is bright.

    Args:
        images: (n, 28, 28), 0 to 255, none of one value only.
        means: (10, 28, 28), 0 to 255.

    Returns:
        (n, 10) float32, -1 to 1.
    """

    def standardised(x: NDArray[np.generic]) -> NDArray[np.float32]:
        flat = x.reshape(len(x), -1).astype(np.float32)
        flat = flat - flat.mean(axis=1, keepdims=True)
        scaled: NDArray[np.float32] = flat / np.linalg.norm(flat, axis=1, keepdims=True)
        return scaled

    return (standardised(images) @ standardised(means).T).astype(np.float32)


def hardest(
    scores: NDArray[np.float32], label: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The images of one label that look most like another one.

    Args:
        scores: (n, 10), how well each label fits each image; larger is better.
        label: the label that all of them have.
        count: how many to return, at most.

    Returns:
        Their indices in `scores` and the label that each looks most like, (count,) each; first the
        image whose best other label is furthest above its own.
    """
    others = scores.copy()
    others[:, label] = -np.inf
    looks_like = others.argmax(axis=1)
    lead = others.max(axis=1) - scores[:, label]
    order = np.argsort(-lead, kind="stable")[:count]
    return order, looks_like[order]


def mosaic(
    images: NDArray[np.uint8], columns: int, gap: int = 2, grey: int = 255
) -> NDArray[np.uint8]:
    """Images as one sheet, row by row, with gaps between them.

    Args:
        images: (n, 28, 28), or with channels (n, 28, 28, c).
        columns: images in a row.
        gap: pixels between two.
        grey: 0 to 255, of the gaps, and of the last row where no image is left.
    """
    rows = -(-len(images) // columns)
    cell = images.shape[1] + gap
    shape = rows * cell - gap, columns * cell - gap, *images.shape[3:]
    sheet = np.full(shape, grey, np.uint8)
    for index, image in enumerate(images):
        top, left = index // columns * cell, index % columns * cell
        sheet[top : top + cell - gap, left : left + cell - gap] = image
    return sheet
