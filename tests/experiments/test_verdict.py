"""Better, or lucky: held to simulated comparisons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from playground.experiments.looks import spent
from playground.experiments.verdict import HORIZON, MARGIN, Verdict, judge, paired

IMAGES = 10_000
COMPARISONS = 2_000
LOOKS = range(3, 11)
# Deviation of one run over seeds, as an accuracy.
DEVIATION = 0.0035

Accuracies = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Accuracies]


def normal(correlation: float = 0.0, deviation: float = DEVIATION) -> Draw:
    def draw(random: np.random.Generator) -> Accuracies:
        shared, own = random.standard_normal(10), random.standard_normal((2, 10))
        values = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
        return np.asarray(0.88 + deviation * values)

    return draw


def heavy(random: np.random.Generator) -> Accuracies:
    return 0.88 + DEVIATION / 3**0.5 * random.standard_t(3, (2, 10))


def skewed(random: np.random.Generator) -> Accuracies:
    return 0.88 + DEVIATION * (1 - random.exponential(size=(2, 10)))


def few_images(random: np.random.Generator) -> Accuracies:
    return random.integers(0, 2, (2, 10)) / 5


def looks(draw: Draw, difference: float = 0.0, images: int = IMAGES) -> list[list[Verdict]]:
    """Verdicts after 3 to 10 seeds, for each comparison; accuracies are of whole images."""
    random = np.random.default_rng(2024)
    found = []
    for _ in range(COMPARISONS):
        accuracies = draw(random)
        accuracies[1] += difference
        one, other = np.clip(np.round(accuracies * images) / images, 0, 1)
        found.append([judge(one[:k], other[:k], images=images) for k in LOOKS])
    return found


def share(comparisons: list[list[Verdict]], *answers: str) -> float:
    """Of how many comparisons some look has one of the answers."""
    return float(np.mean([any(v.answer in answers for v in row) for row in comparisons]))


@pytest.mark.parametrize(
    ("draw", "images"),
    [(normal(), IMAGES), (normal(0.7), IMAGES), (heavy, IMAGES), (skewed, IMAGES), (few_images, 5)],
    ids=["independent", "correlated", "heavy tails", "skewed", "five images"],
)
def test_equal_settings_are_hardly_ever_called_different(draw: Draw, images: int) -> None:
    assert share(looks(draw, images=images), "better", "worse") <= 0.05


def test_a_difference_of_a_point_is_found_with_eight_seeds() -> None:
    comparisons = looks(normal(), difference=0.01)
    with_eight = [row[LOOKS.index(8)].answer for row in comparisons]
    assert with_eight.count("better") >= 0.9 * COMPARISONS
    assert share(comparisons, "worse") == 0


def test_a_difference_of_the_margin_is_hardly_ever_called_none() -> None:
    comparisons = looks(normal(0.7), difference=MARGIN)
    assert share(comparisons, "no-clear-difference") <= 0.05
    # The same data: the intervals of all looks at once hold the true difference.
    held = [all(v.low <= MARGIN <= v.high for v in row) for row in comparisons]
    assert sum(held) >= 0.95 * COMPARISONS
    assert share(looks(normal(0.9)), "no-clear-difference") >= 0.9


# Validation accuracies of real runs with the default settings except seed and units.
UNITS_128 = [0.8723, 0.8833, 0.8843, 0.8779, 0.8758, 0.88, 0.8817, 0.8795]  # seeds 1 to 8
OTHER_SEEDS = [0.8862, 0.889, 0.8786, 0.8776, 0.8868, 0.8813, 0.8798, 0.88]  # seeds 101 to 108
UNITS_16 = [0.8633, 0.8569, 0.8558, 0.8648, 0.8563, 0.8538, 0.8643, 0.8623]  # seeds 1 to 8


def test_of_real_runs_two_lots_of_one_setting_are_not_called_different_and_16_units_are() -> None:
    for k in LOOKS[:6]:
        assert judge(UNITS_128[:k], OTHER_SEEDS[:k], images=IMAGES).answer == "undecided"
    verdict = judge(UNITS_16, UNITS_128, images=IMAGES)
    assert verdict.answer == "better"
    assert verdict.difference == pytest.approx(0.0197, abs=1e-4)
    assert (verdict.ahead, verdict.seeds) == (8, 8)


@pytest.mark.parametrize(
    ("candidate", "answer"),
    [
        ([0.93, 0.935, 0.932], "better"),
        ([0.83, 0.825, 0.828], "worse"),
        ([0.8801, 0.8811, 0.8799], "no-clear-difference"),
        ([0.88, 0.89, 0.87], "undecided"),
        ([0.99, 0.99], "undecided"),
    ],
)
def test_what_is_said_of_a_few_runs(candidate: list[float], answer: str) -> None:
    baseline = [0.88, 0.881, 0.8799][: len(candidate)]
    verdict = judge(baseline, candidate, images=IMAGES)
    assert verdict.answer == answer
    assert verdict.seeds == len(candidate)
    assert (verdict.more_seeds == 0) == (answer != "undecided")


def test_the_first_interval_is_that_of_a_paired_t_test() -> None:
    one, other = [0.88, 0.885, 0.87], [0.89, 0.883, 0.891]
    verdict = judge(one, other, images=IMAGES)
    expected = stats.ttest_rel(other, one).confidence_interval(1 - spent(3))
    assert (verdict.low, verdict.high) == pytest.approx(tuple(expected))
    assert verdict.excluded == pytest.approx(expected.high)
    assert verdict.ahead == 2


def test_equal_accuracies_are_no_difference_and_one_image_is_none_either() -> None:
    same = judge([0.88] * 3, [0.88] * 3, images=IMAGES)
    assert (same.answer, same.difference, same.ahead) == ("no-clear-difference", 0, 0)
    assert judge([0.6] * 3, [0.8] * 3, images=5).answer == "undecided"


SHARES = st.integers(0, IMAGES).map(lambda right: right / IMAGES)
PAIRS = st.lists(st.tuples(SHARES, SHARES), min_size=2, max_size=12)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_numbers_fit_together_and_the_order_does_not_count(
    pairs: list[tuple[float, float]], random: Any
) -> None:
    one, other = map(list, zip(*pairs, strict=True))
    there, back = judge(one, other, images=IMAGES), judge(other, one, images=IMAGES)
    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert (back.low, back.high, back.difference) == (-there.high, -there.low, -there.difference)
    mirror = {"better": "worse", "worse": "better"}
    assert back.answer == mirror.get(there.answer, there.answer)
    assert back.more_seeds == there.more_seeds
    if there.answer in mirror:
        assert there.low > 0 or there.high < 0
    assert there.answer != "no-clear-difference" or there.excluded <= MARGIN
    random.shuffle(pairs)
    again = judge(*zip(*pairs, strict=True), images=IMAGES)
    assert again.difference == pytest.approx(there.difference)
    assert (again.low, again.high) == pytest.approx((there.low, there.high))


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.integers(2, 12), st.floats(-0.02, 0.02), st.floats(1e-3, 0.02))
def test_as_many_more_seeds_would_tell_if_mean_and_deviation_stay(
    number: int, seeds: int, mean: float, deviation: float
) -> None:
    random = np.random.default_rng(number)

    def after(total: int) -> Verdict:
        """The verdict on differences of exactly this mean and deviation."""
        values = random.standard_normal(total)
        values = mean + deviation * (values - values.mean()) / values.std(ddof=1)
        assume(np.abs(values).max() < 0.5)
        return judge([0.5] * total, (0.5 + values).tolist(), images=10**6)

    more = after(seeds).more_seeds
    if more is None:
        assert after(HORIZON).answer == "undecided"
    elif more:
        assert after(seeds + more).answer != "undecided"
        assert after(seeds + more - 1).answer == "undecided"


@given(st.dictionaries(st.integers(0, 20), SHARES), st.dictionaries(st.integers(0, 20), SHARES))
def test_runs_are_paired_by_their_seeds(one: dict[int, float], other: dict[int, float]) -> None:
    pairs = list(zip(*paired(one, other), strict=True))
    assert pairs == [
        (one[seed], other[seed]) for seed in range(21) if seed in one and seed in other
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"baseline": [0.9]},
        {"baseline": [], "candidate": []},
        {"baseline": [0.9], "candidate": [0.8]},
        {"baseline": [0.9, float("nan")]},
        {"candidate": [0.9, 1.1]},
        {"candidate": [-0.1, 0.5]},
        {"images": 0},
        {"margin": 0},
        {"margin": float("nan")},
    ],
)
def test_what_cannot_be_judged_is_refused(bad: dict[str, Any]) -> None:
    good: dict[str, Any] = {"baseline": [0.9, 0.9], "candidate": [0.9, 0.8], "images": IMAGES}
    with pytest.raises(ValueError, match=r"needed|accuracies"):
        judge(**(good | bad))
