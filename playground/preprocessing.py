"""A drawing as an item of Fashion-MNIST, made as the data set's own pictures were made.

arXiv 1708.07747, section 2: trim to the item, bring its longest edge to 28, extend the shortest
edge to 28 with the item in the middle, bright on black. MNIST's 20×20 box and centre of mass are
wrong here: in the test set the longest edge is at least 27 in every image.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

SIDE = 28
# Mean of the data set's non-zero pixels: the grey of cloth.
CLOTH = 146
# Gaps in an outline up to this share of the drawing's longest edge are closed before filling.
GAP = 0.06


class EmptyDrawing(ValueError):
    """There is no ink on the paper."""


class Step(NamedTuple):
    """One step from paper to item: its name, and the picture after it, uint8, bright on black."""

    name: str
    picture: NDArray[np.uint8]


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
    """Close small gaps in an outline and fill what it encloses with the grey of cloth.

    Args:
        item: (h, w) uint8, bright ink on black.

    Returns:
        (h, w) uint8, nowhere darker than `item`.
    """
    reach = max(1.0, GAP / 2 * max(item.shape))
    pad = int(reach) + 2
    lines = np.pad(item > 0, pad)
    # Closing with a disk, by distances: much faster than with a structuring element of that size.
    thick = ndimage.distance_transform_edt(~lines) <= reach
    closed = ndimage.distance_transform_edt(thick) > reach
    inside = ndimage.binary_fill_holes(closed | lines) & ~closed & ~lines
    # Back to the very lines, from which closing has kept the filling a little away.
    inside = ndimage.binary_dilation(inside, iterations=int(reach) + 1, mask=~lines)
    return np.maximum(item, np.where(inside[pad:-pad, pad:-pad], np.uint8(CLOTH), np.uint8(0)))


def to_item(canvas: NDArray[np.uint8], *, fill: bool = True) -> NDArray[np.uint8]:
    """The picture a network gets for a drawing: the last of `steps`, which see.

    Returns:
        (28, 28) uint8, bright on black, the item's longest edge 28 and the item in the middle.

    Raises:
        EmptyDrawing: there is no ink.
    """
    return steps(canvas, fill=fill)[-1].picture


def steps(canvas: NDArray[np.uint8], *, fill: bool = True) -> list[Step]:
    """Every step from paper to the picture a network gets, in their order.

    Args:
        canvas: dark ink on light paper, of any size; the forms `ink` takes.
        fill: close the outline and fill it with grey, since the data set's items are whole things.

    Returns:
        The ink, cropped to it, filled (left out without `fill`), and the item as `to_item`'s.

    Raises:
        EmptyDrawing: there is no ink.
    """
    dark = ink(canvas)
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not rows.size:
        raise EmptyDrawing("There is no ink on the paper.")
    item = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    done = [Step("Ink", dark), Step("Cropped to the ink", item)]
    if fill:
        item = fill_outline(item)
        done.append(Step("Outline closed and filled", item))
    return [*done, Step("Longest edge 28, centred", _shrink(item))]


def _shrink(item: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (max(1, round(edge * SIDE / max(item.shape))) for edge in item.shape)
    small = np.asarray(
        Image.fromarray(item.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    )
    # Averaging dims thin lines; the brightest point stays as bright as it was drawn. Rounding up
    # keeps faint ink at the edges, so that the longest edge is 28 in any case.
    small = np.ceil(small * (float(item.max()) / small.max()) - 1e-3)
    result = np.zeros((SIDE, SIDE), np.uint8)
    # The odd pixel goes above and to the left, as in the data set.
    top, left = (SIDE - height + 1) // 2, (SIDE - width + 1) // 2
    result[top : top + height, left : left + width] = small
    return result
