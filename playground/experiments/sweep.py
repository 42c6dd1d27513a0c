"""A sweep: one base configuration, settings that change, and the seeds of every cell.

Every cell is trained with the same seeds, so that cells can be compared in pairs. A seed fixes
initial weights, order, dropout and additions; the validation images never depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from playground.config import RunConfig
from playground.experiments.axes import Choices, Range, SweepError, valid_values
from playground.experiments.differences import effects
from playground.locales import lazy

MOST_CELLS = 1_024
MOST_RUNS = 1_000
MOST_DRAWN_SETTINGS = 5


@dataclass(frozen=True)
class Grid:
    """All combinations of the values of one or two settings, each with all seeds.

    Raises `SweepError` if that is no grid, or if a setting has no effect in any cell.
    """

    base: RunConfig
    axes: tuple[Choices, ...]
    seeds: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.axes) <= 2:
            raise SweepError(lazy("A grid has one setting or two."))
        _check(self)

    def cells(self) -> dict[tuple[int, ...], RunConfig]:
        """The configuration of each cell, by its indices along the axes.

        Cells that would train the same network have the same configuration. They come in an order
        in which the first ones, however many, lie spread over the grid.
        """
        cells = {}
        same: dict[tuple[object, ...], RunConfig] = {}
        for index in spread([len(axis.values) for axis in self.axes]):
            values = {a.setting: a.values[i] for a, i in zip(self.axes, index, strict=True)}
            config = _changed(self.base, values)
            cells[index] = same.setdefault(_key(config), config)
        return cells


@dataclass(frozen=True)
class Draws:
    """Random combinations of one to five settings, no two the same, each with all seeds.

    Raises `SweepError` if there are not so many combinations, or if a setting has no effect in any.
    """

    base: RunConfig
    axes: tuple[Choices | Range, ...]
    seeds: tuple[int, ...]
    count: int
    draw_seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.axes) <= MOST_DRAWN_SETTINGS:
            raise SweepError(
                lazy("Random draws change one to {most} settings.", most=MOST_DRAWN_SETTINGS)
            )
        if not 2 <= self.count <= MOST_CELLS:
            raise SweepError(lazy("A sweep has 2 to {most} random draws.", most=MOST_CELLS))
        if self.draw_seed < 0:
            raise SweepError(lazy("The seed of the draws must not be negative."))
        _check(self)

    def cells(self) -> dict[tuple[int, ...], RunConfig]:
        """The configuration of each draw, by (its number from 0,), in their order.

        Fewer draws are the first of more: `draw_seed` alone fixes them.
        """
        random = np.random.default_rng(self.draw_seed)
        drawn: dict[tuple[object, ...], RunConfig] = {}
        for _ in range(100 * self.count):
            shares = random.random(len(self.axes))
            values = {a.setting: a.at(u) for a, u in zip(self.axes, shares, strict=True)}
            config = _changed(self.base, values)
            drawn.setdefault(_key(config), config)
            if len(drawn) == self.count:
                return {(i,): config for i, config in enumerate(drawn.values())}
        raise SweepError(
            lazy(
                "There are not {count} different draws: choose fewer, or more values.",
                count=self.count,
            )
        )


Sweep = Grid | Draws


def runs(sweep: Sweep, most: int = MOST_RUNS) -> tuple[RunConfig, ...]:
    """The runs of a sweep as they are trained: all cells with the first seed, then the second, ….

    Args:
        sweep: the cells and seeds.
        most: how many runs there may be.

    Raises:
        SweepError: there are more.
    """
    configs = dict.fromkeys(sweep.cells().values())
    count = len(configs) * len(sweep.seeds)
    if count > most:
        raise SweepError(
            lazy(
                "{count:,} runs are too many: a sweep has at most {most:,}.", count=count, most=most
            )
        )
    return tuple(_changed(config, {"seed": seed}) for seed in sweep.seeds for config in configs)


def next_seeds(config: RunConfig, count: int, used: Sequence[int] = ()) -> tuple[int, ...]:
    """The seeds with which a configuration is repeated: those that follow its own.

    Args:
        config: its seed is not among them.
        count: how many, 0 or more.
        used: others that are not to be taken.
    """
    _, last = RunConfig.limits("seed")
    found: list[int] = []
    taken, seed = {config.seed, *used}, config.seed
    while len(found) < count:
        seed = seed + 1 if seed < last else 0
        if seed not in taken:
            found.append(seed)
    return tuple(found)


def _check(sweep: Sweep) -> None:
    """Check what grids and draws have in common."""
    settings = [axis.setting for axis in sweep.axes]
    if len(set(settings)) < len(settings):
        raise SweepError(lazy("A sweep changes a setting once, and not twice."))
    if not sweep.seeds:
        raise SweepError(lazy("A sweep needs one seed or more."))
    object.__setattr__(sweep, "seeds", valid_values("seed", sweep.seeds))
    all_effects = [effects(config) for config in sweep.cells().values()]
    for setting in settings:
        if all(effect[setting] is None for effect in all_effects):
            raise SweepError(lazy("{setting} has no effect with these settings.", setting=setting))


def _changed(config: RunConfig, values: Mapping[str, object]) -> RunConfig:
    """With other values, which are known to be valid."""
    return config.model_copy(update=values)


def _key(config: RunConfig) -> tuple[object, ...]:
    """Equal for configurations that train the same network."""
    return tuple(effects(config).values())


def spread(lengths: Sequence[int]) -> list[tuple[int, ...]]:
    """All indices of a grid, each as far as can be from all before it; the first corner first."""
    cells = list(product(*map(range, lengths)))
    points = np.array(cells) / [max(length - 1, 1) for length in lengths]
    nearest = np.full(len(cells), np.inf)
    order, newest = [], 0
    for _ in cells:
        order.append(cells[newest])
        nearest = np.minimum(nearest, np.linalg.norm(points - points[newest], axis=1))
        nearest[newest] = -1
        newest = int(nearest.argmax())
    return order
