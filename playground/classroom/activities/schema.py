"""What an activity is: typed, limited, and without any code."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import (
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)

from playground.classroom.activities.errors import RunSettingsError
from playground.classroom.activities.words import Data, Option, Reason, Sentence, Title, Words
from playground.config import Metric, RunConfig
from playground.locales import lazy

MAX_CELLS = 30
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_SETTINGS = frozenset(RunConfig.model_fields)

Measure = Literal["val_accuracy", "val_loss", "accuracy", "loss", "seconds"]
CurveMetric = Literal["val_accuracy", "val_loss", "accuracy", "loss"]


class Choice(Data):
    """A prediction among 2 to 6 options.

    Attributes:
        right: index of the option that happens; None where it depends, or nobody knows.
        because: why; shown when the answers are revealed.
    """

    kind: Literal["choice"]
    question: Sentence
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)
    right: int | None = Field(None, ge=0)
    because: Reason | None = None

    @model_validator(mode="after")
    def _right_is_an_option(self) -> Choice:
        if self.right is not None and self.right >= len(self.options):
            raise ValueError(lazy("“right” is not the index of an option; the first is 0."))
        return self


class Number(Data):
    """A prediction of one number: a metric after the last epoch, or the seconds of all epochs.

    Attributes:
        low, high: the least and the greatest number that one may predict.
        decimals: how many one may give.
    """

    kind: Literal["number"]
    question: Sentence
    low: float = Field(ge=-1e6, le=1e6)
    high: float = Field(ge=-1e6, le=1e6)
    of: Measure
    decimals: int = Field(2, ge=0, le=4)

    @model_validator(mode="after")
    def _low_is_lower(self) -> Number:
        if self.low >= self.high:
            raise ValueError(lazy("“low” must be less than “high”."))
        return self


class Curve(Data):
    """A prediction drawn by hand: how a metric goes from epoch 0 to the last one."""

    kind: Literal["curve"]
    question: Sentence
    metric: CurveMetric
    epochs: int = Field(ge=1, le=200)


Prediction = Annotated[Choice | Number | Curve, Field(discriminator="kind")]


class Axis(NamedTuple):
    """One side of a jigsaw: a setting, and 2 to 8 values of it."""

    setting: str
    values: Annotated[tuple[JsonValue, ...], Field(min_length=2, max_length=8)]


class Jigsaw(Data):
    """A grid of settings whose cells are dealt out, one to each member.

    Cells are counted row by row from 0: the first axis chooses the row, the second the column.
    """

    axes: tuple[Axis, Axis]

    @property
    def cells(self) -> int:
        """How many there are."""
        return len(self.axes[0].values) * len(self.axes[1].values)

    def settings(self, cell: int) -> dict[str, JsonValue]:
        """The two settings of a cell.

        Raises:
            IndexError: there is no such cell.
        """
        if not 0 <= cell < self.cells:
            raise IndexError(cell)
        row, column = divmod(cell, len(self.axes[1].values))
        return {
            self.axes[0].setting: self.axes[0].values[row],
            self.axes[1].setting: self.axes[1].values[column],
        }


class Target(NamedTuple):
    """What is to be reached: a metric after the last epoch, and how much at least, 0 to 1."""

    metric: Metric
    least: Annotated[float, Field(ge=0, le=1)]


class Activity(Data):
    """An activity: predict, run, explain, compare.

    Attributes:
        concept: of the lecture, 1 to 11; None if it belongs to none of them alone.
        lesson: the path of the page of Learn from which it can be played alone, or "".
        minutes: how long it takes in a class.
        settings: those that differ from a run's defaults, JSON values.
        free: the settings that one may turn; all others are fixed.
        runs: how many a member may train; None for no limit of its own.
        target: what makes `goal` reached, where a number can tell.
        question: to be answered in one's own words after the run.
        draw: one draws, and the networks of the others guess.
        sealed: hyperparameters are chosen on validation images; the test figure waits.
    """

    id: str = Field(pattern=SLUG, max_length=40)
    title: Title
    concept: int | None = Field(None, ge=1, le=11)
    lesson: str = Field("", pattern=SLUG.replace("^", "^(").replace("$", ")?$"), max_length=40)
    minutes: int = Field(ge=1, le=90)
    text: Words
    settings: dict[str, JsonValue] = Field(default_factory=dict)
    free: tuple[str, ...] = ()
    prediction: Prediction | None = None
    runs: int | None = Field(None, ge=1, le=20)
    goal: Sentence | None = None
    target: Target | None = None
    question: Sentence | None = None
    jigsaw: Jigsaw | None = None
    draw: bool = False
    sealed: bool = False

    @field_validator("settings")
    @classmethod
    def _settings_are_those_of_a_run(cls, given: dict[str, JsonValue]) -> dict[str, JsonValue]:
        whole = _validated(given).model_dump(mode="json")
        return {name: whole[name] for name in whole if name in given}

    @field_validator("free")
    @classmethod
    def _free_are_settings(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in _SETTINGS:
                raise ValueError(lazy("There is no setting “{name}”.", name=name[:40]))
        if len(set(names)) < len(names):
            raise ValueError(lazy("A setting is named twice."))
        return names

    @field_validator("jigsaw")
    @classmethod
    def _values_are_those_of_a_run(cls, given: Jigsaw | None) -> Jigsaw | None:
        """Write the values as a run has them, as the settings are: cells are compared with runs."""
        if given is None or any(axis.setting not in _SETTINGS for axis in given.axes):
            return given  # refused below, with what is wrong
        first, second = (
            Axis(name, tuple(_as_of_a_run(name, value) for value in values))
            for name, values in given.axes
        )
        return Jigsaw(axes=(first, second))

    @model_validator(mode="after")
    def _fits_together(self) -> Activity:
        self._check_curve()
        self._check_jigsaw()
        return self

    def _check_curve(self) -> None:
        if not isinstance(self.prediction, Curve):
            return
        if self.prediction.epochs != self.config().epochs:
            raise ValueError(lazy("The curve and the settings differ in the number of epochs."))
        if "epochs" in self.free:
            raise ValueError(lazy("Where a curve is predicted, “epochs” cannot be free."))

    def _check_jigsaw(self) -> None:
        if self.jigsaw is None:
            return
        names = [axis.setting for axis in self.jigsaw.axes]
        if names[0] == names[1]:
            raise ValueError(lazy("Both axes of the jigsaw are the same setting."))
        for name in names:
            if name not in _SETTINGS:
                raise ValueError(lazy("There is no setting “{name}”.", name=name[:40]))
            if name in self.free:
                raise ValueError(
                    lazy("“{name}” is given by the jigsaw and cannot be free.", name=name)
                )
        if self.jigsaw.cells > MAX_CELLS:
            raise ValueError(lazy("The jigsaw has more than {limit} cells.", limit=MAX_CELLS))
        for axis in self.jigsaw.axes:
            name = axis.setting
            if len({getattr(_validated({name: v}), name) for v in axis.values}) < len(axis.values):
                raise ValueError(lazy("An axis of the jigsaw has a value twice."))
        for cell in range(self.jigsaw.cells):
            self.config(cell)

    def config(self, cell: int | None = None) -> RunConfig:
        """What one starts from.

        Args:
            cell: of the jigsaw, whose two settings take the place of the activity's own.

        Raises:
            IndexError: there is no such cell.
        """
        dealt: dict[str, JsonValue] = {}
        if cell is not None:
            if self.jigsaw is None:
                raise IndexError(cell)
            dealt = self.jigsaw.settings(cell)
        return _validated(self.settings | dealt)

    def broken(self, config: RunConfig, cell: int | None = None) -> list[str]:
        """Names of the fixed settings that a configuration does not leave as they are."""
        start = self.config(cell)
        fixed = [(name, value) for name, value in start if name not in self.free]
        return [name for name, value in fixed if getattr(config, name) != value]


def _as_of_a_run(name: str, value: JsonValue) -> JsonValue:
    found: JsonValue = _validated({name: value}).model_dump(mode="json")[name]
    return found


def _validated(values: dict[str, JsonValue]) -> RunConfig:
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        raise RunSettingsError(error) from None
