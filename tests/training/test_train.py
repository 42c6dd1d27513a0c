"""Training: our fast loop is Keras' own training, and `train` says what it does."""

from __future__ import annotations

import math
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, get_args

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import confusion_matrix
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from playground.config import Loss, Metric, Optimizer, RunConfig
from playground.dataset import Label, Labelled, load_data
from playground.events import (
    Command,
    EpochEnd,
    Evaluation,
    EventData,
    Kind,
    LearningRateChange,
    PinnedPrediction,
    Progress,
    Status,
    StatusChange,
    ThresholdPassed,
)
from playground.network.network import Network
from playground.network.snapshot import Snapshot
from playground.training import additions
from playground.training.additions import photos_for_twins
from playground.training.chunks import Plan, cut_chunks
from playground.training.control import Control
from playground.training.model import ChunkedSequential, FastDropout, build_model
from playground.training.prepare import scaling_of, spoil_labels
from playground.training.train import Outcome, train
from tests.conftest import status

pytestmark = pytest.mark.engine

SMALL = RunConfig(
    hidden_layers=(8,),
    train_images=600,
    epochs=2,
    batch_size=32,
    learning_rate=0.01,
    early_stop=False,
)


def _but(**changes: Any) -> RunConfig:
    return RunConfig.model_validate({**SMALL.model_dump(), **changes})


# The same numbers as Keras' own fit


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
    _same(_but(optimizer=optimizer, momentum=0.9), Plan(32, 1, 3))


@pytest.mark.parametrize("loss", get_args(Loss))
def test_every_loss_gives_the_weights_of_stock_fit(loss: Loss) -> None:
    _same(_but(loss=loss, optimizer="sgd"), Plan(32, 1, 3))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_batch_cut_into_micro_batches_gives_the_weights_of_stock_fit(
    optimizer: Optimizer,
) -> None:
    # Batches of 128 in three micro-batches of 43; 250 images, so that the last batch is a half.
    _same(_but(optimizer=optimizer, batch_size=128), Plan(43, 3, 2), 250)


def test_the_l2_penalty_gives_the_weights_of_stock_fit() -> None:
    _same(_but(l2=0.01, optimizer="sgd"), Plan(32, 1, 3))
    _same(_but(l2=0.01, optimizer="sgd", batch_size=128), Plan(43, 3, 2), 250)


def test_dropout_switches_off_a_share_anew_each_time_and_keeps_the_mean() -> None:
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


# What goes in


@pytest.mark.parametrize("share", [0.0, 0.1, 0.37, 0.5, 1.0])
def test_spoilt_labels_are_as_many_as_asked_for_and_all_wrong(share: float) -> None:
    labels = load_data().y_train[:1_000]
    spoilt = spoil_labels(labels, share, seed=3)
    assert (spoilt != labels).sum() == round(share * 1_000)
    assert spoilt.max() <= 9
    assert np.array_equal(spoilt, spoil_labels(labels, share, seed=3))
    if share == 1.0:
        assert len(np.unique((spoilt.astype(int) - labels) % 10)) == 9


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("min_max", MinMaxScaler()), ("standard", StandardScaler())]
)
def test_feature_scaling_is_scikit_learns_over_all_pixels(scaling: str, oracle: Any) -> None:
    images = load_data().x_train[:500]
    scale, offset = scaling_of(_but(scaling=scaling), images)
    expected = oracle.fit_transform(images.reshape(-1, 1).astype(float)).reshape(images.shape)
    np.testing.assert_allclose(images * scale + offset, expected, atol=1e-6)


def test_no_feature_scaling_leaves_the_pixels() -> None:
    assert scaling_of(_but(scaling="none"), load_data().x_train[:5]) == (1.0, 0.0)


# What comes out


D = TypeVar("D", bound=EventData)


class Log:
    """Collects the events of a run; `react` may answer them with commands."""

    def __init__(self, react: Callable[[Log, EventData], None] | None = None) -> None:
        self.control = Control()
        self.events: list[EventData] = []
        self._react = react

    def __call__(self, data: EventData) -> None:
        self.events.append(data)
        if self._react:
            self._react(self, data)

    def of(self, kind: type[D]) -> list[D]:
        return [data for data in self.events if isinstance(data, kind)]

    @property
    def kinds(self) -> list[Kind]:
        return [data.kind for data in self.events]


def _train(config: RunConfig, log: Log) -> Outcome:
    return train(config, load_data(), log, log.control)


@pytest.fixture(scope="module")
def finished() -> tuple[Outcome, Log]:
    log = Log()
    return _train(SMALL, log), log


def test_the_events_come_in_order(finished: tuple[Outcome, Log]) -> None:
    outcome, log = finished
    assert outcome.status is Status.FINISHED
    assert log.events[0] == status(Status.RUNNING)
    assert log.kinds[-2:] == ["test", "hooks"]
    progress, epochs = log.of(Progress), log.of(EpochEnd)
    assert [epoch.epoch for epoch in epochs] == [1, 2]
    positions = [event.epoch for event in progress]
    assert positions == sorted(set(positions))
    assert positions[-1] == 2
    pairs = zip(log.events, log.events[1:], strict=False)
    at_end = [before.epoch for before, e in pairs if isinstance(before, Progress) and e in epochs]
    assert at_end == [1, 2]
    assert {event.steps for event in progress} == {SMALL.steps_per_epoch}
    assert all(1 <= event.step <= event.steps for event in progress)
    assert progress[0].seconds_left is None
    assert progress[-1].seconds_left == pytest.approx(0)
    assert all((event.images_per_second or 0) > 0 for event in progress[1:])


def test_the_loss_of_every_step_is_told(finished: tuple[Outcome, Log]) -> None:
    """32 steps in all: few enough that each has its point."""
    _, log = finished
    positions = [x for event in log.of(Progress) for x in event.step_epochs]
    losses = [y for event in log.of(Progress) for y in event.step_losses]
    steps = SMALL.steps_per_epoch
    assert positions == pytest.approx([(i + 1) / steps for i in range(2 * steps)], abs=1e-5)
    sizes = [min(32, SMALL.fit_images - 32 * i) for i in range(steps)]
    for epoch, part in zip(log.of(EpochEnd), (losses[:steps], losses[steps:]), strict=True):
        assert np.average(part, weights=sizes) == pytest.approx(epoch.loss, rel=1e-3)


def test_an_epoch_s_figures_are_those_of_its_chunks(finished: tuple[Outcome, Log]) -> None:
    _, log = finished
    for n, epoch in enumerate(log.of(EpochEnd)):
        chunks = [event for event in log.of(Progress) if n < event.epoch <= n + 1]
        steps = np.diff([0, *(event.step for event in chunks)])
        sizes = [
            sum(
                min(32, SMALL.fit_images - 32 * step)
                for step in range(event.step - count, event.step)
            )
            for event, count in zip(chunks, steps, strict=True)
        ]
        assert sum(sizes) == SMALL.fit_images
        for name in ("loss", "accuracy"):
            mean = np.average([getattr(chunk, name) for chunk in chunks], weights=sizes)
            assert getattr(epoch, name) == pytest.approx(mean, abs=1e-5)


def test_events_hold_only_what_msgpack_and_json_carry(finished: tuple[Outcome, Log]) -> None:
    def check(value: object) -> None:
        if type(value) is dict:
            assert all(type(key) is str for key in value)
            for item in value.values():
                check(item)
        elif type(value) is list:
            for item in value:
                check(item)
        else:
            assert value is None or type(value) in (str, int, float, bool), type(value)
            assert not isinstance(value, float) or math.isfinite(value)

    for data in finished[1].events:
        check(data.to_json())


def test_confusion_and_figures_agree_with_the_exported_network(
    finished: tuple[Outcome, Log],
) -> None:
    outcome, log = finished
    assert outcome.network is not None
    data = load_data()
    held_out = slice(SMALL.fit_images, SMALL.train_images)
    for told, prefix, x, y in (
        (log.of(EpochEnd)[-1], "val_", data.x_train[held_out], data.y_train[held_out]),
        (log.of(Evaluation)[0], "", data.x_test, data.y_test),
    ):
        probabilities = outcome.network.predict(x).astype(float)
        predicted = probabilities.argmax(axis=1)
        assert np.sum(told.confusion) == len(y)
        expected = confusion_matrix(y, predicted, labels=range(10))
        np.testing.assert_array_equal(told.confusion, expected)
        accuracy, told_loss = (getattr(told, f"{prefix}{name}") for name in ("accuracy", "loss"))
        assert accuracy == pytest.approx((predicted == y).mean(), abs=1e-6)
        loss = -np.log(probabilities[np.arange(len(y)), y]).mean()
        assert told_loss == pytest.approx(loss, rel=1e-4)


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
    config, log = _but(**changes), Log()
    outcome = _train(config, log)
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


def test_snapshots_hold_the_weights_of_their_epochs_and_what_validation_said(
    finished: tuple[Outcome, Log],
) -> None:
    outcome, log = finished
    kept = {n: Snapshot.from_bytes(x) for n, x in log.control.snapshots().items()}
    assert list(kept) == [0, 1, 2]
    assert [snapshot.network.epoch for snapshot in kept.values()] == [0, 1, 2]
    assert not len(kept[0].predicted)
    y = load_data().y_train[SMALL.fit_images : SMALL.train_images]
    for event in log.of(EpochEnd):
        predicted = kept[event.epoch].predicted
        assert np.array_equal(confusion_matrix(y, predicted, labels=range(10)), event.confusion)
    assert outcome.network is not None
    for ours, last in zip(kept[2].network.layers, outcome.network.layers, strict=True):
        np.testing.assert_array_equal(ours[0], last[0])
    assert not np.array_equal(kept[1].network.layers[0][0], kept[2].network.layers[0][0])


def test_an_epoch_that_the_callback_makes_the_last_is_kept_and_none_if_off() -> None:
    log = Log()
    _train(_but(epochs=100, early_stop=True, stop_threshold=0.0), log)
    assert list(log.control.snapshots()) == [0, 1]
    log = Log()
    _train(_but(epochs=1, keep_snapshots=False), log)
    assert log.control.snapshots() == {}


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
    outcome = _train(_but(loss="mse", epochs=1, dropout=0.2, l2=0.001), log)
    assert outcome.model is not None
    path = tmp_path / "model.keras"
    path.write_bytes(outcome.model)
    kinds = [type(layer) for layer in keras.saving.load_model(path).layers]
    assert keras.layers.Dropout in kinds, "a plain one, that any Keras can load"
    assert 0 <= log.of(Evaluation)[0].accuracy <= 1


def _figures(log: Log) -> list[tuple[float, ...]]:
    return [(e.loss, e.accuracy, e.val_loss, e.val_accuracy) for e in log.of(EpochEnd)]


@pytest.fixture
def draws() -> Iterator[None]:
    """Another thread that draws from every global generator all the time, as a worker's do."""
    ended, drawn = threading.Event(), threading.Event()

    def draw() -> None:
        while not ended.is_set():
            random.seed(random.random())
            np.random.seed(np.random.randint(2**31))
            tf.random.set_seed(random.randrange(2**31))
            tf.random.uniform(())
            keras.random.uniform(())
            drawn.set()

    thread = threading.Thread(target=draw)
    thread.start()
    assert drawn.wait(30)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # both threads take their turns between any two steps
    yield
    sys.setswitchinterval(interval)
    ended.set()
    thread.join()


TIMES = {"seconds", "images_per_second", "seconds_left"}


def _all_of(config: RunConfig) -> tuple[list[tuple[Kind, dict[str, Any]]], list[Any]]:
    """Every event of a run without its times, and its weights."""
    item = np.tri(28, dtype=np.uint8) * 255
    log = Log()
    book = Labelled(np.stack([item, item.T]), np.array([Label.BAG, Label.ANKLE_BOOT], np.uint8))
    outcome = train(config, load_data(), log, log.control, book)
    assert outcome.network is not None
    events = [
        (data.kind, data.model_dump(exclude=TIMES))
        for data in log.events
        if data.kind not in ("hooks", "status")  # times alone; and twins are made once
    ]
    return events, [array for layer in outcome.network.layers for array in layer]


def _equal(one: tuple[Any, list[Any]], other: tuple[Any, list[Any]]) -> bool:
    return one[0] == other[0] and all(map(np.array_equal, one[1], other[1]))


EVERYTHING = {"hidden_layers": (8, 8), "dropout": 0.3, "label_noise": 0.1, "l2": 0.001}
CONFIGS = [
    SMALL,
    _but(**EVERYTHING),
    _but(**EVERYTHING, twins=0.5, sketchbook=0.2, batch_size=64, schedule="cosine"),
]


@pytest.fixture(scope="module")
def quiet() -> list[tuple[Any, list[Any]]]:
    return [_all_of(config) for config in CONFIGS]


@pytest.mark.parametrize("i", range(len(CONFIGS)))
def test_what_other_threads_draw_changes_no_bit_of_a_run(
    i: int, quiet: list[tuple[Any, list[Any]]], draws: None
) -> None:
    """`quiet` are trained one after another, so what was trained before changes nothing either."""
    additions._newest.clear()
    assert _equal(_all_of(CONFIGS[i]), quiet[i])


def test_another_seed_changes_weights_order_and_additions(
    quiet: list[tuple[Any, list[Any]]],
) -> None:
    config = CONFIGS[-1].model_copy(update={"seed": 7})
    other = _all_of(config)
    assert not any(map(np.array_equal, other[1], quiet[-1][1]))


@pytest.mark.parametrize("monitor", ["accuracy", "val_accuracy"])
def test_training_ends_after_the_first_epoch_above_the_threshold(monitor: Metric) -> None:
    log = Log()
    config = _but(early_stop=True, stop_threshold=0.6, monitor=monitor, epochs=30)
    outcome = _train(config, log)
    values: list[float] = [getattr(epoch, monitor) for epoch in log.of(EpochEnd)]
    assert [value > 0.6 for value in values] == [False] * (len(values) - 1) + [True]
    (threshold,) = log.of(ThresholdPassed)
    assert threshold == ThresholdPassed(
        epoch=len(values), metric=monitor, value=values[-1], threshold=0.6
    )
    assert outcome.status is Status.FINISHED
    assert f"{values[-1]:.4f} is above 0.6" in outcome.reason
    # Above, not at: with the value reached as the threshold, this epoch does not end training.
    again = Log()
    _train(
        _but(early_stop=True, stop_threshold=values[-1], monitor=monitor, epochs=len(values)), again
    )
    assert again.of(ThresholdPassed) == []


def test_stop_within_an_epoch_reports_no_epoch_but_still_tests() -> None:
    def stop(log: Log, data: EventData) -> None:
        if isinstance(data, Progress) and data.epoch > 1.4:
            log.control.send(Command("stop"))

    log = Log(stop)
    outcome = _train(_but(epochs=5), log)
    assert outcome.status is Status.STOPPED
    assert [epoch.epoch for epoch in log.of(EpochEnd)] == [1]
    assert 1.4 < log.of(Progress)[-1].epoch < 1.6
    assert len(log.of(Evaluation)) == 1
    assert outcome.model


def test_a_stop_sent_before_the_start_is_not_lost() -> None:
    log = Log()
    log.control.send(Command("stop"))
    assert _train(_but(epochs=200), log).status is Status.STOPPED
    assert "now the test images are judged" in log.of(StatusChange)[-1].reason
    assert log.of(EpochEnd) == []
    assert len(log.of(Progress)) <= 1


def _later(act: Callable[[], None]) -> None:
    threading.Timer(0.2, act).start()


def test_pause_step_and_resume() -> None:
    answers = iter([Command("step"), Command("learning_rate", 0.02), Command("resume")])

    def react(log: Log, data: EventData) -> None:
        if data.kind == "progress" and len(log.of(Progress)) == 2:
            log.control.send(Command("pause"))
        elif data == status(Status.PAUSED) or data.kind == "learning_rate":
            answer = next(answers)
            _later(lambda: log.control.send(answer))

    log = Log(react)
    outcome = _train(_but(epochs=3), log)
    assert outcome.status is Status.FINISHED
    words = [event.status.value for event in log.of(StatusChange)]
    assert words == ["Running", "Paused", "Running", "Paused", "Running", "Running"]
    # The step ran to the end of the first epoch and held there.
    second_pause = [i for i, data in enumerate(log.events) if data == status(Status.PAUSED)]
    assert log.kinds[second_pause[1] - 1] == "epoch"
    (change,) = log.of(LearningRateChange)
    assert change.learning_rate == 0.02
    assert change.epoch == 1
    rates = [epoch.learning_rate for epoch in log.of(EpochEnd)]
    assert rates == pytest.approx([0.01, 0.02, 0.02])
    assert [epoch.epoch for epoch in log.of(EpochEnd)] == [1, 2, 3]


@pytest.mark.parametrize("scaling", ["none", "min_max"])
def test_a_run_that_diverges_fails_and_says_where_and_what_to_do(scaling: str) -> None:
    log = Log()
    config = _but(
        optimizer="sgd",
        learning_rate=10,
        scaling=scaling,
        hidden_layers=(64, 64),
        activation="linear",
        momentum=0.99,
    )
    outcome = _train(config, log)
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
    config = _but(
        optimizer="sgd", scaling="none", hidden_layers=(64, 64), activation="linear", momentum=0.99
    )
    outcome = _train(config, log)
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
    outcome = _train(_but(batch_size="full"), log)
    assert len(log.of(Progress)) == 1
    assert outcome.status is Status.FAILED
    assert "at step 1 of epoch 1" in outcome.reason
    assert log.of(Evaluation) == []


def test_a_batch_of_all_images_trains() -> None:
    log = Log()
    assert _train(_but(batch_size="full", epochs=1), log).status is Status.FINISHED
    assert [event.step for event in log.of(Progress)] == [1]


# Twins and drawings beside the photos


def test_twins_are_trained_on_and_never_validated_or_tested_on() -> None:
    log, config = Log(), _but(twins=0.5, epochs=1)
    outcome = _train(config, log)
    assert outcome.status is Status.FINISHED
    assert log.kinds[0] == "status"
    assert log.of(StatusChange)[0].status is Status.STARTING
    assert "250 sketch twins" in log.of(StatusChange)[0].reason
    assert {event.steps for event in log.of(Progress)} == {math.ceil(750 / 32)}
    assert np.sum(log.of(EpochEnd)[0].confusion) == config.validation_images == 100
    assert np.sum(log.of(Evaluation)[0].confusion) == 10_000
    counts = np.bincount(load_data().y_train[500:600], minlength=10)
    assert np.sum(log.of(EpochEnd)[0].confusion, axis=1).tolist() == counts.tolist()


def test_drawings_are_learnt_under_their_label() -> None:
    """Bright left halves, which no photo is, become bags."""
    item = np.zeros((28, 28), np.uint8)
    item[:, :14] = 255
    book = Labelled(item[None], np.array([Label.BAG], np.uint8))
    config = _but(sketchbook=1.0, epochs=3)
    log = Log()
    outcome = train(config, load_data(), log, log.control, book)
    assert outcome.network is not None
    assert outcome.network.predict(item[None]).argmax() == Label.BAG


def test_stop_acts_while_twins_are_made() -> None:
    log = Log()
    log.control.send(Command("stop"))
    outcome = _train(_but(twins=1.0, seed=5), log)
    assert outcome.status is Status.STOPPED
    assert outcome.network is None
    assert log.of(Progress) == []


def test_a_pinned_drawing_is_judged_before_training_and_after_every_epoch() -> None:
    data = load_data()
    log = Log()
    pinned = data.x_test[0]
    outcome = train(SMALL, data, log, log.control, pinned=pinned)
    rows = log.of(PinnedPrediction)
    assert [row.epoch for row in rows] == [0, 1, 2]
    assert all(sum(row.probabilities) == pytest.approx(1, abs=1e-5) for row in rows)
    assert outcome.network is not None
    last = outcome.network.predict(pinned[None])[0]
    np.testing.assert_allclose(rows[-1].probabilities, last, atol=1e-6)
    assert rows[0].probabilities != rows[-1].probabilities
    # Looking on changes nothing.
    plain = Log()
    _train(SMALL, plain)
    assert _figures(plain) == _figures(log)


def test_a_schedule_sets_the_rate_of_every_epoch_until_somebody_sets_it_by_hand() -> None:
    config = _but(schedule="cosine", epochs=4)

    def react(log: Log, data: EventData) -> None:
        if data.kind == "epoch" and len(log.of(EpochEnd)) == 2:
            log.control.send(Command("learning_rate", 0.02))

    log = Log(react)
    assert _train(config, log).status is Status.FINISHED
    rates = [epoch.learning_rate for epoch in log.of(EpochEnd)]
    assert rates == pytest.approx([config.rate_at(0), config.rate_at(1), 0.02, 0.02])
