"""Where a run's random numbers come from: each purpose has its own stream, from the run's seed.

A run never uses a global generator (`random`, `numpy.random`, TensorFlow's, Keras'): other threads
of the process use them, too, so that two runs with one seed would differ.
"""

from __future__ import annotations

import random
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import RunConfig

Purpose = Literal["label_noise", "shuffle", "twins", "copies", "validation"]
# Keys of NumPy's SeedSequence, which makes independent streams from one seed; the stream without a
# key is that of default_rng(seed), which the exported script uses for wrong labels.
_KEYS: dict[Purpose, tuple[int, ...]] = {
    "label_noise": (),
    "shuffle": (1,),
    "twins": (2,),
    "copies": (3,),
    "validation": (4,),
}


class Split(NamedTuple):
    """Which photos of the data set the weights are fitted to, and which they are validated on.

    Both are slices or indices (n,), to index the 60,000 training photos with.
    """

    fit: slice | NDArray[np.intp]
    validation: slice | NDArray[np.intp]


class LayerSeeds(NamedTuple):
    """The seeds of a Dense layer's initial kernel and of the Dropout after it, if there is one."""

    kernel: int
    dropout: int | None


def layer_seeds(seed: int, hidden: int, *, dropout: bool) -> list[LayerSeeds]:
    """The seeds of a network's layers.

    They are those that Keras 3 chooses after `keras.utils.set_random_seed(seed)` in a program that
    does nothing else: `random.randint(1, 10**9)` for each initializer and each Dropout, in the
    order of the layers. So the exported script starts from the weights that the run starts from.

    Args:
        seed: of the run.
        hidden: how many hidden layers there are.
        dropout: whether each hidden layer is followed by Dropout.

    Returns:
        One for each Dense layer, the output layer last; each seed is 1 to 10⁹.
    """
    rng = random.Random(seed)

    def draw() -> int:
        return rng.randint(1, 10**9)

    layers = [LayerSeeds(draw(), draw() if dropout else None) for _ in range(hidden)]
    return [*layers, LayerSeeds(draw(), None)]


def split_photos(config: RunConfig) -> Split:
    """The photos of a run: the last are for validation, as Keras' split takes them.

    Where the seed draws them, the photos that the run may use are first put in another order.
    """
    fit, validation = slice(config.fit_photos), slice(config.fit_photos, config.train_images)
    if not config.split_by_seed:
        return Split(fit, validation)
    order = generator(config.seed, "validation").permutation(config.train_images)
    return Split(order[fit], order[validation])


def generator(seed: int, purpose: Purpose, *index: int) -> np.random.Generator:
    """The generator for one purpose, independent of those for other purposes.

    Args:
        seed: of the run.
        purpose: what the numbers are for.
        index: for a part of it, such as the index of a stack of twins, 0 to 2³² - 1.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*_KEYS[purpose], *index)))
