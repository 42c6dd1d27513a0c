"""One training run, from its configuration to its test result, with Keras `fit`."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from playground.config import CLASSES, RunConfig
from playground.dataset import TEST_IMAGES, TRAIN_IMAGES, Dataset, Labelled
from playground.events import Evaluation, Status, StatusChange
from playground.network.network import Network
from playground.seeds import generator
from playground.training.additions import added_images
from playground.training.chunks import cut_chunks, plan_chunks
from playground.training.control import Control, Stopped
from playground.training.hooks import HookRecorder
from playground.training.model import ChunkedSequential, build_model
from playground.training.reporter import Diverged, Emit, Predictions, Reporter, floats

# Images in a step of testing: few enough that what they become stays in the processor's cache.
TEST_ROW = 500

# XLA compiles all that is worth it; what TensorFlow's own optimizer would do before only takes
# time, a tenth of what passes before the first step.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
# Every run is traced anew, on purpose; TensorFlow would warn of it.
tf.get_logger().setLevel("ERROR")
_held: list[Any] = []
# Test images that are predicted at the end, so that the hooks of predict() are called, too.
PREDICTED = 32


@dataclass(frozen=True)
class Outcome:
    """How training ended: status, reason in words, the `.keras` file and the weights."""

    status: Status
    reason: str
    model: bytes | None = None
    network: Network | None = None


def _dataset(slices: Any) -> Any:
    """Slice after slice of arrays, for `fit` and `evaluate`."""
    options = tf.data.Options()
    options.autotune.enabled = False
    return tf.data.Dataset.from_tensor_slices(slices).with_options(options)


def _rows(start: int, stop: int) -> Any:
    """Indices of images, rows of `TEST_ROW`; -1 where the last one has no more."""
    indices = np.full(math.ceil((stop - start) / TEST_ROW) * TEST_ROW, -1, np.int32)
    indices[: stop - start] = np.arange(start, stop)
    return _dataset(indices.reshape(-1, TEST_ROW))


def _evaluate(model: ChunkedSequential, start: int, stop: int, *callbacks: Any) -> dict[str, float]:
    """Keras' `evaluate` on the held images from `start` to `stop`: their loss and accuracy."""
    indices = _rows(start, stop)
    return floats(model.evaluate(indices, callbacks=callbacks, return_dict=True, verbose=0))


def _resident(data: Dataset) -> Any:
    """Training images, then test images, as one tensor that stays from run to run."""
    if not _held or _held[0] is not data:
        _held[:] = [data, tf.constant(np.concatenate([data.x_train, data.x_test]))]
    return _held[1]


def _with(images: Any, added: NDArray[np.uint8]) -> Any:
    """The images, and after them those that were added."""
    return tf.concat([images, added], axis=0) if len(added) else images


def spoil_labels(labels: NDArray[np.uint8], share: float, seed: int) -> NDArray[np.uint8]:
    """Make a share of labels wrong: each chosen one becomes one of the nine others.

    Args:
        labels: (n,) uint8, 0 to 9; not changed.
        share: 0 to 1; round(share·n) labels are chosen.
        seed: fixes which, and what they become.
    """
    rng = generator(seed, "label_noise")
    spoiled = labels.copy()
    chosen = rng.choice(len(labels), round(share * len(labels)), replace=False)
    spoiled[chosen] = (labels[chosen] + rng.integers(1, CLASSES, len(chosen))) % CLASSES
    return spoiled


def scaling_of(config: RunConfig, images: NDArray[np.uint8]) -> tuple[float, float]:
    """Scale and offset of feature scaling, x·scale + offset, from the images trained on.

    min–max: (X − min) / (max − min). standard: (X − mean) / std, over all pixels together.
    """
    if config.scaling == "min_max":
        low, high = float(images.min()), float(images.max())
        return 1.0 / (high - low), -low / (high - low)
    if config.scaling == "standard":
        mean, std = float(images.mean()), float(images.std())
        return 1.0 / std, -mean / std
    return 1.0, 0.0


def train(
    config: RunConfig,
    data: Dataset,
    emit: Emit,
    control: Control,
    sketches: Labelled | None = None,
    pinned: NDArray[np.uint8] | None = None,
) -> Outcome:
    """Train, validate after every epoch, and test at the end, also of a run that was stopped.

    At the end the training photos are judged as well, with the final weights and without dropout:
    the training accuracy of an epoch is a mean over weights that still changed.

    Args:
        config: the hyperparameters.
        data: the whole of Fashion-MNIST.
        emit: is given each event as it happens; see `playground.events`.
        control: what the run is told meanwhile.
        sketches: the sketchbook's training drawings, as items, and their labels, (m, 28, 28) and
            (m,) uint8; needed if the configuration wants them.
        pinned: a drawing (28, 28) to judge before training and after every epoch.

    Raises:
        ValueError: the configuration wants drawings from the sketchbook, and there are none.
    """
    keras.backend.clear_session()

    def say(reason: str) -> None:
        emit(StatusChange(status=Status.STARTING, reason=reason))

    try:
        added = added_images(config, data, sketches, say, control.check)
    except Stopped:
        return Outcome(Status.STOPPED, "Stopped by its owner.")
    plan = plan_chunks(config)
    labels = np.concatenate([data.y_train, data.y_test, added.labels])
    # Photos first, then all that is held out, then what was added to the photos.
    fit = np.r_[: config.fit_photos, TRAIN_IMAGES + TEST_IMAGES : len(labels)].astype(np.int32)
    labels[fit] = spoil_labels(labels[fit], config.label_noise, config.seed)
    model = build_model(config, *scaling_of(config, data.x_train[: config.fit_photos]), plan.parts)
    model.hold(
        _with(_resident(data), added.images),
        labels,
        fit_images=config.fit_images,
        rows=plan.rows,
        one_hot=config.one_hot,
        test_row=TEST_ROW,
    )
    places = np.arange(config.fit_images, dtype=np.int32)
    chunks = _dataset(cut_chunks(places, config.batch_images, plan))
    shuffle = generator(config.seed, "shuffle")

    def reshuffle(_epoch: int, _logs: Any) -> None:
        model.order.assign(shuffle.permutation(fit))

    validation = _rows(config.fit_photos, config.train_images)
    validated = Predictions(data.y_train[config.fit_photos : config.train_images])
    tested = Predictions(data.y_test)
    reporter = Reporter(config, plan, emit, control, validated, pinned)
    recorder = HookRecorder()
    epochs = "The one epoch is" if config.epochs == 1 else f"All {config.epochs} epochs are"
    outcome = Outcome(Status.FINISHED, f"{epochs} done.")
    try:
        # Without end: for a data set that ends, `fit` makes a new iterator every epoch.
        model.fit(
            chunks.repeat(),
            steps_per_epoch=len(chunks),
            epochs=config.epochs,
            validation_data=validation.repeat(),
            validation_steps=len(validation),
            callbacks=[
                keras.callbacks.LambdaCallback(on_epoch_begin=reshuffle),
                validated,
                reporter,
                recorder,
            ],
            shuffle=False,
            verbose=0,
        )
    except Stopped:
        outcome = Outcome(Status.STOPPED, "Stopped by its owner.")
    except Diverged as diverged:
        return Outcome(Status.FAILED, str(diverged))
    recorder.epoch = None
    # Whoever pressed Stop sees that it is obeyed: judging takes a large network seconds.
    judging = "Training is over; now the test images are judged, then the training images."
    emit(StatusChange(status=Status.RUNNING, reason=judging))
    logs = _evaluate(model, TRAIN_IMAGES, TRAIN_IMAGES + TEST_IMAGES, tested, recorder)
    model.plain(config).predict(data.x_test[:PREDICTED], callbacks=[recorder], verbose=0)
    # The recorder's last hook was that of predict(): this evaluate() is not part of the lecture's.
    fitted = _evaluate(model, 0, config.fit_photos)
    logs |= {f"train_{name}": value for name, value in fitted.items()}
    if not all(map(math.isfinite, logs.values())):  # stopped right after the step that did it
        return Outcome(Status.FAILED, str(reporter.diverged()))
    emit(Evaluation(**logs, confusion=tested.confusion))
    emit(recorder.data())
    network = replace(model.network(), epoch=reporter.epochs_done)
    return Outcome(outcome.status, reporter.reason or outcome.reason, save(model, config), network)


def save(model: ChunkedSequential, config: RunConfig) -> bytes:
    """The model as a `.keras` file: pixels 0 to 255 in, probabilities out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.plain(config).save(path)
        return path.read_bytes()
