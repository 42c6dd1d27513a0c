"""Critical values for looking after every seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from playground.experiments.looks import FIRST_LOOK, LEVEL, critical, spent

MOST = 60


@pytest.mark.parametrize("deviation", [0.01, 1.0])
def test_equal_settings_are_called_different_as_often_as_the_looks_may_spend(
    deviation: float,
) -> None:
    random = np.random.default_rng(7)
    seeds = np.arange(1, MOST + 1)
    limits = [np.inf] * (FIRST_LOOK - 1) + [critical(k) for k in range(FIRST_LOOK, MOST + 1)]
    differences = random.normal(0, deviation, (40_000, MOST))
    means = differences.cumsum(axis=1) / seeds
    squares = (differences**2).cumsum(axis=1) - seeds * means**2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = means * np.sqrt(seeds) / np.sqrt(squares / (seeds - 1))
    called = np.logical_or.accumulate(np.abs(t) > limits, axis=1).mean(axis=0)
    for k in range(FIRST_LOOK, MOST + 1):
        error = np.sqrt(spent(k) / len(differences))
        assert called[k - 1] == pytest.approx(spent(k), abs=4 * error)


def test_the_first_look_is_a_t_test() -> None:
    expected = stats.t.ppf(1 - spent(FIRST_LOOK) / 2, FIRST_LOOK - 1)
    assert critical(FIRST_LOOK) == pytest.approx(expected, rel=1e-12)


def test_no_look_is_easier_than_one_t_test_or_harder_than_one_with_its_share() -> None:
    for k in range(FIRST_LOOK, MOST):
        share = spent(k) - spent(k - 1)
        assert stats.t.isf(LEVEL / 2, k - 1) < critical(k)
        assert critical(k) <= stats.t.isf(share / 2, k - 1) * (1 + 1e-12)


def test_never_more_than_the_level_is_spent() -> None:
    shares = [spent(k) for k in range(FIRST_LOOK - 1, 10_000)]
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] < LEVEL
