"""compile(): the four losses for one prediction, term by term, as Keras computes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Keras keeps probabilities this far from 0 and 1, so that no logarithm is infinite.
EPSILON = 1e-7


def loss_terms(label: int, probabilities: NDArray[np.floating]) -> dict[str, NDArray[np.float64]]:
    """What each class adds to each loss of one image, (10,) each: the loss is their sum.

    mse and binary_crossentropy are means over the classes, so that each class adds a tenth of its
    own error.

    Args:
        label: the true class.
        probabilities: (10,), summing to 1.
    """
    exact = probabilities.astype(np.float64)
    # In float32, as Keras clips: 1 − ε is the nearest such number.
    ends = np.array([EPSILON, 1 - EPSILON], np.float32).astype(np.float64)
    p = np.clip(exact, *ends)
    y = np.eye(len(p))[label]
    sparse = np.zeros(len(p))
    sparse[label] = -np.log(p[label])
    return {
        "sparse_categorical_crossentropy": sparse,
        "categorical_crossentropy": -y * np.log(p),
        "mse": (y - exact) ** 2 / len(p),
        "binary_crossentropy": -(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(p),
    }


def losses(label: int, probabilities: NDArray[np.floating]) -> dict[str, float]:
    """Each loss of one image, by its name; arguments as for `loss_terms`."""
    return {name: float(terms.sum()) for name, terms in loss_terms(label, probabilities).items()}
