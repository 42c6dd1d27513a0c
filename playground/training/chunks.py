"""How an epoch is cut into chunks of micro-batches, all chunks of one shape.

An update of the weights is made of one batch. A batch whose update would take too long is cut
into micro-batches of equal size, whose gradients are averaged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig

# For c chunks of s micro-batches of m images: positions of images (c, s, m) int32, -1 for none;
# weights of the micro-batches (c, s) float32; and micro-batches in use (c,) int32.
# See `playground.training.model.ChunkedSequential`.
Chunks = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]

POINTS_PER_EPOCH = 10
# A chunk is sized to take about this long, so that a command is obeyed well within half a
# second; its cost is as measured with one thread of a 2-core machine, within a factor of two.
CHUNK_SECONDS = 0.15


@dataclass(frozen=True)
class Plan:
    """How an epoch is cut.

    Attributes:
        micro_batch: images in a micro-batch.
        per_update: micro-batches in an update, that is, in a batch.
        per_chunk: micro-batches in a chunk.
    """

    micro_batch: int
    per_update: int
    per_chunk: int


def plan_chunks(config: RunConfig) -> Plan:
    """Cut an epoch into about ten chunks or more, each short enough to obey a command in time."""
    batch = config.batch_images

    def seconds(images: int) -> float:
        """What a micro-batch takes."""
        # Its overhead, weights read and written (gradient, optimizer), arithmetic.
        return 3e-5 + config.parameters * 2e-9 + images * config.parameters * 6 / 60e9

    per_update = 1
    while seconds(math.ceil(batch / per_update)) > CHUNK_SECONDS and batch / per_update > 64:
        per_update += 1
    micro_batch = math.ceil(batch / per_update)
    tenth = math.ceil(config.steps_per_epoch * per_update / POINTS_PER_EPOCH)
    per_chunk = max(1, min(tenth, int(CHUNK_SECONDS / seconds(micro_batch))))
    return Plan(micro_batch, per_update, per_chunk)


def cut_chunks(indices: NDArray[np.int32], batch: int, plan: Plan) -> Chunks:
    """Lay image indices out as chunks, each index once, in their order.

    Args:
        indices: (n,) int32.
        batch: images in a batch; the last one may be smaller.
        plan: how batches are cut into micro-batches, and how many of these are in a chunk.
    """
    updates = math.ceil(len(indices) / batch)
    images_per_update = plan.per_update * plan.micro_batch
    batches = np.full((updates, images_per_update), -1, np.int32)
    batches[:, :batch] = _padded(indices, updates * batch, -1).reshape(updates, batch)
    weights = images_per_update / (batches >= 0).sum(axis=1)
    used = updates * plan.per_update
    chunks = math.ceil(used / plan.per_chunk)
    length = chunks * plan.per_chunk
    return (
        _padded(batches.ravel(), length * plan.micro_batch, -1).reshape(
            chunks, plan.per_chunk, plan.micro_batch
        ),
        _padded(np.repeat(weights, plan.per_update).astype(np.float32), length, 1).reshape(
            chunks, -1
        ),
        np.clip(used - np.arange(chunks) * plan.per_chunk, 0, plan.per_chunk).astype(np.int32),
    )


def _padded(values: NDArray[Any], length: int, filler: int) -> NDArray[Any]:
    return np.pad(values, (0, length - len(values)), constant_values=filler)
