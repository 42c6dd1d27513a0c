"""Repeat with other seeds: which runs are missing, and submitting or stopping them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from playground.config import RunConfig
from playground.events import Command, Status
from playground.experiments.repeats import (
    USUAL_SEEDS,
    repetitions,
    settings_key,
    shared_seeds,
)
from playground.figures.compare import MOST_RUNS
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.runs.results import Repeats, repeats_of
from playground.store.runs import RunInfo

# Beyond this number of seeds nothing more is learned that matters.
MOST_SEEDS = 100


def settings_of(runs: Sequence[RunInfo]) -> list[RunInfo]:
    """The first run of each configuration, its seed apart."""
    return list({settings_key(run.config): run for run in reversed(runs)}.values())[::-1]


def can_repeat(runs: Sequence[RunInfo], owner: str) -> bool:
    """Whether these runs can be repeated: an owner's, of one to eight configurations."""
    own = all(run.owner == owner and not run.foreign for run in runs)
    return own and 1 <= len(settings_of(runs)) <= MOST_RUNS


def repeats(hub: Hub, chosen: Sequence[RunInfo]) -> list[Repeats]:
    """The runs of the chosen configurations, with any seed, each of its own run's owner."""
    found = []
    for run in settings_of(chosen):
        found += repeats_of([run.config], hub.runs(run.owner))
    return found


def missing(found: Sequence[Repeats], count: int) -> list[RunConfig]:
    """The runs that bring so many seeds more to all configurations."""
    ended_early = {
        seed
        for one in found
        for seed, run in one.runs.items()
        if run.status in (Status.STOPPED, Status.INTERRUPTED)
    }
    return repetitions(
        [one.config for one in found], [one.planned for one in found], ended_early, count
    )


def seeds_to_add(found: Sequence[Repeats]) -> int:
    """How many seeds a first repetition adds, so that it comes to the usual number."""
    return max(0, USUAL_SEEDS - len(shared_seeds([one.planned for one in found])))


def most_to_add(hub: Hub, owner: str, found: Sequence[Repeats]) -> int:
    """How many seeds can be added now: more runs may not wait."""
    left = MOST_SEEDS - len(shared_seeds([one.planned for one in found]))
    return max(0, min(left, hub.room(owner) // len(found)))


def submit(hub: Hub, owner: str, configs: Sequence[RunConfig]) -> str:
    """Queue runs; returns why one could not be, and then the rest is not; empty if all are.

    Raises:
        StoreError: one cannot be written.
    """
    try:
        for config in configs:
            hub.submit(owner, config)
    except Refused as error:
        return str(error)
    return ""


def stop(hub: Hub, owner: str, found: Sequence[Repeats]) -> str:
    """Stop what waits and trains; returns why a run could not be stopped, empty if all are."""
    going = [run for one in found for run in one.runs.values() if not run.status.ended]
    try:
        # What waits first: else it would take the place of what is stopped.
        for run in sorted(going, key=lambda run: run.status.active):
            hub.command(owner, run.id, Command("stop"))
    except ConnectionError as error:
        return str(error)
    return ""


def with_one_seed(runs: Sequence[RunInfo]) -> list[RunInfo]:
    """The runs as if they had one seed: what they are called does not say it."""
    return [
        replace(run, config=run.config.model_copy(update={"seed": runs[0].config.seed}))
        for run in runs
    ]
