from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.decomposition import PCA
from sklearn.metrics import log_loss

from playground.dataset import load_data
from playground.forward import softmax
from playground.lesson.descent import (
    PATH_POINTS,
    Path,
    descend,
    inputs,
    loss,
    plane,
    steps_per_epoch,
    surface,
)

DATA = load_data()
X, Y = inputs(DATA.x_train[:300]), DATA.y_train[:300]


@pytest.fixture(scope="module")
def paths() -> list[Path]:
    return [
        descend(X, Y, batch, 2 * steps_per_epoch(len(X), batch), 0.05, 1) for batch in (1, 32, 300)
    ]


def test_a_step_is_keras_sgd() -> None:
    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(10, "softmax", kernel_initializer="zeros")]
    )
    optimizer = keras.optimizers.SGD(0.05)
    for _ in range(3):
        with tf.GradientTape() as tape:
            now = keras.losses.SparseCategoricalCrossentropy()(Y, model(X[:, :784]))
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(now, variables), variables, strict=True))
    expected = np.vstack([model.weights[0].numpy(), model.weights[1].numpy()])
    found = descend(X, Y, 300, 3, 0.05, 1)
    assert found.steps == 3
    np.testing.assert_allclose(found.weights[-1], expected, atol=1e-5)


def test_each_epoch_sees_every_image_and_paths_are_thinned(paths: list[Path]) -> None:
    assert [path.steps for path in paths] == [600, 20, 2]
    for path in paths:
        assert len(path.weights) <= PATH_POINTS + 2
        assert not path.weights[0].any()
    assert (paths[0].weights[-1] != paths[0].weights[-2]).any()


def test_the_plane_is_scikit_learns_pca(paths: list[Path]) -> None:
    view = plane(paths)
    points = np.concatenate([path.weights.reshape(len(path.weights), -1) for path in paths])
    pca = PCA(2, svd_solver="full").fit(points.astype(np.float64))
    assert view.share == pytest.approx(pca.explained_variance_ratio_.sum(), rel=1e-4)
    ours = view.directions.reshape(2, -1)
    np.testing.assert_allclose(np.abs(ours @ pca.components_.T), np.eye(2), atol=1e-3)
    np.testing.assert_allclose(
        np.abs(view.project(paths[0].weights)),
        np.abs(pca.transform(points[: len(paths[0].weights)])),
        atol=1e-3,
    )


def test_loss_is_scikit_learns_and_the_surface_holds_it(paths: list[Path]) -> None:
    view = plane(paths)
    weights = paths[1].weights[-1]
    expected = log_loss(Y, softmax(X @ weights).astype(np.float64), labels=range(10))
    assert loss(X, Y, weights) == pytest.approx(expected, rel=1e-3)
    across, up = np.array([-0.3, 0.2], np.float32), np.array([0.0, 0.4, 0.9], np.float32)
    found = surface(X, Y, view, across, up)
    assert found.shape == (3, 2)
    for i, j in ((0, 0), (2, 1)):
        there = view.centre + across[j] * view.directions[0] + up[i] * view.directions[1]
        assert found[i, j] == pytest.approx(loss(X, Y, there), rel=1e-4)
