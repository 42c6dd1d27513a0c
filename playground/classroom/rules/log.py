"""What happens in a class: its events, typed, as its log keeps them."""

from __future__ import annotations

import json
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PositiveInt,
    ValidationError,
    model_validator,
)

from playground.classroom.activities.schema import Activity

Phase = Literal["predict", "run", "explain", "compare"]
PHASES: tuple[Phase, ...] = get_args(Phase)
When = Literal["before", "after"]

# Of a drawn curve: equally spaced from epoch 0 to the last.
CURVE_POINTS = 41
MOST_MEMBERS = 200
MOST_OPENINGS = 60
MOST_SNAPSHOTS = 100
MOST_WORDS = 1_000
# That one member shows in one activity.
MOST_DRAWINGS = 20
MOST_NAME = 60
# Answers that a member may change before it is locked, and words after it: each change is kept.
MOST_CHANGES = 200

MemberNumber = Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
Owner = Annotated[str, Field(min_length=1, max_length=255)]
Line = Annotated[str, Field(max_length=MOST_NAME)]
Prose = Annotated[str, Field(max_length=MOST_WORDS)]
RunId = Annotated[str, Field(pattern=r"^[0-9a-f]{1,32}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Answer(_Frozen):
    """What somebody predicts: exactly one of three."""

    choice: Annotated[int, Field(ge=0, le=5)] | None = None
    number: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    curve: tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...] | None = Field(
        None,
        min_length=CURVE_POINTS,
        max_length=CURVE_POINTS,
        description="Equally spaced from epoch 0 to the last.",
    )

    @model_validator(mode="after")
    def _one(self) -> Answer:
        if [self.choice, self.number, self.curve].count(None) != 2:
            raise ValueError("exactly one of choice, number and curve")
        return self


class Data(_Frozen):
    """An event's data."""

    kind: ClassVar[str]

    def to_json(self) -> dict[str, JsonValue]:
        """The fields as JSON values."""
        return self.model_dump(mode="json")


class Named(Data):
    """The class has this name from now on."""

    kind = "named"
    name: Line


class TeacherJoined(Data):
    """Another device of the teacher."""

    kind = "teacher_joined"
    owner: Owner


class ScreenJoined(Data):
    """A device that shows the projector's view, and can do nothing."""

    kind = "screen_joined"
    owner: Owner


class MemberJoined(Data):
    """Somebody new; numbers are given in order and never again."""

    kind = "member_joined"
    member: MemberNumber
    owner: Owner
    nickname: Line = Field(description="Empty: they are known by their animal.")


class MemberRenamed(Data):
    """By the teacher, or by themselves."""

    kind = "member_renamed"
    member: MemberNumber
    nickname: Line


class MemberRemoved(Data):
    """They may do nothing more here until they are let in again; what they did stays."""

    kind = "member_removed"
    member: MemberNumber
    removed: bool = True


class MemberLeft(Data):
    """They have left by themselves, or have come back."""

    kind = "member_left"
    member: MemberNumber
    left: bool = True


class ActivityOpened(Data):
    """The class turns to an activity, which becomes number 1, 2, … of the class."""

    kind = "activity_opened"
    activity: Activity
    phase: Phase


class ActivityShown(Data):
    """The class turns to what was opened before, or to nothing."""

    kind = "activity_shown"
    opening: PositiveInt | None


class PhaseSet(Data):
    """How far one may go in an activity."""

    kind = "phase_set"
    opening: PositiveInt
    phase: Phase


class Revealed(Data):
    """Everybody may see what everybody has answered."""

    kind = "revealed"
    opening: PositiveInt
    revealed: bool


class CurtainSet(Data):
    """All screens show that the teacher speaks, or what they showed before."""

    kind = "curtain_set"
    down: bool


class NamesHidden(Data):
    """Members are known by their animals."""

    kind = "names_hidden"
    hidden: bool


class DoorSet(Data):
    """Nobody new may join, or everybody who has the code; those who are known come back."""

    kind = "door_set"
    closed: bool


class SettingsLocked(Data):
    """Settings that are fixed for all members, whatever is open; they replace those of before."""

    kind = "settings_locked"
    settings: dict[str, JsonValue]


class Predicted(Data):
    """A member's prediction; the last one before it is locked counts."""

    kind = "predicted"
    opening: PositiveInt
    member: MemberNumber
    answer: Answer


class PredictionLocked(Data):
    """It never changes after this."""

    kind = "prediction_locked"
    opening: PositiveInt
    member: MemberNumber


class Explained(Data):
    """A member's own words; they replace those of before."""

    kind = "explained"
    opening: PositiveInt
    member: MemberNumber
    text: Prose


class RunsGranted(Data):
    """More runs for one member than the activity allows."""

    kind = "runs_granted"
    opening: PositiveInt
    member: MemberNumber
    count: Annotated[int, Field(ge=1, le=20)]


class CellDealt(Data):
    """A member's cell of a jigsaw; they may get another one later."""

    kind = "cell_dealt"
    opening: PositiveInt
    member: MemberNumber
    cell: Annotated[int, Field(ge=0, le=63)]
    seed: Annotated[int, Field(ge=0)]


class Tested(_Frozen):
    """How one run does on the test images."""

    run: RunId
    member: MemberNumber
    val_accuracy: Annotated[float, Field(ge=0, le=1)]
    test_accuracy: Annotated[float, Field(ge=0, le=1)]


class EnvelopeOpened(Data):
    """The test figures of a sealed activity's runs, the best on validation first."""

    kind = "envelope_opened"
    opening: PositiveInt
    results: Annotated[tuple[Tested, ...], Field(max_length=20 * MOST_MEMBERS)]


class Drawn(Data):
    """What a member has drawn for the others to guess: 28 × 28 grey values, base64."""

    kind = "drawn"
    opening: PositiveInt
    member: MemberNumber
    item: Annotated[str, Field(max_length=1_100)]
    label: Annotated[int, Field(ge=0, le=9)]


class SnapshotAdded(Data):
    """Something of the class that the teacher keeps to show; the next number."""

    kind = "snapshot_added"
    what: Literal["answer", "words", "run", "drawing", "chart"]
    opening: PositiveInt | None = None
    member: MemberNumber | None = None
    ref: Line = Field("", description="A run's id, a chart's name or a drawing's number.")
    caption: Prose = ""


class SnapshotCaptioned(Data):
    """The teacher's own word about a snapshot."""

    kind = "snapshot_captioned"
    snapshot: PositiveInt
    caption: Prose


class SnapshotsOrdered(Data):
    """In which order they are shown; those that are left out are gone."""

    kind = "snapshots_ordered"
    snapshots: Annotated[tuple[PositiveInt, ...], Field(max_length=MOST_SNAPSHOTS)]


class Presented(Data):
    """The projector shows this snapshot, or none."""

    kind = "presented"
    snapshot: PositiveInt | None


class QuizOpened(Data):
    """The quiz before or after the lesson may be answered, or no longer."""

    kind = "quiz_opened"
    when: When | None


class QuizAnswered(Data):
    """A member's answers to the quiz, an index or None for each question; the last ones count."""

    kind = "quiz_answered"
    when: When
    member: MemberNumber
    answers: Annotated[
        tuple[Annotated[int, Field(ge=0, le=9)] | None, ...], Field(min_length=1, max_length=20)
    ]


class Ended(Data):
    """The lesson is over, or goes on after all."""

    kind = "ended"
    ended: bool = True


MODELS: dict[str, type[Data]] = {model.kind: model for model in Data.__subclasses__()}


def read_data(kind: str, values: object) -> Data:
    """An event's data as the store has kept it.

    Raises:
        ValueError: this version has no such kind, or the fields are not those of the kind.
    """
    if kind not in MODELS:
        raise ValueError(f"this version has no kind “{kind}”")
    try:
        # By its text, since an activity is strict: a list is no tuple, but JSON has only one kind.
        return MODELS[kind].model_validate_json(json.dumps(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
