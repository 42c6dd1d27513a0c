from __future__ import annotations

from typing import get_args

import keras
import numpy as np
import pytest
import tensorflow as tf

from playground.config import Activation
from playground.dataset import load_data
from playground.network.explain import Neighbours, saliency, typical
from playground.network.network import Network


@pytest.mark.parametrize("activation", get_args(Activation))
@pytest.mark.parametrize("units", [(), (24, 12)], ids=str)
def test_the_saliency_is_the_gradient_that_tensorflow_finds(
    activation: str, units: tuple[int, ...]
) -> None:
    keras.utils.set_random_seed(3)
    scale, offset = 1 / (255 * 0.353), -0.286 / 0.353
    dense = [keras.layers.Dense(n, activation, bias_initializer="normal") for n in units]
    dense.append(keras.layers.Dense(10, "softmax", bias_initializer="normal"))
    layers = [keras.Input((28, 28)), keras.layers.Rescaling(scale, offset)]
    model = keras.Sequential([*layers, keras.layers.Flatten(), *dense])
    model.summary(print_fn=lambda _: None)
    weights = tuple((layer.kernel.numpy(), layer.bias.numpy()) for layer in dense)
    network = Network(activation, scale, offset, weights)
    for image in load_data().x_test[:4]:
        pixels = tf.Variable(image[None].astype(np.float32))
        with tf.GradientTape() as tape:
            winner = tf.reduce_max(model(pixels))
        expected = tape.gradient(winner, pixels)[0].numpy()
        found = saliency(network, image)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


def test_a_network_that_is_sure_still_has_a_saliency() -> None:
    weights = np.zeros((784, 10), np.float32)
    weights[0, 1] = 1
    network = Network("linear", 1.0, 0.0, ((weights, np.zeros(10, np.float32)),))
    image = np.zeros((28, 28), np.uint8)
    image[0, 0] = 60
    assert network.predict(image[None])[0, 1] == 1
    found = saliency(network, image)
    assert found[0, 0] > 0
    assert np.count_nonzero(found) == 1


def test_the_nearest_images_are_those_of_all_distances() -> None:
    images, wanted = load_data().x_train[:6000], load_data().x_test[11]
    apart = images.astype(float) - wanted
    distances = np.sqrt((apart**2).sum(axis=(1, 2)))
    found, far = Neighbours(images).nearest(wanted)
    assert found.tolist() == np.argsort(distances, kind="stable")[:5].tolist()
    np.testing.assert_allclose(far, distances[found])


def test_an_image_is_nearest_to_itself_and_few_images_are_enough() -> None:
    images = load_data().x_train[:7]
    found, far = Neighbours(images).nearest(images[3])
    assert (len(found), found[0], far[0]) == (5, 3, 0.0)


def test_the_typical_image_is_in_the_middle() -> None:
    images = np.array([0, 90, 100, 130, 255], np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)
    assert typical(images) == 2  # the mean is 115
