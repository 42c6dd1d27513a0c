"""The confusion matrix, and precision, recall and F1 of each label."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES


class PerClass(NamedTuple):
    """Three scores of each label, (10,) float64, 0 to 1; 0 where there is nothing to divide by."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]


def confusion_matrix(
    labels: NDArray[np.integer], predicted: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Counts (10, 10) of labels (n,) and predicted labels (n,): rows true, columns predicted."""
    cells = labels.astype(np.int64) * CLASSES + predicted
    return np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


def per_class(confusion: NDArray[np.integer]) -> PerClass:
    """Precision, recall and F1 of each label, from counts (10, 10) as `confusion_matrix` gives.

    Precision: the share of the images called so that are so. Recall: the share of the images that
    are so that were called so. F1: their harmonic mean.
    """
    right = np.diag(confusion).astype(np.float64)
    called, true = confusion.sum(axis=0), confusion.sum(axis=1)

    def share(part: NDArray[np.float64], whole: NDArray[np.integer]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = np.divide(
            part, whole, out=np.zeros(len(part)), where=whole > 0
        )
        return result

    return PerClass(share(right, called), share(right, true), share(2 * right, called + true))
