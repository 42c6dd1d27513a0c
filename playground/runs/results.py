"""Which runs tell what settings lead to, and which of several runs of one seed counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.config import RunConfig
from playground.events import Status
from playground.experiments.repeats import settings_key
from playground.store.runs import RunInfo


def follows_its_settings(run: RunInfo) -> bool:
    """Whether a run's settings alone say how it was trained.

    It went on from no other run, and nobody changed its rate meanwhile.
    """
    return not run.foreign and run.parent is None and not run.summary.by_hand


def has_result(run: RunInfo) -> bool:
    """Whether a run has trained all that its settings ask for."""
    return run.status is Status.FINISHED and run.summary.val_accuracy is not None


@dataclass
class Repeats:
    """The runs of one configuration, with any seed.

    Attributes:
        config: its seed has no meaning.
        runs: the run that counts, by its seed: one with a result, else one that waits or trains,
            else the newest.
    """

    config: RunConfig
    runs: dict[int, RunInfo] = field(default_factory=dict)

    @property
    def accuracies(self) -> dict[int, float]:
        """The validation accuracy after the last epoch, 0 to 1, of each seed that has a result."""
        return {
            seed: accuracy
            for seed, run in self.runs.items()
            if has_result(run) and (accuracy := run.summary.val_accuracy) is not None
        }

    @property
    def planned(self) -> set[int]:
        """The seeds that have a result, wait or train."""
        return {seed for seed, run in self.runs.items() if has_result(run) or not run.status.ended}


def repeats_of(configs: Iterable[RunConfig], runs: Iterable[RunInfo]) -> list[Repeats]:
    """The runs of each configuration, in their order; none is counted that was changed by hand.

    Args:
        configs: no two the same except for the seed.
        runs: of one owner, newest first.
    """
    found = [Repeats(config) for config in configs]
    by_key = {settings_key(one.config): one for one in found}
    for run in runs:
        one = by_key.get(settings_key(run.config))
        if one is not None and follows_its_settings(run):
            before = one.runs.get(run.config.seed)
            if before is None or _rank(run) > _rank(before):
                one.runs[run.config.seed] = run
    return found


def _rank(run: RunInfo) -> int:
    return 2 if has_result(run) else 1 if not run.status.ended else 0
