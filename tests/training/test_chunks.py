"""How an epoch is cut: nothing lost, nothing doubled, every batch's mean exact."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.training.chunks import Plan, cut_chunks, plan_chunks
from tests.test_config import CONFIGS


@st.composite
def cuts(draw: st.DrawFn) -> tuple[int, int, Plan]:
    n, batch = draw(st.integers(1, 400)), draw(st.integers(1, 100))
    parts = draw(st.integers(1, min(batch, 5)))
    return n, batch, Plan(math.ceil(batch / parts), parts, draw(st.integers(1, 12)))


@given(cuts())
def test_every_index_once_in_order_in_chunks_of_one_shape(cut: tuple[int, int, Plan]) -> None:
    n, batch, plan = cut
    indices = np.random.default_rng(0).permutation(n).astype(np.int32)
    rows, weights, count = cut_chunks(indices, batch, plan)
    steps = math.ceil(n / batch)
    chunks = math.ceil(steps * plan.parts / plan.rows)
    assert rows.shape == (chunks, plan.rows, plan.row)
    assert weights.shape == (chunks, plan.rows)
    assert count.shape == (chunks,)
    assert [a.dtype.name for a in (rows, weights, count)] == ["int32", "float32", "int32"]
    assert count.sum() == steps * plan.parts
    used = [row for chunk, c in zip(rows, count, strict=True) for row in chunk[:c]]
    unused = [row for chunk, c in zip(rows, count, strict=True) for row in chunk[c:]]
    assert [i for row in used for i in row if i >= 0] == indices.tolist()
    assert all(i < 0 for row in unused for i in row)


@given(cuts())
def test_the_rows_of_a_batch_average_to_its_mean(cut: tuple[int, int, Plan]) -> None:
    n, batch, plan = cut
    values = np.random.default_rng(1).normal(size=n)
    rows, weights, _ = cut_chunks(np.arange(n, dtype=np.int32), batch, plan)
    masked = np.where(rows >= 0, values[rows], 0.0).mean(axis=-1) * weights
    for step, start in enumerate(range(0, n, batch)):
        of_batch = masked.ravel()[step * plan.parts : (step + 1) * plan.parts]
        assert np.isclose(of_batch.mean(), values[start : start + batch].mean(), atol=1e-6)


@given(CONFIGS)
def test_a_plan_fits_its_batches_and_gives_ten_chunks_when_there_are_ten_steps(
    config: RunConfig,
) -> None:
    plan = plan_chunks(config)
    assert plan.row * plan.parts >= config.batch_images
    assert plan.row * (plan.parts - 1) < config.batch_images
    rows = config.steps_per_epoch * plan.parts
    chunks = math.ceil(rows / plan.rows)
    # Rounding a chunk up to whole rows may leave fewer than ten, but never fewer than five.
    assert chunks >= min(10, rows) / 2
    assert chunks >= 10 or rows % 10 or rows < 10


def test_the_defaults_give_ten_chunks_or_a_few_more() -> None:
    config = RunConfig()
    assert 10 <= math.ceil(config.steps_per_epoch / plan_chunks(config).rows) <= 20
