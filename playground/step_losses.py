"""The losses of a run's steps, thinned out so that a chart of a whole run stays small."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

# A chart is not much wider than this. Each bucket of steps leaves two points, so a whole run
# has at most twice as many, however many steps it takes.
BUCKETS = 500


class StepLosses:
    """Takes the losses of a run's steps as they come; gives points to draw.

    The steps of a run are put into at most `BUCKETS` buckets of equally many. A bucket gives its
    smallest and its greatest loss where they occurred: a mean would hide how batches wander.

    Args:
        epochs: how many epochs the run has at most.
        steps: steps in an epoch.
        parts: losses that make one step's, which is their mean.
    """

    def __init__(self, epochs: int, steps: int, parts: int = 1) -> None:
        self._steps, self._parts, self._end = steps, parts, epochs * steps
        self._bucket = math.ceil(epochs * steps / BUCKETS)
        self._waiting: NDArray[np.float64] = np.empty(0)
        self._done = 0

    def add(self, losses: ArrayLike) -> tuple[list[float], list[float]]:
        """Take the next losses, (n,) with `parts` to a step; some may wait for the next call.

        Returns:
            Positions in epochs (0.5 is after half of the first) and losses, both rounded to what
            a chart can show; empty while a bucket is not full. The run's last bucket may be
            smaller.
        """
        self._waiting = np.append(self._waiting, losses)
        steps = self._waiting[: len(self._waiting) // self._parts * self._parts]
        steps = steps.reshape(-1, self._parts).mean(axis=1)
        positions: list[float] = []
        values: list[float] = []
        used = 0
        while used < len(steps):
            bucket = steps[used : used + self._bucket]
            if len(bucket) < self._bucket and self._done + len(bucket) < self._end:
                break
            for i in sorted({int(bucket.argmin()), int(bucket.argmax())}):
                positions.append(round((self._done + i + 1) / self._steps, 5))
                values.append(float(f"{bucket[i]:.4g}"))
            used += len(bucket)
            self._done += len(bucket)
        self._waiting = self._waiting[used * self._parts :]
        return positions, values
