"""The callback of a training: forwards what happens, keeps snapshots, obeys commands."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, SupportsFloat

import keras
import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.events import (
    EpochEnd,
    EventData,
    LearningRateChange,
    PinnedPrediction,
    Progress,
    Status,
    StatusChange,
    ThresholdPassed,
)
from playground.locales import english, lazy, mark
from playground.network.checkpoint import Checkpoint
from playground.network.metrics import confusion_matrix
from playground.network.network import Network
from playground.network.snapshot import Snapshot, kept_epochs
from playground.training.chunks import Plan
from playground.training.control import Clock, Control
from playground.training.step_losses import StepLosses

# The newest weights are copied, for drawings to be judged meanwhile, no more often than this.
PUBLISH_SECONDS = 0.1

Emit = Callable[[EventData], None]


class Diverged(Exception):
    """The loss is not finite any more; the message says at which step and what to change."""


def floats(logs: Mapping[str, SupportsFloat]) -> dict[str, float]:
    """Keras' logs as plain numbers."""
    return {name: float(value) for name, value in logs.items()}


class Predictions(keras.callbacks.Callback):  # type: ignore[misc]
    """Collects the labels that the newest `evaluate` has predicted.

    Args:
        labels: (n,) the true labels, in the order in which the images are tested.
    """

    def __init__(self, labels: NDArray[np.uint8]) -> None:
        super().__init__()
        self._labels = labels
        self._batches: list[NDArray[np.int32]] = []

    def on_test_begin(self, logs: Any = None) -> None:
        """Forget the labels of the last test."""
        self._batches = []

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Note the predicted labels of these images."""
        self._batches.append(self.model.predicted.numpy())

    @property
    def predicted(self) -> NDArray[np.uint8]:
        """Predicted labels (n,); (0,) before the first test."""
        return np.concatenate([*self._batches, []])[: len(self._labels)].astype(np.uint8)

    @property
    def confusion(self) -> list[list[int]]:
        """Counts, 10 lists of 10: rows are true labels, columns predicted ones."""
        counts: list[list[int]] = confusion_matrix(self._labels, self.predicted).tolist()
        return counts


# What versions before have said: it is stored with their runs, and still translated.
_ENDED_BEFORE = mark(
    "The callback ended training: {metric} {value:.4f} is above {threshold:g} after epoch {epoch}."
)


class Reporter(keras.callbacks.Callback):  # type: ignore[misc]
    """Forwards what happens, keeps snapshots, and obeys commands between chunks.

    `validated` must come before this callback in the list of callbacks. `start` is where the run
    goes on from.
    """

    def __init__(
        self,
        config: RunConfig,
        plan: Plan,
        emit: Emit,
        control: Control,
        validated: Predictions,
        pinned: NDArray[np.uint8] | None = None,
        start: Checkpoint | None = None,
    ) -> None:
        super().__init__()
        self.pinned = pinned
        self._start = start or Checkpoint(0)
        self.config, self.plan, self.emit, self.control = config, plan, emit, control
        self.validated = validated
        self.reason = ""
        self.epochs_done = self._start.epoch
        self._rate_by_hand: float | None = self._start.rate_by_hand
        self._published = -math.inf
        self._position = float(self._start.epoch)
        self._epoch = 0
        self._done = 0
        self._micro_batches = config.steps_per_epoch * plan.per_update
        self._clock = Clock(config.epochs)
        self._step_losses = StepLosses(config.steps_per_epoch, plan.per_update, self._start.epoch)
        self._snapshot_epochs = frozenset(kept_epochs(config))

    def on_train_begin(self, logs: Any = None) -> None:
        """Say that training runs."""
        begin = self._start.epoch
        self._obey({"epoch": float(begin)})
        self._hold_snapshot(begin, self._start.predicted, always=begin > 0)
        self.emit(StatusChange(status=Status.RUNNING, reason=""))
        self._judge_pinned(begin)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Count the epoch's micro-batches from 0, and set the scheduled learning rate."""
        self._epoch, self._done = epoch, 0
        self._counts = self.plan.counts(self._micro_batches, first=epoch == 0)
        if self.config.schedule != "constant" and not self._rate_by_hand:
            self.model.optimizer.learning_rate = self.config.rate_at(epoch)
        self._epoch_started = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """A chunk is done: report it, and obey."""
        count = int(self._counts[batch])
        losses = self.model.chunk_losses.numpy()[:count]
        finite = np.isfinite(losses)
        if not finite.all():
            raise self.diverged((self._done + int(finite.argmin())) // self.plan.per_update + 1)
        self._done += count
        position = self._epoch + self._done / self._micro_batches
        logs = floats(logs)
        if not all(map(math.isfinite, logs.values())):  # a mean can be infinite where no loss is
            raise self.diverged()
        logs["epoch"] = position
        self._clock.tick(position)
        speed = self._clock.epochs_per_second
        step_epochs, step_losses = self._step_losses.add(losses)
        self.emit(
            Progress(
                epoch=position,
                epochs=self.config.epochs,
                step=self._done // self.plan.per_update,
                steps=self.config.steps_per_epoch,
                loss=logs["loss"],
                accuracy=logs["accuracy"],
                images_per_second=speed and speed * self.config.fit_images,
                seconds_left=self._clock.seconds_left,
                step_epochs=step_epochs,
                step_losses=step_losses,
            )
        )
        self._obey(logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Let Stop act in validation, too."""
        self.control.check()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Report the epoch; end training if the watched metric is above the threshold."""
        logs = floats(logs)
        if not all(map(math.isfinite, logs.values())):
            raise self.diverged()
        self.epochs_done = epoch + 1
        metric, value = self.config.monitor, logs[self.config.monitor]
        passed = self.config.early_stop and value > self.config.stop_threshold
        predicted = self.validated.predicted
        self._hold_snapshot(epoch + 1, predicted, always=passed)
        self.control.checkpoint = replace(
            self.model.checkpoint(epoch + 1),
            predicted=predicted,
            rate_by_hand=self._rate_by_hand,
        )
        self.emit(
            EpochEnd(
                epoch=epoch + 1,
                loss=logs["loss"],
                accuracy=logs["accuracy"],
                val_loss=logs["val_loss"],
                val_accuracy=logs["val_accuracy"],
                confusion=self.validated.confusion,
                seconds=time.perf_counter() - self._epoch_started,
                learning_rate=float(self.model.optimizer.learning_rate),
            )
        )
        self._judge_pinned(epoch + 1)
        if passed:
            self.model.stop_training = True
            self.reason = english(
                lazy(
                    "The callback ended training: {metric} {value:.1f} % is above "
                    "{threshold:.1f} % after epoch {epoch}.",
                    metric=metric,
                    value=100 * value,
                    threshold=100 * self.config.stop_threshold,
                    epoch=epoch + 1,
                )
            )
            self.emit(
                ThresholdPassed(
                    epoch=epoch + 1,
                    metric=metric,
                    value=value,
                    threshold=self.config.stop_threshold,
                )
            )
        elif epoch + 1 < self.config.epochs:
            self.control.epoch_ended()
            self._obey({"epoch": float(epoch + 1), **logs})

    def _hold_snapshot(self, epoch: int, predicted: NDArray[np.uint8], *, always: bool) -> None:
        """Keep the weights and the labels that validation predicted, if this epoch is kept."""
        if epoch in self._snapshot_epochs or (always and self._snapshot_epochs):
            network = replace(self.model.network(), epoch=epoch)
            self.control.hold_snapshot(epoch, Snapshot(network, predicted))

    def _judge_pinned(self, epoch: int) -> None:
        if self.pinned is not None:
            probabilities = self.model.network().predict(self.pinned[None])[0]
            if not np.isfinite(probabilities).all():
                raise self.diverged()
            self.emit(PinnedPrediction(epoch=epoch, probabilities=probabilities.tolist()))

    def _obey(self, logs: dict[str, float]) -> None:
        self._position = logs.get("epoch", 0.0)
        if time.perf_counter() - self._published > PUBLISH_SECONDS:
            self._publish(due=self.control.rested)
        self.control.check()
        self._set_learning_rate(logs)
        if not self.control.held:
            return
        network = self._publish(due=True)
        self.emit(StatusChange(status=Status.PAUSED, reason=""))
        with self._clock.stopped():
            while self.control.held:
                self.control.wait()
                self.control.check()
                self._set_learning_rate(logs)
                self.control.portray(network, self._position, due=False)
        self.emit(StatusChange(status=Status.RUNNING, reason=""))

    def _publish(self, *, due: bool) -> Network:
        """Copy the weights, for drawings to be judged and, if due, a portrait; returns the copy."""
        network: Network = replace(self.model.network(), epoch=int(self._position))
        self.control.network, self._published = network, time.perf_counter()
        self.control.portray(network, self._position, due=due)
        return network

    def on_fitted(self) -> None:
        """The weights will not change any more: show them to who looks."""
        self._publish(due=True)

    def _set_learning_rate(self, logs: dict[str, float]) -> None:
        rate = self.control.take_learning_rate()
        if rate is None:
            return
        self._rate_by_hand = rate
        self.model.optimizer.learning_rate = rate
        self.emit(
            LearningRateChange(
                epoch=logs.get("epoch", 0.0),
                learning_rate=rate,
                loss=logs.get("loss"),
                accuracy=logs.get("accuracy"),
            )
        )

    def diverged(self, step: int | None = None) -> Diverged:
        """What to raise if the loss of a step, by default the newest, is not finite any more."""
        values = {
            "step": step or self._done // self.plan.per_update,
            "epoch": self._epoch + 1,
            "rate": float(self.model.optimizer.learning_rate),
        }
        if self.config.scaling == "none":
            return Diverged(
                lazy(
                    "The loss is not a finite number any more at step {step:,} of epoch {epoch}: "
                    "the weights have become too large. To avoid this, turn feature scaling on or "
                    "choose a learning rate below {rate:g}, then train again.",
                    **values,
                )
            )
        return Diverged(
            lazy(
                "The loss is not a finite number any more at step {step:,} of epoch {epoch}: the "
                "weights have become too large. To avoid this, choose a learning rate below "
                "{rate:g}, then train again.",
                **values,
            )
        )
