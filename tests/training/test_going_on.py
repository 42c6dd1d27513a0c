"""A run that was broken off and gone on is the unbroken one, to the last bit."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.events import Command, EventData, LearningRateChange, Status
from playground.network.checkpoint import Checkpoint
from playground.training.control import Control
from playground.training.train import Outcome, train
from tests.training import but

pytestmark = pytest.mark.engine

TIMES = {"seconds", "images_per_second", "seconds_left", "time"}
HISTORY = ("progress", "epoch", "learning_rate", "threshold", "test")


def _train(
    config: RunConfig, start: Checkpoint | None = None, stop_at: float | None = None, **rates: float
) -> tuple[Outcome, list[Any], Control]:
    """A run, its history without times, and where it stands in the end.

    Args:
        config: its settings.
        start: where it goes on from, read from a file.
        stop_at: is stopped when it has come so far, in epochs.
        rates: learning rates set by hand, by `epoch_N`.
    """
    control, events = Control(), []

    def emit(data: EventData) -> None:
        if data.kind in HISTORY:
            events.append((data.kind, data.model_dump(exclude=TIMES)))
        position = getattr(data, "epoch", 0)
        if stop_at is not None and data.kind == "progress" and position > stop_at:
            control.send(Command("stop"))
        if data.kind == "epoch" and f"epoch_{position}" in rates:
            control.send(Command("learning_rate", rates[f"epoch_{position}"]))

    if start is not None:
        start = Checkpoint.from_bytes(start.to_bytes())
    return train(config, load_data(), emit, control, start=start), events, control


def _weights(outcome: Outcome) -> list[Any]:
    assert outcome.network is not None
    return [array for layer in outcome.network.layers for array in layer]


# Every optimizer, with and without dropout, batches of one to all images, both schedules.
CASES: list[dict[str, Any]] = [
    {"optimizer": "sgd", "momentum": 0.9, "dropout": 0.3, "batch_size": 1, "train_images": 200},
    {"optimizer": "rmsprop", "dropout": 0.2, "schedule": "cosine"},
    {"optimizer": "adagrad", "batch_size": 1, "train_images": 200, "label_noise": 0.2},
    {"optimizer": "adam", "hidden_layers": (8, 8), "dropout": 0.3, "batch_size": "full"},
    {"optimizer": "adamw", "l2": 0.001, "twins": 0.5},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_stopped_and_gone_on_is_the_unbroken_run_to_the_bit(case: dict[str, Any]) -> None:
    config = but(epochs=3, **case)
    unbroken, history, _ = _train(config)
    stopped, before, control = _train(config, stop_at=1.4)
    assert stopped.status is Status.STOPPED
    assert control.checkpoint is not None
    assert control.checkpoint.epoch == 1
    gone_on, after, _ = _train(config, control.checkpoint)
    assert gone_on.status is Status.FINISHED
    begin = [kind for kind, _ in before].index("epoch") + 1
    assert before[:begin] + after == history
    for one, other in zip(_weights(gone_on), _weights(unbroken), strict=True):
        np.testing.assert_array_equal(one, other)


def test_batches_cut_into_micro_batches_go_on_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.training.chunks.CHUNK_SECONDS", 3.3e-5)
    config = but(batch_size="full", epochs=2)
    unbroken, history, _ = _train(config)
    _, _, control = _train(config, stop_at=1.0)
    gone_on, after, _ = _train(config, control.checkpoint)
    assert history[-len(after) :] == after
    np.testing.assert_array_equal(_weights(gone_on)[0], _weights(unbroken)[0])


def test_more_epochs_than_planned_are_those_of_a_longer_run() -> None:
    _, _, control = _train(but(epochs=1, dropout=0.3))
    gone_on, after, _ = _train(but(epochs=2, dropout=0.3), control.checkpoint)
    unbroken, history, _ = _train(but(epochs=2, dropout=0.3))
    # The length of the run is said by all that it reports of its progress.
    assert history[-len(after) :] == after
    np.testing.assert_array_equal(_weights(gone_on)[0], _weights(unbroken)[0])


def test_a_learning_rate_set_by_hand_stays_and_ends_the_schedule() -> None:
    config = but(epochs=4, schedule="cosine")
    unbroken, history, _ = _train(config, epoch_1=0.02)
    assert any(kind == LearningRateChange.kind for kind, _ in history)
    _, _, control = _train(config, stop_at=2.5, epoch_1=0.02)
    assert control.checkpoint is not None
    assert control.checkpoint.rate_by_hand == 0.02
    gone_on, after, _ = _train(config, control.checkpoint)
    assert history[-len(after) :] == after
    np.testing.assert_array_equal(_weights(gone_on)[0], _weights(unbroken)[0])


def test_stock_keras_goes_on_from_a_checkpoint_to_the_same_weights() -> None:
    """A full batch needs no order: `fit` of an ordinary model sees what our step sees."""
    config = but(batch_size="full", epochs=2, train_images=500)
    _, _, control = _train(config, stop_at=1.0)
    start = control.checkpoint
    assert start is not None
    ours, _, _ = _train(config, start)
    layers = [keras.Input((28, 28)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    layers += [keras.layers.Dense(8, "relu"), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    model.set_weights([array for layer in start.layers for array in layer])
    for variable, value in zip(model.optimizer.variables, start.optimizer, strict=True):
        variable.assign(value)
    data, count = load_data(), config.fit_photos
    model.fit(data.x_train[:count], data.y_train[:count], batch_size=count, verbose=0)
    for one, other in zip(model.get_weights(), _weights(ours), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-6)


def test_a_fork_begins_with_the_weights_and_a_new_optimizer() -> None:
    before = but(epochs=1)
    _, _, control = _train(before)
    assert control.checkpoint is not None
    now = but(epochs=2, optimizer="sgd", learning_rate=1e-5, loss="mse", batch_size=64)
    outcome, history, _ = _train(now, control.checkpoint.forked(before, now))
    assert [data["epoch"] for kind, data in history if kind == "epoch"] == [2]
    for one, other in zip(
        _weights(outcome), [x for layer in control.checkpoint.layers for x in layer], strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-4)
        assert not np.array_equal(one, other)


def test_a_run_begins_before_its_first_epoch_from_a_checkpoint_without_weights() -> None:
    alone, history, _ = _train(but(epochs=1))
    begun, same, _ = _train(but(epochs=1), Checkpoint(0))
    assert same == history
    np.testing.assert_array_equal(_weights(begun)[0], _weights(alone)[0])


def test_a_checkpoint_of_another_network_is_refused() -> None:
    _, _, control = _train(but(epochs=1))
    with pytest.raises(ValueError, match="another shape"):
        _train(but(epochs=2, hidden_layers=(9,)), control.checkpoint)
