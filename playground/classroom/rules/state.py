"""How a class stands; `folding` says how it comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from playground.classroom.activities.schema import Activity
from playground.classroom.rules.log import PHASES, Answer, Phase, Tested, When


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

    def nickname(self, number: int) -> str:
        """What a member calls themselves; empty for none, and for all while names are hidden."""
        return "" if self.names_hidden else self.members[number].nickname

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
