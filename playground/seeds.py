"""Where a run's random numbers come from: every use has a stream of its own, from the run's seed.

Nothing of a run draws from a global generator (`random`, `numpy.random`, TensorFlow's, Keras'):
other threads of the process draw from them as well, so that two runs of one seed would differ.
"""

from __future__ import annotations

import random
from typing import Literal, NamedTuple

import numpy as np

Purpose = Literal["label_noise", "shuffle", "twins", "copies"]
# Keys of NumPy's SeedSequence, which makes independent streams of one seed; that without a key is
# default_rng(seed) itself, which the exported script uses for wrong labels.
_KEYS: dict[Purpose, tuple[int, ...]] = {
    "label_noise": (),
    "shuffle": (1,),
    "twins": (2,),
    "copies": (3,),
}


class LayerSeeds(NamedTuple):
    """The seeds of a Dense layer: of its initial kernel, and of the Dropout after it, if any."""

    kernel: int
    dropout: int | None


def layer_seeds(seed: int, hidden: int, *, dropout: bool) -> list[LayerSeeds]:
    """The seeds of a network's layers.

    They are those that Keras 3 chooses after `keras.utils.set_random_seed(seed)` in a program that
    does nothing else: `random.randint(1, 10**9)` for each initializer and each Dropout, in the
    order of the layers. So the exported script starts from the weights that the run starts from.

    Args:
        seed: the run's.
        hidden: how many hidden layers there are.
        dropout: whether each hidden layer is followed by Dropout.

    Returns:
        One for each Dense layer, the output layer last; each seed is 1 to 10⁹.
    """
    own = random.Random(seed)

    def draw() -> int:
        return own.randint(1, 10**9)

    layers = [LayerSeeds(draw(), draw() if dropout else None) for _ in range(hidden)]
    return [*layers, LayerSeeds(draw(), None)]


def generator(seed: int, purpose: Purpose, *index: int) -> np.random.Generator:
    """A generator of its own for one purpose, independent of those for others.

    Args:
        seed: the run's.
        purpose: what the numbers are for.
        index: which part of it, as the place of a stack of twins, 0 to 2³² - 1.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*_KEYS[purpose], *index)))
