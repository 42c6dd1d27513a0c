"""A line of many points, thinned out so that it shows the same in a chart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

# A line with more points than this is thinned; a chart is not much wider.
MOST_POINTS = 1_500


def thin(
    positions: Sequence[float], losses: Sequence[float], most: int = MOST_POINTS
) -> tuple[list[float], list[float]]:
    """The least and the greatest loss of each span of positions, where they occurred.

    Spans are a power of two of an epoch wide and begin at 0, so that thinning a line again and
    again while it grows, as the live board does (`ui/board/thinning.js`), gives what thinning it
    once gives.

    Args:
        positions: (n,), in epochs, above 0, rising.
        losses: (n,).
        most: a line of at most so many points stays as it is; a longer one keeps at most
            2/3 · most + 2.
    """
    if len(positions) <= most:
        return list(positions), list(losses)
    width = 2.0 ** math.ceil(math.log2(3 * positions[-1] / most))
    y = np.asarray(losses)
    starts = np.flatnonzero(np.diff(np.floor(np.asarray(positions) / width), prepend=-1))
    kept = sorted(
        {
            int(start + find(span))
            for start, span in zip(starts, np.split(y, starts[1:]), strict=True)
            for find in (np.argmin, np.argmax)
        }
    )
    return [positions[i] for i in kept], [losses[i] for i in kept]
