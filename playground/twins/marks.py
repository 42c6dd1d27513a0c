"""The few lines by which a hand says what a thing is: a coat's front, a shirt's buttons, laces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.twins.warps import Dice, Floats, column, from_segment

# By label, in the data set's order: chance, from x, y to x, y over the photo, -1 to 1.
_NECK = (0.4, -0.2, -0.75, 0.2, -0.75)
_NONE = (0.0, 0.0, 0.0, 0.0, 0.0)
_LINES = np.array(
    [
        [_NECK, _NONE],
        [(0.3, -0.4, -0.75, 0.4, -0.75), (0.3, 0.0, -0.9, 0.0, -0.3)],
        [_NECK, _NONE],
        [_NECK, (0.3, -0.4, 0.0, 0.4, 0.0)],
        [_NONE, (0.9, 0.0, -0.9, 0.0, 0.95)],
        [_NONE, _NONE],
        [_NONE, (0.2, 0.0, -0.8, 0.0, 0.9)],
        [(0.5, -0.1, -0.2, 0.1, 0.1), (0.4, -0.9, 0.25, 0.9, 0.25)],
        [(0.4, -0.8, -0.2, 0.8, -0.2), _NONE],
        [(0.4, -0.2, -0.1, 0.1, 0.1), (0.3, -0.9, 0.6, 0.9, 0.6)],
    ]
)
# Two lines, one the mirror image of the other: a V at the neck or lapels, and pockets.
_COLLAR = np.array([0, 0, 0, 0, 0.5, 0, 0.6, 0, 0, 0])
_POCKETS = np.array([0, 0.15, 0, 0, 0.3, 0, 0, 0, 0, 0])
_BUTTONS = np.array([0, 0, 0, 0, 0.4, 0, 0.9, 0, 0, 0])


class Marks:
    """For n things what is drawn upon them.

    Args:
        dice: the chance.
        label: (n,) what they are, 0 to 9.
    """

    def __init__(self, dice: Dice, label: NDArray[np.intp]) -> None:
        n = dice.n
        lines = _LINES[label]
        places = lines[:, :, 1:] + dice.rng.normal(0.0, 0.08, (n, 2, 4))
        self._lines = [
            (np.flatnonzero(dice.chance(lines[:, mark, 0])), places[:, mark]) for mark in (0, 1)
        ]
        neck, wide = dice.uniform(0.15, 0.7), dice.uniform(0.12, 0.4)
        collar = np.stack([0 * neck, neck - 1, wide, 0 * neck - 1.05], axis=1)
        high, long = dice.uniform(0.1, 0.5), dice.uniform(0.15, 0.3)
        inner, tilt = dice.uniform(0.1, 0.25), dice.normal(0.15)
        pocket = np.stack([inner, high, inner + long, high + tilt], axis=1)
        self._pairs = [
            (np.flatnonzero(dice.chance(_COLLAR[label])), collar),
            (np.flatnonzero(dice.chance(_POCKETS[label])), pocket),
        ]
        self._buttons = np.flatnonzero(dice.chance(_BUTTONS[label]))
        self._apart, self._off = dice.uniform(0.2, 0.5), dice.normal(0.05)
        self._dot = dice.uniform(0.02, 0.06)

    def draw(self, x: Floats, y: Floats, strokes: Floats) -> None:
        """Add the lines at places x and y (n, h, w) to `strokes`, 0 to 1."""
        for i, ends in self._lines:
            strokes[i] = np.maximum(strokes[i], line(from_segment(x[i], y[i], ends[i])))
        for i, ends in self._pairs:
            strokes[i] = np.maximum(strokes[i], line(from_segment(np.abs(x[i]), y[i], ends[i])))
        i = self._buttons
        apart = column(self._apart[i])
        down = np.abs(y[i] - np.clip(np.round(y[i] / apart) * apart, -0.7, 0.9))
        away = np.hypot(x[i] - column(self._off[i]), down)
        strokes[i] = np.maximum(strokes[i], line(np.maximum(away - column(self._dot[i]), 0)))


def line(away: Floats) -> Floats:
    """A line of a pen, 0 to 1, by the distance from it."""
    result: Floats = np.clip(1.5 - away / np.float32(0.035), 0, 1)
    return result
