"""The table of activation functions, against TensorFlow's."""

from __future__ import annotations

from typing import Any, get_args

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from playground.config import Activation
from playground.network.activations import ACTIVATIONS

_NAMES = get_args(Activation)


def test_it_holds_every_activation() -> None:
    assert set(ACTIVATIONS) == set(_NAMES)


@pytest.mark.parametrize("name", _NAMES)
def test_function_and_slope_are_tensorflows(name: str) -> None:
    x = tf.constant(np.array([-5, -1.5, -0.3, 0.0, 0.2, 1.7, 5], np.float64))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.activations.get(name)(x)
    function, slope = ACTIVATIONS[name]
    np.testing.assert_allclose(function(x.numpy()), y.numpy(), atol=1e-6)
    np.testing.assert_allclose(slope(x.numpy()), tape.gradient(y, x).numpy(), atol=1e-6)


@pytest.mark.parametrize("name", _NAMES)
def test_a_slope_is_the_difference_of_its_function(name: str) -> None:
    x = np.linspace(-6, 6, 240)  # a corner at 0 lies between two points
    function, slope = ACTIVATIONS[name]
    difference = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
    # Where float32 constants are inside an activation, they bound the accuracy.
    np.testing.assert_allclose(slope(x), difference, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_goes_in_comes_out_with_the_same_dtype(name: str, dtype: type) -> None:
    x: NDArray[Any] = np.linspace(-3, 3, 7).astype(dtype)
    for of in ACTIVATIONS[name]:
        assert of(x).dtype == dtype
