"""What the live board draws, and which field of which event goes to which trace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from playground.config import RunConfig
from playground.dataset import TEST_IMAGES
from playground.events import Kind
from playground.figures import board as charts
from playground.figures.thinning import MOST_POINTS


@dataclass(frozen=True)
class Binding:
    """Which field of which event goes to which trace.

    `x`, `y` and `customdata` name fields whose values, one or a list, are appended to the trace's
    arrays of that name; a trace with more than `most` points is thinned (`thinning.py`). `z` names
    a field that replaces the trace's matrix, `row` one that is appended to it.
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
    Binding("pinned", "pinned", 0, y="epoch", row="probabilities"),
)


@lru_cache(maxsize=64)
def board(config: RunConfig, pinned: bool = False) -> dict[str, Any]:
    """All that the live board draws, as JSON values: `figures` by chart name, and `bindings`.

    The result is cached and shared: it must not be changed.

    Args:
        config: of the run.
        pinned: whether a drawing was pinned to it.
    """
    validation = f"Confusion matrix, {config.validation_images:,} validation images"
    figures = {
        "loss": charts.loss_figure(config),
        "accuracy": charts.accuracy_figure(config),
        "step-loss": charts.step_loss_figure(config),
        "confusion": charts.confusion_figure(validation, config.validation_images),
        "test-confusion": charts.confusion_figure(
            f"Confusion matrix, {TEST_IMAGES:,} test images", TEST_IMAGES
        ),
    }
    if pinned:
        figures["pinned"] = charts.pinned_figure()
    return {
        "figures": {name: json.loads(figure.to_json()) for name, figure in figures.items()},
        "bindings": [asdict(binding) for binding in BINDINGS if binding.chart in figures],
    }
