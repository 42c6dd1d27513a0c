"""How hands distort things: warped stacks of pictures, and a pen's line around them.

A position is (x, y), -1 to 1 over a picture, y downwards; stacks are (n, h, w). Everything is
computed for a whole stack at once, by asking for each position of the result where it comes from.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.dataset import Label

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]

SIDE = 28
FINE = 2 * SIDE  # results are drawn twice as large, then averaged
ZOOM = 4  # pictures are looked up this much larger
STACK = 250
_COARSE = 40
_REACH = 2.0  # the coarse look, which finds a thing's box, goes from -2 to 2
_WAVES = 7


class Dice:
    """Random numbers for n pictures."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.rng, self.n = rng, n

    def uniform(self, low: float, high: float) -> Numbers:
        """(n,) between `low` and `high`."""
        return self.rng.uniform(low, high, self.n)

    def normal(self, deviation: float) -> Numbers:
        """(n,) around 0."""
        return self.rng.normal(0.0, deviation, self.n)

    def chance(self, share: float | Numbers) -> NDArray[np.bool_]:
        """(n,) true with this probability."""
        return self.rng.random(self.n) < share


class Hand:
    """How n unsteady hands distort things: stretched, turned, slanted, tapered, mirrored, wavy.

    Args:
        dice: the chance.
        taller: (n,) how many times taller than it is the thing is drawn.
        taper: (n,) how much narrower the thing is drawn towards the bottom.
    """

    def __init__(self, dice: Dice, taller: Numbers, taper: Numbers | float = 0.0) -> None:
        clumsy = np.exp(dice.normal(0.5))  # some hands are sure, some are not
        self.turn = column(dice.normal(0.08) * clumsy)
        self.slant = column(dice.normal(0.09) * clumsy)
        self.taper = column(np.clip(dice.normal(0.1) * clumsy, -0.4, 0.4) + taper)
        self.tall = column(np.sqrt(taller))
        self.mirror = column(np.where(dice.chance(0.5), -1.0, 1.0))
        decay = 1.0 / (1.0 + np.add.outer(np.arange(_WAVES), np.arange(_WAVES)))
        waves = dice.rng.normal(size=(dice.n, 2, _WAVES, _WAVES)) * decay
        self.waves = (waves * (0.03 * clumsy)[:, None, None, None]).astype(np.float32)

    def positions(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where columns x (n, w) and rows y (n, h) come from: x and y, stacks (n, h, w)."""
        wave_x, wave_y = _cosines(x), _cosines(y)
        shift = wave_y[:, None] @ self.waves @ wave_x[:, None].transpose(0, 1, 3, 2)
        across, down = x[:, None, :] + shift[:, 0], y[:, :, None] + shift[:, 1]
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        across, down = across * cos + down * sin, (down * cos - across * sin) / self.tall
        across = (across * self.tall + self.slant * down) * (1 + self.taper * down)
        return across * self.mirror, down


def by_label(values: Mapping[Label, object], other: object) -> Numbers:
    """A value for each label as an array whose index is the label; `other` for those not named."""
    return np.array([values.get(label, other) for label in Label], np.float64)


def column(values: NDArray[Any]) -> NDArray[Any]:
    """(n,) as (n, 1, 1), to combine with a stack: numbers as float32, booleans as they are."""
    return values.astype(bool if values.dtype == bool else np.float32)[:, None, None]


def boxes(
    inside: Callable[[Floats, Floats], NDArray[np.bool_]], n: int, pen: Numbers
) -> tuple[Floats, Floats]:
    """Find where n things are, and lay a fine grid over each.

    Args:
        inside: whether there is something at columns x (n, w) and rows y (n, h): (n, h, w).
        n: how many things.
        pen: (n,) the pen's width in pixels of the result, for which the grid leaves room.

    Returns:
        The columns and the rows of square grids as large as the longest edge, (n, FINE) each.
    """
    grid = np.linspace(-_REACH, _REACH, _COARSE, dtype=np.float32)
    seen = inside(*[np.broadcast_to(grid, (n, _COARSE))] * 2)
    left, right = _ends(np.asarray(seen.any(axis=1)), grid)
    top, bottom = _ends(np.asarray(seen.any(axis=2)), grid)
    half = np.maximum(right - left, bottom - top) * (SIDE / (SIDE - pen)) / 2
    fine = ((np.arange(FINE) + 0.5) / FINE * 2 - 1) * half[:, None]
    middle_x, middle_y = (left + right)[:, None] / 2, (top + bottom)[:, None] / 2
    return (middle_x + fine).astype(np.float32), (middle_y + fine).astype(np.float32)


def shrink(pictures: Floats, brightest: Floats | float) -> NDArray[np.uint8]:
    """Average to (n, 28, 28) uint8; the brightest point stays as bright as drawn, as in `to_item`.

    Args:
        pictures: (n, 56, 56), 0 to 255.
        brightest: of each picture as drawn, (n, 1, 1) or one number, 0 to 255.
    """
    small = pictures.reshape(len(pictures), SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    most = np.maximum(small.max(axis=(1, 2), keepdims=True), 1)
    result: NDArray[np.uint8] = np.ceil(small * (brightest / most) - 1e-3).astype(np.uint8)
    return result


def enlarge(pictures: Floats, blur: float = 0.0) -> Floats:
    """Pictures blurred and enlarged for `look_up`, by a product of matrices.

    Args:
        pictures: (n, 28, 28).
        blur: standard deviation of the Gaussian in pixels; 0 interpolates linearly.

    Returns:
        (n, 112, 112).
    """
    fine = (np.arange(SIDE * ZOOM) + 0.5) / ZOOM - 0.5
    away = fine[:, None] - np.arange(SIDE)
    near = np.exp(-0.5 * (away / blur) ** 2) if blur else np.clip(1 - np.abs(away), 0, 1)
    # Beyond the edge of the picture all is 0: rows are not normalised there.
    near = (near / near.sum(axis=1).max()).astype(np.float32)
    result: Floats = near @ pictures @ near.T
    return result


def look_up(enlarged: tuple[Floats, ...], x: Floats, y: Floats) -> tuple[Floats, ...]:
    """What enlarged pictures show at positions x and y (n, h, w); 0 beyond their edges."""
    n, side = enlarged[0].shape[:2]
    columns = np.floor((x + 1) * (side / 2)).astype(np.int32)
    rows = np.floor((y + 1) * (side / 2)).astype(np.int32)
    out = (columns < 0) | (columns >= side) | (rows < 0) | (rows >= side)
    index = rows * side + columns + np.arange(n, dtype=np.int32)[:, None, None] * (side * side)
    index[out] = 0
    results = []
    for picture in enlarged:
        result = picture.ravel().take(index)
        result[out] = 0
        results.append(result)
    return tuple(results)


def contour(field: Floats, wide: Floats) -> Floats:
    """A line of this width where the field passes 0.5; distance is height over steepness."""
    steep = np.hypot(np.gradient(field, axis=1), np.gradient(field, axis=2))
    away = np.abs(field - 0.5) / np.maximum(steep, 0.02)
    result: Floats = np.clip(wide / 2 - away + 0.5, 0, 1)
    return result


def from_segment(x: Floats, y: Floats, ends: Numbers) -> Floats:
    """How far positions (n, h, w) are from a line segment; `ends` (n, 4) are x, y and x, y."""
    x0, y0, x1, y1 = (column(v) for v in ends.T)
    dx, dy = x1 - x0, y1 - y0
    along = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-6), 0, 1)
    result: Floats = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
    return result


def in_stacks(
    n: int,
    draw: Callable[[slice, Dice], NDArray[np.uint8]],
    chance: Callable[[int], np.random.Generator],
    tick: Callable[[int], None],
) -> NDArray[np.uint8]:
    """Draw n pictures stack by stack, on two threads.

    Args:
        n: how many pictures.
        draw: draws a stack, (m, 28, 28), given which pictures these are and their dice.
        chance: gives the generator of the stack that starts at this index, so that the pictures
            are the same for any number of threads.
        tick: is told between stacks how many are done; what it raises ends the work.
    """
    pictures = np.empty((n, SIDE, SIDE), np.uint8)

    def fill(start: int) -> None:
        part = slice(start, min(start + STACK, n))
        pictures[part] = draw(part, Dice(chance(start), part.stop - start))

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        try:
            for done, _ in enumerate(pool.map(fill, range(0, n, STACK)), 1):
                tick(min(done * STACK, n))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return pictures


def _cosines(positions: Floats) -> Floats:
    """The first waves of a cosine series over -2…2, at positions (n, w): (n, w, waves)."""
    result: Floats = np.cos(
        positions[:, :, None] * (np.arange(_WAVES, dtype=np.float32) * np.float32(np.pi / 4))
        + np.float32(0.7)
    )
    return result


def _ends(inside: NDArray[np.bool_], grid: Floats) -> tuple[Floats, Floats]:
    """The first and the last position in the grid where `inside` (n, w) is true, (n,) each."""
    return grid[inside.argmax(axis=1)], grid[-1 - inside[:, ::-1].argmax(axis=1)]
