"""Seeds: Keras' own for the layers, independent streams for the rest."""

from __future__ import annotations

import random
from itertools import combinations
from typing import get_args

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.script import sections
from playground.seeds import Purpose, generator, layer_seeds
from playground.training.model import build_model

SEEDS = st.integers(0, 2**31 - 1)


@given(SEEDS)
def test_every_purpose_and_part_has_its_own_stream(seed: int) -> None:
    streams: list[tuple[Purpose, tuple[int, ...]]]
    streams = [(purpose, ()) for purpose in get_args(Purpose)]
    streams += [("twins", (i,)) for i in (0, 1, 250)] + [("copies", (i,)) for i in (0, 1, 250)]
    drawn = [generator(seed, purpose, *index).integers(2**32, size=4) for purpose, index in streams]
    assert not any((a == b).any() for a, b in combinations(drawn, 2))
    again = generator(seed, "shuffle").integers(2**32, size=4)
    assert (again == drawn[get_args(Purpose).index("shuffle")]).all()


@given(SEEDS, st.integers(0, 5), st.booleans())
def test_layer_seeds_are_the_run_s_alone(seed: int, hidden: int, dropout: bool) -> None:
    state = random.getstate()
    layers = layer_seeds(seed, hidden, dropout=dropout)
    assert random.getstate() == state
    own = random.Random(seed)
    flat = [s for layer in layers for s in layer if s is not None]
    assert flat == [own.randint(1, 10**9) for _ in range(len(flat))]
    assert [layer.dropout is not None for layer in layers] == [dropout] * hidden + [False]


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(seed=5),
        RunConfig(hidden_layers=()),
        RunConfig(hidden_layers=(16, 8), dropout=0.2, l2=0.001, seed=2**31 - 1),
    ],
)
def test_the_script_starts_from_the_run_s_own_weights(config: RunConfig) -> None:
    names: dict[str, object] = {"tf": __import__("tensorflow")}
    keras.utils.set_random_seed(config.seed)
    exec(dict(sections(config))["The network"], names)
    script = names["model"].get_weights()  # type: ignore[attr-defined]
    keras.utils.set_random_seed(0)
    for ours, theirs in zip(build_model(config).get_weights(), script, strict=True):
        if ours.ndim:  # a Dropout's seed is not in the weights of a model
            np.testing.assert_array_equal(ours, theirs)
