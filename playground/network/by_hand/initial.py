"""The weights that a run starts from, without Keras: what its seed gives, to the last bit.

Keras' default for a Dense layer is Glorot's uniform initializer, which draws from TensorFlow's
`stateless_uniform`. On a CPU that is Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel
random numbers: as easy as 1, 2, 3", SC 2011), with a key and a counter that are themselves the
Philox numbers of the seed.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES, IMAGE_SHAPE, RunConfig
from playground.network.activations import Floats
from playground.network.network import Network
from playground.seeds import layer_seeds

# The multipliers, and what the key grows by in each of the ten rounds.
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10
# The key with which TensorFlow scrambles seeds (stateless_random_ops: GetKeyCounter).
_SCRAMBLE = 0x3EC8F720, 0x02461E29
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)


def initial_network(config: RunConfig, scale: float, offset: float) -> Network:
    """The network of `config` before its first step.

    Args:
        config: its seed and its layers decide the weights; all biases are 0.
        scale, offset: what feature scaling does to a pixel, see `training.prepare`.

    Returns:
        The network that a run of this configuration keeps as that of epoch 0.
    """
    sizes = [math.prod(IMAGE_SHAPE), *config.hidden_layers, CLASSES]
    seeds = layer_seeds(config.seed, len(config.hidden_layers), dropout=bool(config.dropout))
    layers = tuple(
        (glorot_uniform(inputs, units, of_layer.kernel), np.zeros(units, np.float32))
        for (inputs, units), of_layer in zip(pairwise(sizes), seeds, strict=True)
    )
    return Network(config.activation, scale, offset, layers, 0)


def glorot_uniform(inputs: int, units: int, seed: int) -> Floats:
    """The kernel (inputs, units) that `keras.initializers.GlorotUniform(seed)` gives a Dense layer.

    Args:
        inputs, units: of the layer, 1 or more.
        seed: 1 to 10⁹, as `layer_seeds` gives it.
    """
    limit = math.sqrt(3.0 / ((inputs + units) / 2))
    low, high = np.float32(-limit), np.float32(limit)
    shares = stateless_uniform(inputs * units, seed)
    kernel: Floats = (shares * (high - low) + low).reshape(inputs, units)
    return kernel


def stateless_uniform(count: int, seed: int) -> Floats:
    """`tf.random.stateless_uniform((count,), (seed, 0))` on a CPU: float32, 0 to 1, 1 excluded."""
    mixed = [int(x[0]) for x in _philox(np.array([seed], np.uint64), 0, 0, _SCRAMBLE)]
    blocks = np.arange(-(-count // 4), dtype=np.uint64)
    numbers = np.stack(_philox(blocks, mixed[2], mixed[3], (mixed[0], mixed[1])), axis=1)
    bits = numbers.ravel()[:count].astype(np.uint32)
    # 23 random bits behind the point of a number from 1 to 2.
    shares: Floats = ((bits & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)).view(np.float32)
    return shares - np.float32(1)


def _philox(
    low: NDArray[np.uint64], third: int, fourth: int, key: tuple[int, int]
) -> list[NDArray[np.uint64]]:
    """Philox 4x32-10 of the counters (low, 0, third, fourth), low < 2³²: four 32-bit words each."""
    x = [low, np.zeros_like(low), np.full_like(low, third), np.full_like(low, fourth)]
    keys = [np.uint64(word) for word in key]
    for _ in range(_ROUNDS):
        first, second = x[0] * _MULTIPLIERS[0], x[2] * _MULTIPLIERS[1]
        x = [
            (second >> _SHIFT) ^ x[1] ^ keys[0],
            second & _LOW,
            (first >> _SHIFT) ^ x[3] ^ keys[1],
            first & _LOW,
        ]
        keys = [(word + np.uint64(by)) & _LOW for word, by in zip(keys, _WEYL, strict=True)]
    return x
