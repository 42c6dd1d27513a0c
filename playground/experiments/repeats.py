"""Settings that are trained again with other seeds, the same ones for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from playground.config import RunConfig
from playground.experiments.differences import effects
from playground.experiments.sweep import next_seeds

# So many seeds a first repetition comes to.
USUAL_SEEDS = 5


@lru_cache(maxsize=16_384)
def network_key(config: RunConfig) -> Hashable:
    """Equal for configurations that train the same network, to the bit."""
    return tuple(effects(config).values())


@lru_cache(maxsize=16_384)
def settings_key(config: RunConfig) -> Hashable:
    """Equal for configurations that differ only in the seed."""
    done = effects(config)
    del done["seed"]
    return tuple(done.values())


def shared_seeds(has: Sequence[AbstractSet[int]]) -> set[int]:
    """The seeds that all settings have.

    Args:
        has: of each of one or more settings, the seeds that it has been or will be trained with.
    """
    return set[int]().union(*has).intersection(*has)


def repetitions(
    configs: Sequence[RunConfig],
    has: Sequence[AbstractSet[int]],
    again: AbstractSet[int],
    count: int,
) -> list[RunConfig]:
    """The runs that are missing so that all settings have `count` seeds more.

    Seeds that only some of the settings have come first, then those to be tried again, then those
    that follow the first configuration's own.

    Args:
        configs: one or more, no two the same except for the seed.
        has: of each, the seeds that it has been or will be trained with.
        again: seeds whose run ended early somewhere.
        count: 0 or more.

    Returns:
        All settings with the first of these seeds, then with the second, …
    """
    shared = shared_seeds(has)
    known = (set[int]().union(*has) | again) - shared
    first = sorted(known, key=lambda seed: (sum(seed not in one for one in has), seed))
    seeds = [*first, *next_seeds(configs[0], count, used=[*shared, *known])][:count]
    return [
        config.model_copy(update={"seed": seed})
        for seed in seeds
        for config, there in zip(configs, has, strict=True)
        if seed not in there
    ]
