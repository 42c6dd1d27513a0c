"""One training run, from its configuration to its test result, with Keras `fit`.

The callback forwards what happens and obeys commands between chunks of an epoch; nothing else.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from playground.additions import Labelled, added_images
from playground.chunks import Plan, cut_chunks, plan_chunks
from playground.config import CLASSES, RunConfig
from playground.control import Clock, Control, Stopped
from playground.dataset import TEST_IMAGES, TRAIN_IMAGES, Dataset
from playground.events import Kind, Status
from playground.forward import Network
from playground.hooks import HookRecorder
from playground.model import ChunkedSequential, build_model
from playground.step_losses import StepLosses

Emit = Callable[[Kind, dict[str, Any]], None]

TEST_ROW = 500

# XLA compiles all that is worth it; what TensorFlow's own optimizer would do before only takes
# time, a tenth of what passes before the first step.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
_held: list[Any] = []
# Test images that are predicted at the end, so that the hooks of predict() are called, too.
PREDICTED = 32


class Diverged(Exception):
    """The loss is no number any more; the message says at which step and what to change."""


@dataclass(frozen=True)
class Outcome:
    """How training ended: status, reason in words, the `.keras` file and the weights."""

    status: Status
    reason: str
    model: bytes | None = None
    network: Network | None = None


def _dataset(indices: NDArray[np.int32], batch: int, plan: Plan) -> Any:
    options = tf.data.Options()
    options.autotune.enabled = False
    return tf.data.Dataset.from_tensor_slices(cut_chunks(indices, batch, plan)).with_options(
        options
    )


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
    rng = np.random.default_rng(seed)
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
    keras.utils.set_random_seed(config.seed)

    def say(reason: str) -> None:
        emit("status", {"status": Status.STARTING.value, "reason": reason})

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
    )
    shuffle = np.random.default_rng(config.seed)
    test_plan = Plan(TEST_ROW, 1, 2)

    def reshuffle(_epoch: int, _logs: Any) -> None:
        model.order.assign(shuffle.permutation(fit))

    def held_out(start: int, stop: int) -> Any:
        return _dataset(np.arange(start, stop, dtype=np.int32), TEST_ROW, test_plan)

    reporter, recorder = Reporter(config, plan, emit, control, pinned), HookRecorder()
    outcome = Outcome(Status.FINISHED, f"All {config.epochs} epochs are done.")
    try:
        model.fit(
            _dataset(np.arange(config.fit_images, dtype=np.int32), config.batch_images, plan),
            epochs=config.epochs,
            validation_data=held_out(config.fit_photos, config.train_images),
            callbacks=[
                keras.callbacks.LambdaCallback(on_epoch_begin=reshuffle),
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
    model.confusion.assign(tf.zeros_like(model.confusion))
    logs = model.evaluate(
        held_out(TRAIN_IMAGES, TRAIN_IMAGES + TEST_IMAGES),
        callbacks=[recorder],
        return_dict=True,
        verbose=0,
    )
    emit("test", {**_floats(logs), "confusion": model.confusion.numpy().tolist()})
    model.plain(config).predict(data.x_test[:PREDICTED], callbacks=[recorder], verbose=0)
    emit("hooks", recorder.data())
    network = replace(model.network(), epoch=reporter.epochs_done)
    return Outcome(outcome.status, reporter.reason or outcome.reason, save(model, config), network)


def save(model: ChunkedSequential, config: RunConfig) -> bytes:
    """The model as a `.keras` file: pixels 0 to 255 in, probabilities out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.plain(config).save(path)
        return path.read_bytes()


def _floats(logs: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in logs.items()}


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Forwards what happens as events, and obeys commands between chunks."""

    def __init__(
        self,
        config: RunConfig,
        plan: Plan,
        emit: Emit,
        control: Control,
        pinned: NDArray[np.uint8] | None = None,
    ) -> None:
        super().__init__()
        self.pinned = pinned
        self.config, self.plan, self.emit, self.control = config, plan, emit, control
        self.reason = ""
        self.epochs_done = 0
        self._epoch = 0
        self._rows = 0
        self._clock = Clock(config.epochs)
        self._step_losses = StepLosses(config.epochs, config.steps_per_epoch, plan.parts)

    def on_train_begin(self, logs: Any = None) -> None:
        """Say that training runs."""
        self._obey({})
        self.emit("status", {"status": Status.RUNNING.value, "reason": ""})
        self._judge_pinned(0)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Count the epoch's rows from 0."""
        self._epoch, self._rows = epoch, 0
        self._epoch_started = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """A chunk is done: report it, and obey."""
        total = self.config.steps_per_epoch * self.plan.parts
        count = min(self.plan.rows, total - self._rows)
        losses = self.model.row_losses.numpy()[:count]
        finite = np.isfinite(losses)
        if not finite.all():
            self._diverge((self._rows + int(finite.argmin())) // self.plan.parts + 1)
        self._rows += count
        position = self._epoch + self._rows / total
        logs = {"epoch": position, **_floats(logs)}
        self._clock.tick(position)
        speed = self._clock.epochs_per_second
        step_epochs, step_losses = self._step_losses.add(losses)
        self.emit(
            "progress",
            {
                **logs,
                "epochs": self.config.epochs,
                "step": self._rows // self.plan.parts,
                "steps": self.config.steps_per_epoch,
                "images_per_second": speed and speed * self.config.fit_images,
                "seconds_left": self._clock.seconds_left,
                "step_epochs": step_epochs,
                "step_losses": step_losses,
            },
        )
        self._obey(logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Count the confusion matrix from 0."""
        self.model.confusion.assign(tf.zeros_like(self.model.confusion))

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Let Stop act in validation, too."""
        self.control.check()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Report the epoch; end training if the watched metric is above the threshold."""
        logs = _floats(logs)
        if not all(map(math.isfinite, logs.values())):
            self._diverge(self.config.steps_per_epoch)
        self.epochs_done = epoch + 1
        self.emit(
            "epoch",
            {
                "epoch": epoch + 1,
                **logs,
                "confusion": self.model.confusion.numpy().tolist(),
                "seconds": time.perf_counter() - self._epoch_started,
                "learning_rate": float(self.model.optimizer.learning_rate),
            },
        )
        self._judge_pinned(epoch + 1)
        metric, value = self.config.monitor, logs[self.config.monitor]
        if self.config.stop and value > self.config.stop_threshold:
            self.model.stop_training = True
            self.reason = (
                f"The callback ended training: {metric} {value:.4f} is above "
                f"{self.config.stop_threshold:g} after epoch {epoch + 1}."
            )
            self.emit(
                "threshold",
                {
                    "epoch": epoch + 1,
                    "metric": metric,
                    "value": value,
                    "threshold": self.config.stop_threshold,
                },
            )
        elif epoch + 1 < self.config.epochs:
            self.control.epoch_ended()
            self._obey({"epoch": float(epoch + 1), **logs})

    def _judge_pinned(self, epoch: int) -> None:
        if self.pinned is not None:
            probabilities = self.model.network().predict(self.pinned[None])[0]
            self.emit("pinned", {"epoch": epoch, "probabilities": probabilities.tolist()})

    def _obey(self, logs: dict[str, float]) -> None:
        self.control.network = replace(self.model.network(), epoch=int(logs.get("epoch", 0)))
        self.control.check()
        self._set_learning_rate(logs)
        if not self.control.held:
            return
        self.emit("status", {"status": Status.PAUSED.value, "reason": ""})
        with self._clock.stopped():
            while self.control.held:
                self.control.wait()
                self.control.check()
                self._set_learning_rate(logs)
        self.emit("status", {"status": Status.RUNNING.value, "reason": ""})

    def _set_learning_rate(self, logs: dict[str, float]) -> None:
        rate = self.control.take_learning_rate()
        if rate is None:
            return
        self.model.optimizer.learning_rate = rate
        self.emit(
            "learning_rate",
            {
                "epoch": logs.get("epoch", 0.0),
                "learning_rate": rate,
                "loss": logs.get("loss"),
                "accuracy": logs.get("accuracy"),
            },
        )

    def _diverge(self, step: int) -> None:
        advice = []
        if self.config.scaling == "none":
            advice.append("turn feature scaling on")
        advice.append(f"choose a learning rate below {self.config.learning_rate:g}")
        raise Diverged(
            f"The loss became infinite or no number at step {step:,} of epoch {self._epoch + 1}: "
            f"the weights ran away. To mend it, {' or '.join(advice)}, then train again."
        )
