"""Whose turn it is: a pure function of who waits and who trains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playground.runs.store import RunInfo


def turn_order(queued: Iterable[RunInfo], active: Iterable[RunInfo]) -> list[RunInfo]:
    """The order in which queued runs are admitted, fair between owners.

    Next is always the owner with the fewest runs under way or already placed, and of that
    owner's runs the oldest; between equal owners the older run goes first.
    """
    share = Counter(run.owner for run in active)
    waiting = sorted(queued, key=lambda run: run.created)
    order: list[RunInfo] = []
    while waiting:
        run = min(waiting, key=lambda run: share[run.owner])
        waiting.remove(run)
        share[run.owner] += 1
        order.append(run)
    return order
