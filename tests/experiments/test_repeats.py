"""Repeating settings: exactly what is missing, and the same seeds for all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.experiments.differences import differences
from playground.experiments.repeats import (
    network_key,
    repetitions,
    settings_key,
    shared_seeds,
)

SEEDS = st.frozensets(st.integers(0, 8), max_size=6)
CONFIGS = [RunConfig(), RunConfig(learning_rate=0.01), RunConfig(hidden_layers=(16,))]


@given(
    st.integers(1, 3).flatmap(lambda n: st.lists(SEEDS, min_size=n, max_size=n)),
    SEEDS,
    st.integers(0, 6),
)
def test_afterwards_all_have_so_many_seeds_more_and_nothing_is_trained_twice(
    has: list[frozenset[int]], again: frozenset[int], count: int
) -> None:
    configs = CONFIGS[: len(has)]
    runs = repetitions(configs, has, again, count)
    assert len(set(runs)) == len(runs)
    after = [set(one) for one in has]
    for run in runs:
        [index] = [i for i, c in enumerate(configs) if settings_key(c) == settings_key(run)]
        assert run.seed not in after[index]
        after[index].add(run.seed)
    assert len(shared_seeds(after)) == len(shared_seeds(has)) + count
    # No new seed while an old one would do.
    new = {run.seed for run in runs} - set().union(*has) - again
    unused = (set().union(*has) | again) - shared_seeds(after)
    assert not new or not unused


def test_the_seeds_of_one_are_trained_for_the_other_first() -> None:
    runs = repetitions(CONFIGS[:2], [{42, 7}, {42}], set(), 2)
    assert [(run.learning_rate, run.seed) for run in runs] == [
        *((0.01, 7), (0.001, 43), (0.01, 43)),
    ]


@given(st.sampled_from(["adam", "sgd"]), st.sampled_from([0.0, 0.9]), st.integers(0, 3))
def test_keys_are_equal_when_nothing_differs(optimizer: str, momentum: float, seed: int) -> None:
    one = RunConfig(optimizer="adam", seed=1)
    other = RunConfig.model_validate(
        {"optimizer": optimizer, "momentum": momentum, "seed": seed, "keep_snapshots": False}
    )
    found = {difference.setting for difference in differences([one, other])}
    assert (network_key(one) == network_key(other)) == (not found)
    assert (settings_key(one) == settings_key(other)) == (found <= {"seed"})
