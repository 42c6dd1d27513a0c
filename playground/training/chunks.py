"""How an epoch is cut into chunks: rows of image indices, all chunks of one shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig

# c chunks: image indices (c, s, m) int32, -1 for none; weights of the rows (c, s) float32; and
# rows in use (c,) int32. See `playground.training.model.ChunkedSequential`.
Chunks = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]

POINTS_PER_EPOCH = 10
# A chunk is sized to take about this long, so that a command is obeyed well within half a
# second; its cost is as measured with one thread of a 2-core machine, within a factor of two.
CHUNK_SECONDS = 0.15


@dataclass(frozen=True)
class Plan:
    """How an epoch is cut: a batch into `parts` rows of `row` images, `rows` rows to a chunk."""

    row: int
    parts: int
    rows: int


def plan_chunks(config: RunConfig) -> Plan:
    """Cut an epoch into at least ten chunks, each short enough to obey a command in time."""
    batch = config.batch_images

    def seconds(row: int) -> float:
        # Overhead of a step, weights read and written (gradient, optimizer), arithmetic.
        return 3e-5 + config.parameters * 2e-9 + row * config.parameters * 6 / 60e9

    parts = 1
    while seconds(math.ceil(batch / parts)) > CHUNK_SECONDS and batch / parts > 64:
        parts += 1
    row = math.ceil(batch / parts)
    every = math.ceil(config.steps_per_epoch * parts / POINTS_PER_EPOCH)
    return Plan(row, parts, max(1, min(every, int(CHUNK_SECONDS / seconds(row)))))


def cut_chunks(indices: NDArray[np.int32], batch: int, plan: Plan) -> Chunks:
    """Lay image indices out as chunks, in their order, every one once.

    Args:
        indices: (n,) int32.
        batch: images in a batch; the last one may be smaller.
        plan: how batches become rows, and rows chunks.
    """
    steps = math.ceil(len(indices) / batch)
    batches = np.full((steps, plan.parts * plan.row), -1, np.int32)
    batches[:, :batch] = _padded(indices, steps * batch, -1).reshape(steps, batch)
    weights = plan.parts * plan.row / (batches >= 0).sum(axis=1)
    rows = steps * plan.parts
    chunks = math.ceil(rows / plan.rows)
    places = chunks * plan.rows
    return (
        _padded(batches.ravel(), places * plan.row, -1).reshape(chunks, plan.rows, plan.row),
        _padded(np.repeat(weights, plan.parts).astype(np.float32), places, 1).reshape(chunks, -1),
        np.clip(rows - np.arange(chunks) * plan.rows, 0, plan.rows).astype(np.int32),
    )


def _padded(values: NDArray[Any], length: int, filler: int) -> NDArray[Any]:
    return np.pad(values, (0, length - len(values)), constant_values=filler)
