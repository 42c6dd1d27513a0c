"""What the board says of the differences between runs."""

from __future__ import annotations

from typing import Any

import pytest

from playground.config import RunConfig
from playground.ui.compare.board import explain

DIFFERENT_IMAGES = "judged on different images"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ([{}, {}], "the same settings"),
        ([{}, {"seed": 1}], "Only the seed differs"),
        ([{}, {"learning_rate": 0.1}], "Only one thing differs: Learning rate"),
        (
            [{}, {"learning_rate": 0.1, "seed": 1}],
            "Two things differ, so neither alone explains the result.",
        ),
        (
            [{}, {"learning_rate": 0.1}, {"optimizer": "sgd"}, {"l2": 0.1}],
            "3 things differ, so none of them alone explains the result.",
        ),
        ([{}, {"momentum": 0.5}], "the same settings"),
        ([{}, {"train_images": 1000}], DIFFERENT_IMAGES),
        ([{}, {"validation_split": 0.5}], DIFFERENT_IMAGES),
    ],
)
def test_it_says_what_the_differences_can_explain(
    settings: list[dict[str, Any]], words: str
) -> None:
    said = explain([RunConfig(**values) for values in settings])
    assert words in said
    assert (DIFFERENT_IMAGES in said) == (words == DIFFERENT_IMAGES)


def test_runs_that_begin_with_other_weights_differ_in_that_too() -> None:
    same = [RunConfig()] * 2
    assert "Only what they begin with differs" in explain(same, same_start=False)
    other = [RunConfig(), RunConfig(learning_rate=0.1)]
    assert "Two things differ" in explain(other, same_start=False)
    seeds = [RunConfig(), RunConfig(seed=1)]
    assert "Two things differ" in explain(seeds, same_start=False)
