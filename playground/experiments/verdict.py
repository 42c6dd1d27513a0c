"""Whether one setting is better than another, or was lucky: paired over seeds.

One run each says nothing about chance, so both settings are trained with the same seeds, and what
counts is the difference of a pair (Bouthillier et al. 2021, arXiv 2103.03098). Its interval is the
mean ± t·s/√k, with t not Student's but a larger one that allows for a look after each further seed:
a repeated confidence interval (Jennison & Turnbull 1989, J. R. Statist. Soc. B 51, 305), see
`playground.experiments.looks`. With 95 % probability all intervals, from three seeds on without
end, hold the true difference at once. So a user who adds seeds until something shows is told of a
difference between equal settings in at most 5 % of all cases, and of no clear difference in at most
5 % of those in which there is one beyond the margin.

It holds for normal differences. In simulations, heavy tails (Student's with 3 degrees of freedom)
make it more cautious, 2 %; differences as skewed as an exponential distribution make the 5 % 12 %.
A seed fixes initial weights, order, dropout and what is added; the validation images are always the
same, so the verdict is about these images.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from playground.experiments.looks import FIRST_LOOK, critical

Answer = Literal["better", "worse", "no-clear-difference", "undecided"]

# Half a point: with 10,000 validation images, 50 of them.
MARGIN = 0.005
# Seeds in all, beyond which nothing is predicted.
HORIZON = 100


@dataclass(frozen=True)
class Verdict:
    """What the runs of `seeds` seeds say about a candidate, and the numbers behind it.

    All differences are of accuracies, candidate minus baseline, -1 to 1; 0.01 is one point.

    Attributes:
        answer: "better" or "worse" if the interval is above or below 0, however small the
            difference; else "no-clear-difference" if all of it is within the margin; else
            "undecided".
        seeds: how many pairs there are, 2 or more.
        difference: the mean.
        deviation: the standard deviation of the differences.
        low, high: the 95 % interval, valid at every look; with two seeds it is -1 to 1.
        ahead: the seeds with which the candidate is above the baseline.
        more_seeds: about how many more would tell, if mean and deviation stay as they are; 0 if
            it is decided, None if it would take more than `HORIZON` in all.
    """

    answer: Answer
    seeds: int
    difference: float
    deviation: float
    low: float
    high: float
    ahead: int
    more_seeds: int | None

    @property
    def excluded(self) -> float:
        """Differences, in either direction, of more than this are excluded; 0 to 1."""
        return max(-self.low, self.high)


def paired(
    baseline: Mapping[int, float], candidate: Mapping[int, float]
) -> tuple[list[float], list[float]]:
    """The accuracies of the seeds that both have, in the order of the seeds.

    Args:
        baseline, candidate: accuracies by seed.
    """
    seeds = sorted(baseline.keys() & candidate.keys())
    return [baseline[seed] for seed in seeds], [candidate[seed] for seed in seeds]


def judge(
    baseline: Sequence[float],
    candidate: Sequence[float],
    *,
    images: int,
    margin: float = MARGIN,
) -> Verdict:
    """Judge a candidate against a baseline.

    Args:
        baseline, candidate: validation accuracies, 0 to 1, of one pair of runs after the other.
        images: how many validation images there are, 1 or more.
        margin: differences below this do not matter, above 0.

    Raises:
        ValueError: there are fewer than two pairs, runs without a partner, or values out of range.
    """
    if len(baseline) != len(candidate) or len(baseline) < 2:
        raise ValueError("two pairs of runs or more are needed")
    accuracies = np.array([baseline, candidate], np.float64)
    if not ((accuracies >= 0) & (accuracies <= 1)).all() or images < 1 or not margin > 0:
        raise ValueError("accuracies are 0 to 1, images 1 or more, and the margin is above 0")
    differences = accuracies[1] - accuracies[0]
    seeds, mean = len(differences), float(differences.mean())
    deviation = float(differences.std(ddof=1))
    # An accuracy is known to one image only. Few images make equal differences likely, and a
    # deviation of 0 would make the smallest difference certain.
    spread = max(deviation, 1 / images)
    reach = _reach(seeds, spread)
    answer = _answer(mean, reach, margin)
    return Verdict(
        answer=answer,
        seeds=seeds,
        difference=mean,
        deviation=deviation,
        low=max(mean - reach, -1.0),
        high=min(mean + reach, 1.0),
        ahead=int((differences > 0).sum()),
        more_seeds=_more_seeds(seeds, mean, spread, margin) if answer == "undecided" else 0,
    )


def _reach(seeds: int, spread: float) -> float:
    """Half the width of the interval."""
    return critical(seeds) * spread / seeds**0.5 if seeds >= FIRST_LOOK else 2.0


def _answer(mean: float, reach: float, margin: float) -> Answer:
    if abs(mean) > reach:
        return "better" if mean > 0 else "worse"
    return "no-clear-difference" if abs(mean) + reach <= margin else "undecided"


def _more_seeds(seeds: int, mean: float, spread: float, margin: float) -> int | None:
    for total in range(max(seeds + 1, FIRST_LOOK), HORIZON + 1):
        if _answer(mean, _reach(total, spread), margin) != "undecided":
            return total - seeds
    return None
