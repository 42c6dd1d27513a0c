"""Feature scaling: min–max normalisation and standardisation of pixel values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import Scaling

VALUES = np.arange(256)


@dataclass(frozen=True)
class Statistics:
    """Least and greatest value, mean and standard deviation (that divides by n, not n − 1)."""

    low: float
    high: float
    mean: float
    std: float


def value_counts(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often each value 0 to 255 occurs: (256,). The pixels may have any shape."""
    flat = np.ascontiguousarray(pixels).ravel()
    # Two values at a time: half the work for the 39 million pixels of a training set.
    pairs = np.bincount(flat[: flat.size // 2 * 2].view(np.uint16), minlength=65_536)
    both: NDArray[np.int64] = pairs.reshape(256, 256).sum(axis=0) + pairs.reshape(256, 256).sum(
        axis=1
    )
    if flat.size % 2:
        both[flat[-1]] += 1
    return both


def statistics(counts: NDArray[np.int64]) -> Statistics:
    """The exact statistics of values, from how often each occurs, (256,); not all are 0."""
    present = np.flatnonzero(counts)
    mean = float(counts @ VALUES / counts.sum())
    variance = float(counts @ (VALUES - mean) ** 2 / counts.sum())
    return Statistics(float(present[0]), float(present[-1]), mean, variance**0.5)


def rescale(
    x: NDArray[np.generic] | float, before: Statistics, scaling: Scaling
) -> NDArray[np.float64]:
    """Z of each X. If all values are equal, there is nothing to divide by: they are only shifted.

    min–max: Z = (X − min) / (max − min). standard: Z = (X − mean) / std. As scikit-learn's
    MinMaxScaler and StandardScaler.
    """
    values = np.asarray(x, np.float64)
    if scaling == "min_max":
        return (values - before.low) / ((before.high - before.low) or 1.0)
    if scaling == "standard":
        return (values - before.mean) / (before.std or 1.0)
    return values


def after(before: Statistics, scaling: Scaling) -> Statistics:
    """The statistics of Z. Scaling is a shift and a stretch, so they shift and stretch, too."""
    low, high, mean = rescale(np.array([before.low, before.high, before.mean]), before, scaling)
    step = float(rescale(1.0, before, scaling) - rescale(0.0, before, scaling))
    return Statistics(float(low), float(high), float(mean), before.std * step)
