"""Exactly the settings that differ, and whether runs can be compared."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.dataset import load_data
from playground.experiments.differences import (
    differences,
    effects,
    judged_on_the_same_images,
)
from playground.script import script
from tests.test_config import CONFIGS

# Few values, so that settings are often equal; none that a whole number of images would make equal.
FEW = st.builds(
    RunConfig,
    hidden_layers=st.sampled_from([(), (16,), (16, 8)]),
    activation=st.sampled_from(["relu", "tanh"]),
    dropout=st.sampled_from([0.0, 0.2]),
    l2=st.sampled_from([0.0, 0.001]),
    optimizer=st.sampled_from(["sgd", "adam"]),
    momentum=st.sampled_from([0.0, 0.9]),
    schedule=st.sampled_from(["constant", "cosine"]),
    learning_rate=st.sampled_from([0.001, 0.01]),
    batch_size=st.sampled_from([32, "full"]),
    epochs=st.sampled_from([2, 3]),
    train_images=st.sampled_from([6_000, 60_000]),
    validation_split=st.sampled_from([1 / 6, 0.25]),
    split_by_seed=st.booleans(),
    label_noise=st.sampled_from([0.0, 0.1]),
    seed=st.sampled_from([1, 2]),
    early_stop=st.booleans(),
    stop_threshold=st.sampled_from([0.8, 0.9]),
    monitor=st.sampled_from(["accuracy", "val_accuracy"]),
    keep_snapshots=st.booleans(),
)


def names(*configs: RunConfig) -> set[str]:
    return {one.setting for one in differences(configs)}


@given(FEW, FEW)
def test_two_runs_differ_if_their_keras_scripts_do(one: RunConfig, other: RunConfig) -> None:
    assert bool(differences([one, other])) == (script(one) != script(other))


@given(FEW, FEW)
def test_these_settings_and_no_fewer_turn_one_run_into_the_other_and_back(
    one: RunConfig, other: RunConfig
) -> None:
    def plain(config: RunConfig) -> RunConfig:
        unused = {name for name, effect in effects(config).items() if effect is None}
        return RunConfig.model_validate(config.model_dump(exclude=unused))

    def enough(settings: set[str]) -> bool:
        return all(
            script(plain(a).model_copy(update={name: getattr(plain(b), name) for name in settings}))
            == script(b)
            for a, b in ((one, other), (other, one))
        )

    found = names(one, other)
    assert enough(found)
    assert not any(enough(found - {name}) for name in found)


@given(st.one_of(st.lists(FEW, max_size=5), st.lists(CONFIGS, max_size=5)))
def test_what_differs_among_many_differs_between_two(configs: list[RunConfig]) -> None:
    pairs = [names(*pair) for pair in combinations(configs, 2)]
    assert names(*configs) == set().union(*pairs)
    for setting, values in differences(configs):
        assert len(values) == len(configs)
        for config, value in zip(configs, values, strict=True):
            assert value in (None, getattr(config, setting))


@given(CONFIGS, CONFIGS)
def test_the_order_of_runs_is_the_order_of_values(one: RunConfig, other: RunConfig) -> None:
    there, back = differences([one, other]), differences([other, one])
    assert [(name, values[::-1]) for name, values in there] == list(back)
    assert differences([one, one]) == differences([one]) == differences([]) == ()
    assert all(getattr(one, name) != getattr(other, name) or None in v for name, v in there)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {"learning_rate": 0.01}, {"learning_rate": (0.001, 0.01)}),
        ({}, {"hidden_layers": (128, 64)}, {"hidden_layers": ((128,), (128, 64))}),
        ({}, {"momentum": 0.9}, {}),
        ({}, {"optimizer": "sgd"}, {"optimizer": ("adam", "sgd")}),
        (
            {"momentum": 0.5},
            {"optimizer": "sgd", "momentum": 0.9},
            {"optimizer": ("adam", "sgd"), "momentum": (None, 0.9)},
        ),
        ({"hidden_layers": ()}, {"hidden_layers": (), "activation": "tanh", "dropout": 0.5}, {}),
        ({"early_stop": False}, {"early_stop": False, "stop_threshold": 0.5}, {}),
        ({"early_stop": False, "stop_threshold": 0.5}, {}, {"early_stop": (False, True)}),
        ({"stop_threshold": 0.5}, {}, {"stop_threshold": (0.5, 0.9)}),
        ({"epochs": 1}, {"epochs": 1, "schedule": "cosine", "early_stop": False}, {}),
        ({"keep_snapshots": False}, {}, {}),
        ({"train_images": 600}, {"train_images": 600, "batch_size": "full"}, {"batch_size": 0}),
        ({"train_images": 600, "batch_size": 512}, {"train_images": 600, "batch_size": "full"}, {}),
        ({"batch_size": 512}, {"train_images": 600, "batch_size": 512}, {"train_images": 0}),
        ({"validation_split": 0.25}, {"validation_split": 0.25 - 1e-9}, {}),
        ({"label_noise": 1e-9, "twins": 1e-9, "sketchbook": 1e-9}, {}, {}),
        ({"seed": 1}, {"seed": 2}, {"seed": (1, 2)}),
    ],
)
def test_only_what_has_an_effect_is_a_difference(
    one: dict[str, Any], other: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = dict(differences([RunConfig(**one), RunConfig(**other)]))
    assert found.keys() == expected.keys()
    assert all(found[name] == values for name, values in expected.items() if values)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("shared", "changed"),
    [
        ({"hidden_layers": ()}, {"activation": "tanh", "dropout": 0.5, "momentum": 0.9}),
        ({"epochs": 1}, {"schedule": "cosine", "stop_threshold": 0.0, "label_noise": 1e-9}),
        (
            {"early_stop": False, "batch_size": 128},
            {"stop_threshold": 0.0, "batch_size": "full", "keep_snapshots": False},
        ),
    ],
)
def test_without_a_difference_the_same_network_is_trained(
    shared: dict[str, Any], changed: dict[str, Any]
) -> None:
    from playground.training.control import Control
    from playground.training.train import train

    base = RunConfig(**{"train_images": 100, "epochs": 2, "hidden_layers": (8,)} | shared)
    configs = [base, base.model_copy(update=changed)]
    assert differences(configs) == ()
    networks = [train(c, load_data(), lambda *_: None, Control()).network for c in configs]
    for one, other in zip(*(network.layers for network in networks if network), strict=True):
        assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_runs_are_comparable_if_they_are_judged_on_the_same_images() -> None:
    run = RunConfig()
    same = [run, run.model_copy(update={"seed": 1, "hidden_layers": (), "label_noise": 0.5})]
    assert judged_on_the_same_images(same)
    assert judged_on_the_same_images([])
    assert judged_on_the_same_images([RunConfig(validation_split=1 / 6 - 1e-12), run])
    assert not judged_on_the_same_images([*same, RunConfig(validation_split=0.2)])
    assert not judged_on_the_same_images([run, RunConfig(train_images=50_000)])
    drawn = [RunConfig(split_by_seed=True, seed=seed) for seed in (1, 2)]
    assert not judged_on_the_same_images(drawn)
    assert not judged_on_the_same_images([drawn[0], RunConfig(seed=1)])
    assert judged_on_the_same_images([drawn[0], drawn[0].model_copy(update={"l2": 0.1})])
