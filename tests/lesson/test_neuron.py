from __future__ import annotations

import keras
import numpy as np
import pytest

from playground.dataset import load_data
from playground.lesson.neuron import neuron
from playground.network.gradients import initial_network


def test_as_keras_dense() -> None:
    network = initial_network((5,), "sigmoid", 3)
    image = load_data().x_test[3]
    layer = keras.layers.Dense(5)
    layer.build((None, 784))
    layer.set_weights(network.layers[0])
    sums = layer(image.reshape(1, 784) / 255).numpy()[0]
    for number in range(5):
        seen = neuron(network, image, number)
        assert seen.z == pytest.approx(sums[number], abs=1e-5)
        assert seen.a == pytest.approx(1 / (1 + np.exp(-sums[number])), abs=1e-5)


def test_an_output_neuron_has_no_activation_of_its_own() -> None:
    assert neuron(initial_network((), "relu", 3), load_data().x_test[3], 9).a is None


def test_the_largest_terms_are_the_largest() -> None:
    seen = neuron(initial_network((2,), "relu", 3), load_data().x_test[3], 1)
    products = np.abs(seen.x * seen.w)
    assert products[seen.largest_terms(4)].tolist() == sorted(products)[:-5:-1]
