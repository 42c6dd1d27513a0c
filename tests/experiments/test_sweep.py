"""Sweeps as lists of runs, and what is said of those that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from math import dist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from playground.config import RunConfig
from playground.experiments.axes import LOG_SCALE, Choices, Range, SweepError
from playground.experiments.differences import differences
from playground.experiments.sweep import Draws, Grid, Sweep, next_seeds, runs
from playground.locales import Text

VALUES: dict[str, tuple[Any, ...]] = {
    "hidden_layers": ((), (16,), (128,), (128, 64), (8,) * 5),
    "activation": ("relu", "tanh", "sigmoid"),
    "learning_rate": (0.0001, 0.001, 0.01, 0.1),
    "batch_size": (1, 32, 512, "full"),
    "optimizer": ("sgd", "adam"),
    "momentum": (0.0, 0.5, 0.9),
    "early_stop": (True, False),
    "epochs": (1, 5, 20),
    "l2": (0.0, 0.001),
}
RANGES = {
    "learning_rate": Range("learning_rate", 1e-4, 1.0),
    "l2": Range("l2", 1e-6, 0.1),
    "batch_size": Range("batch_size", 8, 512),
    "epochs": Range("epochs", 2, 50),
    "train_images": Range("train_images", 1_000, 60_000),
    "dropout": Range("dropout", 0.0, 0.5),
    "validation_split": Range("validation_split", 0.1, 0.3),
}
SEEDS = st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=4, unique=True).map(tuple)


def _choices(setting: str) -> st.SearchStrategy[Choices]:
    values = st.lists(st.sampled_from(VALUES[setting]), min_size=2, unique=True).map(tuple)
    return values.map(lambda chosen: Choices(setting, chosen))


def _some(names: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)


# Momentum has an effect with SGD.
GRIDS = st.builds(
    Grid,
    st.just(RunConfig(optimizer="sgd")),
    _some(list(VALUES), 2)
    .filter(lambda names: names != ["momentum"])
    .flatmap(lambda names: st.tuples(*map(_choices, names))),
    SEEDS,
)
DRAWS = st.builds(
    Draws,
    st.just(RunConfig()),
    _some(list(RANGES), 5).map(lambda names: tuple(RANGES[name] for name in names)),
    SEEDS,
    count=st.integers(2, 6),
    draw_seed=st.integers(0, 2**31),
)


@given(GRIDS)
def test_a_grid_has_every_combination_once_and_trains_nothing_twice(grid: Grid) -> None:
    cells = grid.cells()
    assert sorted(cells) == list(product(*(range(len(axis.values)) for axis in grid.axes)))
    for index, config in cells.items():
        values = {a.setting: a.values[i] for a, i in zip(grid.axes, index, strict=True)}
        wanted = RunConfig.model_validate(grid.base.model_dump() | values)
        assert differences([config, wanted]) == ()
    distinct = set(cells.values())
    assert all(differences(pair) for pair in combinations(distinct, 2))
    assert set(runs(grid, 10**6)) == {
        config.model_copy(update={"seed": seed}) for config in distinct for seed in grid.seeds
    }


@given(GRIDS)
def test_the_first_cells_are_spread_over_the_grid(grid: Grid) -> None:
    ends = [max(len(axis.values) - 1, 1) for axis in grid.axes]
    points = [tuple(np.divide(index, ends)) for index in grid.cells()]
    for done in range(1, len(points)):
        gaps = [min(dist(point, other) for other in points[:done]) for point in points[done:]]
        assert gaps[0] == pytest.approx(max(gaps))


@given(st.one_of(GRIDS, DRAWS))
def test_every_cell_is_trained_with_a_seed_before_the_next_seed(sweep: Sweep) -> None:
    trained = runs(sweep, 10**6)
    cells = len(trained) // len(sweep.seeds)
    assert len(set(trained)) == len(trained) == cells * len(sweep.seeds)
    assert [run.seed for run in trained] == [seed for seed in sweep.seeds for _ in range(cells)]
    for run in trained:
        RunConfig.model_validate(run.model_dump())
        changed = {axis.setting for axis in sweep.axes} | {"seed"}
        assert run.model_dump(exclude=changed) == sweep.base.model_dump(exclude=changed)


@given(st.one_of(GRIDS, DRAWS))
def test_json_gives_back_the_very_sweep(sweep: Sweep) -> None:
    form: TypeAdapter[Sweep] = TypeAdapter(Sweep)
    again = form.validate_json(form.dump_json(sweep))
    assert again == sweep
    assert runs(again, 10**6) == runs(sweep, 10**6)


@given(DRAWS)
def test_draws_differ_lie_in_their_ranges_and_fewer_are_the_first(draws: Draws) -> None:
    configs = list(draws.cells().values())
    assert len(configs) == draws.count
    assert all(differences(pair) for pair in combinations(configs, 2))
    for axis in draws.axes:
        assert isinstance(axis, Range)
        assert all(axis.low <= getattr(config, axis.setting) <= axis.high for config in configs)
    fewer = Draws(draws.base, draws.axes, draws.seeds, 2, draws.draw_seed)
    assert list(fewer.cells().values()) == configs[:2]


@pytest.mark.parametrize("setting", RANGES)
def test_half_of_the_draws_lie_below_the_middle_of_the_scale(setting: str) -> None:
    axis = RANGES[setting]
    values = [axis.at(u) for u in np.random.default_rng(1).random(1_000)]
    middle = (axis.low + axis.high) / 2
    if setting in LOG_SCALE:
        middle = (axis.low * axis.high) ** 0.5
    below = sum(value < middle for value in values) / len(values)
    # 8, 16, 32 and 64 are as many as 64 to 512 but one; whole epochs lie on the middle itself.
    assert below == pytest.approx(3 / 7 if setting == "batch_size" else 0.5, abs=0.06)
    assert min(values) < axis.low * 1.2 + 0.01
    assert max(values) > axis.high * 0.9


def test_values_may_be_text() -> None:
    assert Choices("hidden_layers", ("128,64", "none")).values == ((128, 64), ())
    assert Choices("batch_size", ("32", "full")).values == (32, "full")
    assert Choices("learning_rate", ("0.01", "1e-3")).values == (0.01, 0.001)
    assert (Range("epochs", 2.0, 5.0).low, Range("epochs", 2.0, 5.0).at(0.99)) == (2, 5)


RATES = Choices("learning_rate", (0.01, 0.1))
RUN = RunConfig()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Choices("learning_rate", (0.01,)), "needs two values of learning_rate"),
        (lambda: Choices("learning_rate", ()), "needs two values of learning_rate"),
        (lambda: Choices("learning_rate", (0.01, 99)), "“99” cannot be learning_rate.*1e-05 to 10"),
        (lambda: Choices("learning_rate", (0.01, float("nan"))), "“nan” cannot be"),
        (lambda: Choices("learning_rate", (0.01, "0.01")), "learning_rate has 0.01 twice"),
        (lambda: Choices("epochs", (1, 2.5)), "“2.5” cannot be epochs: a whole number from 1 to"),
        (lambda: Choices("hidden_layers", ((8,), (8,) * 6)), "“8-8-8-8-8-8”.*at most 5 hidden"),
        (lambda: Choices("hidden_layers", ("8", "5000")), "“5000”.*1 to 1024 units"),
        (lambda: Choices("activation", ("relu", "step")), "“step” is not a value of activation"),
        (lambda: Choices("batch_size", (32, 33)), "“33” is not a value of batch_size"),
        (lambda: Choices("seed", (1, 2)), "Seeds are not swept"),
        (lambda: Choices("colour", (1, 2)), "“colour” is not a setting"),
        (lambda: Choices("epochs", tuple(range(1, 66))), "at most 64 values of epochs"),
        (lambda: Range("activation", 0, 1), "is not a value of activation"),
        (lambda: Range("early_stop", 0, 1), "early_stop has no range"),
        (lambda: Range("hidden_layers", 1, 2), "at most 5 hidden"),
        (lambda: Range("learning_rate", 0.1, 0.1), "lowest value of learning_rate must be below"),
        (lambda: Range("l2", 0, 0.1), "l2 is drawn on a log scale"),
        (lambda: Range("epochs", 0, 10), "“0” cannot be epochs"),
        (lambda: Grid(RUN, (), (1,)), "one setting or two"),
        (lambda: Grid(RUN, (RATES,) * 3, (1,)), "one setting or two"),
        (lambda: Grid(RUN, (RATES, RATES), (1,)), "changes a setting once"),
        (lambda: Grid(RUN, (RATES,), ()), "one seed or more"),
        (lambda: Grid(RUN, (RATES,), (1, 1)), "seed has 1 twice"),
        (lambda: Grid(RUN, (RATES,), (-1,)), "“-1” cannot be seed"),
        (lambda: Grid(RUN, (RATES,), tuple(range(65))), "at most 64 values of seed"),
        (lambda: Grid(RUN, (Choices("momentum", (0, 0.9)),), (1,)), "momentum has no effect"),
        (lambda: Draws(RUN, (), (1,), 5), "one to 5 settings"),
        (lambda: Draws(RUN, (RATES,) * 6, (1,), 5), "one to 5 settings"),
        (lambda: Draws(RUN, (RATES,), (1,), 1), "2 to 1024 random draws"),
        (lambda: Draws(RUN, (RATES,), (1,), 10**9), "2 to 1024 random draws"),
        (lambda: Draws(RUN, (RATES,), (1,), 3), "not 3 different draws"),
        (lambda: Draws(RUN, (RATES,), (1,), 2, -1), "must not be negative"),
        (
            lambda: runs(Grid(RUN, (RATES,), (1, 2, 3)), 5),
            "6 runs are too many: a sweep has at most 5",
        ),
    ],
)
def test_what_cannot_be_swept_is_said_in_a_sentence(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(SweepError, match=said) as refused:
        make()
    assert isinstance(refused.value.args[0], Text)


@given(
    st.dictionaries(
        st.sampled_from([*RunConfig.model_fields, "x"]),
        st.one_of(
            st.none(),
            st.lists(st.one_of(st.integers(), st.floats(), st.text(), st.none()), max_size=7),
        ),
        max_size=7,
    ),
    st.lists(st.integers(-1, 2**31)),
    st.integers(-2, 9),
)
def test_whatever_is_asked_is_a_valid_sweep_or_a_sentence(
    axes: dict[str, Any], seeds: list[int], count: int
) -> None:
    for make in (
        lambda choices: Grid(RUN, choices, tuple(seeds)),
        lambda choices: Draws(RUN, choices, tuple(seeds), count),
    ):
        try:
            sweep = make(tuple(Choices(name, tuple(v or ())) for name, v in axes.items()))
            found = runs(sweep, 64)
        except SweepError:
            continue
        assert 1 <= len(found) <= 64
        assert all(RunConfig.model_validate(run.model_dump()) == run for run in found)


@given(st.integers(0, 2**31 - 1), st.integers(0, 20), st.lists(st.integers(0, 60), max_size=30))
def test_further_seeds_are_new(seed: int, count: int, used: list[int]) -> None:
    found = next_seeds(RunConfig(seed=seed), count, used)
    assert len({seed, *found} - set(used) | {seed}) == count + 1
    assert all(RunConfig(seed=one).seed == one for one in found)
    assert next_seeds(RunConfig(seed=2**31 - 1), 2) == (0, 1)
