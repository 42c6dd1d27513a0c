"""Short names: what is not the default, no two the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.experiments.naming import short_names
from tests.experiments.test_differences import FEW
from tests.test_config import CONFIGS


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (RunConfig(), "default"),
        (RunConfig(momentum=0.9), "default"),
        (RunConfig(hidden_layers=()), "hidden_layers=none"),
        (
            RunConfig(hidden_layers=(128, 64), optimizer="sgd", momentum=0.9, learning_rate=0.1),
            "hidden_layers=128-64 optimizer=sgd momentum=0.9 learning_rate=0.1",
        ),
        (RunConfig(batch_size="full", epochs=20), "batch_size=full epochs=20"),
        (RunConfig(learning_rate=0.00123456789), "learning_rate=0.00123456789"),
    ],
)
def test_a_name_says_what_is_not_the_default(config: RunConfig, name: str) -> None:
    assert short_names([config]) == [name]


@given(st.lists(st.one_of(FEW, CONFIGS), max_size=8))
def test_no_two_names_are_equal(configs: list[RunConfig]) -> None:
    twice = short_names(configs * 2)
    assert len(set(twice)) == len(twice)
    assert all(short_names([config]) == short_names([config]) != [""] for config in configs)


def test_equal_runs_are_numbered() -> None:
    assert short_names([RunConfig()] * 3) == ["default", "default #2", "default #3"]
