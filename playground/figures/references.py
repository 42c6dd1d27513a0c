"""Published test accuracies, to compare a run's with."""

from __future__ import annotations

from dataclasses import dataclass

from playground.locales import mark

# The name of their lines and labels, which the board shows and hides together.
REFERENCE = "reference"


@dataclass(frozen=True)
class Reference:
    """A published test accuracy, and where its label stands at its line.

    Labels of lines close to each other stand on different sides, or further left, so that none
    covers another even where the axis goes from 0 to 1. `side` is Plotly's `yanchor`: "bottom" is
    above the line. `right_end` is a share of the chart's width.
    """

    name: str
    accuracy: float
    source: str
    side: str = "bottom"
    right_end: float = 1.0


_PAPER = mark("arXiv 1708.07747, Table 3")
_README = mark("README of the Fashion-MNIST repository")
REFERENCES = (
    Reference(mark("Logistic regression"), 0.842, _PAPER),
    Reference(mark("People"), 0.835, _README, "top"),
    Reference(mark("MLP, 100 relu"), 0.871, _PAPER, "top", 0.6),
    Reference(mark("HOG + SVM"), 0.926, _README),
)
