from __future__ import annotations

import numpy as np
import pytest

from playground.config import RunConfig
from playground.network.by_hand.initial import glorot_uniform, initial_network, stateless_uniform


@pytest.mark.engine
@pytest.mark.parametrize(
    ("inputs", "units"), [(784, 128), (784, 1), (128, 10), (1, 1), (1024, 1024), (7, 3)]
)
@pytest.mark.parametrize("seed", [1, 42, 10**9])
def test_a_kernel_is_that_of_keras_to_the_bit(inputs: int, units: int, seed: int) -> None:
    import keras

    expected = keras.initializers.GlorotUniform(seed)((inputs, units), "float32").numpy()
    assert np.array_equal(glorot_uniform(inputs, units, seed), expected)


@pytest.mark.engine
@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        RunConfig(hidden_layers=(), seed=0),
        RunConfig(hidden_layers=(64, 33, 16), activation="tanh", dropout=0.3, seed=2**31 - 1),
        RunConfig(hidden_layers=(5,), activation="leaky_relu", scaling="standard", seed=7),
    ],
)
def test_a_network_is_that_which_a_run_starts_from(config: RunConfig) -> None:
    from playground.training.model import build_model

    expected = build_model(config, 0.5, -1.0).weights
    network = initial_network(config, 0.5, -1.0)
    found = [x for layer in network.layers for x in layer]
    dense = [x.numpy() for x in expected if "dense" in x.path]
    assert len(found) == len(dense)
    assert all(np.array_equal(one, other) for one, other in zip(found, dense, strict=True))
    assert (network.activation, network.scale, network.offset) == (config.activation, 0.5, -1.0)


def test_the_numbers_are_spread_evenly_and_one_seed_gives_the_same_again() -> None:
    shares = stateless_uniform(100_001, 3)
    assert shares.dtype == np.float32
    assert shares.shape == (100_001,)
    assert shares.min() >= 0
    assert shares.max() < 1
    assert abs(float(shares.mean()) - 0.5) < 0.005
    assert np.array_equal(shares[:10], stateless_uniform(10, 3))
    assert not np.array_equal(shares[:10], stateless_uniform(10, 4))
