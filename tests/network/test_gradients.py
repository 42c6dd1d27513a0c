from __future__ import annotations

from typing import get_args

import keras
import numpy as np
import pytest
import tensorflow as tf

from playground.config import Activation
from playground.dataset import load_data
from playground.network.gradients import gradient_sizes, gradients, initial_network


@pytest.mark.parametrize("name", get_args(Activation))
def test_backpropagation_gives_keras_gradients(name: str) -> None:
    network = initial_network((7, 6, 5), name, 2)
    data = load_data()
    x, y = data.x_train[:20], data.y_train[:20]
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
        + [keras.layers.Dense(units, name) for units in (7, 6, 5)]
        + [keras.layers.Dense(10, "softmax")]
    )
    model.set_weights([array for layer in network.layers for array in layer])
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy()(y, model(x))
    expected = tape.gradient(loss, model.trainable_variables)
    found = [array for pair in gradients(network, x, y) for array in pair]
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-6)
    sizes = [float(tf.sqrt(tf.reduce_mean(theirs**2))) for theirs in expected[::2]]
    np.testing.assert_allclose(gradient_sizes(network, x, y), sizes, rtol=1e-3)


def test_weights_begin_as_keras_begins_them() -> None:
    network = initial_network((300,), "relu", 5)
    keras.utils.set_random_seed(5)
    layer = keras.layers.Dense(300)
    layer.build((None, 784))
    ours, theirs = network.layers[0][0], layer.kernel.numpy()
    assert ours.shape == theirs.shape
    for part in (np.min, np.max, np.std):
        assert part(ours) == pytest.approx(part(theirs), rel=0.01)
    assert not network.layers[0][1].any()


def test_with_five_layers_sigmoids_gradient_fades_and_relus_does_not() -> None:
    data = load_data()
    fades = {
        name: sizes[0] / sizes[-1]
        for name in ("sigmoid", "relu")
        for sizes in [
            gradient_sizes(
                initial_network((64,) * 5, name, 42), data.x_train[:256], data.y_train[:256]
            )
        ]
    }
    assert fades["sigmoid"] < 0.001
    assert fades["relu"] > 0.2
