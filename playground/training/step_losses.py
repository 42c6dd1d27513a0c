"""The losses of a run's steps, thinned out so that a chart of a whole run stays small."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# A bucket holds this share of the steps before it, .
SHARE = 250


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
