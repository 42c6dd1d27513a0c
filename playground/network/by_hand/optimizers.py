"""One update of the weights by hand, for each optimizer, as Keras 3 makes it.

The formulas and their constants are those of `keras.optimizers` with the options that
`training.model.make_optimizer` sets; they work on arrays and on single numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.network.activations import Floats
from playground.network.checkpoint import Checkpoint

BETA_1, BETA_2, RHO, EPSILON = 0.9, 0.999, 0.9, 1e-7
WEIGHT_DECAY = 0.004
FIRST_SUM = 0.1  # of squares, Adagrad's
# What an optimizer remembers of each weight, in the order in which Keras keeps it.
MEMORY: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("velocity",),
    "rmsprop": ("mean_square",),
    "adagrad": ("sum_of_squares",),
    "adam": ("mean", "mean_square"),
    "adamw": ("mean", "mean_square"),
}

Numbers = NDArray[np.float32] | np.float32


def rule(config: RunConfig) -> str:
    """The key of `MEMORY` for the optimizer of these settings."""
    return "momentum" if config.optimizer == "sgd" and config.momentum else config.optimizer


class Updated(NamedTuple):
    """Weights after an update, and what the optimizer remembers of them."""

    weights: Any
    memory: tuple[Any, ...]


def update(
    config: RunConfig,
    rate: float,
    number: int,
    weights: Numbers,
    gradients: Numbers,
    memory: Sequence[Numbers],
) -> Updated:
    """The update of weights of any shape.

    Args:
        config: names the optimizer and its momentum.
        rate: the learning rate.
        number: of this update, from 1.
        weights: float32.
        gradients, memory: shaped like the weights; `memory` as `MEMORY` says.
    """
    w, g, lr = weights, gradients, np.float32(rate)
    one = np.float32(1)
    match rule(config):
        case "sgd":
            return Updated(w - g * lr, ())
        case "momentum":
            velocity = memory[0] * np.float32(config.momentum) - g * lr
            return Updated(w + velocity, (velocity,))
        case "rmsprop":
            square = np.float32(RHO) * memory[0] + np.float32(1 - RHO) * np.square(g)
            return Updated(w - lr * g / np.sqrt(square + np.float32(EPSILON)), (square,))
        case "adagrad":
            sums = memory[0] + np.square(g)
            return Updated(w - lr * g / np.sqrt(sums + np.float32(EPSILON)), (sums,))
    mean = memory[0] + (g - memory[0]) * np.float32(1 - BETA_1)
    square = memory[1] + (np.square(g) - memory[1]) * np.float32(1 - BETA_2)
    if config.optimizer == "adamw":
        w = w - w * np.float32(WEIGHT_DECAY) * lr
    step = lr * np.sqrt(one - np.float32(BETA_2) ** number) / (one - np.float32(BETA_1) ** number)
    return Updated(w - mean * step / (np.sqrt(square) + np.float32(EPSILON)), (mean, square))


@dataclass(frozen=True, eq=False)
class Standing:
    """Weights, and what the optimizer knows besides.

    Attributes:
        layers: weights (inputs, units) and bias (units,) of each Dense layer.
        updates: how many the optimizer has made.
        memory: for each weights and each bias, in order, what it remembers; see `MEMORY`.
    """

    layers: tuple[tuple[Floats, Floats], ...]
    updates: int
    memory: tuple[tuple[Floats, ...], ...]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = [array for layer in self.layers for array in layer]
        return sum(x.nbytes for x in [*arrays, *(x for each in self.memory for x in each)])

    def updated(
        self, config: RunConfig, rate: float, gradients: Sequence[tuple[Floats, Floats]]
    ) -> Standing:
        """Where it stands after one more update; `gradients` are shaped like the layers."""
        arrays = [array for layer in self.layers for array in layer]
        pulls = [array for layer in gradients for array in layer]
        with np.errstate(all="ignore"):  # what diverges does so here, too
            new = [
                update(config, rate, self.updates + 1, *each)
                for each in zip(arrays, pulls, self.memory, strict=True)
            ]
        weights = [one.weights for one in new]
        pairs = tuple(zip(weights[::2], weights[1::2], strict=True))
        return Standing(pairs, self.updates + 1, tuple(one.memory for one in new))


def fresh(config: RunConfig, layers: tuple[tuple[Floats, Floats], ...]) -> Standing:
    """These weights with an optimizer that has made no update."""
    first = FIRST_SUM if config.optimizer == "adagrad" else 0.0
    names = MEMORY[rule(config)]
    arrays = [array for layer in layers for array in layer]
    memory = tuple(
        tuple(np.full(array.shape, first, np.float32) for _ in names) for array in arrays
    )
    return Standing(layers, 0, memory)


def remembered(config: RunConfig, start: Checkpoint) -> Standing | None:
    """Where a run stands, with the optimizer's own variables.

    Returns:
        None where they are not those of an update with one mini-batch each: none were kept, or
        they hold gradients of a large batch's parts as well.
    """
    arrays = [array for layer in start.layers for array in layer]
    each = len(MEMORY[rule(config)])
    # Keras' first two variables are the number of updates and the learning rate.
    kept = [array.astype(np.float32, copy=False) for array in start.optimizer[2:]]
    shapes = [array.shape for array in arrays for _ in range(each)]
    if len(start.optimizer) < 2 or [x.shape for x in kept] != shapes:
        return None
    memory = tuple(tuple(kept[i * each : (i + 1) * each]) for i in range(len(arrays)))
    return Standing(start.layers, int(start.optimizer[0]), memory)
