"""A verdict in words."""

from __future__ import annotations

from playground.experiments.verdict import judge
from playground.ui.compare.words import describe


def test_in_words_with_the_numbers() -> None:
    names = ("A", "<b>")
    close = judge([0.8, 0.8, 0.8], [0.801, 0.8, 0.801], images=10_000)
    said, numbers = describe(close, names)
    assert said.startswith("No clear difference between “<b>” and “A”: more than 0.")
    assert "the 95 % interval goes from -0." in numbers
    far = judge([0.8, 0.81], [0.9, 0.7], images=10_000)
    assert far.more_seeds is None
    assert "even 100 seeds" in describe(far, names)[0]
    assert "An interval takes three seeds." in describe(far, names)[1]
