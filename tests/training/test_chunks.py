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
    per_update = draw(st.integers(1, min(batch, 5)))
    return n, batch, Plan(math.ceil(batch / per_update), per_update, draw(st.integers(1, 12)))


@given(cuts(), st.booleans())
def test_every_index_once_in_order_in_arrays_of_one_shape(
    cut: tuple[int, int, Plan], first: bool
) -> None:
    n, batch, plan = cut
    indices = np.random.default_rng(0).permutation(n).astype(np.int32)
    cut_indices, weights, count = cut_chunks(indices, batch, plan, first=first)
    updates = math.ceil(n / batch)
    chunks = len(plan.counts(updates * plan.per_update, first=not first))  # in all epochs as many
    assert cut_indices.shape == (chunks, plan.per_chunk, plan.micro_batch)
    assert weights.shape == (chunks, plan.per_chunk)
    assert count.shape == (chunks,)
    assert [a.dtype.name for a in (cut_indices, weights, count)] == ["int32", "float32", "int32"]
    assert count.sum() == updates * plan.per_update
    assert count.min() >= 1
    assert count.max() <= plan.per_chunk
    used = np.concatenate([chunk[:c].ravel() for chunk, c in zip(cut_indices, count, strict=True)])
    unused = np.concatenate(
        [chunk[c:].ravel() for chunk, c in zip(cut_indices, count, strict=True)]
    )
    assert used[used >= 0].tolist() == indices.tolist()
    assert (unused < 0).all()


@given(cuts(), st.booleans())
def test_the_micro_batches_of_an_update_average_to_its_batch_s_mean(
    cut: tuple[int, int, Plan], first: bool
) -> None:
    n, batch, plan = cut
    values = np.random.default_rng(1).normal(size=n)
    cut_up = cut_chunks(np.arange(n, dtype=np.int32), batch, plan, first=first)
    used = np.arange(plan.per_chunk) < cut_up[2][:, None]
    indices, weights = cut_up[0][used], cut_up[1][used]
    masked = np.where(indices >= 0, values[indices], 0.0).mean(axis=-1) * weights
    for update, start in enumerate(range(0, n, batch)):
        of_batch = masked.ravel()[update * plan.per_update : (update + 1) * plan.per_update]
        assert np.isclose(of_batch.mean(), values[start : start + batch].mean(), atol=1e-6)


@given(CONFIGS)
def test_a_plan_fits_its_batches_and_gives_ten_chunks_when_there_are_ten_updates(
    config: RunConfig,
) -> None:
    plan = plan_chunks(config)
    assert plan.micro_batch * plan.per_update >= config.batch_images
    assert plan.micro_batch * (plan.per_update - 1) < config.batch_images
    micro_batches = config.steps_per_epoch * plan.per_update
    for first in (True, False):
        chunks = len(plan.counts(micro_batches, first=first))
        # Rounding a chunk up to whole micro-batches may leave fewer than ten, but at least five.
        assert chunks >= min(10, micro_batches) / 2
        assert chunks >= 10 or micro_batches % 10 or micro_batches < 10


def test_the_defaults_give_eleven_chunks_of_which_a_run_s_first_is_short() -> None:
    config = RunConfig()
    plan = plan_chunks(config)
    first, later = (plan.counts(config.steps_per_epoch, first=first) for first in (True, False))
    assert len(first) == len(later) == 11
    assert first[0] == plan.per_chunk // 3
    assert later.max() - later.min() <= 1
