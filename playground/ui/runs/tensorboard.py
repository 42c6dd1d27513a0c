"""Runs as logs that TensorBoard reads: one zip with a folder for each run.

Folders, tags and steps are those of `keras.callbacks.TensorBoard`, so that a run can stand beside
one that the exported script has trained with it. An event file is a TFRecord file
(https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details) of Event
messages; tensorboardX has the messages and the checksum.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tensorboardX.proto.event_pb2 import Event as LoggedEvent
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import masked_crc32c
from tensorboardX.summary import hparams

from playground.config import RunConfig
from playground.events import EpochEnd, Evaluation, Event, Progress
from playground.experiments.naming import show_value
from playground.runs.hub import Hub
from playground.store.runs import RunInfo

# So that a path stays within what Windows takes, 260 characters.
_MOST_NAME = 60
# Everything but letters, digits, full stops and hyphens, which every file system takes.
_UNSAFE = re.compile(r"[^\w.-]+")


class _Scalar(NamedTuple):
    """A number of a run.

    Attributes:
        part: the folder below the run's: train, validation or test.
        tag: what Keras calls it.
        value: as it is.
        step: an epoch, 0 is the first; for `batch_loss` an update, 1 is the first.
        time: when it was known, in seconds since 1970.
    """

    part: str
    tag: str
    value: float
    step: int
    time: float


def logs_of(hub: Hub, runs: Sequence[RunInfo], named: Mapping[str, str], *, test: bool) -> bytes:
    """The event files of runs, zipped.

    A run has at most 200 epochs and 7,500 losses of steps: 0.5 MB before it is zipped. With the
    default settings it has 3,100 losses, and a hundred runs take about 6 s.

    Args:
        hub: has the runs' events.
        runs: those to write, one folder each.
        named: the name of each, by its id.
        test: whether the figures on the test images are written, in a folder `test`.

    Raises:
        StoreError: the store cannot be read.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for run in runs:
            began = run.created.timestamp()
            parts = {"": [_first(began), _settings(run.config, began)]}
            for scalar in _scalars(run, hub.events(run.id)):
                if test or scalar.part != "test":
                    parts.setdefault(f"{scalar.part}/", [_first(began)]).append(_logged(scalar))
            folder = _folder(named[run.id], run.number)
            for part, logged in parts.items():
                name = f"{folder}/{part}events.out.tfevents.{began:.0f}.{run.id}"
                archive.writestr(name, b"".join(map(_record, logged)))
    return file.getvalue()


def _folder(name: str, number: int) -> str:
    """A name that people can read and every file system takes; a run's number has no other run."""
    readable = _UNSAFE.sub("-", name.replace(",", ""))[:_MOST_NAME].strip(".-")
    return f"{readable or 'run'}-{number}"


def _scalars(run: RunInfo, events: Iterable[Event]) -> Iterator[_Scalar]:
    """The numbers of a run in the order in which they became known."""
    time, last = run.created.timestamp(), 0
    for event in events:
        data = event.data
        # Older runs did not say when: then it is as late as what came before.
        time = getattr(data, "time", None) or time
        if isinstance(data, Progress):
            for position, loss in zip(data.step_epochs, data.step_losses, strict=True):
                update = round(position * data.steps)
                yield _Scalar("train", "batch_loss", loss, update, time)
        elif isinstance(data, EpochEnd):
            last = data.epoch - 1
            yield _Scalar("train", "epoch_accuracy", data.accuracy, last, time)
            yield _Scalar("train", "epoch_loss", data.loss, last, time)
            yield _Scalar("train", "epoch_learning_rate", data.learning_rate, last, time)
            yield _Scalar("validation", "epoch_accuracy", data.val_accuracy, last, time)
            yield _Scalar("validation", "epoch_loss", data.val_loss, last, time)
        elif isinstance(data, Evaluation):
            yield _Scalar("test", "epoch_accuracy", data.accuracy, last, time)
            yield _Scalar("test", "epoch_loss", data.loss, last, time)


def _first(time: float) -> LoggedEvent:
    """What every event file begins with."""
    return LoggedEvent(wall_time=time, file_version="brain.Event:2")


def _settings(config: RunConfig, time: float) -> LoggedEvent:
    """All settings, for TensorBoard's table of hyperparameters."""
    values = {n: show_value(v) if isinstance(v, tuple) else v for n, v in config}
    _, session, _ = hparams(values, {})
    return LoggedEvent(wall_time=time, summary=session)


def _logged(scalar: _Scalar) -> LoggedEvent:
    value = Summary.Value(tag=scalar.tag, simple_value=scalar.value)
    return LoggedEvent(wall_time=scalar.time, step=scalar.step, summary=Summary(value=[value]))


def _record(event: LoggedEvent) -> bytes:
    """An event as a record: length, its checksum, content, its checksum; little-endian."""
    content = event.SerializeToString()
    length = struct.pack("<Q", len(content))
    checksums = (struct.pack("<I", masked_crc32c(each)) for each in (length, content))
    return b"".join((length, next(checksums), content, next(checksums)))
