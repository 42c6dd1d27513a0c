from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from playground.dataset import load_data
from playground.lesson.descent import (
    PATH_POINTS,
    descend,
    halves,
    loss,
    steps_per_epoch,
    surface,
)
from playground.network.activations import ACTIVATIONS

DATA = load_data()
IMAGES = DATA.x_train[:300]
X, Y = halves(IMAGES), DATA.y_train[:300] == 3
START = (2.0, -1.0)


def test_the_inputs_are_the_standardised_means_of_the_halves() -> None:
    means = np.stack([IMAGES[:, :14].mean(axis=(1, 2)), IMAGES[:, 14:].mean(axis=(1, 2))], axis=1)
    np.testing.assert_allclose(X, StandardScaler().fit_transform(means), atol=1e-5)


def test_a_step_is_keras_sgd() -> None:
    neuron = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, "sigmoid", use_bias=False)],
    )
    neuron.set_weights([np.array(START, np.float32)[:, None]])
    neuron.compile(keras.optimizers.SGD(0.5), "binary_crossentropy")
    neuron.fit(X, Y.astype(np.float32), batch_size=len(X), epochs=3, verbose=0)
    found = descend(X, Y, len(X), 3, 0.5, 1, START)
    assert found.steps == 3
    np.testing.assert_allclose(found.weights[-1], neuron.get_weights()[0][:, 0], atol=1e-5)


@pytest.mark.parametrize("batch", [1, 32, 300])
def test_each_epoch_sees_every_image_and_a_path_is_thinned(batch: int) -> None:
    steps = 2 * steps_per_epoch(len(X), batch)
    assert steps == {1: 600, 32: 20, 300: 2}[batch]
    path = descend(X, Y, batch, steps, 0.5, 1, START)
    assert min(steps, PATH_POINTS / 2) < len(path.weights) <= PATH_POINTS + 2
    np.testing.assert_array_equal(path.weights[0], np.array(START, np.float32))
    again = descend(X, Y, batch, steps - 1, 0.5, 1, START)
    assert (path.weights[-1] != again.weights[-1]).any()


def test_loss_is_scikit_learns_and_the_surface_holds_it() -> None:
    across, up = np.array([-0.3, 0.2], np.float32), np.array([0.0, 0.4, 2.0], np.float32)
    found = surface(X, Y, across, up)
    assert found.shape == (3, 2)
    for i, j in ((0, 0), (2, 1)):
        weights = np.array([across[j], up[i]])
        p = ACTIVATIONS["sigmoid"].function(X @ weights).astype(np.float64)
        assert found[i, j] == pytest.approx(log_loss(Y, p), rel=1e-4)
        assert loss(X, Y, weights[None])[0] == found[i, j]
