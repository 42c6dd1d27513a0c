"""The activation functions, each with its slope, and softmax: the one table of them.

The formulas are those that Keras 3 takes when an activation is named by its string.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit

Floats = NDArray[np.float32]
# From an array of float32 or float64, element by element, to one of the same dtype.
Elementwise = Callable[[NDArray[Any]], NDArray[Any]]


class Activation(NamedTuple):
    """An activation function and its derivative.

    At a corner (x = 0) the slope is that on the left, as in TensorFlow.
    """

    function: Elementwise
    slope: Elementwise


def _gelu_slope(x: NDArray[Any]) -> NDArray[Any]:
    slope = (1 + erf(x * np.sqrt(0.5))) / 2 + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    result: NDArray[Any] = slope.astype(x.dtype)
    return result


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(expit, lambda x: expit(x) * expit(-x)),
    "tanh": Activation(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "relu": Activation(lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(x.dtype)),
    "leaky_relu": Activation(
        lambda x: np.where(x > 0, x, np.float32(0.2) * x),
        lambda x: np.where(x > 0, 1, 0.2).astype(x.dtype),
    ),
    "elu": Activation(
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda x: np.exp(np.minimum(x, 0)),
    ),
    "gelu": Activation(
        lambda x: np.float32(0.5) * x * (1 + erf(x * np.float32(np.sqrt(0.5)))), _gelu_slope
    ),
    "silu": Activation(lambda x: x * expit(x), lambda x: expit(x) * (1 + x * expit(-x))),
    "linear": Activation(lambda x: x, np.ones_like),
}


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Probabilities from logits, both (n, classes), without overflow in exp.

    Logits that are not finite (a diverged network) give NaN, without a warning.
    """
    with np.errstate(invalid="ignore"):
        powers = np.exp(x - x.max(axis=1, keepdims=True))
        result: NDArray[Any] = powers / powers.sum(axis=1, keepdims=True)
    return result
