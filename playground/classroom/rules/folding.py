"""The fold: how a class stands after events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from playground.classroom.rules import log
from playground.classroom.rules.log import Data
from playground.classroom.rules.state import (
    Cell,
    ClassState,
    Drawing,
    Member,
    Opening,
    Snapshot,
    Work,
)


def fold(state: ClassState, events: Iterable[Data]) -> ClassState:
    """The state after events."""
    for data in events:
        state = replace(apply(data, state), seq=state.seq + 1)
    return state


@singledispatch
def apply(data: Data, state: ClassState) -> ClassState:
    """The state after one event, its seq left aside."""
    raise TypeError(f"no state follows from {type(data).__name__}")


@apply.register
def _(data: log.Named, state: ClassState) -> ClassState:
    return replace(state, name=data.name)


@apply.register
def _(data: log.TeacherJoined, state: ClassState) -> ClassState:
    return replace(state, teachers=state.teachers | {data.owner})


@apply.register
def _(data: log.ScreenJoined, state: ClassState) -> ClassState:
    return replace(state, screens=state.screens | {data.owner})


@apply.register
def _(data: log.MemberJoined, state: ClassState) -> ClassState:
    member = Member(data.member, data.owner, data.nickname)
    return replace(state, members={**state.members, member.number: member})


@apply.register
def _(data: log.MemberRenamed, state: ClassState) -> ClassState:
    member = replace(state.members[data.member], nickname=data.nickname)
    return replace(state, members={**state.members, member.number: member})


@apply.register
def _(data: log.MemberRemoved, state: ClassState) -> ClassState:
    member = replace(state.members[data.member], removed=data.removed)
    return replace(state, members={**state.members, member.number: member})


@apply.register
def _(data: log.MemberLeft, state: ClassState) -> ClassState:
    member = replace(state.members[data.member], left=data.left)
    return replace(state, members={**state.members, member.number: member})


@apply.register
def _(data: log.ActivityOpened, state: ClassState) -> ClassState:
    opening = Opening(len(state.openings) + 1, data.activity, data.phase)
    return replace(state, openings=(*state.openings, opening), shown=opening.number)


@apply.register
def _(data: log.ActivityShown, state: ClassState) -> ClassState:
    return replace(state, shown=data.opening)


@apply.register
def _(data: log.PhaseSet, state: ClassState) -> ClassState:
    return _with_opening(state, data.opening, phase=data.phase)


@apply.register
def _(data: log.Revealed, state: ClassState) -> ClassState:
    seen = data.revealed or state.openings[data.opening - 1].was_revealed
    return _with_opening(state, data.opening, revealed=data.revealed, was_revealed=seen)


@apply.register
def _(data: log.CurtainSet, state: ClassState) -> ClassState:
    return replace(state, curtain=data.down)


@apply.register
def _(data: log.NamesHidden, state: ClassState) -> ClassState:
    return replace(state, names_hidden=data.hidden)


@apply.register
def _(data: log.DoorSet, state: ClassState) -> ClassState:
    return replace(state, closed=data.closed)


@apply.register
def _(data: log.SettingsLocked, state: ClassState) -> ClassState:
    return replace(state, locks=data.settings)


@apply.register
def _(data: log.Predicted, state: ClassState) -> ClassState:
    changes = _work(state, data).changes + 1
    return _with_work(state, data, answer=data.answer, changes=changes)


@apply.register
def _(data: log.PredictionLocked, state: ClassState) -> ClassState:
    return _with_work(state, data, locked=True)


@apply.register
def _(data: log.Explained, state: ClassState) -> ClassState:
    return _with_work(state, data, words=data.text, changes=_work(state, data).changes + 1)


@apply.register
def _(data: log.RunsGranted, state: ClassState) -> ClassState:
    return _with_work(state, data, granted=_work(state, data).granted + data.count)


@apply.register
def _(data: log.CellDealt, state: ClassState) -> ClassState:
    return _with_work(state, data, cell=Cell(data.cell, data.seed))


@apply.register
def _(data: log.EnvelopeOpened, state: ClassState) -> ClassState:
    return _with_opening(state, data.opening, envelope=data.results)


@apply.register
def _(data: log.Drawn, state: ClassState) -> ClassState:
    drawings = state.openings[data.opening - 1].drawings
    drawing = Drawing(data.member, data.item, data.label)
    return _with_opening(state, data.opening, drawings=(*drawings, drawing))


@apply.register
def _(data: log.SnapshotAdded, state: ClassState) -> ClassState:
    number = len(state.snapshots) + 1
    kept = Snapshot(number, data.what, data.opening, data.member, data.ref, data.caption)
    return replace(state, snapshots={**state.snapshots, number: kept}, order=(*state.order, number))


@apply.register
def _(data: log.SnapshotCaptioned, state: ClassState) -> ClassState:
    kept = replace(state.snapshots[data.snapshot], caption=data.caption)
    return replace(state, snapshots={**state.snapshots, kept.number: kept})


@apply.register
def _(data: log.SnapshotsOrdered, state: ClassState) -> ClassState:
    gone = state.presented not in data.snapshots
    return replace(state, order=data.snapshots, presented=None if gone else state.presented)


@apply.register
def _(data: log.Presented, state: ClassState) -> ClassState:
    return replace(state, presented=data.snapshot)


@apply.register
def _(data: log.QuizOpened, state: ClassState) -> ClassState:
    return replace(state, quiz=data.when)


@apply.register
def _(data: log.QuizAnswered, state: ClassState) -> ClassState:
    quizzes = {**state.quizzes, (data.when, data.member): data.answers}
    changes = state.quiz_changes.get(data.member, 0) + 1
    return replace(
        state, quizzes=quizzes, quiz_changes={**state.quiz_changes, data.member: changes}
    )


@apply.register
def _(data: log.Ended, state: ClassState) -> ClassState:
    return replace(state, ended=data.ended, curtain=False)


def _with_opening(state: ClassState, number: int, **changes: object) -> ClassState:
    openings = list(state.openings)
    openings[number - 1] = replace(openings[number - 1], **changes)  # type: ignore[arg-type]
    return replace(state, openings=tuple(openings))


_Done = log.Predicted | log.PredictionLocked | log.Explained | log.RunsGranted | log.CellDealt


def _work(state: ClassState, data: _Done) -> Work:
    return state.openings[data.opening - 1].of(data.member)


def _with_work(state: ClassState, data: _Done, **changes: object) -> ClassState:
    opening = state.openings[data.opening - 1]
    done = replace(opening.of(data.member), **changes)  # type: ignore[arg-type]
    return _with_opening(state, data.opening, work={**opening.work, data.member: done})
