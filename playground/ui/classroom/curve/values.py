"""What the chart for a drawn curve sends, checked before it is used: anybody can send anything."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.locales import lazy

COUNT = 41
Metric = Literal["loss", "accuracy", "val_loss", "val_accuracy"]


class Bounds(NamedTuple):
    """The ends of a chart's value axis."""

    low: float
    high: float


# A network that guesses has a loss of 2.3 (the logarithm of ten labels).
BOUNDS: dict[Metric, Bounds] = {
    "loss": Bounds(0, 2.5),
    "val_loss": Bounds(0, 2.5),
    "accuracy": Bounds(0, 1),
    "val_accuracy": Bounds(0, 1),
}


class Drawn(BaseModel):
    """A curve as the chart holds it.

    Attributes:
        version: grows with every change.
        values: 41 numbers, equally spaced from epoch 0 to the last; None if nothing is drawn.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: int = Field(ge=0, lt=2**53)
    values: (
        Annotated[
            list[Annotated[float, Field(allow_inf_nan=False)]],
            Field(min_length=COUNT, max_length=COUNT),
        ]
        | None
    )


def checked(drawn: object, metric: Metric) -> Drawn:
    """A curve as `curve.js` sends it, and nothing else.

    Raises:
        ValueError: it is no such curve, or leaves the chart; a sentence says what a curve is.
    """
    low, high = BOUNDS[metric]
    try:
        found = Drawn.model_validate(drawn)
    except ValidationError:
        found = None
    if found is None or not all(low <= value <= high for value in found.values or ()):
        raise ValueError(
            lazy(
                "This curve could not be read: a curve has {count} numbers from {low:g} to "
                "{high:g}. Clear it, then draw it again.",
                count=COUNT,
                low=low,
                high=high,
            )
        )
    return found
