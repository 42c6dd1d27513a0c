from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.dataset import Label
from playground.twins.marks import Marks, line
from playground.twins.warps import Dice

N, SIDE = 300, 60
ALONG = np.linspace(-1.2, 1.2, SIDE, dtype=np.float32)
X, Y = (np.broadcast_to(grid, (N, SIDE, SIDE)) for grid in np.meshgrid(ALONG, ALONG))


def _draw(label: Label) -> NDArray[np.float32]:
    strokes = np.zeros((N, SIDE, SIDE), np.float32)
    Marks(Dice(np.random.default_rng(3), N), np.full(N, label)).draw(X, Y, strokes)
    assert strokes.min() >= 0
    assert strokes.max() <= 1
    return strokes


def _middle(strokes: NDArray[np.float32]) -> NDArray[np.float64]:
    """The share of rows, from the chest to above the hem, with ink near the middle."""
    rows = np.abs(ALONG) < 0.6
    inked = strokes[:, rows][:, :, np.abs(ALONG) < 0.3].max(axis=2) > 0.5
    result: NDArray[np.float64] = inked.mean(axis=1)
    return result


def test_a_line_is_full_in_its_middle_and_ends_softly() -> None:
    full = line(np.array([0, 0.01, 0.035, 0.1], np.float32))
    assert full.tolist()[:2] == [1, 1]
    assert 0 < full[2] < 1
    assert full[3] == 0


def test_most_coats_have_a_front_from_neck_to_hem() -> None:
    assert 0.8 < (_middle(_draw(Label.COAT)) > 0.95).mean() < 1


def test_most_shirts_have_buttons_apart_from_each_other() -> None:
    inked = _middle(_draw(Label.SHIRT))
    assert ((inked > 0.05) & (inked < 0.95)).mean() > 0.6


def test_lapels_and_pockets_are_alike_on_both_sides() -> None:
    strokes = _draw(Label.COAT)
    outer = np.abs(ALONG) > 0.5  # beyond what the front may lean
    assert strokes[:, :, outer].any()
    assert (strokes[:, :, outer] == strokes[:, :, ::-1][:, :, outer]).mean() > 0.99


def test_what_has_no_marks_stays_bare() -> None:
    assert not _draw(Label.SANDAL).any()
    assert 0.1 < _draw(Label.TROUSER).any(axis=(1, 2)).mean() < 0.9
