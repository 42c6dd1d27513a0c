"""Flatten: from any rank to rank 2, with the batch first."""

from __future__ import annotations

import math
from collections.abc import Sequence


def flatten_shape(shape: Sequence[int | None]) -> tuple[int | None, int]:
    """The output shape of Keras' Flatten.

    Args:
        shape: the input shape, rank 2 or more; the first is the batch, None if it is not known.

    Raises:
        ValueError: nothing comes after the batch, or a None.
    """
    batch, *rest = shape
    if not rest or None in rest:
        raise ValueError("Flatten needs known sizes after the batch.")
    return batch, math.prod(size for size in rest if size is not None)
