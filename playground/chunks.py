"""How an epoch is cut into chunks: rows of image indices, all chunks of one shape."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig

# rows (s, m) int32, -1 where there is no image; weights (s,) float32; rows in use, int32.
Chunk = tuple[NDArray[np.int32], NDArray[np.float32], np.int32]

POINTS_PER_EPOCH = 10
# A chunk is sized to take about this long, so that a command is obeyed well within half a
# second; the model of its cost errs on the slow side of the 2-core machine it was fitted on.
CHUNK_SECONDS = 0.15


@dataclass(frozen=True)
class Plan:
    """How an epoch is cut: a batch into `parts` rows of `row` images, `rows` rows to a chunk."""

    row: int
    parts: int
    rows: int

    def chunks(self, images: int, batch: int) -> int:
        """How many chunks that many images make, in batches of `batch`."""
        return math.ceil(math.ceil(images / batch) * self.parts / self.rows)


def plan_chunks(config: RunConfig) -> Plan:
    """Cut an epoch into at least ten chunks, each short enough to obey a command in time."""
    batch = config.batch_images

    def seconds(row: int) -> float:
        # Overhead of a step, weights read and written (gradient, optimizer), arithmetic.
        return 4e-5 + config.parameters * 7e-9 + row * config.parameters * 6 / 25e9

    parts = 1
    while seconds(math.ceil(batch / parts)) > CHUNK_SECONDS and batch / parts > 64:
        parts += 1
    row = math.ceil(batch / parts)
    every = math.ceil(config.steps_per_epoch * parts / POINTS_PER_EPOCH)
    return Plan(row, parts, max(1, min(every, int(CHUNK_SECONDS / seconds(row)))))


def cut_chunks(indices: NDArray[np.int32], batch: int, plan: Plan) -> Iterator[Chunk]:
    """Lay image indices out as chunks, in their order; see `ChunkedSequential`.

    Args:
        indices: (n,) int32.
        batch: images in a batch; the last one may be smaller.
        plan: how batches become rows, and rows chunks.
    """
    steps = math.ceil(len(indices) / batch)
    padded = np.full(steps * batch, -1, np.int32)
    padded[: len(indices)] = indices
    batches = np.full((steps, plan.parts * plan.row), -1, np.int32)
    batches[:, :batch] = padded.reshape(steps, batch)
    present = (batches >= 0).sum(axis=1)
    weights = np.repeat(plan.parts * plan.row / present, plan.parts).astype(np.float32)
    table = batches.reshape(-1, plan.row)
    for start in range(0, len(table), plan.rows):
        count = min(plan.rows, len(table) - start)
        rows = np.full((plan.rows, plan.row), -1, np.int32)
        scale = np.ones(plan.rows, np.float32)
        rows[:count] = table[start : start + count]
        scale[:count] = weights[start : start + count]
        yield rows, scale, np.int32(count)
