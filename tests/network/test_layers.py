"""Inside a network, against Keras and scikit-learn."""

from __future__ import annotations

from typing import get_args

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import confusion_matrix

from playground.config import Activation, Loss, RunConfig
from playground.dataset import load_data
from playground.network.gradients import initial_network
from playground.network.layers import (
    hardest,
    idle_units,
    judged,
    layers,
    most_exciting,
    one_of_each,
    weight_images,
)
from playground.network.network import Network
from playground.training.model import build_model

DATA = load_data()
X, Y = DATA.x_train[:200], DATA.y_train[:200]


def _in_keras(config: RunConfig, network: Network) -> keras.Model:
    model = build_model(config, network.scale, network.offset)
    model.set_weights([array for layer in network.layers for array in layer])
    return model


@pytest.mark.parametrize("loss", get_args(Loss))
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_gradient_norms_are_those_of_keras_with_the_run_s_loss(loss: Loss, l2: float) -> None:
    config = RunConfig(hidden_layers=(9, 7), activation="tanh", loss=loss, l2=l2)
    network = initial_network((9, 7), "tanh", 3)
    model = _in_keras(config, network)
    y = keras.utils.to_categorical(Y, 10) if config.one_hot else Y
    with tf.GradientTape() as tape:
        total = keras.losses.get(loss)(y, model(X))
        total = tf.reduce_mean(total) + sum(model.losses)
    expected = tape.gradient(total, model.trainable_variables)
    norms = [
        float(np.sqrt(np.sum(weights.numpy() ** 2) + np.sum(bias.numpy() ** 2)))
        for weights, bias in zip(expected[::2], expected[1::2], strict=True)
    ]
    found = layers(network, X, Y, config)
    assert [layer.gradient for layer in found] == pytest.approx(norms, rel=1e-4)


@pytest.mark.parametrize("activation", get_args(Activation))
def test_activations_are_summed_up_as_keras_gives_them(activation: Activation) -> None:
    config = RunConfig(hidden_layers=(12, 8), activation=activation)
    network = initial_network((12, 8), activation, 4)
    model = _in_keras(config, network)
    dense = [layer.output for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    outputs = [np.array(x) for x in keras.Model(model.inputs, dense)([X])]
    found = layers(network, X, Y, config)
    assert [layer.name for layer in found] == [
        f"Dense 1, {activation}",
        f"Dense 2, {activation}",
        "Output, softmax",
    ]
    for layer, output in zip(found, outputs, strict=True):
        assert layer.units == output.shape[1]
        assert layer.mean == pytest.approx(output.mean(), abs=1e-4)
        assert layer.deviation == pytest.approx(output.std(), abs=1e-4)
        assert layer.zeros == pytest.approx((output == 0).mean())
        assert layer.counts.sum() == (output != 0).sum()
        assert layer.edges[0] <= output[output != 0].min() + 1e-4
    assert found[-1].idle is None


def test_dead_is_never_above_zero_and_saturated_near_an_end_most_of_the_time() -> None:
    output = np.array([[0, 2, 0], [0, 0, 0], [0, 1, 3]], np.float32)
    assert idle_units(output, "relu") == pytest.approx(1 / 3)
    assert idle_units(-output - 1, "gelu") == 1
    ends = np.array([[0.01, 0.5, 0.99], [0.99, 0.5, 0.5], [0.5, 0.5, 0.5]], np.float32)
    assert idle_units(ends, "sigmoid") == pytest.approx(1 / 3)
    assert idle_units(2 * ends - 1, "tanh") == pytest.approx(1 / 3)
    assert idle_units(output, "linear") is None


def test_a_network_that_ran_away_breaks_nothing() -> None:
    weights = np.full((784, 10), np.float32(3e38))
    layer = (weights, np.zeros(10, np.float32))
    small = (np.ones((10, 10), np.float32), np.zeros(10, np.float32))
    network = Network("linear", 1.0, 0.0, (layer, small))
    with np.errstate(all="ignore"):
        first, _ = layers(network, X, Y, RunConfig(hidden_layers=(10,), activation="linear"))
    assert first.units == 10


def test_a_neuron_is_shown_as_the_weights_of_its_pixels() -> None:
    network = initial_network((5,), "relu", 1)
    pictures, end = weight_images(network)
    assert pictures.shape == (5, 28, 28)
    assert pictures[3, 2, 7] == network.layers[0][0][2 * 28 + 7, 3]
    assert 0.97 < (np.abs(pictures) <= end).mean() < 1


def test_every_cell_shows_its_images_and_the_misses_are_all_the_others() -> None:
    network = initial_network((16,), "relu", 2)
    probabilities = network.predict(X)
    predicted = probabilities.argmax(axis=1).astype(np.uint8)
    expected = confusion_matrix(Y, predicted, labels=range(10))
    for true in range(10):
        for called in range(10):
            found = judged(network, X, Y, predicted, (true, called))
            assert len(found.indices) == expected[true, called]
            assert (Y[found.indices] == true).all()
            assert (predicted[found.indices] == called).all()
            shares = probabilities[found.indices, called]
            np.testing.assert_allclose(found.confidence, shares, atol=1e-5)
            assert (np.diff(found.confidence) <= 0).all()
    misses = judged(network, X, Y, predicted)
    assert sorted(misses.indices) == np.flatnonzero(predicted != Y).tolist()
    assert (np.diff(misses.confidence) <= 0).all()
    assert (misses.labels != misses.predicted).all()


def test_one_of_each_is_the_first_of_each_label() -> None:
    assert DATA.y_test[one_of_each(DATA.y_test)].tolist() == list(range(10))


def test_what_excites_a_neuron_most_is_what_keras_gives_the_highest_activation() -> None:
    config = RunConfig(hidden_layers=(9, 7), activation="tanh")
    network = initial_network((9, 7), "tanh", 3)
    images = load_data().x_test[:1_200]
    model = _in_keras(config, network)
    inner = keras.Model(model.inputs, [layer.output for layer in model.layers[-3:-1]])
    for layer, outputs in enumerate(inner.predict(images, verbose=0)):
        indices, values = most_exciting(network, images, layer, 5)
        best = np.sort(outputs, axis=0)[:-6:-1].T
        np.testing.assert_allclose(values, best, atol=1e-5)
        np.testing.assert_allclose(
            np.take_along_axis(outputs, indices.T, axis=0).T, values, atol=1e-5
        )


def test_the_hardest_images_have_the_greatest_loss() -> None:
    network = initial_network((16,), "relu", 1)
    data = load_data()
    images, labels = data.x_test[:1_300], data.y_test[:1_300]
    losses = keras.losses.sparse_categorical_crossentropy(labels, network.predict(images)).numpy()
    found = hardest(network, images, labels, 20)
    assert len(set(found.tolist())) == 20
    np.testing.assert_allclose(losses[found], np.sort(losses)[:-21:-1], rtol=1e-5)
