"""Which run a prediction is judged by."""

from __future__ import annotations

from collections.abc import Sequence

from playground.classroom.activities.schema import Activity
from playground.classroom.gate import fixed_settings
from playground.classroom.rules.state import ClassState, Opening
from playground.config import RunConfig
from playground.events import Status
from playground.store.runs import RunInfo


def start(state: ClassState, opening: Opening, member: int) -> RunConfig:
    """The settings that a member's prediction is about."""
    base = opening.activity.config().model_dump(mode="json")
    return RunConfig.model_validate(base | fixed_settings(state, opening, member))


def judged(activity: Activity, start: RunConfig, runs: Sequence[RunInfo]) -> RunInfo | None:
    """The run that a prediction is judged by; None before it has ended.

    It is the first with the settings that the activity starts from, else the first of all. In a
    jigsaw it is the first of all: one has predicted for the first cell, whichever one has now.

    Args:
        activity: what is predicted.
        start: the settings that it starts from for this member.
        runs: of the member in this activity, the first first.
    """
    ended = [run for run in runs if run.status in (Status.FINISHED, Status.STOPPED)]
    first = next(iter(ended), None)
    if activity.jigsaw is not None:
        return first
    return next((run for run in ended if _same(run.config, start)), first)


def _same(one: RunConfig, other: RunConfig) -> bool:
    # Whether weights are kept to be looked at changes nothing of a run.
    return one.model_copy(update={"keep_snapshots": other.keep_snapshots}) == other
