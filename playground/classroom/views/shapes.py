"""What is in a view: the JSON that `audiences` makes and that pages read."""

from __future__ import annotations

from typing import TypedDict, final

from pydantic import JsonValue

from playground.classroom.jigsaw import Standing
from playground.classroom.rules.log import Phase, When

Json = dict[str, JsonValue]


class GivenAnswer(TypedDict, total=False):
    """A prediction: one of these."""

    choice: int
    number: float
    curve: list[float]


class AnswerView(TypedDict):
    """What a member predicts."""

    member: int
    name: str
    locked: bool
    answer: GivenAnswer


class WordsView(TypedDict):
    """What a member says of what happened."""

    member: int
    name: str
    text: str


class RunView(TypedDict):
    """A run in a few numbers, none of them from the test images."""

    id: str
    status: str
    failed: bool
    ended: bool
    epochs: int
    of: int
    accuracy: float | None
    val_accuracies: list[float]
    cell: int | None
    config: Json


class MemberRunView(RunView):
    """A run, and whose it is."""

    member: int
    name: str


class JudgedView(TypedDict):
    """The run that a member's prediction is judged by."""

    member: int
    run: str
    epochs: int


class RevealView(TypedDict):
    """What all may see once answers are revealed."""

    answers: list[AnswerView]
    words: list[WordsView]
    runs: list[MemberRunView]
    judged: list[JudgedView]


class ResultView(TypedDict):
    """A run's accuracies on validation and test."""

    val: float
    test: float


class OwnResultView(ResultView):
    """A member's best run."""

    run: str


class EnvelopeView(OwnResultView):
    """The best run of a class, by how much it misleads, and all others."""

    name: str
    count: int
    optimism: float
    results: list[ResultView]


class GuessView(TypedDict):
    """What one member's network calls a drawing."""

    name: str
    label: int
    probability: float


class DrawingView(TypedDict):
    """A drawing, and how many of the networks name it right."""

    number: int
    member: int
    name: str
    item: str
    label: int
    right: int
    of: int


class NewestDrawingView(DrawingView):
    """The newest drawing, and what each network calls it."""

    guesses: list[GuessView]


class DrawingsView(TypedDict):
    """The drawings of an activity, those first that are best understood."""

    count: int
    newest: NewestDrawingView | None
    ranking: list[DrawingView]


class CellView(TypedDict):
    """How a cell of a jigsaw stands."""

    standing: Standing
    mean: float | None
    runs: int


class DealtView(TypedDict):
    """A member's own cell."""

    index: int
    seed: int


class OpeningView(TypedDict):
    """What everybody may know of the activity that the class is at."""

    number: int
    phase: Phase
    revealed: bool
    sealed: bool
    answered: int
    locked: int
    trained: int
    explained: int
    reveal: RevealView | None
    judging: bool
    drawings: DrawingsView | None
    envelope: EnvelopeView | None


class WholeOpening(OpeningView):
    """With the activity and, of a jigsaw, its grid."""

    activity: Json
    grid: list[CellView] | None


@final
class ScreenOpening(WholeOpening):
    """The activity on the projector."""


@final
class TeacherOpening(WholeOpening):
    """The activity for the teacher, with everybody's answers."""

    answers: list[AnswerView]
    words: list[WordsView]


class MemberOpening(WholeOpening):
    """The activity for a member, with what they have done; `locked` is 1 once they have locked."""

    answer: GivenAnswer | None
    late: bool
    words: str
    runs_left: int | None
    runs: list[RunView]
    cell: DealtView | None
    yours: OwnResultView | None


class SnapshotCommon(TypedDict):
    """Something that the teacher keeps to show."""

    number: int
    what: str
    opening: int | None
    member: int | None
    name: str
    ref: str
    caption: str
    title: Json | None


class SnapshotView(SnapshotCommon, total=False):
    """With what it shows, each only where it is of that kind."""

    answer: GivenAnswer | None
    activity: Json
    text: str
    run: RunView | None
    item: str | None


class ClassName(TypedDict):
    """A class by its name, and whether it goes on."""

    id: str
    name: str
    solo: bool
    ended: bool


_OfClass = TypedDict("_OfClass", {"class": ClassName})


class CommonView(_OfClass):
    """What everybody may know of a class."""

    curtain: bool
    names_hidden: bool
    sealed: bool
    quiz: When | None
    count: int


class You(TypedDict):
    """A member, to themselves."""

    number: int
    name: str


class MemberView(CommonView):
    """What a member sees."""

    you: You
    locks: Json
    at: MemberOpening | None


@final
class ScreenView(CommonView):
    """What the projector shows."""

    code: str
    names: list[str]
    at: ScreenOpening | None
    presented: SnapshotView | None


class TurnedView(TypedDict):
    """An activity that the class has turned to."""

    number: int
    id: str
    title: Json
    revealed: bool


class TileView(TypedDict):
    """A member, to the teacher."""

    number: int
    name: str
    nickname: str
    removed: bool
    left: bool
    here: bool
    page: str | None
    since: int
    answered: bool
    locked: bool
    explained: bool
    cell: int | None
    runs: int
    trained: int
    runs_left: int | None
    run: RunView | None


@final
class TeacherView(CommonView):
    """What the teacher sees."""

    code: str
    closed: bool
    locks: Json
    at: TeacherOpening | None
    openings: list[TurnedView]
    roster: list[TileView]
    snapshots: list[SnapshotView]
    presented: int | None
    quizzes: dict[When, int]


View = MemberView | ScreenView | TeacherView
