"""What the live board draws, and which field of which event goes to which trace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, TypedDict

from playground.config import RunConfig
from playground.dataset import TEST_IMAGES
from playground.events import Kind
from playground.figures import board as charts
from playground.figures.references import references_figure
from playground.figures.thinning import MOST_POINTS
from playground.locales import language, t


@dataclass(frozen=True)
class Binding:
    """Which field of which event goes to which trace.

    `x`, `y` and `customdata` name fields whose values, one or a list, are appended to the trace's
    arrays of that name; a trace with more than `most` points is thinned (`thinning.py`). `z` names
    a field that replaces the trace's matrix, `row` one that is appended to it; an `x` without a `y`
    is where the trace's only point is.
    """

    event: Kind
    chart: str
    trace: int
    x: str | None = None
    y: str | None = None
    customdata: str | None = None
    z: str | None = None
    row: str | None = None
    most: int | None = None


BINDINGS = (
    *(
        binding
        for name in ("loss", "accuracy")
        for binding in (
            Binding("progress", name, 0, x="epoch", y=name),
            Binding("epoch", name, 1, x="epoch", y=name),
            Binding("epoch", name, 2, x="epoch", y=f"val_{name}"),
            Binding("learning_rate", name, 3, x="epoch", y=name, customdata="learning_rate"),
        )
    ),
    Binding("progress", "step-loss", 0, x="step_epochs", y="step_losses", most=MOST_POINTS),
    Binding("threshold", "accuracy", 4, x="epoch", y="value"),
    Binding("epoch", "confusion", 0, z="confusion"),
    Binding("test", "test-confusion", 0, z="confusion"),
    Binding("test", "references", 1, x="accuracy"),
    Binding("pinned", "pinned", 0, y="epoch", row="probabilities"),
)


class Board(TypedDict):
    """Plotly's figures by the names of their charts, and which event feeds what."""

    figures: dict[str, dict[str, Any]]
    bindings: list[dict[str, object]]


def board(config: RunConfig, pinned: bool = False, origin: charts.Origin | None = None) -> Board:
    """All that the live board draws, as JSON values: `figures` by chart name, and `bindings`.

    Words are in the visitor's language. The result is cached and shared: it must not be changed.

    Args:
        config: of the run.
        pinned: whether a drawing was pinned to it.
        origin: where it goes on from another run; None from the beginning.
    """
    return _board(config, pinned, origin, language())


@lru_cache(maxsize=64)
def _board(config: RunConfig, pinned: bool, origin: charts.Origin | None, _language: str) -> Board:
    validation = config.validation_images
    figures = {
        "loss": charts.loss_figure(config, origin),
        "accuracy": charts.accuracy_figure(config, origin),
        "step-loss": charts.step_loss_figure(config),
        "confusion": charts.confusion_figure(
            t("Confusion matrix, {images:,} validation images", images=validation), validation
        ),
        "test-confusion": charts.confusion_figure(
            t("Confusion matrix, {images:,} test images", images=TEST_IMAGES), TEST_IMAGES
        ),
        "references": references_figure(),
    }
    if pinned:
        figures["pinned"] = charts.pinned_figure()
    return {
        "figures": {name: json.loads(figure.to_json()) for name, figure in figures.items()},
        "bindings": [asdict(binding) for binding in BINDINGS if binding.chart in figures],
    }
