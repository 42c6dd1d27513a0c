"""Which drawings of the sketchbook are for training, and which for testing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["train", "test"]
SIDES: tuple[Side, Side] = ("train", "test")

# Two items, each pixel the mean of four, are near-copies below this root mean square difference.
# A drawing whose points were moved by 2 of 255 has a median of 9, one stretched by a twentieth 23;
# of 56 drawings by people no two are nearer than 30.
NEAR = 24.0

_AT_ONCE = 128


def side_by_id(sketch_id: str) -> Side:
    """The side of a drawing from its id, which is a hash: half of all drawings are on each."""
    return "train" if int(sketch_id[-1], 16) % 2 else "test"


def sides_of_copies(
    known: NDArray[np.uint8],
    known_sides: Sequence[Side],
    new: NDArray[np.uint8],
    new_sides: Sequence[Side],
) -> list[Side]:
    """Put each new drawing on the side of the drawing of which it is a near-copy, if there is one.

    Args:
        known: items (n, 28, 28) that have a side already.
        known_sides: (n,), their sides.
        new: items (m, 28, 28); each may also be a near-copy of one before it.
        new_sides: (m,), the sides of those that are no near-copies.
    """
    sides = list(known_sides)
    coarse = np.concatenate([_coarse(known), _coarse(new)])
    limit = NEAR**2 * coarse.shape[1]
    for start in range(len(known), len(coarse), _AT_ONCE):
        some = coarse[start : start + _AT_ONCE]
        away = _squared_distances(some, coarse[: start + len(some)])
        for index, distances in enumerate(away, start):
            nearest = int(distances[:index].argmin()) if index else 0
            near = index > 0 and distances[nearest] <= limit
            sides.append(sides[nearest] if near else new_sides[index - len(known)])
    return sides[len(known) :]


def _squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """From each row of a (n, d) to each row of b (m, d): (n, m), by one product of matrices."""
    product = a @ b.T
    product *= -2
    product += (b**2).sum(axis=1)
    product += (a**2).sum(axis=1)[:, None]
    return product


def _coarse(items: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Each 2 × 2 pixels as one: (n, 196)."""
    blocks = items.reshape(-1, 14, 2, 14, 2).astype(np.float32)
    result: NDArray[np.float32] = blocks.mean(axis=(2, 4)).reshape(-1, 196)
    return result
