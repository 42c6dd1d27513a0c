"""The jigsaw: a grid of settings dealt out, one cell to each member, until it has no hole.

How a cell stands follows from who holds it, which the class's log says, and from the runs that have
its stamp. A cell is open again when its run came to nothing or its member left without training.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from playground.classroom.gate import is_of, read_stamp, runs_left, stamp
from playground.classroom.rules import acts, log
from playground.classroom.rules.state import Cell, ClassState, Member, Opening
from playground.events import Status
from playground.experiments.sweep import spread
from playground.locales import lazy
from playground.runs.refusals import Refused
from playground.runs.results import has_result
from playground.store.runs import RunInfo

# A cell whose runs failed so often, as where the loss always grows without limit, stays as it is:
# that is what it shows.
MOST_FAILURES = 3

Standing = Literal["open", "dealt", "trains", "done", "failed"]


@dataclass(frozen=True)
class CellStanding:
    """How one cell stands.

    Attributes:
        accuracies: of its runs with a result, after the last epoch on validation, 0 to 1.
        under_way: its runs that wait or train.
        failures: its runs that failed.
        holders: how many members who take part are to train it and have not yet.
        seeds: those that have a result, are under way, or are somebody's to train.
    """

    accuracies: tuple[float, ...] = ()
    under_way: int = 0
    failures: int = 0
    holders: int = 0
    seeds: frozenset[int] = frozenset()

    @property
    def standing(self) -> Standing:
        """In a word."""
        if self.accuracies:
            return "done"
        if self.under_way:
            return "trains"
        if self.failures >= MOST_FAILURES:
            return "failed"
        return "dealt" if self.holders else "open"

    @property
    def mean(self) -> float | None:
        """Of the accuracies; None before the first."""
        return sum(self.accuracies) / len(self.accuracies) if self.accuracies else None


def grid(state: ClassState, opening: Opening, runs: Iterable[RunInfo]) -> list[CellStanding]:
    """How all cells of an opening stand, row by row; empty if it is no jigsaw.

    Args:
        state: of the class.
        opening: of an activity.
        runs: of the class.
    """
    jigsaw = opening.activity.jigsaw
    if jigsaw is None:
        return []
    of_cell: dict[int, list[RunInfo]] = {index: [] for index in range(jigsaw.cells)}
    for run in runs:
        class_id, number, cell = read_stamp(run.classroom)
        if (class_id, number) == (state.id, opening.number) and cell in of_cell:
            of_cell[cell].append(run)
    held: dict[int, list[int]] = {index: [] for index in of_cell}
    for member in state.present:
        dealt = opening.of(member.number).cell
        if dealt is not None and _is_to_train(of_cell[dealt.index], member, dealt):
            held[dealt.index].append(dealt.seed)
    return [_standing(of_cell[index], held[index]) for index in of_cell]


def _is_to_train(runs: Iterable[RunInfo], member: Member, dealt: Cell) -> bool:
    """Whether a member is still to begin what was dealt to them.

    One whose run came to nothing is not: the cell is then for the first who takes it, them too. Nor
    is one whose cell has been trained by somebody else meanwhile.
    """
    return not any(
        run.owner == member.owner or _lives(run) for run in runs if run.config.seed == dealt.seed
    )


def _is_going(run: RunInfo) -> bool:
    return not run.status.ended


def _lives(run: RunInfo) -> bool:
    """Whether a run has a result or may get one."""
    return has_result(run) or _is_going(run)


def _standing(runs: list[RunInfo], held: list[int]) -> CellStanding:
    done = [run.summary.val_accuracy for run in runs if has_result(run)]
    return CellStanding(
        tuple(accuracy for accuracy in done if accuracy is not None),
        sum(map(_is_going, runs)),
        sum(run.status is Status.FAILED for run in runs),
        len(held),
        frozenset([*(run.config.seed for run in runs if _lives(run)), *held]),
    )


def deal(state: ClassState, owner: str, number: int, runs: Iterable[RunInfo]) -> list[log.Data]:
    """A member takes a cell; who has one that is not trained yet keeps it.

    The next open cell, each as far as can be from those before. If none is open, another seed of
    the cell with the fewest runs. Who has trained a cell may take another one as long as a cell
    has no result, and gets the run for it.

    Args:
        state: of the class.
        owner: the member.
        number: of the opening.
        runs: of the class.

    Raises:
        Refused: they are no member, the class is elsewhere, or this is no jigsaw.
    """
    member = acts.require_member(state, owner)
    opening = acts.require_opening(state, number)
    if state.shown != number:
        raise Refused(lazy("The class is not at this activity now."))
    if opening.activity.jigsaw is None:
        raise Refused(lazy("This activity has no cells to deal."))
    runs = list(runs)
    cells = grid(state, opening, runs)
    mine = [run for run in runs if run.owner == owner and is_of(run, stamp(state.id, number))]
    events: list[log.Data] = []
    dealt = opening.of(member.number).cell
    there = (
        []
        if dealt is None
        else [run for run in runs if run.classroom == stamp(state.id, number, dealt.index)]
    )
    if (
        dealt is None
        or _is_over(there, member, dealt, cells[dealt.index].standing)
        or _is_given_on(state, opening, member, dealt, there)
    ):
        index = _next_cell(opening, cells, again=any(map(has_result, mine)))
        if index is None:
            return []
        cell = Cell(index, _seed(opening, index, cells[index].seeds))
        if cell == dealt:
            return []
        events = [log.CellDealt(opening=number, member=member.number, cell=index, seed=cell.seed)]
    # A run that was stopped uses up what the activity allows, and leaves a hole.
    if runs_left(opening, member.number, mine) == 0 and not any(map(_is_going, mine)):
        events.append(log.RunsGranted(opening=number, member=member.number, count=1))
    return events


def _is_over(runs: list[RunInfo], member: Member, dealt: Cell, standing: Standing) -> bool:
    """Whether a member has nothing more to do with their cell.

    Args:
        runs: in this cell.
        member: who asks.
        dealt: their cell.
        standing: of the cell.
    """
    runs = [run for run in runs if run.config.seed == dealt.seed]
    own = [run for run in runs if run.owner == member.owner]
    if any(map(_lives, own)):
        return any(map(has_result, own))
    # Somebody else has taken it over, or nobody can fill it.
    return any(map(_lives, runs)) or (bool(own) and standing in ("done", "failed"))


def _is_given_on(
    state: ClassState, opening: Opening, member: Member, dealt: Cell, runs: list[RunInfo]
) -> bool:
    """Whether somebody else has got a member's cell, who was away or whose run came to nothing."""
    if _has_seeds_of_its_own(opening):
        return False
    if any(run.owner == member.owner and _is_going(run) for run in runs):
        return False
    others = (one for one in state.present if one != member)
    return any(
        opening.of(one.number).cell == dealt and _is_to_train(runs, one, dealt) for one in others
    )


def _has_seeds_of_its_own(opening: Opening) -> bool:
    """Whether the seed says which cell it is, so that a cell has only one."""
    jigsaw = opening.activity.jigsaw
    return jigsaw is not None and "seed" in (axis.setting for axis in jigsaw.axes)


def _seed(opening: Opening, index: int, taken: frozenset[int]) -> int:
    """The first seed of a cell that nobody has, from the activity's own on."""
    first = opening.activity.config(index).seed
    if _has_seeds_of_its_own(opening):
        return first
    return next(seed for seed in range(first, first + len(taken) + 1) if seed not in taken)


def _next_cell(opening: Opening, cells: list[CellStanding], *, again: bool) -> int | None:
    """The cell to deal next; None if one who has trained a cell is not needed any more.

    Args:
        opening: of the jigsaw.
        cells: how they stand.
        again: whether it is for one who has had a cell.
    """
    order = _order(opening)
    for index in order:
        if cells[index].standing == "open":
            return index
    # What is dealt and not begun may stay so: somebody who is there helps.
    wanted = [index for index in order if not again or cells[index].standing == "dealt"]
    hopeful = [index for index in wanted if cells[index].standing != "failed"] or wanted
    if not hopeful:
        return None
    effort = Counter({i: len(cells[i].accuracies) + cells[i].under_way for i in hopeful})
    return min(hopeful, key=lambda i: (effort[i], cells[i].holders, order.index(i)))


def _order(opening: Opening) -> list[int]:
    assert opening.activity.jigsaw is not None
    rows, columns = (len(axis.values) for axis in opening.activity.jigsaw.axes)
    return _spread(rows, columns)


@lru_cache(maxsize=64)
def _spread(rows: int, columns: int) -> list[int]:
    """Cells by their indices, in an order in which the first ones lie spread over the grid."""
    return [row * columns + column for row, column in spread([rows, columns])]
