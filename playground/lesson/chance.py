"""Chance: how far seeds alone move an accuracy, and how often looking again and again errs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from playground.experiments.looks import FIRST_LOOK, LEVEL, critical
from playground.network.activations import Floats, softmax

_STEPS, _BATCH = 120, 32
_START = 0.01  # standard deviation of the initial weights


def accuracy(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    judged: NDArray[np.uint8],
    truth: NDArray[np.uint8],
    rate: float,
    seed: int,
) -> float:
    """Train softmax regression for a moment; returns its accuracy on other images.

    Args:
        images, labels: (n, 28, 28) and (n,), to learn from.
        judged, truth: (m, 28, 28) and (m,), to be judged on.
        rate: learning rate of gradient descent with batches of 32.
        seed: fixes the initial weights and which images come when.

    Returns:
        0 to 1.
    """
    random = np.random.default_rng(seed)
    x = images.reshape(len(images), -1).astype(np.float32) / 255
    wanted = np.eye(10, dtype=np.float32)[labels]
    weights = random.normal(0, _START, (x.shape[1], 10)).astype(np.float32)
    for batch in random.integers(0, len(x), (_STEPS, _BATCH)):
        error = softmax(x[batch] @ weights) - wanted[batch]
        weights -= np.float32(rate / _BATCH) * (x[batch].T @ error)
    guesses = (judged.reshape(len(judged), -1).astype(np.float32) @ weights).argmax(axis=1)
    return float((guesses == truth).mean())


class Looks(NamedTuple):
    """Intervals of a mean difference, after each further seed; k values each, -1 to 1.

    Attributes:
        seeds: how many there are at each look, from `FIRST_LOOK` on.
        mean: the mean difference.
        once: half the width of Student's interval, which holds for one look.
        always: half the width of the interval that holds at all looks at once.
    """

    seeds: NDArray[np.int64]
    mean: NDArray[np.float64]
    once: NDArray[np.float64]
    always: NDArray[np.float64]


def looks(differences: NDArray[np.float64]) -> Looks:
    """The intervals after each further difference of a pair.

    Args:
        differences: (n,), in the order in which they came; with fewer than `FIRST_LOOK` there is no
            look.
    """
    seeds, means, errors = _sums(differences[None])
    limits = np.array([_limits(int(k)) for k in seeds]).reshape(-1, 2)
    return Looks(seeds, means[0], limits[:, 0] * errors[0], limits[:, 1] * errors[0])


class FalseAlarms(NamedTuple):
    """Of how many comparisons of equal settings a look has shown a difference by then; 0 to 1.

    Attributes:
        seeds: how many there are at each look, from `FIRST_LOOK` on.
        once: with Student's limits, which hold for one look.
        always: with limits that hold at all looks at once.
    """

    seeds: NDArray[np.int64]
    once: Floats
    always: Floats


def false_alarms(most: int, comparisons: int, seed: int) -> FalseAlarms:
    """Compare equal settings again and again, looking after each further seed.

    Args:
        most: seeds, `FIRST_LOOK` or more.
        comparisons: how many are simulated.
        seed: fixes them. More seeds continue the same comparisons.
    """
    # Seed after seed, so that more seeds change nothing of those before.
    random = np.random.default_rng(seed)
    differences = np.stack([random.standard_normal(comparisons) for _ in range(most)], axis=1)
    seeds, means, errors = _sums(differences)
    t = np.abs(means) / errors
    once, always = np.array([_limits(int(k)) for k in seeds]).T

    def shown(limits: NDArray[np.float64]) -> Floats:
        found: Floats = np.logical_or.accumulate(t > limits, axis=1).mean(axis=0)
        return found

    return FalseAlarms(seeds, shown(once), shown(always))


def _limits(seeds: int) -> tuple[float, float]:
    """The |t| that shows a difference: at one look, and at all looks at once."""
    return float(stats.t.isf(LEVEL / 2, seeds - 1)), critical(seeds)


def _sums(
    differences: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """For each look: how many seeds, the mean and its standard error, (n, k)."""
    seeds = np.arange(FIRST_LOOK, differences.shape[1] + 1)
    counts = np.arange(1, differences.shape[1] + 1)
    means = differences.cumsum(axis=1) / counts
    squares = (differences**2).cumsum(axis=1) - counts * means**2
    variances = np.maximum(squares[:, FIRST_LOOK - 1 :], 0) / (seeds - 1)
    return seeds, means[:, FIRST_LOOK - 1 :], np.sqrt(variances / seeds)
