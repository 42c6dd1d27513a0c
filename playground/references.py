"""Published test accuracies, to compare one's own with."""

from __future__ import annotations

from dataclasses import dataclass

# The name of their lines and labels, which the board shows and hides together.
REFERENCE = "reference"


@dataclass(frozen=True)
class Reference:
    """A published test accuracy, and on which side of its line its label stands."""

    name: str
    accuracy: float
    source: str
    side: str = "bottom"


_PAPER = "arXiv 1708.07747, Table 3"
_README = "README of the Fashion-MNIST repository"
REFERENCES = (
    Reference("Logistic regression", 0.842, _PAPER),
    Reference("People", 0.835, _README, "top"),
    Reference("MLP, 100 relu", 0.871, _PAPER),
    Reference("HOG + SVM", 0.926, _README),
)
