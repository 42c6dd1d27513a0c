"""Whose turn it is: pure functions of who waits and who trains."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from playground.events import Event, Status, StatusChange
from playground.locales import english, lazy
from playground.store.runs import RunInfo


def turn_order(
    queued: Iterable[RunInfo],
    active: Iterable[RunInfo],
    last_turns: Mapping[str, int],
    most_active: int | None = None,
) -> list[RunInfo]:
    """The order in which queued runs are admitted, fair between owners.

    Next is always the owner with the fewest runs under way or already placed, and of that
    owner's runs the first, those of sweeps after all others; between equal owners the one whose
    last turn is longest ago (else one with many runs would go first again and again on a single
    worker), then the one whose run came first.

    Args:
        queued: runs that wait, in the order in which they came.
        active: runs under way.
        last_turns: owners who had a run admitted, and a number that is higher the later it was.
        most_active: runs of one owner that may train at once. An owner with so many comes last.
    """
    share = Counter(run.owner for run in active)
    latest = max(last_turns.values(), default=0)
    of_owner: dict[str, list[tuple[int, RunInfo]]] = {}
    for number, run in enumerate(queued):
        of_owner.setdefault(run.owner, []).append((number, run))
    for runs in of_owner.values():
        runs.sort(key=lambda numbered: (bool(numbered[1].sweep), numbered[0]), reverse=True)

    def key(owner: str, turn: int) -> tuple[bool, int, int, int, str]:
        full = most_active is not None and share[owner] >= most_active
        return full, share[owner], turn, of_owner[owner][-1][0], owner

    heap = [key(owner, last_turns.get(owner, 0)) for owner in of_owner]
    heapq.heapify(heap)
    order: list[RunInfo] = []
    while heap:
        owner = heapq.heappop(heap)[-1]
        order.append(of_owner[owner].pop()[1])
        share[owner] += 1
        latest += 1
        if of_owner[owner]:
            heapq.heappush(heap, key(owner, latest))
    return order


def admitted(
    order: Iterable[RunInfo], active: Iterable[RunInfo], free: int, most_active: int
) -> list[RunInfo]:
    """The runs that begin now.

    Args:
        order: as `turn_order` gives it.
        active: runs under way.
        free: how many workers are free.
        most_active: runs of one owner that may train at once.
    """
    share = Counter(run.owner for run in active)
    chosen: list[RunInfo] = []
    for run in order:
        if len(chosen) == free:
            break
        if share[run.owner] < most_active:
            share[run.owner] += 1
            chosen.append(run)
    return chosen


def exchanged(
    chosen: Sequence[RunInfo],
    order: Sequence[RunInfo],
    active: Iterable[RunInfo],
    at_hand: Set[str],
    elsewhere: Set[str],
) -> list[RunInfo]:
    """The runs that begin now, some in the place of one of their sweep or jigsaw.

    Which of these comes first matters to nobody, and to compile a network takes as long as a short
    run. So the first goes whose network a free worker has, else whose network no worker has.

    Args:
        chosen, order, active: as in `admitted`, which gives the first.
        at_hand: the networks of the free workers, as `RunConfig.compile_key`.
        elsewhere: the networks of all others.
    """
    busy = {run.owner for run in (*active, *chosen)}
    taken = set(elsewhere)
    begun: list[RunInfo] = []

    def cost(run: RunInfo) -> int:
        key = run.config.compile_key
        return 0 if key in at_hand else 2 if key in taken else 1

    for run in chosen:
        others = [
            one
            for one in order
            if _exchanges(run, one)
            and one not in chosen
            and one not in begun
            and (one.owner == run.owner or one.owner not in busy)
        ]
        first = min([run, *others], key=cost)
        taken.add(first.config.compile_key)
        busy.add(first.owner)
        begun.append(first)
    return begun


def _exchanges(run: RunInfo, other: RunInfo) -> bool:
    """Whether two runs are of one sweep, or cells of one jigsaw."""
    if run.sweep:
        return other.sweep == run.sweep
    jigsaw, _, cell = run.classroom.rpartition("/")
    return cell != "" and "/" in jigsaw and other.classroom.rpartition("/")[0] == jigsaw


@dataclass(frozen=True)
class Waited:
    """A run, and for how many minutes it has waited, or trained."""

    run: RunInfo
    minutes: float


def overdue(active: Iterable[Waited], most_minutes: float) -> list[RunInfo]:
    """The runs that have trained for longer than a run may."""
    return [one.run for one in active if one.minutes > most_minutes]


def gives_way(
    queued: Iterable[Waited], active: Iterable[Waited], most_wait: float, ending: int = 0
) -> list[str]:
    """The runs that end so that somebody else gets a turn, by id.

    For each owner without a run under way who has waited longer than `most_wait` minutes, one
    run of somebody else's that has trained as long: of the owner who has most runs under way,
    and of those the one that has trained for longest.

    Args:
        queued: runs that wait.
        active: runs under way that have not been told to end.
        most_wait: minutes that an owner waits at the most.
        ending: runs that have been told to end already, each for one who waits.
    """
    left = list(active)
    busy = {one.run.owner for one in left}
    patient = {one.run.owner for one in queued if one.minutes > most_wait} - busy
    ended: list[str] = []
    for _ in range(len(patient) - ending):
        share = Counter(one.run.owner for one in left)
        able = [one for one in left if one.minutes > most_wait]
        if not able:
            break
        chosen = max(able, key=lambda one: (share[one.run.owner], one.minutes))
        left.remove(chosen)
        ended.append(chosen.run.id)
    return ended


def reasons_to_end(
    queued: Iterable[Waited],
    active: Iterable[Waited],
    most_run: float,
    most_wait: float,
    ending: int = 0,
) -> dict[str, str]:
    """The runs to end now, by id, and why, in English sentences.

    Args:
        queued, active, most_wait, ending: as in `gives_way`.
        most_run: minutes that a run trains at the most.
    """
    active = list(active)
    reasons = {
        run.id: lazy(
            "Ended after {minutes:g} minutes, the most that a run may train on this "
            "server. What it had learned by then is kept.",
            minutes=most_run,
        )
        for run in overdue(active, most_run)
    }
    for run_id in gives_way(queued, active, most_wait, ending):
        reasons[run_id] = lazy(
            "Ended because somebody else had waited for {minutes:g} minutes. What it had "
            "learned by then is kept.",
            minutes=most_wait,
        )
    return {run_id: english(reason) for run_id, reason in reasons.items()}


def queue_position_event(
    run_id: str, positions: Mapping[str, int], problem: str = ""
) -> list[Event]:
    """A queued run's position as an event that is not kept; nothing for any other run.

    Args:
        run_id: the run.
        positions: of all queued runs by id, 1 is next.
        problem: why nothing can be trained now, an English sentence; empty if it can.
    """
    if run_id not in positions:
        return []
    position = positions[run_id]
    ahead = (
        lazy("You are next.")
        if position == 1
        else lazy("Place {position} in the queue.", position=position)
    )
    reason = problem or english(ahead)
    return [Event(run_id, 0, StatusChange(status=Status.QUEUED, reason=reason))]
