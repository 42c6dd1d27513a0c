"""The configuration: whatever comes through a door, it is valid or it is named."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.config import (
    Activation,
    BatchSize,
    Loss,
    Metric,
    Optimizer,
    RunConfig,
    Scaling,
    Schedule,
    with_current_names,
)

CONFIGS = st.builds(
    RunConfig,
    hidden_layers=st.lists(st.integers(1, 1024), max_size=5).map(tuple),
    activation=st.sampled_from(get_args(Activation)),
    dropout=st.floats(0, 0.9),
    l2=st.floats(0, 0.1),
    optimizer=st.sampled_from(get_args(Optimizer)),
    momentum=st.floats(0, 0.99),
    schedule=st.sampled_from(get_args(Schedule)),
    learning_rate=st.floats(1e-5, 10),
    loss=st.sampled_from(get_args(Loss)),
    batch_size=st.sampled_from(get_args(BatchSize)),
    epochs=st.integers(1, 200),
    scaling=st.sampled_from(get_args(Scaling)),
    train_images=st.integers(100, 60_000),
    validation_split=st.floats(0.05, 0.5),
    split_by_seed=st.booleans(),
    label_noise=st.floats(0, 0.5),
    twins=st.floats(0, 2),
    sketchbook=st.floats(0, 1),
    seed=st.integers(0, 2**31 - 1),
    early_stop=st.booleans(),
    stop_threshold=st.floats(0, 1),
    monitor=st.sampled_from(get_args(Metric)),
    keep_snapshots=st.booleans(),
)


@given(CONFIGS)
def test_json_gives_back_the_very_configuration(config: RunConfig) -> None:
    assert RunConfig.model_validate_json(config.model_dump_json()) == config
    assert RunConfig.model_validate(config.model_dump(mode="json")) == config


FORMER = {"stop": "early_stop", "inside": "keep_snapshots"}


@pytest.mark.parametrize(("former", "name"), FORMER.items())
def test_a_setting_is_read_under_its_former_name_too_and_written_under_the_new_one(
    former: str, name: str
) -> None:
    off = RunConfig.model_validate({name: False})
    assert RunConfig.model_validate({former: False}) == off
    assert RunConfig.model_validate_json(json.dumps({former: False})) == off
    assert RunConfig(**{former: False}) == off
    assert former not in off.model_dump()


@pytest.mark.parametrize(("former", "name"), FORMER.items())
def test_of_both_names_the_new_one_counts(former: str, name: str) -> None:
    for both in ({former: True, name: False}, {name: False, former: True}):
        assert with_current_names(both) == {name: False}
        assert getattr(RunConfig.model_validate(both), name) is False


@pytest.mark.parametrize(
    "bad",
    [
        {"epochs": 0},
        {"hidden_layers": (1,) * 6},
        {"learning_rate": math.nan},
        {"learning_rate": math.inf},
        {"units": 3},
        {"batch_size": 33},
        {"train_images": 60_001},
    ],
)
def test_what_is_out_of_range_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RunConfig.model_validate(bad)


@given(CONFIGS)
def test_validation_images_steps_and_batches_add_up(config: RunConfig) -> None:
    assert config.fit_photos + config.validation_images == config.train_images
    assert 1 <= config.fit_photos < config.train_images
    added = config.fit_twins + config.fit_sketches
    assert config.fit_images == config.fit_photos + added
    batches = range(0, config.fit_images, config.batch_images)
    assert config.steps_per_epoch == len(batches)


def test_the_defaults_fit_fifty_thousand_images() -> None:
    config = RunConfig()
    assert (config.fit_images, config.validation_images) == (50_000, 10_000)
    assert config.steps_per_epoch == 1_563
    assert config.parameters == 101_770  # Keras' own tutorial network, 784-128-10


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        RunConfig(hidden_layers=()),
        RunConfig(hidden_layers=(7, 3), dropout=0.5, scaling="none", l2=0.01),
        RunConfig(hidden_layers=(1,) * 5, scaling="standard"),
    ],
)
def test_the_layer_table_is_that_of_the_keras_model(config: RunConfig) -> None:
    from playground.training.model import build_model

    model = build_model(config).plain()
    assert config.parameters == model.count_params()
    rows = config.layer_table()[1:]  # Keras does not list the input among a Sequential's layers
    kinds = [row.layer.split(",")[0] for row in rows]
    assert kinds == [type(layer).__name__ for layer in model.layers]
    assert [row.output_shape for row in rows] == [layer.output.shape for layer in model.layers]
    assert [row.parameters for row in rows] == [layer.count_params() for layer in model.layers]


def test_a_cosine_falls_from_the_learning_rate_to_nearly_nothing() -> None:
    config = RunConfig(schedule="cosine", learning_rate=0.01, epochs=4)
    assert [config.rate_at(epoch) for epoch in range(4)] == pytest.approx(
        [0.01, 0.01 * (2 + 2**0.5) / 4, 0.005, 0.01 * (2 - 2**0.5) / 4]
    )
    assert RunConfig(learning_rate=0.01).rate_at(7) == 0.01


# What differs between runs that can train with one compiled network.
FREE = {
    "dropout": 0.5,
    "l2": 0.01,
    "learning_rate": 0.1,
    "schedule": "cosine",
    "epochs": 3,
    "scaling": "standard",
    "label_noise": 0.1,
    "split_by_seed": True,
    "seed": 7,
    "early_stop": False,
    "stop_threshold": 0.5,
    "monitor": "val_accuracy",
    "keep_snapshots": False,
}
SHAPING = {
    "hidden_layers": (64,),
    "activation": "tanh",
    "optimizer": "adamw",
    "momentum": 0.5,
    "loss": "mse",
    "batch_size": 64,
    "train_images": 600,
    "validation_split": 0.5,
    "twins": 0.5,
    "sketchbook": 0.5,
}


def test_the_compile_key_tells_what_shapes_the_network_and_nothing_else() -> None:
    assert set(FREE) | set(SHAPING) == set(RunConfig.model_fields)
    base = RunConfig(dropout=0.2, l2=0.001, optimizer="sgd")
    for name, value in FREE.items():
        assert base.model_copy(update={name: value}).compile_key == base.compile_key, name
    for name, value in SHAPING.items():
        assert base.model_copy(update={name: value}).compile_key != base.compile_key, name
    for name, off in (("dropout", 0.0), ("l2", 0.0), ("scaling", "none")):
        assert base.model_copy(update={name: off}).compile_key != base.compile_key, name


def test_settings_without_effect_do_not_change_the_compile_key() -> None:
    assert RunConfig(momentum=0.5).compile_key == RunConfig().compile_key
    full = RunConfig(train_images=600, batch_size="full")
    assert RunConfig(train_images=600, batch_size=512).compile_key == full.compile_key


def test_after_leaky_relu_the_rate_of_dropout_is_compiled_in() -> None:
    one, other = (RunConfig(activation="leaky_relu", dropout=rate) for rate in (0.1, 0.2))
    assert one.compile_key != other.compile_key
