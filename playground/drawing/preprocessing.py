"""A drawing as an item of Fashion-MNIST, made in the same way as the data set's own images.

arXiv 1708.07747, section 2: trim to the item, scale its longest edge to 28, extend the shortest
edge to 28 with the item in the middle, bright on black. MNIST's 20×20 box and centre of mass are
wrong here: in the test set the longest edge is at least 27 in every image.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from playground.locales import lazy, mark

SIDE = 28
# Mean of the data set's non-zero pixels: the grey of cloth.
CLOTH = 146
# Before filling, gaps in an outline are closed: up to the first of these shares of the drawing's
# longest edge, then the next, until lines and filling take up this share of the drawing's box.
GAPS = (0.06, 0.12, 0.2)
ENOUGH = 0.4
_THIN = 96
_JOINTS = 30


class EmptyDrawing(ValueError):
    """There is no ink on the paper."""


class Step(NamedTuple):
    """One step from paper to item: its English name, and the image after it, uint8."""

    name: str
    image: NDArray[np.uint8]


def ink(canvas: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How dark each pixel makes white paper.

    Args:
        canvas: uint8; grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), where a transparent pixel
            shows the paper.

    Returns:
        (h, w) uint8; 0 is white paper, 255 opaque black.
    """
    if canvas.ndim == 2:
        return 255 - canvas
    # ITU-R 601-2 luma, as Pillow's mode "L".
    darkness = 255 - canvas[..., :3].astype(np.float32) @ np.array(
        [0.299, 0.587, 0.114], np.float32
    )
    if canvas.shape[2] == 4:
        darkness *= canvas[..., 3] / np.float32(255)
    return np.rint(darkness).astype(np.uint8)


def fill_outline(item: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Close the gaps in an outline and fill what it encloses with the grey of cloth.

    People leave outlines open: small gaps are closed first, then larger ones, and then loose ends
    are joined, the nearest first, until the drawing is a filled shape.

    Args:
        item: (h, w) uint8, bright ink on black.

    Returns:
        (h, w) uint8, nowhere darker than `item`.
    """
    edge = max(item.shape)
    pad = int(max(1.0, GAPS[-1] / 2 * edge)) + 2
    lines = np.pad(item > 0, pad)
    inside = np.zeros_like(lines)
    for gap in GAPS:
        reach = max(1.0, gap / 2 * edge)
        closed = _close(lines, reach)
        inside |= _enclosed(lines, closed, int(reach) + 1)
        if (inside | lines).sum() >= ENOUGH * item.size:
            break
    else:
        reach = max(1.0, GAPS[0] / 2 * edge)
        closed = _close(lines, reach)
        inside |= _enclosed_by_joining(closed | lines) & ~lines
    return np.maximum(item, np.where(inside[pad:-pad, pad:-pad], np.uint8(CLOTH), np.uint8(0)))


def _close(mask: NDArray[np.bool_], reach: float) -> NDArray[np.bool_]:
    """Morphological closing of a mask (h, w) with a disk of this radius in pixels."""
    return ~_within(~_within(mask, reach), reach)


def _within(mask: NDArray[np.bool_], reach: float) -> NDArray[np.bool_]:
    """Which pixels are at most `reach` away from one in `mask`, both (h, w).

    The same as by SciPy's Euclidean distances, in a tenth of the time for a small reach: for each
    distance between columns, the farthest first, it takes the rows that a disk covers there.
    """
    near = np.zeros_like(mask)
    rows, up = mask.copy(), 0  # in `mask`, or at most `up` rows away
    for aside in range(int(reach), -1, -1):
        while up < int(math.sqrt(reach**2 - aside**2)):
            up += 1
            rows[up:] |= mask[:-up]
            rows[:-up] |= mask[up:]
        near[:, aside:] |= rows[:, : max(0, mask.shape[1] - aside)]
        near[:, : max(0, mask.shape[1] - aside)] |= rows[:, aside:]
    return near


def _enclosed(lines: NDArray[np.bool_], closed: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """What `lines` enclose when their gaps are closed, as far as the lines, at most `reach`."""
    whole = fill_holes(closed | lines)
    result: NDArray[np.bool_] = ndimage.binary_dilation(
        whole & ~closed & ~lines, iterations=reach, mask=whole & ~lines
    )
    return result


def _enclosed_by_joining(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lines (h, w) enclose when their loose ends are joined, the two nearest first."""
    size = (lines.shape[1], lines.shape[0])
    shrink = max(1.0, max(size) / _THIN)
    # Thinning is slow and needs no detail. Any ink in a small pixel makes it ink.
    width, height = (max(1, round(edge / shrink)) for edge in size)
    grey = Image.fromarray(lines.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    small = np.pad(np.asarray(grey) > 0.2, 1)
    ends = _loose_ends(small)
    whole = fill_holes(small)
    for first, second in _nearest_pairs(ends):
        picture = Image.fromarray(small)
        ImageDraw.Draw(picture).line([(x, y) for y, x in (first, second)], fill=1, width=2)
        joined = np.asarray(picture)
        filled = fill_holes(joined | whole)
        # After thinning, corners have ends, too: only a joint that encloses something counts.
        if filled.sum() - (joined | whole).sum() >= 0.03 * small.size:
            small, whole = joined, filled
        if whole.sum() >= ENOUGH * small.size:
            break
    inside = ndimage.binary_opening(whole & ~small)
    inside = ndimage.binary_dilation(inside, iterations=2, mask=whole)[1:-1, 1:-1]
    return np.asarray(Image.fromarray(inside).resize(size, Image.Resampling.NEAREST))


def _nearest_pairs(points: NDArray[np.intp]) -> list[list[list[int]]]:
    """The `_JOINTS` pairs of points (n, 2) that are closest to each other, closest first."""
    first, second = np.triu_indices(len(points), 1)
    apart = ((points[first] - points[second]) ** 2).sum(axis=1)
    nearest = np.argsort(apart, kind="stable")[:_JOINTS]
    pairs: list[list[list[int]]] = points[np.stack([first, second], axis=1)[nearest]].tolist()
    return pairs


def fill_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with its holes filled, both (h, w).

    The same as SciPy's `binary_fill_holes`, in a fifth of the time: what is false and not connected
    to the edge of the picture is a hole.
    """
    areas, count = ndimage.label(~mask)
    enclosed = np.ones(count + 1, bool)
    for edge in (areas[0], areas[-1], areas[:, 0], areas[:, -1]):
        enclosed[edge] = False
    enclosed[0] = True  # the label of what is true
    result: NDArray[np.bool_] = enclosed[areas]
    return result


def _loose_ends(lines: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Row and column (n, 2) of the ends of lines, after thinning by Zhang and Suen (1984).

    Args:
        lines: (h, w), false all around.
    """
    thin = lines.copy()
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            around = _neighbours(thin)
            count = np.sum(around, axis=0)
            turns = np.sum(~around & np.roll(around, -1, 0), axis=0)
            n, e, s, w = around[::2]
            apart = ~(n & e & s) & ~(e & s & w) if first else ~(n & e & w) & ~(n & s & w)
            gone = thin & (count >= 2) & (count <= 6) & (turns == 1) & apart
            changed |= bool(gone.any())
            thin &= ~gone
    return np.argwhere(thin & (np.sum(_neighbours(thin), axis=0) == 1))


def _neighbours(picture: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The eight neighbours of each pixel, from the one above clockwise: (8, h, w)."""
    steps = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    return np.stack([np.roll(picture, (-dy, -dx), (0, 1)) for dy, dx in steps])


def to_item(canvas: NDArray[np.uint8], *, fill: bool = True) -> NDArray[np.uint8]:
    """The image that a network gets for a drawing: that of the last of `steps`.

    Returns:
        (28, 28) uint8, bright on black, the item's longest edge 28 and the item in the middle.

    Raises:
        EmptyDrawing: there is no ink.
    """
    return steps(canvas, fill=fill)[-1].image


def steps(canvas: NDArray[np.uint8], *, fill: bool = True) -> list[Step]:
    """Every step from paper to the image that a network gets, in order.

    Args:
        canvas: dark ink on light paper, of any size, in one of the forms that `ink` takes.
        fill: close the outline and fill it with grey, since the items of the data set are areas.

    Returns:
        The ink, the same cropped, filled (only with `fill`), and the item that `to_item` gives.

    Raises:
        EmptyDrawing: there is no ink.
    """
    dark = ink(canvas)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not rows.size:
        raise EmptyDrawing(lazy("There is no ink on the paper."))
    item = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    done = [Step(mark("Ink"), dark), Step(mark("Cropped to the ink"), item)]
    if fill:
        item = fill_outline(item)
        done.append(Step(mark("Outline closed and filled"), item))
    return [*done, Step(mark("Longest edge 28, centred"), _shrink(item))]


def _shrink(item: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (max(1, round(edge * SIDE / max(item.shape))) for edge in item.shape)
    small = np.asarray(
        Image.fromarray(item.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    )
    # Averaging dims thin lines, so the brightest point is made as bright as it was drawn. Rounding
    # up keeps faint ink at the edges, so that the longest edge is always 28.
    small = np.ceil(small * (float(item.max()) / small.max()) - 1e-3)
    result = np.zeros((SIDE, SIDE), np.uint8)
    # The odd pixel goes above and to the left, as in the data set.
    top, left = (SIDE - height + 1) // 2, (SIDE - width + 1) // 2
    result[top : top + height, left : left + width] = small
    return result
