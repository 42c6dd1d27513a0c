"""Short names for settings' values and for runs that are shown together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from playground.config import RunConfig
from playground.experiments.differences import differences


def show_value(value: Any) -> str:
    """A setting's value: layers as 128-64, a number as short as can be, but never rounded."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)


@lru_cache(maxsize=4096)
def short_name(config: RunConfig) -> str:
    """What is not the default in a run, as `learning_rate=0.01 seed=7`; empty if nothing is.

    Only settings that have an effect are named.
    """
    changed = differences([RunConfig(), config])
    return " ".join(f"{one.setting}={show_value(one.values[1])}" for one in changed)


def short_names(configs: Sequence[RunConfig]) -> list[str]:
    """The short name of each run, or `default`.

    No two names of the list are equal: of equal ones all after the first get a number.
    """
    seen: Counter[str] = Counter()
    names = []
    for config in configs:
        name = short_name(config) or "default"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return names
