"""The settings that a sweep changes, and their values: a list, or a range to draw from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard, get_args

from playground.config import MAX_HIDDEN_LAYERS, MAX_UNITS, BatchSize, RunConfig
from playground.experiments.naming import show_value
from playground.locales import Text, lazy

Value = bool | int | float | str | tuple[int, ...]

# Settings whose random values are drawn on a log scale.
LOG_SCALE = frozenset({"learning_rate", "l2", "batch_size", "train_images"})
MOST_VALUES = 64


class SweepError(ValueError):
    """A sweep that cannot be; the message, a `Text`, says why."""


@dataclass(frozen=True)
class Choices:
    """Values of one setting, at least two, in the order in which they are shown.

    They may be given as text, as in an address. Raises `SweepError` if one cannot be used.
    """

    setting: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        _check_setting(self.setting)
        values = valid_values(self.setting, self.values)
        if len(values) < 2:
            raise SweepError(
                lazy("A sweep needs two values of {setting} or more.", setting=self.setting)
            )
        object.__setattr__(self, "values", values)

    def at(self, share: float) -> Value:
        """The value that lies at a share of the list, 0 to 1 (1 excluded)."""
        return self.values[int(share * len(self.values))]


@dataclass(frozen=True)
class Range:
    """All values of a numeric setting between two limits, both included.

    Raises `SweepError` if a limit cannot be used.
    """

    setting: str
    low: float
    high: float

    def __post_init__(self) -> None:
        _check_setting(self.setting)
        low, high = (_valid(self.setting, limit) for limit in (self.low, self.high))
        if not _is_number(low) or not _is_number(high):
            raise SweepError(
                lazy("{setting} has no range: choose its values.", setting=self.setting)
            )
        if low >= high:
            raise SweepError(
                lazy(
                    "The lowest value of {setting} must be below the highest.", setting=self.setting
                )
            )
        if self.setting in LOG_SCALE and low <= 0:
            raise SweepError(
                lazy(
                    "{setting} is drawn on a log scale: its lowest value must be above 0.",
                    setting=self.setting,
                )
            )
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def at(self, share: float) -> int | float:
        """The value that lies at a share of the range, 0 to 1 (1 excluded), to three digits."""
        if self.setting == "batch_size":
            sizes = [n for n in get_args(BatchSize) if n != "full" and self.low <= n <= self.high]
            return int(sizes[int(share * len(sizes))])
        if self.setting in LOG_SCALE:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + share * (self.high - self.low)
        value = min(max(float(f"{value:.3g}"), self.low), self.high)
        return round(value) if isinstance(self.low, int) else value


def valid_values(setting: str, values: Sequence[object]) -> tuple[Value, ...]:
    """The values as the setting's type.

    Raises:
        SweepError: one cannot be used or is there twice, or there are more than `MOST_VALUES`.
    """
    if len(values) > MOST_VALUES:
        raise SweepError(
            lazy(
                "A sweep takes at most {most} values of {setting}.",
                most=MOST_VALUES,
                setting=setting,
            )
        )
    valid = tuple(_valid(setting, value) for value in values)
    for i, value in enumerate(valid):
        if value in valid[:i]:
            raise SweepError(
                lazy("{setting} has {value} twice.", setting=setting, value=show_value(value))
            )
    return valid


def _check_setting(setting: str) -> None:
    if setting == "seed":
        raise SweepError(lazy("Seeds are not swept: every cell is trained with the same ones."))
    if setting not in RunConfig.model_fields:
        raise SweepError(lazy("“{setting}” is not a setting.", setting=setting[:40]))


def _valid(setting: str, value: object) -> Value:
    try:
        found: Value = getattr(RunConfig.model_validate({setting: value}), setting)
    except ValueError:
        raise SweepError(_why_not(setting, show_value(value)[:40])) from None
    return found


def _why_not(setting: str, value: str) -> Text:
    if setting == "hidden_layers":
        return lazy(
            "“{value}” cannot be used: at most {layers} hidden layers of 1 to {units} units each.",
            value=value,
            layers=MAX_HIDDEN_LAYERS,
            units=MAX_UNITS,
        )
    default = RunConfig.model_fields[setting].default
    if not _is_number(default) or setting == "batch_size":
        return lazy("“{value}” is not a value of {setting}.", value=value, setting=setting)
    low, high = RunConfig.limits(setting)
    values = {"value": value, "setting": setting, "low": low, "high": high}
    if isinstance(default, int):
        return lazy("“{value}” cannot be {setting}: a whole number from {low} to {high}.", **values)
    return lazy("“{value}” cannot be {setting}: a number from {low} to {high}.", **values)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
