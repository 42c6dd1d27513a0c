"""The losses of a run's steps, thinned out so that a chart of a whole run stays small."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

# A bucket holds this share of the steps before it, a span this share of a chart at the least.
SHARE = 250
# A line with more points than this is thinned; a chart is not much wider.
MOST_POINTS = 1_500


class StepLosses:
    """Takes the losses of a run's steps as they come; gives points to draw.

    Steps are put into buckets: one step each at first, then a 250th of the steps done before. So
    wherever a run ends, its points lie as closely as a chart of it can show. A bucket gives its
    smallest and its greatest loss where they occurred: a mean would hide how batches wander.

    A run of n steps has at most 2 · (250 · (2 + ln(n / 250)) + epochs) points, since an epoch ends
    a bucket: 3,100 with the default settings, 7,500 for the longest run that can be set.

    Args:
        steps: steps in an epoch.
        parts: losses that make one step's, which is their mean.
    """

    def __init__(self, steps: int, parts: int = 1) -> None:
        self._steps, self._parts = steps, parts
        # Neighbours among the first steps still differ.
        self._digits = max(5, len(str(steps)) + 1)
        self._waiting: NDArray[np.float64] = np.empty(0)
        self._done = 0

    def add(self, losses: ArrayLike) -> tuple[list[float], list[float]]:
        """Take the next losses, (n,) with `parts` to a step; some may wait for the next call.

        Returns:
            Positions in epochs (0.5 is after half of the first) and losses, both rounded to what
            a chart can show; empty while a bucket is not full.
        """
        self._waiting = np.append(self._waiting, losses)
        steps = self._waiting[: len(self._waiting) // self._parts * self._parts]
        steps = steps.reshape(-1, self._parts).mean(axis=1)
        positions: list[float] = []
        values: list[float] = []
        used = 0
        while used < len(steps):
            size = min(max(1, self._done // SHARE), self._steps - self._done % self._steps)
            bucket = steps[used : used + size]
            if len(bucket) < size:
                break
            for i in sorted({int(bucket.argmin()), int(bucket.argmax())}):
                positions.append(round((self._done + i + 1) / self._steps, self._digits))
                values.append(float(f"{bucket[i]:.4g}"))
            used += size
            self._done += size
        self._waiting = self._waiting[used * self._parts :]
        return positions, values


def thin(
    positions: Sequence[float], losses: Sequence[float], most: int = MOST_POINTS
) -> tuple[list[float], list[float]]:
    """The least and the greatest loss of each span of positions, where they occurred.

    Spans are a power of two of an epoch wide and begin at 0: what is thinned again and again while
    it grows, as the live board does (`board_charts.js`), is as if it were thinned once.

    Args:
        positions: in epochs, above 0, rising.
        losses: as many.
        most: so many points are left as they are; of more, at most two thirds as many and two
            remain.
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
