"""Our fast step is Keras' own training: the same weights as by stock `fit`."""

from __future__ import annotations

from typing import Any, get_args

import keras
import numpy as np
import pytest
import tensorflow as tf

from playground.config import Loss, Optimizer, RunConfig
from playground.dataset import load_data
from playground.training.chunks import Plan, cut_chunks
from playground.training.model import FastDropout, build_model
from tests.training import but

pytestmark = pytest.mark.engine


def _both_trained(config: RunConfig, plan: Plan, images: int) -> tuple[list[Any], list[Any]]:
    """Weights after an epoch of our loop, and of stock `fit`, from the same start."""
    data = load_data()
    x, y = data.x_train[:images], data.y_train[:images]
    ours = build_model(config.model_copy(update={"seed": 1}), 1 / 255, 0.0, plan.per_update)
    stock = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
        + [
            keras.layers.Dense(
                units,
                config.activation,
                kernel_regularizer=keras.regularizers.L2(config.l2) if config.l2 else None,
            )
            for units in config.hidden_layers
        ]
        + [
            keras.layers.Dense(
                10,
                "softmax",
                kernel_regularizer=keras.regularizers.L2(config.l2) if config.l2 else None,
            )
        ]
    )
    stock.set_weights(ours.get_weights())
    optimizer = keras.optimizers.get(
        {
            "class_name": config.optimizer,
            "config": {"learning_rate": config.learning_rate}
            | ({"momentum": config.momentum} if config.optimizer == "sgd" else {}),
        }
    )
    stock.compile(optimizer, config.loss, jit_compile=False)
    ours.hold(x, y, fit_images=images, per_chunk=plan.per_chunk)
    indices = np.arange(images, dtype=np.int32)
    chunks = tf.data.Dataset.from_tensor_slices(cut_chunks(indices, config.batch_images, plan))
    ours.fit(chunks, epochs=1, shuffle=False, verbose=0)
    labels = keras.utils.to_categorical(y, 10) if config.one_hot else y
    stock.fit(x, labels, batch_size=config.batch_images, epochs=1, shuffle=False, verbose=0)
    return ours.get_weights(), stock.get_weights()


def _same(config: RunConfig, plan: Plan, images: int = 300) -> None:
    ours, stock = _both_trained(config, plan, images)
    for our, their in zip(ours, stock, strict=True):
        np.testing.assert_allclose(our, their, atol=1e-5, rtol=0)


@pytest.mark.parametrize("optimizer", get_args(Optimizer))
def test_every_optimizer_gives_the_weights_of_stock_fit(optimizer: Optimizer) -> None:
    # 300 images in batches of 32: the last batch has 12.
    _same(but(optimizer=optimizer, momentum=0.9), Plan(32, 1, 3))


@pytest.mark.parametrize("loss", get_args(Loss))
def test_every_loss_gives_the_weights_of_stock_fit(loss: Loss) -> None:
    _same(but(loss=loss, optimizer="sgd"), Plan(32, 1, 3))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_batch_cut_into_micro_batches_gives_the_weights_of_stock_fit(
    optimizer: Optimizer,
) -> None:
    # Batches of 128 in three micro-batches of 43; 250 images, so that the last batch is a half.
    _same(but(optimizer=optimizer, batch_size=128), Plan(43, 3, 2), 250)


def test_the_l2_penalty_gives_the_weights_of_stock_fit() -> None:
    _same(but(l2=0.01, optimizer="sgd"), Plan(32, 1, 3))
    _same(but(l2=0.01, optimizer="sgd", batch_size=128), Plan(43, 3, 2), 250)


def test_dropout_switches_off_another_share_each_time_and_keeps_the_mean() -> None:
    layer = FastDropout(0.3, seed=3)
    ones = np.ones((400, 250), np.float32)
    compiled = tf.function(lambda x: layer(x, training=True), jit_compile=True)
    masks = [compiled(ones).numpy() for _ in range(2)]
    for mask in masks:
        np.testing.assert_allclose(np.unique(mask), [0, 1 / 0.7], rtol=1e-6)
        assert (mask == 0).mean() == pytest.approx(0.3, abs=0.01)
        # Neither rows nor columns of the mask are alike.
        assert (mask == 0).mean(axis=0).std() < 0.04
        assert (mask == 0).mean(axis=1).std() < 0.04
    assert ((masks[0] == 0) & (masks[1] == 0)).mean() == pytest.approx(0.09, abs=0.01)
    np.testing.assert_array_equal(layer(ones, training=False), ones)
