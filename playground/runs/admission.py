"""Whose turn it is: pure functions of who waits and who trains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from playground.events import Event, Status
from playground.runs.store import RunInfo


def turn_order(
    queued: Iterable[RunInfo], active: Iterable[RunInfo], last_turns: Mapping[str, int]
) -> list[RunInfo]:
    """The order in which queued runs are admitted, fair between owners.

    Next is always the owner with the fewest runs under way or already placed, and of that
    owner's runs the oldest; between equal owners the one whose last turn is longest ago (else one
    with many runs would go first again and again on a single worker), then the older run.

    Args:
        queued: runs that wait.
        active: runs under way.
        last_turns: owners who had a run admitted, and a number that is higher the later it was.
    """
    share = Counter(run.owner for run in active)
    waiting = sorted(queued, key=lambda run: run.created)
    turns = dict(last_turns)
    order: list[RunInfo] = []
    while waiting:
        run = min(waiting, key=lambda run: (share[run.owner], turns.get(run.owner, 0)))
        waiting.remove(run)
        share[run.owner] += 1
        turns[run.owner] = max(turns.values(), default=0) + 1
        order.append(run)
    return order


def place_event(run_id: str, places: Mapping[str, int]) -> list[Event]:
    """A queued run's place in words, which is not kept; nothing for any other run.

    Args:
        run_id: the run.
        places: of all queued runs by id, 1 is next.
    """
    if run_id not in places:
        return []
    place = places[run_id]
    ahead = "You are next." if place == 1 else f"Place {place} in the queue."
    return [Event(run_id, 0, "status", {"status": Status.QUEUED.value, "reason": ahead})]
