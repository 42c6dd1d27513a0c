"""The loss of a run's updates, thinned out so that a chart of a whole run stays small."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# A bucket holds this share of the updates before it: 1/250.
SHARE = 250


class StepLosses:
    """Takes the losses of a run's updates as they come; gives points to draw.

    Updates are put into buckets: one update each at first, then a 250th of the updates done
    before. So wherever a run ends, its points lie as closely as a chart of it can show. A bucket
    gives its smallest and its greatest loss where they occurred: a mean would hide how batches
    wander.

    A run of n updates has at most 2 · (250 · (2 + ln(n / 250)) + epochs) points, since an epoch
    ends a bucket: 3,100 with the default settings, 7,500 for the longest run that can be set.

    Args:
        updates: updates in an epoch.
        per_update: micro-batches in an update; its loss is the mean of their losses.
        epochs: those that are done already.
    """

    def __init__(self, updates: int, per_update: int = 1, epochs: int = 0) -> None:
        self._updates, self._per_update = updates, per_update
        # Neighbours among the first updates still differ.
        self._digits = max(5, len(str(updates)) + 1)
        self._waiting: NDArray[np.float64] = np.empty(0)
        self._done = epochs * updates

    def add(self, losses: ArrayLike) -> tuple[list[float], list[float]]:
        """Take the losses of the next micro-batches, (n,); some may wait for the next call.

        Returns:
            Positions in epochs (0.5 is after half of the first) and losses, both rounded to what
            a chart can show; empty while a bucket is not full.
        """
        self._waiting = np.append(self._waiting, losses)
        whole = len(self._waiting) // self._per_update * self._per_update
        updates = self._waiting[:whole].reshape(-1, self._per_update).mean(axis=1)
        positions: list[float] = []
        values: list[float] = []
        used = 0
        while used < len(updates):
            size = min(max(1, self._done // SHARE), self._updates - self._done % self._updates)
            bucket = updates[used : used + size]
            if len(bucket) < size:
                break
            for i in sorted({int(bucket.argmin()), int(bucket.argmax())}):
                positions.append(round((self._done + i + 1) / self._updates, self._digits))
                values.append(float(f"{bucket[i]:.4g}"))
            used += size
            self._done += size
        self._waiting = self._waiting[used * self._per_update :]
        return positions, values
