"""How an epoch is cut into chunks of micro-batches, all arrays of one shape.

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
# A run's first chunk is one part of so many of another one.
FIRST_SHARE = 3


@dataclass(frozen=True)
class Plan:
    """How an epoch is cut.

    Attributes:
        micro_batch: images in a micro-batch.
        per_update: micro-batches in an update, that is, in a batch.
        per_chunk: micro-batches in a chunk, at most.
    """

    micro_batch: int
    per_update: int
    per_chunk: int

    def counts(self, micro_batches: int, *, first: bool) -> NDArray[np.int32]:
        """Micro-batches in each chunk of an epoch, (c,), as even as can be.

        Of a run's first epoch the first chunk is a third of others, so that there is something to
        see soon. All epochs have as many chunks.

        Args:
            micro_batches: in the epoch.
            first: whether it is a run's first epoch.
        """
        few = min(micro_batches, max(1, self.per_chunk // FIRST_SHARE))
        others = math.ceil((micro_batches - few) / self.per_chunk)
        if first and others:
            return np.append(few, _evenly(micro_batches - few, others)).astype(np.int32)
        return _evenly(micro_batches, 1 + others)


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


def cut_chunks(
    indices: NDArray[np.int32], batch: int, plan: Plan, *, first: bool = False
) -> Chunks:
    """Lay image indices out as chunks, each index once, in their order.

    Args:
        indices: (n,) int32.
        batch: images in a batch; the last one may be smaller.
        plan: how batches are cut into micro-batches, and how many of these are in a chunk.
        first: whether they are those of a run's first epoch.
    """
    updates = math.ceil(len(indices) / batch)
    images_per_update = plan.per_update * plan.micro_batch
    batches = np.full((updates, images_per_update), -1, np.int32)
    batches[:, :batch] = _padded(indices, updates * batch, -1).reshape(updates, batch)
    weights = images_per_update / (batches >= 0).sum(axis=1)
    counts = plan.counts(updates * plan.per_update, first=first)
    # Each chunk's micro-batches, and behind them one that is none.
    places = np.arange(plan.per_chunk) + (np.cumsum(counts) - counts)[:, None]
    places[np.arange(plan.per_chunk) >= counts[:, None]] = counts.sum()
    return (
        _with_none(batches.reshape(-1, plan.micro_batch), -1)[places],
        _with_none(np.repeat(weights, plan.per_update).astype(np.float32), 1)[places],
        counts,
    )


def _evenly(total: int, parts: int) -> NDArray[np.int32]:
    """So many in each of so many parts, the larger ones first."""
    return (total // parts + (np.arange(parts) < total % parts)).astype(np.int32)


def _with_none(values: NDArray[Any], filler: int) -> NDArray[Any]:
    return np.concatenate([values, np.full_like(values[:1], filler)])


def _padded(values: NDArray[Any], length: int, filler: int) -> NDArray[Any]:
    return np.pad(values, (0, length - len(values)), constant_values=filler)
