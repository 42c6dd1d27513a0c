"""Published test accuracies, to compare a run's with."""

from __future__ import annotations

from dataclasses import dataclass

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


_PAPER = "arXiv 1708.07747, Table 3"
_README = "README of the Fashion-MNIST repository"
REFERENCES = (
    Reference("Logistic regression", 0.842, _PAPER),
    Reference("People", 0.835, _README, "top"),
    Reference("MLP, 100 relu", 0.871, _PAPER, "top", 0.6),
    Reference("HOG + SVM", 0.926, _README),
)
