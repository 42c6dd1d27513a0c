"""Seeds: Keras' own for the layers, independent streams for the rest."""

from __future__ import annotations

import gzip
import os
import random
from itertools import combinations
from typing import Any, get_args

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.dataset import DATA, load_data
from playground.script import sections
from playground.seeds import Purpose, generator, layer_seeds, split_photos
from playground.training.model import build_model
from playground.training.prepare import spoil_labels
from tests.test_config import CONFIGS

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


@given(CONFIGS)
def test_a_photo_is_either_trained_on_or_validated_on(config: RunConfig) -> None:
    split, again = split_photos(config), split_photos(config.model_copy(update={"l2": 0.1}))
    photos = np.arange(60_000)
    fit, validation = photos[split.fit], photos[split.validation]
    assert (len(fit), len(validation)) == (config.fit_photos, config.validation_images)
    both = np.concatenate([fit, validation])
    assert (np.sort(both) == photos[: config.train_images]).all()
    assert (both == photos[: config.train_images]).all() != config.split_by_seed
    assert (photos[again.validation] == validation).all()


def test_other_seeds_validate_on_other_photos_only_if_asked() -> None:
    photos = np.arange(60_000)
    one, other = (RunConfig(split_by_seed=True, seed=seed) for seed in (1, 2))
    drawn = [set(photos[split_photos(config).validation].tolist()) for config in (one, other)]
    assert len(drawn[0] & drawn[1]) == pytest.approx(10_000 / 6, abs=150)
    assert split_photos(RunConfig(seed=1)) == split_photos(RunConfig(seed=2))


def test_the_script_draws_the_same_photos_and_spoils_the_same_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = RunConfig(
        train_images=600, validation_split=0.25, split_by_seed=True, label_noise=0.1, seed=3
    )
    monkeypatch.setenv("FASHION_MNIST", str(DATA))
    names: dict[str, Any] = {"np": np, "gzip": gzip, "os": os}
    exec(sections(config)[1][1], names)
    split, data = split_photos(config), load_data()
    assert (names["x_train"][:450] == data.x_train[split.fit]).all()
    assert (names["x_train"][450:] == data.x_train[split.validation]).all()
    spoiled = spoil_labels(data.y_train[split.fit], 0.1, 3)
    assert (names["y_train"][:450] == spoiled).all()
    assert (names["y_train"][450:] == data.y_train[split.validation]).all()


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
