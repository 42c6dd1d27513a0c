"""How far a sweep is: which run counts for each configuration of its plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache

from playground.config import RunConfig
from playground.events import Status
from playground.experiments.repeats import network_key
from playground.experiments.sweep import Sweep
from playground.experiments.sweep import runs as runs_of
from playground.runs.refusals import Refused
from playground.runs.results import follows_its_settings, has_result
from playground.store.runs import RunInfo, StoreError

# A cell whose run was interrupted so often is left as it is.
MOST_TRIES = 3


class SweepState(str, Enum):
    """Whether a sweep goes on."""

    GOING = "going"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"

    @property
    def ended(self) -> bool:
        """Whether nothing of it will be queued any more, unless its owner has it go on."""
        return self in (SweepState.STOPPED, SweepState.DONE)


@dataclass(frozen=True)
class SweepInfo:
    """A sweep.

    Attributes:
        plan: what is trained; None if another version made it and this one cannot read it.
        created: in UTC.
        since: when its owner last had it go on after it had ended. What was queued before that
            and has no result is tried again.
        problem: why no run could be queued just now; empty if one could.
    """

    id: str
    owner: str
    plan: Sweep | None
    state: SweepState
    created: datetime
    since: datetime
    problem: str | Refused | StoreError = ""


@dataclass(frozen=True)
class Trial:
    """One run of a plan: its configuration, seed included, and the run that counts, if any.

    Attributes:
        run: with a result, under way, or the newest one that ended without a result.
        to_come: whether it has to be queued, first or again.
    """

    config: RunConfig
    run: RunInfo | None
    to_come: bool


@lru_cache(maxsize=64)
def planned(plan: Sweep) -> tuple[RunConfig, ...]:
    """The runs of a plan that was accepted."""
    return runs_of(plan)


def trials(one: SweepInfo, configs: Iterable[RunConfig], runs: Iterable[RunInfo]) -> list[Trial]:
    """How far each configuration is.

    Any run of the owner with the same effect and a result counts, and any that is under way; of
    those that ended without one, only the sweep's own.

    Args:
        one: the sweep.
        configs: of its plan.
        runs: of its owner, newest first.
    """
    of_key: dict[object, list[RunInfo]] = {network_key(config): [] for config in configs}
    for run in runs:
        same = of_key.get(network_key(run.config))
        if same is not None and follows_its_settings(run):
            same.append(run)
    return [Trial(config, *_counts(one, of_key[network_key(config)])) for config in configs]


def _counts(one: SweepInfo, runs: list[RunInfo]) -> tuple[RunInfo | None, bool]:
    """The run that counts, and whether another one is to be queued."""
    for counts in (has_result, lambda run: not run.status.ended):
        for run in runs:
            if counts(run):
                return run, False
    own = [run for run in runs if run.sweep == one.id]
    tries = [run for run in own if run.created >= one.since]
    interrupted = sum(run.status is Status.INTERRUPTED for run in tries)
    given_up = interrupted >= MOST_TRIES or interrupted < len(tries)
    return (own[0] if own else None), not given_up
