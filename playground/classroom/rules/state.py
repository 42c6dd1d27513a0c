"""How a class stands: a fold over its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch

from pydantic import JsonValue

from playground.classroom.activities.schema import Activity
from playground.classroom.rules import log
from playground.classroom.rules.log import PHASES, Answer, Data, Phase, Tested, When


@dataclass(frozen=True)
class Member:
    """One who learns.

    Attributes:
        number: 1, 2, … in the order in which they came.
        owner: of their runs.
        nickname: may be empty.
        removed: whether the teacher has removed them.
        left: whether they have left by themselves.
    """

    number: int
    owner: str
    nickname: str
    removed: bool = False
    left: bool = False

    @property
    def gone(self) -> bool:
        """Whether they take no part any more."""
        return self.removed or self.left


@dataclass(frozen=True)
class Drawing:
    """What a member has drawn: 28 × 28 grey values in base64, and what it is meant to be."""

    member: int
    item: str
    label: int


@dataclass(frozen=True)
class Cell:
    """What a member has been dealt of a jigsaw."""

    index: int
    seed: int


@dataclass(frozen=True)
class Work:
    """What one member has done in one activity.

    Attributes:
        answer: the newest prediction.
        locked: whether it is final.
        words: the explanation.
        granted: runs beyond the activity's limit.
        cell: of the jigsaw.
        changes: how often they have answered or explained.
    """

    answer: Answer | None = None
    locked: bool = False
    words: str = ""
    granted: int = 0
    cell: Cell | None = None
    changes: int = 0


@dataclass(frozen=True)
class Opening:
    """An activity that the class has turned to.

    Attributes:
        number: 1, 2, … in this class.
        phase: how far one may go.
        revealed: whether everybody may see all answers.
        was_revealed: whether they have been shown at some time; nobody can unsee them.
        envelope: the test figures, best on validation first; None while it is sealed.
        work: by member.
        drawings: in the order in which they came.
    """

    number: int
    activity: Activity
    phase: Phase
    revealed: bool = False
    was_revealed: bool = False
    envelope: tuple[Tested, ...] | None = None
    work: Mapping[int, Work] = field(default_factory=dict)
    drawings: tuple[Drawing, ...] = ()

    def reached(self, phase: Phase) -> bool:
        """Whether one may go as far as this phase."""
        return PHASES.index(phase) <= PHASES.index(self.phase)

    def of(self, member: int) -> Work:
        """What a member has done; nothing yet is empty."""
        return self.work.get(member, Work())

    @property
    def sealed(self) -> bool:
        """Whether nobody may see a test figure yet."""
        return self.activity.sealed and self.envelope is None


@dataclass(frozen=True)
class Snapshot:
    """Something that the teacher keeps to show; see `log.SnapshotAdded`."""

    number: int
    what: str
    opening: int | None
    member: int | None
    ref: str
    caption: str


@dataclass(frozen=True)
class ClassState:
    """Everything that has been said in a class. `owner` has started it.

    Attributes:
        solo: a person who plays alone: its one member and its teacher.
        seq: how many events it has had.
        shown: the number of the opening that the class is at; None for none.
        curtain: whether all screens show that the teacher speaks.
        closed: whether nobody new may join.
        locks: settings that are fixed for all members.
        order: the snapshots' numbers in the order in which they are shown.
        presented: the snapshot on the projector.
        quiz: which quiz may be answered.
        quizzes: answers by quiz and member.
        quiz_changes: how often a member has answered, both quizzes together.
    """

    id: str
    owner: str
    solo: bool = False
    seq: int = 0
    name: str = ""
    teachers: frozenset[str] = frozenset()
    screens: frozenset[str] = frozenset()
    members: Mapping[int, Member] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()
    shown: int | None = None
    curtain: bool = False
    closed: bool = False
    names_hidden: bool = False
    locks: Mapping[str, JsonValue] = field(default_factory=dict)
    snapshots: Mapping[int, Snapshot] = field(default_factory=dict)
    order: tuple[int, ...] = ()
    presented: int | None = None
    quiz: When | None = None
    quizzes: Mapping[tuple[When, int], tuple[int | None, ...]] = field(default_factory=dict)
    quiz_changes: Mapping[int, int] = field(default_factory=dict)
    ended: bool = False

    def is_teacher(self, owner: str) -> bool:
        """Whether this is a device of the teacher."""
        return owner == self.owner or owner in self.teachers

    def is_screen(self, owner: str) -> bool:
        """Whether this is a device that shows the projector's view."""
        return owner in self.screens

    def member_of(self, owner: str) -> Member | None:
        """The member that somebody is, removed or not; None if they have not joined."""
        return next((one for one in self.members.values() if one.owner == owner), None)

    def opening(self, number: int | None) -> Opening | None:
        """An opening by its number; None if there is none."""
        return self.openings[number - 1] if number and number <= len(self.openings) else None

    def is_removed(self, number: int | None) -> bool:
        """Whether a member is removed: what they wrote is then shown nowhere."""
        member = self.members.get(number) if number is not None else None
        return member is not None and member.removed

    @property
    def at(self) -> Opening | None:
        """What the class is at."""
        return self.opening(self.shown)

    @property
    def present(self) -> list[Member]:
        """The members who take part, in the order in which they came."""
        return [one for one in self.members.values() if not one.gone]

    def seen(self, opening: Opening) -> bool:
        """Whether members have seen the answers of others, and can predict nothing any more."""
        return opening.was_revealed and not self.solo

    @property
    def sealed(self) -> bool:
        """Whether what its members train is not to be judged on the test images now.

        When the class has ended they are free again; what was sealed stays so until its envelope is
        opened.
        """
        return any(opening.sealed for opening in self.openings) and not self.ended


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
