"""How a run ends: its result, its files, and a loss that is not finite."""

from __future__ import annotations

import math
import warnings
from typing import Any

import keras
import numpy as np
import pytest

from playground.dataset import load_data
from playground.events import (
    Command,
    EpochEnd,
    Evaluation,
    EventData,
    Progress,
    Status,
)
from playground.network.network import Network
from playground.training.model import ChunkedSequential
from playground.training.prepare import spoil_labels
from playground.training.train import Outcome
from playground.twins.additions import photos_for_twins
from tests.training import Log, but, trained

pytestmark = pytest.mark.engine


def _judge(network: Network, x: Any, y: Any) -> tuple[float, float]:
    """Accuracy and mean cross-entropy, in double precision."""
    probabilities = network.predict(x).astype(float)
    right = probabilities[np.arange(len(y)), y]
    return (probabilities.argmax(axis=1) == y).mean(), -np.log(right).mean()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"dropout": 0.5},
        {"label_noise": 0.3},
        {"twins": 0.5, "label_noise": 0.3, "seed": 11},
        {"train_images": 1_100, "validation_split": 0.05},  # more than one batch of testing
    ],
)
def test_the_training_photos_are_judged_with_the_final_weights(changes: dict[str, Any]) -> None:
    config, log = but(**changes), Log()
    outcome = trained(config, log)
    assert outcome.network is not None
    data = load_data()
    labels = data.y_train[: config.fit_photos]
    labels = np.r_[labels, labels[photos_for_twins(labels, config.fit_twins)]]
    labels = spoil_labels(labels, config.label_noise, config.seed)
    (test,) = log.of(Evaluation)
    fit = slice(config.fit_photos)
    accuracy, loss = _judge(outcome.network, data.x_train[fit], labels[fit])
    assert test.train_accuracy == pytest.approx(accuracy, abs=1e-6)
    assert test.train_loss == pytest.approx(loss, rel=1e-4)


def test_the_saved_file_is_a_plain_keras_model(
    finished: tuple[Outcome, Log], tmp_path: Any
) -> None:
    outcome, _ = finished
    assert outcome.model is not None
    assert outcome.network is not None
    path = tmp_path / "model.keras"
    path.write_bytes(outcome.model)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Skipping variable")
        model = keras.saving.load_model(path)
    assert type(model) is keras.Sequential
    x, y = load_data().x_test[:200], load_data().y_test[:200]
    np.testing.assert_allclose(model.predict(x, verbose=0), outcome.network.predict(x), atol=1e-5)
    accuracy = model.evaluate(x, y, return_dict=True, verbose=0)["accuracy"]
    assert accuracy == pytest.approx((outcome.network.predict(x).argmax(1) == y).mean())


def test_a_one_hot_model_is_saved_with_a_metric_that_fits(tmp_path: Any) -> None:
    log = Log()
    outcome = trained(but(loss="mse", epochs=1, dropout=0.2, l2=0.001), log)
    assert outcome.model is not None
    path = tmp_path / "model.keras"
    path.write_bytes(outcome.model)
    kinds = [type(layer) for layer in keras.saving.load_model(path).layers]
    assert keras.layers.Dropout in kinds, "a plain one, that any Keras can load"
    assert 0 <= log.of(Evaluation)[0].accuracy <= 1


def test_a_batch_of_all_images_trains() -> None:
    log = Log()
    assert trained(but(batch_size="full", epochs=1), log).status is Status.FINISHED
    assert [event.step for event in log.of(Progress)] == [1]


@pytest.mark.parametrize("scaling", ["none", "min_max"])
def test_a_run_that_diverges_fails_and_says_where_and_what_to_do(scaling: str) -> None:
    log = Log()
    config = but(
        optimizer="sgd",
        learning_rate=10,
        scaling=scaling,
        hidden_layers=(64, 64),
        activation="linear",
        momentum=0.99,
    )
    outcome = trained(config, log)
    assert outcome.status is Status.FAILED
    assert "step 1 " not in outcome.reason  # the first loss is that of the start weights
    assert f" of epoch {len(log.of(EpochEnd)) + 1}:" in outcome.reason
    assert "learning rate below 10" in outcome.reason
    assert ("feature scaling" in outcome.reason) == (scaling == "none")
    assert log.of(Evaluation) == []
    assert outcome.model is None


def test_the_advice_is_about_the_learning_rate_it_had_last() -> None:
    log = Log()
    log.control.send(Command("learning_rate", 5.0))
    config = but(
        optimizer="sgd", scaling="none", hidden_layers=(64, 64), activation="linear", momentum=0.99
    )
    outcome = trained(config, log)
    assert outcome.status is Status.FAILED
    assert "learning rate below 5," in outcome.reason


def test_a_run_stopped_after_the_step_that_diverged_fails_and_tells_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def react(log: Log, data: EventData) -> None:
        if data.kind == "progress":
            log.control.send(Command("stop"))

    # The step's own loss is that before its update: only the test finds what it did.
    logs = {"loss": math.nan, "accuracy": 0.1}
    monkeypatch.setattr(ChunkedSequential, "evaluate", lambda *_, **__: logs)
    log = Log(react)
    outcome = trained(but(batch_size="full"), log)
    assert len(log.of(Progress)) == 1
    assert outcome.status is Status.FAILED
    assert "at step 1 of epoch 1" in outcome.reason
    assert log.of(Evaluation) == []
