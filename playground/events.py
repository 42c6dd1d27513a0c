"""What happens to a run: its events, its status, what a status may become, and its commands.

An event travels worker → hub → store → browser as JSON: its `kind`, and as `data` the fields of
that kind's model. What a worker reports is validated where it enters the hub, and what is stored
when it is read (`read_data`). No number is NaN or infinite. Fields that only a later version has
are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, ClassVar, Literal, NamedTuple, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    JsonValue,
    NonNegativeInt,
    ValidationError,
)

from playground.config import CLASSES, Metric, RunConfig
from playground.locales import lazy, mark

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
CommandName = Literal["pause", "resume", "step", "stop", "give_way", "learning_rate"]


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
# Queued again: what trains in the background gives way to others, and goes on later.
_NEXT: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.STARTING, Status.STOPPED, Status.FAILED}),
    # Starting again: with another reason, since what comes before training can take long.
    Status.STARTING: _ENDS | {Status.STARTING, Status.RUNNING, Status.PAUSED, Status.QUEUED},
    # Running again: with another reason, too, since the test at the end can take long.
    Status.RUNNING: _ENDS | {Status.RUNNING, Status.PAUSED, Status.QUEUED},
    Status.PAUSED: _ENDS | {Status.RUNNING, Status.QUEUED},
    **{end: frozenset() for end in _ENDS},
}


def may_become(now: Status, then: Status) -> bool:
    """Whether a run that is `now` may become `then`. A run ends exactly once."""
    return then in _NEXT[now]


_ten = Field(min_length=CLASSES, max_length=CLASSES)
Confusion = Annotated[tuple[Annotated[tuple[NonNegativeInt, ...], _ten], ...], _ten]
Probabilities = Annotated[tuple[float, ...], _ten]
Time = Annotated[float | None, Field(description="When the worker sent it, in seconds since 1970.")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Data(_Frozen):
    kind: ClassVar[Kind]

    def to_json(self) -> dict[str, JsonValue]:
        """The fields that were given, as JSON values."""
        return self.model_dump(mode="json", exclude_unset=True)


D = TypeVar("D", bound=_Data)


class StatusChange(_Data):
    """Where the run stands from now on.

    A waiting run's queue position is told as a status, too: the reason says it, and it is not
    kept (seq 0).
    """

    kind = "status"
    status: Status
    reason: str = Field(description="A sentence; may be empty.")
    time: Time = None


class Progress(_Data):
    """A chunk of an epoch has been trained."""

    kind = "progress"
    epoch: float = Field(description="Epochs done; 2.3 is within the third.")
    accuracy: float = Field(description="Mean since the last progress event, 0 to 1.")
    loss: float = Field(description="Mean since the last progress event.")
    epochs: int = Field(description="All epochs of the run.")
    step: int = Field(description="Steps done in this epoch.")
    steps: int = Field(description="All steps of this epoch.")
    images_per_second: float | None = Field(description="None before the second chunk.")
    seconds_left: float | None = Field(description="None before the second chunk.")
    step_epochs: tuple[float, ...] = Field(
        description="Where the steps of `step_losses` end, in epochs; as long as that list."
    )
    step_losses: tuple[float, ...] = Field(
        description="The least and the greatest loss among some steps, maybe none; see "
        "training/step_losses.py."
    )
    time: Time = None


class EpochEnd(_Data):
    """An epoch has been trained and validated."""

    kind = "epoch"
    epoch: int = Field(description="1 is the first.")
    accuracy: float = Field(description="Mean over the epoch, while the weights changed, 0 to 1.")
    loss: float = Field(description="Mean over the epoch.")
    val_accuracy: float = Field(description="On the validation images, at the epoch's end, 0 to 1.")
    val_loss: float = Field(description="On the validation images.")
    confusion: Confusion = Field(
        description="Counts of validation images, 10 × 10: rows true labels, columns predicted."
    )
    seconds: float = Field(description="Duration, validation included.")
    learning_rate: float = Field(description="At the epoch's end.")
    time: Time = None


class LearningRateChange(_Data):
    """The learning rate was set by hand. Loss and accuracy say where to mark it."""

    kind = "learning_rate"
    epoch: float = Field(description="Epochs done; 2.3 is within the third.")
    learning_rate: float = Field(description="From the next step on.")
    loss: float | None = Field(description="The newest; None before the first chunk.")
    accuracy: float | None = Field(description="The newest; None before the first chunk.")
    time: Time = None


class ThresholdPassed(_Data):
    """The watched metric is above the threshold, so training ends."""

    kind = "threshold"
    epoch: int = Field(description="1 is the first.")
    metric: Metric
    value: float = Field(description="Of the metric, 0 to 1.")
    threshold: float = Field(description="0 to 1.")
    time: Time = None


class Evaluation(_Data):
    """How the final weights do, without dropout: on the test images and on the training photos."""

    kind = "test"
    accuracy: float = Field(description="On the 10,000 test images, 0 to 1.")
    loss: float = Field(description="On the test images.")
    train_accuracy: float | None = Field(
        None,
        description="On the photos of the data set that were trained on, by the labels that were "
        "trained on, wrong ones too, 0 to 1. Older runs have none.",
    )
    train_loss: float | None = Field(None, description="On these photos.")
    confusion: Confusion = Field(
        description="Counts of test images, 10 × 10: rows true labels, columns predicted."
    )
    time: Time = None


class HookCall(NamedTuple):
    """A call of a hook, or a series of calls of one: its epoch, when it began and ended."""

    hook: str
    epoch: int | None
    first: FiniteFloat
    last: FiniteFloat
    calls: int


class HookStop(_Frozen):
    """Which hook set `stop_training`."""

    hook: str
    epoch: int = Field(description="1 is the first.")


class HookCalls(_Data):
    """Which hooks of a callback Keras has called."""

    kind = "hooks"
    calls: tuple[HookCall, ...] = Field(
        description="Hook, epoch (None outside of epochs), seconds of the first and the last call "
        "since training began, number of calls; in the order of the first calls, at most 8 an "
        "epoch and 10 more."
    )
    stop: HookStop | None = Field(description="None if no hook has ended training.")
    time: Time = None


class PinnedPrediction(_Data):
    """What the network makes of the pinned drawing."""

    kind = "pinned"
    epoch: int = Field(description="0 is before training.")
    probabilities: Probabilities = Field(description="Of each label, 0 to 1.")
    time: Time = None


class Notice(_Data):
    """Something that those who watch the run must know; not kept."""

    kind = "notice"
    message: str = Field(description="A sentence; empty when it is over.")


EventData = (
    StatusChange
    | Progress
    | EpochEnd
    | LearningRateChange
    | ThresholdPassed
    | Evaluation
    | HookCalls
    | PinnedPrediction
    | Notice
)
EVENT_MODELS: dict[str, type[EventData]] = {model.kind: model for model in get_args(EventData)}


def read_data(kind: str, values: object) -> EventData:
    """What a worker has reported, or the store has kept.

    Args:
        kind: of the event.
        values: the fields of that kind, JSON values; others are left out.

    Raises:
        ValueError: this version has no such kind, or the fields are not those of the kind.
    """
    if kind not in EVENT_MODELS:
        raise ValueError(f"this version has no kind “{kind}”")
    try:
        return EVENT_MODELS[kind].model_validate(values, extra="ignore")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, ("data", *first["loc"])))
        raise ValueError(f"{where}: {first['msg']}") from error


@dataclass(frozen=True)
class Event:
    """Something that happened to one run.

    Attributes:
        run_id: the run.
        seq: 1, 2, 3, … within the run, in the order in which the events were kept; 0 for what is
            not kept.
        data: what happened.
    """

    run_id: str
    seq: int
    data: EventData

    @property
    def kind(self) -> Kind:
        """Which kind of event it is."""
        return self.data.kind


def data_of(events: Iterable[Event], model: type[D]) -> list[D]:
    """What happened in the events of one kind."""
    return [event.data for event in events if isinstance(event.data, model)]


@dataclass(frozen=True)
class Command:
    """What a run's owner asks of its worker.

    Attributes:
        name: what to do. "give_way" is "stop" for a run that goes on later from where it stood: it
            is not tested.
        value: the new learning rate, within the limits of `RunConfig`; None for other commands.

    Raises:
        ValueError: there is no such command, or its value cannot be used; the message says why.
    """

    name: CommandName
    value: float | None = None

    def __post_init__(self) -> None:
        if self.name not in get_args(CommandName):
            raise ValueError(f"There is no command “{self.name}”.")
        low, high = RunConfig.limits("learning_rate")
        if self.name == "learning_rate" and not (
            isinstance(self.value, int | float) and low <= self.value <= high
        ):
            raise ValueError(
                lazy("The learning rate must be from {low:g} to {high:g}.", low=low, high=high)
            )
