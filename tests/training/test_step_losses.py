from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.figures.thinning import thin
from playground.training.step_losses import SHARE, StepLosses


def _fed(counter: StepLosses, losses: np.ndarray, size: int) -> tuple[list[float], list[float]]:
    """All points of a run whose losses come `size` at a time."""
    positions: list[float] = []
    values: list[float] = []
    for i in range(0, len(losses), size):
        x, y = counter.add(losses[i : i + size])
        assert len(x) == len(y)
        positions += x
        values += y
    return positions, values


def test_a_short_run_keeps_every_step_at_its_place() -> None:
    losses = np.array([2.0, 1.0, 1.5, 0.5, 0.75, 0.25])
    positions, values = _fed(StepLosses(3), losses, 2)
    assert values == losses.tolist()
    assert positions == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2], abs=1e-5)


def test_an_update_in_micro_batches_has_their_mean_also_across_calls() -> None:
    positions, values = _fed(StepLosses(2, per_update=3), np.array([1.0, 2, 3, 4, 5, 9]), 2)
    assert values == [2, 6]
    assert positions == [0.5, 1]


def _most(steps: int, epochs: int) -> float:
    """How many points a run may have at most, as the docstring says."""
    return 2 * (SHARE * (2 + max(0.0, math.log(steps * epochs / SHARE))) + epochs)


@settings(deadline=None)
@given(
    epochs=st.integers(1, 7),
    steps=st.integers(1, 900),
    size=st.integers(1, 400),
    seed=st.integers(0, 99),
)
def test_a_run_s_points_are_bounded_and_hold_its_extremes(
    epochs: int, steps: int, size: int, seed: int
) -> None:
    losses = np.random.default_rng(seed).integers(1, 1000, epochs * steps) / 8
    positions, values = _fed(StepLosses(steps), losses, size)
    assert len(values) <= _most(steps, epochs)
    assert positions == sorted(set(positions))
    assert (min(values), max(values)) == pytest.approx((losses.min(), losses.max()), rel=1e-3)
    where = np.rint(np.array(positions) * steps).astype(int) - 1
    np.testing.assert_allclose(values, losses[where], rtol=1e-3)


@pytest.mark.parametrize("steps", [20, 600, 50_000])
def test_wherever_a_run_ends_its_chart_is_dense_and_reaches_the_end(steps: int) -> None:
    """Also six epochs of 200: nothing depends on how many were planned."""
    losses = np.random.default_rng(1).random(6 * steps)
    positions, values = _fed(StepLosses(steps), losses, 331)
    for end in (0.5, 1.0, 3.3, 6.0):
        gaps = np.diff([0, *(x for x in positions if x <= end), end])
        assert max(gaps) <= max(end * 2 / SHARE, 1 / steps) + 1e-5
    assert len(values) >= min(6 * steps, 2 * SHARE)


def test_the_losses_of_the_longest_run_stay_small() -> None:
    longest = RunConfig(batch_size=1, epochs=200, validation_split=0.05, twins=2, sketchbook=1)
    steps = longest.steps_per_epoch
    assert steps == 228_000
    counter = StepLosses(steps)
    losses = np.random.default_rng(0).random(steps)
    points = [counter.add(part) for _ in range(200) for part in np.array_split(losses, 4)]
    assert sum(len(x) for x, _ in points) <= _most(steps, 200) < 7_500
    assert 199 < points[-1][0][-1] <= 200
    first = points[0][0]
    assert first == sorted(set(first))
    assert _most(RunConfig().steps_per_epoch, 10) < 3_100


@settings(deadline=None)
@given(st.integers(0, 4_000), st.integers(1, 3_000), st.integers(3, 900), st.integers(0, 99))
def test_thinning_keeps_the_extremes_of_every_span(
    n: int, steps: int, most: int, seed: int
) -> None:
    x = ((np.arange(n) + 1) / steps).tolist()
    y = np.random.default_rng(seed).integers(1, 1000, n).tolist()
    positions, losses = thin(x, y, most)
    points = dict(zip(x, y, strict=True))
    assert losses == [points[position] for position in positions]
    assert positions == sorted(set(positions))
    if n <= most:
        assert (positions, losses) == (x, y)
        return
    assert len(positions) <= most * 2 / 3 + 2
    assert (min(losses), max(losses)) == (min(y), max(y))
    # No gap is wider than two spans, each at most 6 / most of the whole.
    assert max(np.diff([0, *positions, x[-1]])) <= 2 * 6 / most * x[-1] + 1 / steps + 1e-9


def test_thinning_while_it_grows_is_thinning_once() -> None:
    losses = np.random.default_rng(2).random(20_000)
    x: list[float] = []
    y: list[float] = []
    for i, loss in enumerate(losses):
        x, y = thin([*x, (i + 1) / 1563], [*y, float(loss)], 300)
    all_x = [(i + 1) / 1563 for i in range(len(losses))]
    assert thin(x, y, 150) == thin(all_x, losses.tolist(), 150)
