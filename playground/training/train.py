"""One training run, from its configuration to its test result, with Keras `fit`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import Dataset, Labelled
from playground.events import Evaluation, Status, StatusChange
from playground.locales import english, lazy, mark
from playground.network.checkpoint import Checkpoint
from playground.network.network import Network
from playground.seeds import generator
from playground.training.control import Control, Stopped
from playground.training.hooks import HookRecorder
from playground.training.keras_file import keras_file
from playground.training.model import ChunkedSequential
from playground.training.prepare import Prepared, networks, prepare
from playground.training.reporter import Diverged, Emit, Predictions, Reporter, floats
from playground.twins.additions import added_images

STOPPED = mark("Stopped by its owner.")

# XLA compiles all that is worth it; what TensorFlow's own optimizer would do before only takes
# time, a tenth of what passes before the first step.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
# Each network is traced, on purpose; TensorFlow would warn of it.
tf.get_logger().setLevel("ERROR")


@dataclass(frozen=True)
class Outcome:
    """How training ended: status, reason as a sentence, the `.keras` file and the weights.

    The status is `QUEUED` if the run gave way to others, to go on later.
    """

    status: Status
    reason: str
    model: bytes | None = None
    network: Network | None = None


_GAVE_WAY = Outcome(Status.QUEUED, "")


def train(
    config: RunConfig,
    data: Dataset,
    emit: Emit,
    control: Control,
    sketches: Labelled | None = None,
    pinned: NDArray[np.uint8] | None = None,
    start: Checkpoint | None = None,
    sealed: bool = False,
) -> Outcome:
    """Train, validate after every epoch, and test at the end, also when the run was stopped.

    Args:
        config: the hyperparameters.
        data: the whole of Fashion-MNIST.
        emit: is given each event as it happens; see `playground.events`.
        control: what the run is told meanwhile.
        sketches: the sketchbook's training drawings, as items, and their labels, (m, 28, 28) and
            (m,) uint8; needed if the configuration wants them.
        pinned: a drawing (28, 28) to judge before training and after every epoch.
        start: where the run goes on from; with the settings of the run that stood there, all that
            follows is what that run would have done, to the bit.
        sealed: whether it is not tested: then there is no `Evaluation`.

    Raises:
        ValueError: the configuration wants drawings from the sketchbook, and there are none; or
            `start` is of another network.
    """

    def say(reason: str) -> None:
        emit(StatusChange(status=Status.STARTING, reason=reason))

    try:
        added = added_images(config, data, sketches, say, control.check)
    except Stopped:
        return _GAVE_WAY if control.gives_way else Outcome(Status.STOPPED, STOPPED)
    run = prepare(config, data, added, start)
    outcome = _outcome(run, emit, control, pinned, sealed=sealed)
    networks.add(run)  # not after an exception: nobody knows what state it would be in
    return outcome


def _outcome(
    run: Prepared,
    emit: Emit,
    control: Control,
    pinned: NDArray[np.uint8] | None,
    *,
    sealed: bool,
) -> Outcome:
    """Train a prepared run; see `train`."""
    validated = Predictions(run.validation_labels)
    reporter = Reporter(run.config, run.plan, emit, control, validated, pinned, run.start)
    recorder = HookRecorder()
    try:
        status, reason = _fit(run, [validated, reporter, recorder])
        if status is Status.STOPPED and control.gives_way:
            return replace(_GAVE_WAY, network=_network(run, reporter))
        reporter.on_fitted()
        judge = _validate_once_more if sealed else _judge
        judge(run, reporter, recorder)
    except Diverged as diverged:
        return Outcome(Status.FAILED, english(diverged))
    network = _network(run, reporter)
    return Outcome(status, reporter.reason or reason, keras_file(run.model), network)


def _network(run: Prepared, reporter: Reporter) -> Network:
    return replace(run.model.network(), epoch=reporter.epochs_done)


def _fit(run: Prepared, callbacks: list[keras.callbacks.Callback]) -> tuple[Status, str]:
    """Fit the weights, epoch by epoch, until all are done or somebody ends it.

    Returns:
        The status of the run and its reason, a sentence.

    Raises:
        Diverged: the loss is not finite.
    """
    shuffle = generator(run.config.seed, "shuffle")
    begin = run.start.epoch if run.start else 0
    for _ in range(begin):  # the orders of the epochs that are done
        shuffle.permutation(run.fit_indices)

    def reshuffle(_epoch: int, _logs: object) -> None:
        run.model.order.assign(shuffle.permutation(run.fit_indices))

    validation, epochs = run.validation, run.config.epochs
    try:
        run.model.fit(
            run.chunks,
            steps_per_epoch=run.chunks_per_epoch,
            initial_epoch=begin,
            epochs=epochs,
            validation_data=validation.repeat(),
            validation_steps=len(validation),
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=reshuffle), *callbacks],
            shuffle=False,
            verbose=0,
        )
    except Stopped:
        return Status.STOPPED, STOPPED
    if epochs == 1:
        return Status.FINISHED, mark("The one epoch is done.")
    return Status.FINISHED, english(lazy("All {epochs} epochs are done.", epochs=epochs))


def _judge(run: Prepared, reporter: Reporter, recorder: HookRecorder) -> None:
    """Report the result on the test images, then on the training photos, and the hooks.

    The photos are judged with the final weights and without dropout: the training accuracy of an
    epoch is a mean over weights that still changed.

    Raises:
        Diverged: the loss is not finite; only the test of a run that was stopped right after the
            update that diverged finds this out.
    """
    # Judging takes a large network seconds: meanwhile the owner sees that Stop is obeyed.
    judging = mark("Training is over; now the test images are judged, then the training images.")
    reporter.emit(StatusChange(status=Status.RUNNING, reason=judging))
    recorder.epoch = None
    tested = Predictions(run.data.y_test)
    logs = _evaluate(run.model, run.test, tested, recorder)
    run.model.predict(run.predicted, callbacks=[recorder], verbose=0)
    # Without the recorder: this evaluate() is not part of the lecture's.
    fitted = _evaluate(run.model, run.fit_photos)
    logs |= {f"train_{name}": value for name, value in fitted.items()}
    if not all(map(math.isfinite, logs.values())):
        raise reporter.diverged()
    reporter.emit(Evaluation(**logs, confusion=tested.confusion))
    reporter.emit(recorder.data())


def _validate_once_more(run: Prepared, reporter: Reporter, recorder: HookRecorder) -> None:
    """What takes the place of `_judge` in a sealed run: no figure of it is reported.

    Raises:
        Diverged: as `_judge`.
    """
    recorder.epoch = None
    logs = _evaluate(run.model, run.validation, recorder)
    run.model.predict(run.predicted, callbacks=[recorder], verbose=0)
    if not all(map(math.isfinite, logs.values())):
        raise reporter.diverged()
    reporter.emit(recorder.data())


def _evaluate(
    model: ChunkedSequential, indices: tf.data.Dataset, *callbacks: keras.callbacks.Callback
) -> dict[str, float]:
    """Loss and accuracy on the images of these indices, by Keras' `evaluate`."""
    return floats(model.evaluate(indices, callbacks=callbacks, return_dict=True, verbose=0))
