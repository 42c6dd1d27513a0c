"""What happens to a run: its events, its status, and what a status may become.

An event travels worker → hub → store → browser unchanged. Its `data` holds only what both
msgpack and JSON carry: str, int, float, bool, None, list, dict. No value is NaN or infinite.

| kind          | data                                                                         |
| ------------- | ---------------------------------------------------------------------------- |
| status        | status (see `Status`), reason (a sentence, may be empty)                     |
| progress      | epoch (float: epochs done, 2.3 is within the third), epochs, step, steps     |
|               | (both of this epoch), loss, accuracy (means since the last progress event),  |
|               | images_per_second, seconds_left (both None before the second chunk),         |
|               | step_epochs, step_losses (lists of equal length, maybe empty: the least and  |
|               | the greatest loss among some steps; see training/step_losses.py)        |
| epoch         | epoch (1 is the first), loss, accuracy, val_loss, val_accuracy,              |
|               | confusion (10×10 counts on the validation images, rows true, columns         |
|               | predicted), seconds, learning_rate                                           |
| learning_rate | epoch (float, as in progress), learning_rate, loss, accuracy (where to mark) |
| threshold     | epoch, metric, value, threshold                                              |
| test          | loss, accuracy, confusion (on the 10,000 test images), train_loss,           |
|               | train_accuracy (of the same weights, without dropout, on the photos of the   |
|               | data set that were trained on, by the labels that were trained on, wrong     |
|               | ones too; older runs have neither)                                           |
| hooks         | calls (list of [hook, epoch or None, first second, last second, number of    |
|               | calls], in the order of the first calls; at most 8 an epoch and 10 more),    |
|               | stop (hook and epoch that set stop_training, or None)                        |
| pinned        | epoch (0 is before training), probabilities (10) of the pinned drawing       |
| notice        | message (a sentence for whoever watches, empty when it is over; not kept)    |

What a worker sends has `time`, too: when it did, in seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from playground.locales import mark

Kind = Literal[
    "status",
    "progress",
    "epoch",
    "learning_rate",
    "threshold",
    "test",
    "hooks",
    "pinned",
    "notice",
]
CommandName = Literal["pause", "resume", "step", "stop", "learning_rate"]


class Status(str, Enum):
    """Where a run stands; the value is the word on the screen, in English."""

    QUEUED = mark("Queued")
    STARTING = mark("Starting")
    RUNNING = mark("Running")
    PAUSED = mark("Paused")
    FINISHED = mark("Finished")
    STOPPED = mark("Stopped")
    FAILED = mark("Failed")
    INTERRUPTED = mark("Interrupted")

    @property
    def ended(self) -> bool:
        """Whether the run has ended; an ended run never changes again."""
        return not _NEXT[self]

    @property
    def active(self) -> bool:
        """Whether the run has a worker."""
        return self in (Status.STARTING, Status.RUNNING, Status.PAUSED)


_ENDS = frozenset({Status.FINISHED, Status.STOPPED, Status.FAILED, Status.INTERRUPTED})
_NEXT: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.STARTING, Status.STOPPED, Status.FAILED}),
    # Starting again: with another reason, since what comes before training can take long.
    Status.STARTING: _ENDS | {Status.STARTING, Status.RUNNING, Status.PAUSED},
    # Running again, likewise: the test at the end can take long.
    Status.RUNNING: _ENDS | {Status.RUNNING, Status.PAUSED},
    Status.PAUSED: _ENDS | {Status.RUNNING},
    **{end: frozenset() for end in _ENDS},
}


def may_become(now: Status, then: Status) -> bool:
    """Whether a run that is `now` may become `then`. A run ends exactly once."""
    return then in _NEXT[now]


@dataclass(frozen=True)
class Event:
    """Something that happened to one run.

    Attributes:
        run_id: the run.
        seq: 1, 2, 3, … within the run, in the order in which the events were kept.
        kind: one of the kinds in this module's table.
        data: see the table.
    """

    run_id: str
    seq: int
    kind: Kind
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """What a run's owner asks of its worker; `value` is the rate for learning_rate."""

    name: CommandName
    value: float | None = None
