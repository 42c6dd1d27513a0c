"""A step by hand against Keras: `GradientTape` and `apply_gradients` on the network of a run."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
import tensorflow as tf

from playground.config import Activation, Loss, Optimizer, RunConfig
from playground.dataset import load_data
from playground.network.by_hand.optimizers import MEMORY, Standing, fresh, remembered, update
from playground.network.by_hand.step import walk
from playground.network.network import Network
from playground.training.model import build_model
from playground.training.prepare import scaling_of
from playground.ui.network.step_message import WeightIndex, weight_message

pytestmark = pytest.mark.engine

OPTIMIZERS: list[tuple[Optimizer, float]] = [
    *((name, 0.0) for name in get_args(Optimizer)),
    ("sgd", 0.9),
]


def assert_close(ours: Any, expected: Any) -> None:
    np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-5)


def built(config: RunConfig) -> tuple[Any, Network]:
    """A run's model as it begins, biases included that are not 0, and the same for NumPy."""
    model = build_model(config, *scaling_of(config, load_data().x_train[:500]))
    rng = np.random.default_rng(config.seed)
    for variable in model.trainable_variables:
        if "bias" in variable.path:
            variable.assign(rng.normal(0, 0.1, variable.shape))
    return model, model.network()


def keras_step(model: Any, images: Any, labels: Any) -> tuple[Any, float, list[Any]]:
    """Probabilities, loss and gradients as Keras has them."""
    y = tf.one_hot(labels, 10) if model.config.one_hot else tf.constant(labels)
    with tf.GradientTape() as tape:
        probabilities = model(tf.constant(images), training=False)
        loss = model.compute_loss(y=y, y_pred=probabilities, training=False)
    gradients = tape.gradient(loss, model.trainable_variables)
    return probabilities.numpy(), float(loss), [x.numpy() for x in gradients]


def flat(pairs: Any) -> list[Any]:
    return [array for pair in pairs for array in pair]


@pytest.mark.parametrize("loss", get_args(Loss))
@pytest.mark.parametrize("activation", get_args(Activation))
def test_forward_loss_and_gradients_are_those_of_keras(activation: Any, loss: Any) -> None:
    config = RunConfig(
        hidden_layers=(7, 6, 5), activation=activation, loss=loss, scaling="standard", seed=3
    )
    model, network = built(config)
    data = load_data()
    for count in (1, 3, 8):
        images, labels = data.x_test[:count], data.y_test[:count]
        probabilities, expected, gradients = keras_step(model, images, labels)
        found = walk(network, images, labels, loss=loss)
        assert_close(found.values[-1][1], probabilities)
        assert found.loss == pytest.approx(expected, rel=1e-5, abs=1e-5)
        for ours, expected in zip(flat(found.gradients), gradients, strict=True):
            assert_close(ours, expected)
        for delta, (_, bias) in zip(found.deltas, found.gradients, strict=True):
            assert_close(delta.sum(axis=0), bias)


@pytest.mark.parametrize("scaling", ["none", "min_max", "standard"])
@pytest.mark.parametrize("hidden", [(), (16,)])
def test_the_penalty_and_feature_scaling_count_and_dropout_is_left_out(
    scaling: Any, hidden: tuple[int, ...]
) -> None:
    config = RunConfig(hidden_layers=hidden, scaling=scaling, l2=0.01, dropout=0.5)
    model, network = built(config)
    images, labels = load_data().x_test[:5], load_data().y_test[:5]
    _, expected, gradients = keras_step(model, images, labels)
    found = walk(network, images, labels, loss=config.loss, l2=config.l2)
    assert found.penalty > 0
    assert found.loss == pytest.approx(expected, rel=1e-5)
    for ours, expected in zip(flat(found.gradients), gradients, strict=True):
        assert_close(ours, expected)


@pytest.mark.parametrize("loss", get_args(Loss))
@pytest.mark.parametrize(("optimizer", "momentum"), OPTIMIZERS)
def test_updates_are_those_of_keras_step_after_step(
    optimizer: Any, momentum: float, loss: Any
) -> None:
    config = RunConfig(
        hidden_layers=(6, 5), activation="tanh", optimizer=optimizer, momentum=momentum, loss=loss
    )
    model, network = built(config)
    model.optimizer.build(model.trainable_variables)
    standing = fresh(config, network.layers)
    data = load_data()
    for start, count in ((0, 1), (1, 8), (9, 4), (1, 8), (3, 2)):
        images, labels = data.x_test[start : start + count], data.y_test[start : start + count]
        here = Network("tanh", network.scale, network.offset, standing.layers)
        found = walk(here, images, labels, loss=loss)
        _, expected, gradients = keras_step(model, images, labels)
        assert found.loss == pytest.approx(expected, rel=1e-5, abs=1e-5)
        pairs = zip(gradients, model.trainable_variables, strict=True)
        model.optimizer.apply_gradients([(tf.constant(g), v) for g, v in pairs])
        standing = standing.updated(config, config.learning_rate, found.gradients)
        for ours, expected in zip(flat(standing.layers), model.trainable_variables, strict=True):
            assert_close(ours, expected.numpy())
    check_memory(standing, config, model)


@pytest.mark.parametrize("hidden", [(), (6, 5)])
@pytest.mark.parametrize(("optimizer", "momentum"), OPTIMIZERS)
def test_the_weight_and_the_bias_that_are_shown_are_updated_as_by_keras(
    optimizer: Any, momentum: float, hidden: tuple[int, ...]
) -> None:
    config = RunConfig(
        hidden_layers=hidden,
        activation="tanh",
        optimizer=optimizer,
        momentum=momentum,
        learning_rate=0.05,
        l2=0.01,
    )
    model, network = built(config)
    model.optimizer.build(model.trainable_variables)
    model.optimizer.learning_rate.assign(0.05)
    standing, data = fresh(config, network.layers), load_data()
    for start, count in ((0, 1), (1, 8), (1, 8), (3, 2)):
        images, labels = data.x_test[start : start + count], data.y_test[start : start + count]
        here = Network("tanh", network.scale, network.offset, standing.layers)
        found = walk(here, images, labels, loss=config.loss, l2=config.l2)
        before = [variable.numpy() for variable in model.trainable_variables]
        _, _, gradients = keras_step(model, images, labels)
        pairs = zip(gradients, model.trainable_variables, strict=True)
        model.optimizer.apply_gradients([(tf.constant(g), v) for g, v in pairs])
        after = [variable.numpy() for variable in model.trainable_variables]
        for layer in range(len(hidden) + 1):
            for weight in (WeightIndex(layer, 2, 0), WeightIndex(layer, 4, 3)):
                shown: Any = weight_message(config, 0.05, standing, found, weight)
                at = (weight.start, weight.end)
                numbers = ((2 * layer, at, shown), (2 * layer + 1, at[1:], shown["bias"]))
                for array, index, message in numbers:
                    assert_close(message["value"], before[array][index])
                    assert_close(message["gradient"], gradients[array][index])
                    assert_close(message["after"], after[array][index])
                assert_close(sum(shown["deltas"]), gradients[2 * layer + 1][at[1]])
        standing = standing.updated(config, 0.05, found.gradients)


def check_memory(standing: Standing, config: RunConfig, model: Any) -> None:
    """What the optimizer remembers is what Keras' remembers, and it is read back from there."""
    assert standing.updates == int(model.optimizer.iterations)
    read = remembered(config, model.checkpoint(1))
    assert read is not None
    assert read.updates == standing.updates
    for ours, expected in zip(flat(standing.memory), flat(read.memory), strict=True):
        assert_close(ours, expected)


@pytest.mark.parametrize(("optimizer", "momentum"), OPTIMIZERS)
def test_an_update_goes_on_from_an_optimizer_that_has_worked(
    optimizer: Any, momentum: float
) -> None:
    config = RunConfig(
        hidden_layers=(6,), optimizer=optimizer, momentum=momentum, learning_rate=0.05
    )
    model, _ = built(config)
    rng = np.random.default_rng(1)
    model.optimizer.build(model.trainable_variables)
    for _ in range(20):
        pulls = [tf.constant(rng.normal(0, 0.1, v.shape), tf.float32) for v in model.weights[-4:]]
        model.optimizer.apply_gradients(zip(pulls, model.trainable_variables, strict=True))
    standing = remembered(config, model.checkpoint(2))
    assert standing is not None
    assert standing.updates == 20
    shaped = [tuple(rng.normal(0, 0.1, x.shape).astype("f4") for x in p) for p in standing.layers]
    pairs = zip(flat(shaped), model.trainable_variables, strict=True)
    model.optimizer.apply_gradients([(tf.constant(g), v) for g, v in pairs])
    after = standing.updated(config, 0.05, shaped)  # type: ignore[arg-type]
    for ours, expected in zip(flat(after.layers), model.trainable_variables, strict=True):
        assert_close(ours, expected.numpy())
    check_memory(after, config, model)
    # One weight alone is updated as it is among all.
    one = update(
        config,
        0.05,
        21,
        standing.layers[0][0][7, 2],
        shaped[0][0][7, 2],
        [x[7, 2] for x in standing.memory[0]],
    )
    assert one.weights == pytest.approx(after.layers[0][0][7, 2], abs=1e-7)


def test_an_optimizer_that_was_not_kept_is_not_made_up() -> None:
    config = RunConfig(hidden_layers=(4,), optimizer="adam")
    model, network = built(config)
    model.optimizer.build(model.trainable_variables)
    whole = model.checkpoint(1)
    assert remembered(config, whole) is not None
    assert remembered(RunConfig(hidden_layers=(4,), optimizer="sgd"), whole) is None
    assert remembered(config, type(whole)(1, whole.layers)) is None
    accumulating = build_model(config, per_update=3)
    accumulating.optimizer.build(accumulating.trainable_variables)
    assert remembered(config, accumulating.checkpoint(1)) is None
    new = fresh(config, network.layers)
    assert new.nbytes == 3 * sum(x.nbytes for x in flat(network.layers))
    assert set(MEMORY) == {*get_args(Optimizer), "momentum"}
