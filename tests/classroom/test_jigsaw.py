"""The jigsaw: members come and go and things fail, and in the end the grid has no hole."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from playground.classroom import jigsaw
from playground.classroom.activities.schema import Activity
from playground.classroom.gate import fixed_settings, runs_left, stamp
from playground.classroom.jigsaw import MOST_FAILURES, deal, grid
from playground.classroom.rules import acts
from playground.classroom.rules.folding import fold
from playground.classroom.rules.state import Cell, ClassState, Opening
from playground.config import RunConfig
from playground.events import Status
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo
from playground.store.summaries import Summary
from tests.classroom.conftest import activity

T = "browser:teacher"
AXES = [["learning_rate", [0.01, 0.1, 1.0]], ["batch_size", [16, 64]]]
JIGSAW = activity(jigsaw={"axes": AXES}, free=[], runs=1)
people = st.integers(1, 8).map("browser:{}".format)


class Class:
    """A class at a jigsaw, and its runs."""

    def __init__(self, played: Activity = JIGSAW) -> None:
        self.state = ClassState("cafe", T)
        self.runs: list[RunInfo] = []
        self._ids = count(1)
        self.do(acts.open_activity, T, played)

    def do(self, act: Any, *args: Any) -> bool:
        """Whether something has happened."""
        try:
            events = act(self.state, *args)
        except Refused:
            return False
        self.state = fold(self.state, events)
        return bool(events)

    def deal(self, owner: str) -> bool:
        """Give them a cell, if they are to have another one; asked twice it changes nothing."""
        changed = self.do(deal, owner, 1, self.runs)
        assert not self.do(deal, owner, 1, self.runs)
        return changed

    @property
    def opening(self) -> Opening:
        """The only one."""
        return self.state.openings[0]

    def cell(self, owner: str) -> Cell | None:
        """What they are to train."""
        member = self.state.member_of(owner)
        return self.opening.of(member.number).cell if member else None

    def train(self, owner: str) -> RunInfo | None:
        """Queue what the gate lets them train; None if nothing."""
        member, cell = self.state.member_of(owner), self.cell(owner)
        if member is None or member.gone or cell is None:
            return None
        mine = [run for run in self.runs if run.owner == owner]
        if runs_left(self.opening, member.number, mine) == 0:
            return None
        fixed = fixed_settings(self.state, self.opening, member.number)
        config = RunConfig.model_validate(fixed)
        now = datetime.now(timezone.utc)
        run = RunInfo(str(next(self._ids)), owner, config, Status.QUEUED, "", now)
        run = replace(run, classroom=stamp(self.state.id, 1, cell.index))
        dealt = self.opening.activity.jigsaw.settings(cell.index)  # type: ignore[union-attr]
        assert dealt.items() <= config.model_dump(mode="json").items()
        assert config.seed == cell.seed
        self.runs.insert(0, run)
        return run

    def end(self, run: RunInfo, status: Status, accuracy: float = 0.8) -> None:
        """A run is over."""
        summary = (
            Summary(epochs=5, val_accuracies=(accuracy,))
            if status.value == "Finished"
            else Summary()
        )
        index = next(i for i, one in enumerate(self.runs) if one.id == run.id)
        self.runs[index] = replace(run, status=status, summary=summary)

    @property
    def standings(self) -> list[str]:
        """Of all cells, in a word each."""
        return [cell.standing for cell in grid(self.state, self.opening, self.runs)]


class Jigsaw(RuleBasedStateMachine):
    """Members come and go, runs end well or badly, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Class()
        self.done: set[int] = set()

    @rule(who=people)
    def join(self, who: str) -> None:
        self.room.do(acts.join, who, "")

    @rule(who=people)
    def leave(self, who: str) -> None:
        self.room.do(acts.leave, who)

    @rule(number=st.integers(1, 8), removed=st.booleans())
    def remove(self, number: int, removed: bool) -> None:
        self.room.do(acts.remove, T, number, removed)

    @rule(who=people)
    def deal(self, who: str) -> None:
        room = self.room
        room.deal(who)
        cell, member = room.cell(who), room.state.member_of(who)
        if cell is None or member is None or member.gone:
            return
        if not any(run.classroom == stamp("cafe", 1, cell.index) for run in room.runs):
            others = [one.owner for one in room.state.present if one.owner != who]
            assert cell not in [room.cell(other) for other in others]

    @rule(who=people)
    def train(self, who: str) -> None:
        self.room.train(who)

    @precondition(lambda self: any(not run.status.ended for run in self.room.runs))
    @rule(
        data=st.data(),
        status=st.sampled_from(
            [Status.FINISHED, Status.FAILED, Status.INTERRUPTED, Status.STOPPED]
        ),
    )
    def end(self, data: st.DataObject, status: Status) -> None:
        going = [run for run in self.room.runs if not run.status.ended]
        self.room.end(data.draw(st.sampled_from(going)), status)

    @invariant()
    def what_is_done_stays_so(self) -> None:
        now = {index for index, word in enumerate(self.room.standings) if word == "done"}
        assert now >= self.done
        self.done = now

    def teardown(self) -> None:
        """Those who are there do what they can, and then there is no hole."""
        room = self.room
        room.do(acts.join, "browser:last", "")
        for run in [run for run in room.runs if not run.status.ended]:
            room.end(run, Status.INTERRUPTED)
        for _ in range(12):
            for member in room.state.present:
                room.deal(member.owner)
                if (trained := room.train(member.owner)) is not None:
                    room.end(trained, Status.FINISHED)
        assert set(room.standings) <= {"done", "failed"}, room.standings
        for index, cell in enumerate(grid(room.state, room.opening, room.runs)):
            if cell.standing == "failed":
                failed = [run for run in room.runs if run.status is Status.FAILED]
                there = [run for run in failed if run.classroom == stamp("cafe", 1, index)]
                assert len(there) >= MOST_FAILURES


Jigsaw.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestJigsaw = Jigsaw.TestCase


def joined(room: Class, *owners: str) -> None:
    for owner in owners:
        assert room.do(acts.join, owner, "")
        room.deal(owner)


def test_each_has_a_cell_of_their_own_and_the_first_lie_far_apart() -> None:
    room = Class()
    joined(room, *(f"browser:{n}" for n in range(6)))
    cells = [room.cell(f"browser:{n}") for n in range(6)]
    assert sorted(cell.index for cell in cells if cell) == list(range(6))
    assert [cell.index for cell in cells[:2] if cell] == [0, 5]  # opposite corners
    assert {cell.seed for cell in cells if cell} == {RunConfig().seed}


def test_latecomers_get_other_seeds_of_the_cells_with_the_fewest_runs() -> None:
    room = Class()
    joined(room, *(f"browser:{n}" for n in range(6)))
    for n in range(5):
        trained = room.train(f"browser:{n}")
        assert trained is not None
        room.end(trained, Status.FINISHED)
    joined(room, "browser:late", "browser:later")
    waits, late, later = (room.cell(f"browser:{who}") for who in (5, "late", "later"))
    assert waits is not None
    assert late == Cell(waits.index, waits.seed + 1)
    assert later == Cell(waits.index, waits.seed + 2)


@pytest.mark.parametrize("ended", [Status.FAILED, Status.INTERRUPTED, Status.STOPPED])
def test_a_cell_whose_run_came_to_nothing_is_open_again(ended: Status) -> None:
    room = Class()
    joined(room, *(f"browser:{n}" for n in range(6)))
    run = room.train("browser:3")
    assert run is not None
    cell = room.cell("browser:3")
    assert cell is not None
    assert room.standings[cell.index] == "trains"
    room.end(run, ended)
    assert room.standings[cell.index] == "open"
    joined(room, "browser:late")
    assert room.cell("browser:late") == cell
    assert room.standings[cell.index] == "dealt"


@pytest.mark.parametrize("ended", [Status.FAILED, Status.INTERRUPTED, Status.STOPPED])
def test_who_is_alone_trains_their_cell_again(ended: Status) -> None:
    room = Class()
    joined(room, "browser:1")
    run = room.train("browser:1")
    assert run is not None
    room.end(run, ended)
    room.deal("browser:1")
    assert room.train("browser:1") is not None


def test_a_cell_of_one_who_leaves_without_training_is_open_again() -> None:
    room = Class()
    joined(room, "browser:1", "browser:2")
    cell = room.cell("browser:1")
    assert cell is not None
    room.do(acts.leave, "browser:1")
    assert room.standings[cell.index] == "open"
    joined(room, "browser:3")
    assert room.cell("browser:3") == cell
    room.do(acts.join, "browser:1", "")  # back again, they get another one
    run = room.train("browser:3")
    assert run is not None
    room.deal("browser:1")
    assert room.cell("browser:1") not in (None, cell)


def test_a_cell_that_always_fails_shows_that(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Class()
    joined(room, "browser:1")
    cell = room.cell("browser:1")
    assert cell is not None
    for _ in range(MOST_FAILURES):
        room.deal("browser:1")
        failed = room.train("browser:1")
        assert failed is not None
        room.end(failed, Status.FAILED)
    assert room.standings[cell.index] == "failed"
    room.deal("browser:1")
    other = room.cell("browser:1")
    assert other is not None
    assert other.index != cell.index


def test_one_person_alone_fills_the_whole_grid() -> None:
    room = Class()
    joined(room, "browser:1")
    while (run := room.train("browser:1")) is not None:
        room.end(run, Status.FINISHED, accuracy=0.7)
        room.deal("browser:1")
    assert room.standings == ["done"] * 6
    assert not room.deal("browser:1")
    means = [cell.mean for cell in grid(room.state, room.opening, room.runs)]
    assert means == [pytest.approx(0.7)] * 6


def test_only_members_at_this_jigsaw_get_a_cell() -> None:
    room = Class()
    with pytest.raises(Refused, match="not in this class"):
        deal(room.state, "browser:1", 1, [])
    joined(room, "browser:1")
    room.do(acts.open_activity, T, activity())
    with pytest.raises(Refused, match="not at this activity"):
        deal(room.state, "browser:1", 1, [])
    with pytest.raises(Refused, match="no cells"):
        deal(room.state, "browser:1", 2, [])
    assert grid(room.state, room.state.openings[1], []) == []


def test_where_the_seed_is_an_axis_it_says_which_cell_it_is() -> None:
    room = Class(activity(jigsaw={"axes": [["seed", [1, 2]], AXES[1]]}, free=[]))
    joined(room, *(f"browser:{n}" for n in range(6)))
    for n in range(6):
        cell = room.cell(f"browser:{n}")
        assert cell is not None
        assert cell.seed == room.opening.activity.config(cell.index).seed
    assert jigsaw._spread(2, 2) == [0, 3, 1, 2]
