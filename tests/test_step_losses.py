from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.step_losses import BUCKETS, StepLosses


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
    positions, values = _fed(StepLosses(2, 3), losses, 2)
    assert values == losses.tolist()
    assert positions == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2], abs=1e-5)


def test_a_step_in_parts_has_their_mean_also_across_calls() -> None:
    positions, values = _fed(StepLosses(1, 2, parts=3), np.array([1.0, 2, 3, 4, 5, 9]), 2)
    assert values == [2, 6]
    assert positions == [0.5, 1]


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
    positions, values = _fed(StepLosses(epochs, steps), losses, size)
    assert len(values) <= 2 * BUCKETS
    assert positions == sorted(set(positions))
    assert (min(values), max(values)) == pytest.approx((losses.min(), losses.max()), rel=1e-3)
    where = np.rint(np.array(positions) * steps).astype(int) - 1
    np.testing.assert_allclose(values, losses[where], rtol=1e-3)


def test_the_losses_of_200_epochs_at_batch_1_stay_small() -> None:
    counter = StepLosses(200, 50_000)
    points = [counter.add(np.full(5_000, 0.123456)) for _ in range(2_000)]
    assert sum(len(x) for x, _ in points) <= 2 * BUCKETS
    assert 199 < points[-1][0][-1] <= 200
    assert {value for _, y in points for value in y} == {0.1235}
