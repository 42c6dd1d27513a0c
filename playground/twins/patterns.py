"""The shapes that hands draw instead of what the camera saw: sleeves, legs, shoes, bags, …

Each pattern is for a stack of things, n at a time. For positions x and y (n, h, w), -1 to 1 and y
downwards, it gives a field that is above 0.5 inside and falls about evenly across the edge. Its
measures are random: no two hands draw the same, nor does one hand draw left as right.
"""

from __future__ import annotations

from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from playground.twins.marks import line
from playground.twins.warps import Dice, Floats, Numbers, column


class Layers:
    """What a stack of twins is drawn from, each (n, h, w).

    Attributes:
        shape: the thing, as a field that is above 0.5 inside.
        handle: another such field, which is filled as well and has its own outline.
        strokes: lines inside these, 0 to 1.
        stray: lines anywhere, 0 to 1.
    """

    def __init__(self, shape: Floats, handle: Floats, strokes: Floats, stray: Floats) -> None:
        self.shape, self.handle, self.strokes, self.stray = shape, handle, strokes, stray

    def __getitem__(self, i: NDArray[np.intp]) -> Layers:
        return Layers(self.shape[i], self.handle[i], self.strokes[i], self.stray[i])

    def __setitem__(self, i: NDArray[np.intp], other: Layers) -> None:
        self.shape[i], self.handle[i] = other.shape, other.handle
        self.strokes[i], self.stray[i] = other.strokes, other.stray


class Part(Protocol):
    """What takes the place of a part of a stack of twins."""

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Draw it into `layers`, at positions x and y (n, h, w)."""


class Sleeves:
    """Two strips from the shoulders, each narrowing or widening to its cuff.

    Args:
        dice: the chance.
        trunk: (n,) half the width of what is between them.
        top: (n,) the height of the shoulders.
        least, most: (n,) the range of their length.
    """

    def __init__(
        self, dice: Dice, trunk: Numbers, top: Numbers, least: Numbers, most: Numbers
    ) -> None:
        self.trunk = column(np.clip(trunk * dice.uniform(0.9, 1.05), 0.28, 0.5))
        turn, wide = np.radians(dice.uniform(5, 95)), dice.uniform(0.15, 0.3)
        long = least + dice.uniform(0, 1) * (most - least)
        self.turn, self.turn_more = column(turn), column(dice.normal(0.1))
        self.long, self.longer = column(long), column(dice.normal(0.1))
        self.wide, self.cuff = column(wide), column(dice.uniform(0.6, 1.15))
        self.top = column(top + wide * np.sin(turn) + 0.08)

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo's sleeves."""
        trunk: Floats = layers.shape * (np.abs(x) <= self.trunk)
        side = np.sign(x)
        turn, long = self.turn + side * self.turn_more, self.long * (1 + side * self.longer)
        out, down = np.abs(x) - self.trunk / 2, y - self.top
        cos, sin = np.cos(turn), np.sin(turn)
        along, across = out * sin + down * cos, np.abs(out * cos - down * sin)
        edge = self.wide * (1 + (self.cuff - 1) * along / long) - across
        inside = np.minimum(np.minimum(edge, long - along), along + 0.1)
        layers.shape = np.maximum(trunk, _field(inside))


class Legs:
    """Trousers: from the waist down two legs, the gap between them round, square or pointed."""

    def __init__(self, dice: Dice) -> None:
        waist = dice.uniform(0.25, 0.7)
        apart = dice.uniform(-0.4, 0.6)
        self.waist, self.hip = column(waist), column(dice.uniform(-0.1, 0.2))
        self.belt = column(dice.normal(0.12))
        self.round = [column(np.maximum(dice.uniform(-0.2, 0.3), 0)) for _ in (0, 1)]
        sides = [np.exp(apart + dice.normal(0.12)) * waist for _ in (0, 1)]
        self.ankle = [column(side) for side in sides]
        share = dice.uniform(-0.1, 0.75)
        self.gap = [column(side * np.clip(share + dice.normal(0.06), 0, 0.8)) for side in sides]
        crotch = dice.uniform(-0.6, 0.4)
        self.crotch = column(crotch)
        self.pointed = column(dice.uniform(0.0, 1.2))
        long = dice.uniform(0.6, 1.2)
        self.bottom = [column(np.maximum(long + dice.normal(0.08), crotch + 0.3)) for _ in (0, 1)]

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo."""
        left = x < 0
        ankle, gap, bottom = (np.where(left, *p) for p in (self.ankle, self.gap, self.bottom))
        x = np.abs(x)
        down = np.clip((y + 1) / (bottom + 1), 0, 1)
        outer = self.waist + (ankle - self.waist) * down + self.hip * np.sin(np.pi * down)
        below = np.clip((y - self.crotch) / (bottom - self.crotch), 1e-3, 1)
        hem = (2 * x - outer - gap) / np.maximum(outer - gap, 0.05)
        top = y + 1 - self.belt * x - self.round[0] * (x / self.waist) ** 2
        end = bottom - y - self.round[1] * hem**2
        between = np.minimum(gap * below**self.pointed - x, y - self.crotch)
        layers.shape = _field(reduce(np.minimum, (outer - x, top, end, -between)))
        layers.strokes[:] = 0


class Dress:
    """A bodice, a narrow waist and a wide skirt, its sides straight or curved."""

    def __init__(self, dice: Dice) -> None:
        breast = dice.uniform(0.2, 0.4)
        self.breast, self.narrow = column(breast), column(breast * dice.uniform(0.6, 1.0))
        self.hem = column(breast * dice.uniform(1.1, 2.6))
        self.waist, self.curve = column(dice.uniform(-0.6, 0.0)), column(dice.uniform(0.6, 1.6))

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo."""
        above = np.clip((self.waist - y) / (self.waist + 1), 0, 1)
        below = np.clip((y - self.waist) / (1 - self.waist), 0, 1) ** self.curve
        outer = self.narrow + (self.breast - self.narrow) * above
        outer = outer + (self.hem - self.narrow) * below
        layers.shape = _field(reduce(np.minimum, (outer - np.abs(x), 1 + y, 1 - y)))
        layers.strokes[:] = 0


class Shoe:
    """A shoe seen from the side, the heel on the right: toe, step and shaft over a straight sole.

    Args:
        dice: the chance.
        high: (n,) 0 for shoes, 1 for boots, which have a high shaft.
    """

    def __init__(self, dice: Dice, high: Numbers) -> None:
        toe = dice.uniform(0.3, 0.75)
        low = np.minimum(toe * dice.uniform(1.0, 3.0), 1.7)
        self.toe, self.round = column(toe), column(dice.uniform(0.1, 0.8))
        self.shaft = column(np.where(high > 0, dice.uniform(1.9, 3.0), low))
        self.step, self.steep = column(dice.uniform(-0.4, 0.75)), column(dice.uniform(3.0, 20.0))
        self.slope, self.back = column(dice.normal(0.12)), column(dice.uniform(0.02, 0.25))
        self.sole = column(np.where(dice.chance(0.4), dice.uniform(0.08, 0.2), -1.0))

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo."""
        up = 0.5 - y
        top = self.toe + (self.shaft - self.toe) * expit((x - self.step) * self.steep)
        top = np.maximum(top + self.slope * (x - self.step), 0.15)
        # Rounded at both ends like a quarter of an ellipse.
        for end, wide in ((x + 1, self.round), (1 - x, self.back)):
            top = top * np.sqrt(np.clip(1 - (1 - np.clip(end / wide, 0, 1)) ** 2, 1e-3, 1))
        layers.shape = _field(reduce(np.minimum, (top - up, up, 1 - np.abs(x))))
        layers.strokes = np.where(self.sole > 0, line(np.abs(up - self.sole)), np.float32(0))


class Bag:
    """A box with round or sharp corners, wide or tall, wider below or above.

    Attributes:
        wide, tall: (n,) half the width and half the height.
    """

    def __init__(self, dice: Dice) -> None:
        tall = np.exp(dice.normal(0.5)) * 0.8
        self.wide, self.tall = 1 / np.sqrt(1 + tall**2), tall / np.sqrt(1 + tall**2)
        self._power, self._taper = column(dice.uniform(2, 10)), column(dice.normal(0.15))

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo."""
        x = np.abs(x) / (column(self.wide) * np.maximum(1 + self._taper * y, 0.2))
        y = np.abs(y) / column(self.tall)
        layers.shape = 1.5 - _length(x, y, self._power)
        layers.strokes[:] = 0


class Handle:
    """An arch on top of a bag; the area under it is filled, as `to_item` fills it.

    Args:
        dice: the chance.
        wide, top, bottom: (n,) half the bag's width, its upper and its lower edge.
    """

    def __init__(self, dice: Dice, wide: Numbers, top: Numbers, bottom: Numbers) -> None:
        height = bottom - top
        self.wide = column(dice.uniform(0.4, 1.0) * wide)
        self.tall = column(dice.uniform(0.3, 1.2) * (height / 2 + wide))
        self.off = column(dice.normal(0.1) * wide)
        self.foot = column(top + np.where(dice.chance(0.3), dice.uniform(0.1, 0.4), 0.1) * height)
        self.power = column(dice.uniform(1.2, 3.5))
        self.band = column(np.where(dice.chance(0.3), dice.uniform(0.6, 0.85), -1.0))

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Add it above the bag."""
        up = self.foot - y
        away = _length(np.abs(x - self.off) / self.wide, np.maximum(up, 0) / self.tall, self.power)
        layers.handle = np.minimum(1.5 - away, 0.5 + 4 * up)
        inner = line(np.abs(away - self.band) * self.wide)
        layers.strokes = np.maximum(layers.strokes, np.where((up > 0) & (self.band > 0), inner, 0))


class Soles:
    """A sole from above, or two side by side, with a thong, V or Y, or one or two bands on it."""

    def __init__(self, dice: Dice) -> None:
        self.wide = column(dice.uniform(0.3, 0.7))
        self.egg, self.waist = column(dice.uniform(-0.3, 0.3)), column(dice.uniform(0.0, 0.25))
        self.power = column(dice.uniform(1.8, 2.5))
        self.pair = column(dice.chance(0.4))
        self.toes_up = column(np.where(dice.chance(0.65), 1.0, -1.0))
        self.thong, self.spread = column(dice.uniform(-0.7, 0.2)), column(dice.uniform(0.5, 1.3))
        self.reach, self.bend = column(dice.uniform(0.4, 1.2)), column(dice.uniform(0.6, 1.3))
        # No drawing should be recognised by its straps alone: often they are faint.
        self.clear = column(dice.uniform(0.2, 1.0))
        self.stem = column(np.where(dice.chance(0.5), dice.uniform(0.1, 0.5), 0.0))
        self.band = column(dice.chance(0.15))
        self.arch, self.broad = column(dice.normal(0.3)), column(dice.uniform(0.15, 0.5))
        # How far straps reach beyond the sole, as a share of its width.
        self.out = column(np.where(dice.chance(0.2), dice.uniform(1.0, 1.4), 0.0))

    def draw(self, x: Floats, y: Floats, layers: Layers) -> None:
        """Replace the photo."""
        x = np.where(self.pair, np.abs(x) - 1.15 * self.wide, x)
        y = y * self.toes_up
        waist = 1 - self.waist * np.exp(-(((y - 0.2) / 0.3) ** 2))
        # Far beyond the sole its sides meet: there is nothing between them.
        side = np.abs(x) / (self.wide * np.maximum(1 + self.egg * y, 1e-3) * waist)
        layers.shape = 1.5 - _length(side, np.abs(y), self.power)
        down = y - self.thong
        arms = np.abs(x) - np.maximum(down, 0) ** self.bend * self.spread * self.wide
        away = np.where(down > 0, np.abs(arms) * 0.7, np.hypot(x, down))
        stem = np.where((down < 0) & (down > -self.stem), np.abs(x), 1)
        strap = line(np.where(down < self.reach, np.minimum(away, stem), 1))
        middle = down - self.arch * x * x / self.wide
        band = line(np.minimum(np.abs(middle), np.abs(middle - self.broad)))
        layers.strokes = np.where(self.band, band, strap) * self.clear
        outside = (side < self.out) & (layers.shape < 0.5)
        layers.stray = np.maximum(layers.stray, layers.strokes * outside)


def _field(inside: Floats) -> Floats:
    """The field from distances to the edge, positive inside."""
    result: Floats = np.clip(0.5 + 4 * inside, 0, 1)
    return result


def _length(x: Floats, y: Floats, power: Floats) -> Floats:
    """The length of vectors with sides of at least 0: 1 on a superellipse of this power."""
    result: Floats = np.power(np.power(x, power) + np.power(y, power), 1 / power)
    return result
