from __future__ import annotations

import io
from typing import get_args

import keras
import numpy as np
import pytest

from playground.config import Activation
from playground.dataset import load_data
from playground.network.activations import ACTIVATIONS
from playground.network.network import Network

SCALINGS = {
    "none": (1.0, 0.0),
    "min_max": (1 / 255, 0.0),
    "standard": (1 / (255 * 0.353), -0.286 / 0.353),
}


def pair(activation: str, units: tuple[int, ...], scaling: str) -> tuple[keras.Model, Network]:
    """A Keras model with random weights, and the same network exported."""
    scale, offset = SCALINGS[scaling]
    keras.utils.set_random_seed(7)
    dense = [keras.layers.Dense(n, activation, bias_initializer="normal") for n in units]
    dense.append(keras.layers.Dense(10, "softmax", bias_initializer="normal"))
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Rescaling(scale, offset),
            keras.layers.Flatten(),
            *dense,
        ]
    )
    # Logits of ordinary size whatever the scaling: on large ones float32 is no better than 1e-5.
    dense[0].kernel.assign(dense[0].kernel / (255 * scale))
    weights = tuple((layer.kernel.numpy(), layer.bias.numpy()) for layer in dense)
    return model, Network(activation, scale, offset, weights, epoch=3)


def test_every_activation_is_known() -> None:
    assert set(ACTIVATIONS) == set(get_args(Activation))


@pytest.mark.parametrize("activation", get_args(Activation))
@pytest.mark.parametrize("units", [(), (17,), (32, 5, 8)], ids=str)
@pytest.mark.parametrize("scaling", SCALINGS)
def test_probabilities_are_those_of_keras(
    activation: str, units: tuple[int, ...], scaling: str
) -> None:
    model, network = pair(activation, units, scaling)
    images = load_data().x_test[:64]
    expected = model(images.astype(np.float32)).numpy()
    found = network.predict(images)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("activation", get_args(Activation))
def test_each_layers_output_is_that_of_keras(activation: str) -> None:
    model, network = pair(activation, (32, 16), "min_max")
    images = load_data().x_test[:16]
    inner = keras.Model(model.inputs[0], [layer.output for layer in model.layers[2:]])
    for found, expected in zip(
        network.activations(images), inner(images.astype(np.float32)), strict=True
    ):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-5, atol=1e-5)


def test_a_network_survives_its_bytes() -> None:
    _, network = pair("gelu", (9, 4), "standard")
    again = Network.from_bytes(network.to_bytes())
    images = load_data().x_test[:8]
    assert (again.activation, again.scale, again.offset, again.epoch) == (
        "gelu",
        network.scale,
        network.offset,
        3,
    )
    assert (again.predict(images) == network.predict(images)).all()


@pytest.mark.parametrize("cut", [0, 10, 400])
def test_damaged_bytes_are_refused(cut: int) -> None:
    _, network = pair("relu", (4,), "none")
    with pytest.raises(ValueError, match="holds no network"):
        Network.from_bytes(network.to_bytes()[:cut])


def test_pickles_and_foreign_files_are_refused() -> None:
    file = io.BytesIO()
    np.savez(file, activation=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="holds no network"):
        Network.from_bytes(file.getvalue())


def test_layers_that_do_not_fit_are_refused() -> None:
    bad = Network("relu", 1.0, 0.0, ((np.zeros((784, 3), np.float32), np.zeros(4, np.float32)),))
    with pytest.raises(ValueError, match="do not fit"):
        Network.from_bytes(bad.to_bytes())


def test_diverged_weights_give_nan_and_no_warning(recwarn: pytest.WarningsRecorder) -> None:
    layer = (np.full((784, 10), np.inf, np.float32), np.zeros(10, np.float32))
    result = Network("relu", 1.0, 0.0, (layer,)).predict(np.ones((1, 28, 28)))
    assert np.isnan(result).all()
    assert not recwarn.list
