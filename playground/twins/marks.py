"""The few lines that show what a thing is: a coat's front, a shirt's buttons, laces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.dataset import Label
from playground.twins.warps import Dice, Floats, by_label, column, from_segment

# Two lines for each label: chance, from x, y to x, y over the photo, -1 to 1.
_NECK = (0.4, -0.2, -0.75, 0.2, -0.75)
_NONE = (0.0, 0.0, 0.0, 0.0, 0.0)
_LINES = by_label(
    {
        Label.T_SHIRT: (_NECK, _NONE),
        Label.TROUSER: ((0.3, -0.4, -0.75, 0.4, -0.75), (0.3, 0.0, -0.9, 0.0, -0.3)),
        Label.PULLOVER: (_NECK, _NONE),
        Label.DRESS: (_NECK, (0.3, -0.4, 0.0, 0.4, 0.0)),
        Label.COAT: (_NONE, (0.9, 0.0, -0.9, 0.0, 0.95)),
        Label.SHIRT: (_NONE, (0.2, 0.0, -0.8, 0.0, 0.9)),
        Label.SNEAKER: ((0.5, -0.1, -0.2, 0.1, 0.1), (0.4, -0.9, 0.25, 0.9, 0.25)),
        Label.BAG: ((0.4, -0.8, -0.2, 0.8, -0.2), _NONE),
        Label.ANKLE_BOOT: ((0.4, -0.2, -0.1, 0.1, 0.1), (0.3, -0.9, 0.6, 0.9, 0.6)),
    },
    other=(_NONE, _NONE),
)
# The chance of two lines that mirror each other: a V at the neck or lapels, and pockets;
_COLLAR = by_label({Label.COAT: 0.5, Label.SHIRT: 0.6}, other=0.0)
_POCKETS = by_label({Label.TROUSER: 0.15, Label.COAT: 0.3}, other=0.0)
# and of buttons.
_BUTTONS = by_label({Label.COAT: 0.4, Label.SHIRT: 0.9}, other=0.0)


class Marks:
    """The lines that are drawn on n things.

    Args:
        dice: the chance.
        label: (n,) what the things are, 0 to 9.
    """

    def __init__(self, dice: Dice, label: NDArray[np.intp]) -> None:
        n = dice.n
        lines = _LINES[label]
        ends = lines[:, :, 1:] + dice.rng.normal(0.0, 0.08, (n, 2, 4))
        self._lines = [
            (np.flatnonzero(dice.chance(lines[:, mark, 0])), ends[:, mark]) for mark in (0, 1)
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
        """Add the lines at positions x and y (n, h, w) to `strokes`, 0 to 1."""
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
    """A pen's line, 0 to 1, from the distance to its middle."""
    result: Floats = np.clip(1.5 - away / np.float32(0.035), 0, 1)
    return result
