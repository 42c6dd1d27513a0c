"""What people do in a class: each act says which events follow, or why it is refused.

Every act may be asked for twice: the second time nothing follows.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from playground.classroom.activities.quiz import questions
from playground.classroom.activities.schema import Activity, Choice, Curve, Number
from playground.classroom.codes import MOST_NICKNAME, alias, nickname
from playground.classroom.rules import log
from playground.classroom.rules.log import Answer, Data, Phase, When
from playground.classroom.rules.state import ClassState, Member, Opening
from playground.config import CLASSES, IMAGE_SHAPE, RunConfig
from playground.locales import english, lazy
from playground.runs.refusals import Refused

Events = list[Data]
_PIXELS = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]


# Who asks


def require_teacher(state: ClassState, owner: str) -> None:
    """Let only the teacher go on.

    Raises:
        Refused: it is somebody else.
    """
    if not state.is_teacher(owner):
        raise Refused(lazy("Only the teacher of this class can do that."))


def require_member(state: ClassState, owner: str) -> Member:
    """The member who asks, in a class that goes on.

    Raises:
        Refused: they are none, have been removed, or the class has ended.
    """
    member = state.member_of(owner)
    if member is None:
        raise Refused(lazy("You are not in this class. Join it with its code."))
    if member.removed:
        raise Refused(
            lazy("The teacher has removed you from this class. Ask them to let you in again.")
        )
    if member.left:
        raise Refused(lazy("You have left this class. Join it again with its code."))
    if state.ended:
        raise Refused(lazy("This class has ended. What you did in it stays here to be read."))
    return member


def require_opening(state: ClassState, number: int) -> Opening:
    """An opening of this class.

    Raises:
        Refused: there is none of that number.
    """
    opening = state.opening(number)
    if opening is None:
        raise Refused(lazy("This class has no such activity."))
    return opening


def _require_shown(state: ClassState, number: int) -> Opening:
    opening = require_opening(state, number)
    if state.shown != number:
        raise Refused(lazy("The class is not at this activity now."))
    return opening


# Members


def join(state: ClassState, owner: str, wanted: str, *, elsewhere: bool = False) -> Events:
    """Somebody joins; who has joined before is the same member.

    Args:
        state: of the class.
        owner: who joins.
        wanted: their nickname; may be empty.
        elsewhere: whether they are in another class now: to come back from there is an event, too.

    Raises:
        Refused: the class is full, has ended or lets nobody new in, they were removed or are its
            teacher, or the nickname is taken.
    """
    if state.is_teacher(owner):
        raise Refused(
            lazy("You are the teacher of this class. To join it as a student, use another browser.")
        )
    known = state.member_of(owner)
    if known is not None and (known.left or elsewhere) and not (known.removed or state.ended):
        return [log.MemberLeft(member=known.number, left=False)]
    if known is not None:
        require_member(state, owner)
        return []
    if state.ended:
        raise Refused(lazy("This class has ended. Ask your teacher for the code of a new one."))
    if state.closed:
        raise Refused(lazy("Your teacher lets nobody new into this class now. Ask them."))
    if len(state.members) >= log.MOST_MEMBERS:
        raise Refused(lazy("This class is full: it has {most} members.", most=log.MOST_MEMBERS))
    name = _free_nickname(state, wanted, None)
    return [log.MemberJoined(member=len(state.members) + 1, owner=owner, nickname=name)]


def rename(state: ClassState, owner: str, number: int, wanted: str) -> Events:
    """A member gives themselves another nickname, or the teacher does; empty for their animal.

    Raises:
        Refused: it is taken, or they may not give it.
    """
    member = _member(state, number)
    if not state.is_teacher(owner) and require_member(state, owner).number != number:
        raise Refused(lazy("Only the teacher of this class can do that."))
    name = _free_nickname(state, wanted, number)
    return [log.MemberRenamed(member=number, nickname=name)] if name != member.nickname else []


def remove(state: ClassState, owner: str, number: int, removed: bool = True) -> Events:
    """The teacher removes a member, or lets them in again.

    Raises:
        Refused: it is not the teacher who asks.
    """
    require_teacher(state, owner)
    if _member(state, number).removed == removed:
        return []
    return [log.MemberRemoved(member=number, removed=removed)]


def leave(state: ClassState, owner: str) -> Events:
    """A member leaves; they may come back with the code."""
    member = state.member_of(owner)
    return [] if member is None or member.gone else [log.MemberLeft(member=member.number)]


def join_as_teacher(state: ClassState, owner: str) -> Events:
    """A device becomes one of the teacher's; its link says that it may."""
    return [] if state.is_teacher(owner) else [log.TeacherJoined(owner=owner)]


def join_as_screen(state: ClassState, owner: str) -> Events:
    """A device becomes a projector's; its link says that it may."""
    known = state.is_screen(owner) or state.is_teacher(owner)
    return [] if known else [log.ScreenJoined(owner=owner)]


def _member(state: ClassState, number: int) -> Member:
    if number not in state.members:
        raise Refused(lazy("This class has no such member."))
    return state.members[number]


def _free_nickname(state: ClassState, wanted: str, but: int | None) -> str:
    """A nickname that nobody else has, not even as an animal."""
    name = nickname(wanted)
    if len(" ".join(wanted.split())) > MOST_NICKNAME:
        raise Refused(lazy("A nickname has at most {most} characters.", most=MOST_NICKNAME))
    taken = {
        text.casefold()
        for one in state.members.values()
        if one.number != but
        for text in (one.nickname, english(alias(one.number)))
    }
    if name and name.casefold() in taken:
        raise Refused(lazy("“{name}” is taken in this class. Choose another nickname.", name=name))
    return name


# The teacher's levers


def name_class(state: ClassState, owner: str, name: str) -> Events:
    """Give the class a name."""
    require_teacher(state, owner)
    line = " ".join(name.split())[: log.MOST_NAME]
    return [log.Named(name=line)] if line != state.name else []


def open_activity(
    state: ClassState, owner: str, activity: Activity, phase: Phase | None = None
) -> Events:
    """Turn the class to an activity, as far as a phase; by default all but the comparison.

    Raises:
        Refused: it is not the teacher who asks, or the class has had too many.
    """
    require_teacher(state, owner)
    if len(state.openings) >= log.MOST_OPENINGS:
        raise Refused(
            lazy(
                "A class has at most {most} activities. Start a new class.",
                most=log.MOST_OPENINGS,
            )
        )
    return [log.ActivityOpened(activity=activity, phase=phase or "explain")]


def show_activity(state: ClassState, owner: str, number: int | None) -> Events:
    """Turn the class back to what it was at before, or to nothing."""
    require_teacher(state, owner)
    if number is not None:
        require_opening(state, number)
    return [log.ActivityShown(opening=number)] if number != state.shown else []


def set_phase(state: ClassState, owner: str, number: int, phase: Phase) -> Events:
    """Say how far one may go."""
    require_teacher(state, owner)
    now = require_opening(state, number).phase
    return [log.PhaseSet(opening=number, phase=phase)] if phase != now else []


def reveal(state: ClassState, owner: str, number: int, revealed: bool = True) -> Events:
    """Show everybody all answers, or hide them; the comparison is then open, too."""
    require_teacher(state, owner)
    opening = require_opening(state, number)
    events: Events = []
    if opening.revealed != revealed:
        events.append(log.Revealed(opening=number, revealed=revealed))
    if revealed and not opening.reached("compare"):
        events.append(log.PhaseSet(opening=number, phase="compare"))
    return events


def set_curtain(state: ClassState, owner: str, down: bool) -> Events:
    """Pause everyone, or let them go on."""
    require_teacher(state, owner)
    return [log.CurtainSet(down=down)] if down != state.curtain else []


def set_door(state: ClassState, owner: str, closed: bool) -> Events:
    """Let nobody new in, or everybody who has the code."""
    require_teacher(state, owner)
    return [log.DoorSet(closed=closed)] if closed != state.closed else []


def hide_names(state: ClassState, owner: str, hidden: bool) -> Events:
    """Call members by their animals, or by their names again."""
    require_teacher(state, owner)
    return [log.NamesHidden(hidden=hidden)] if hidden != state.names_hidden else []


def lock_settings(state: ClassState, owner: str, settings: dict[str, JsonValue]) -> Events:
    """Fix settings for all members; those that are not named are free.

    Raises:
        Refused: a setting or its value cannot be used.
    """
    require_teacher(state, owner)
    try:
        values = RunConfig.model_validate(settings).model_dump(mode="json", include=set(settings))
    except ValueError as error:
        raise Refused(
            lazy("These settings cannot be locked: {problem}", problem=_first(error))
        ) from error
    return [log.SettingsLocked(settings=values)] if values != dict(state.locks) else []


def grant_runs(state: ClassState, owner: str, number: int, member: int, count: int = 1) -> Events:
    """Let a member train more than the activity allows."""
    require_teacher(state, owner)
    require_opening(state, number)
    _member(state, member)
    return [log.RunsGranted(opening=number, member=member, count=count)]


def end(state: ClassState, owner: str, ended: bool = True) -> Events:
    """End the lesson, or go on with it."""
    require_teacher(state, owner)
    return [log.Ended(ended=ended)] if ended != state.ended else []


# Predict and explain


def predict(state: ClassState, owner: str, number: int, answer: Answer) -> Events:
    """A member predicts; it may change until it is locked.

    Raises:
        Refused: it is locked, or is no answer to the question, or all answers are shown.
    """
    member = require_member(state, owner)
    opening = _require_shown(state, number)
    done = opening.of(member.number)
    if done.answer == answer:
        return []
    if done.locked:
        raise Refused(lazy("Your prediction is locked. It stays as it is."))
    _check_unseen(state, opening)
    _check_changes(done.changes)
    _check_answer(opening.activity, answer)
    return [log.Predicted(opening=number, member=member.number, answer=answer)]


def lock_prediction(
    state: ClassState, owner: str, number: int, answer: Answer | None = None
) -> Events:
    """A member's prediction is final.

    Args:
        state: of the class.
        owner: the member.
        number: of the opening.
        answer: what they predict at last, however often it was changed; None for what they have.

    Raises:
        Refused: there is none, it is no answer to the question, or all answers are shown.
    """
    member = require_member(state, owner)
    opening = _require_shown(state, number)
    done = opening.of(member.number)
    if done.locked:
        return []
    _check_unseen(state, opening)
    events: Events = []
    if answer is not None and answer != done.answer:
        _check_answer(opening.activity, answer)
        events.append(log.Predicted(opening=number, member=member.number, answer=answer))
    elif done.answer is None:
        raise Refused(lazy("There is no prediction to lock yet. Say what you expect first."))
    return [*events, log.PredictionLocked(opening=number, member=member.number)]


def explain(state: ClassState, owner: str, number: int, text: str) -> Events:
    """A member says in their own words what happened.

    Raises:
        Refused: one may not go so far yet, or they are too many.
    """
    member = require_member(state, owner)
    opening = _require_shown(state, number)
    done = opening.of(member.number)
    words = text.replace("\0", "").strip()
    if words == done.words:
        return []
    if len(words) > log.MOST_WORDS:
        raise Refused(lazy("At most {most} characters can be kept.", most=log.MOST_WORDS))
    if not opening.reached("explain"):
        raise Refused(lazy("The class is not so far yet. Your teacher opens this step."))
    _check_changes(done.changes)
    return [log.Explained(opening=number, member=member.number, text=words)]


def answer_quiz(state: ClassState, owner: str, when: When, answers: Sequence[int | None]) -> Events:
    """A member answers the quiz that is open.

    Raises:
        Refused: it is not open, these are no answers to its questions, or they are too many.
    """
    member = require_member(state, owner)
    given = tuple(answers)
    if state.quizzes.get((when, member.number)) == given:
        return []
    if state.quiz != when:
        raise Refused(lazy("This quiz is closed. Your teacher opens it."))
    if len(given) != len(questions()) or any(
        one is not None and not 0 <= one < len(q.options)
        for one, q in zip(given, questions(), strict=True)
    ):
        raise Refused(lazy("These are no answers to the questions of the quiz."))
    _check_changes(state.quiz_changes.get(member.number, 0))
    return [log.QuizAnswered(when=when, member=member.number, answers=given)]


def open_quiz(state: ClassState, owner: str, when: When | None) -> Events:
    """Open the quiz before or after the lesson, or close it."""
    require_teacher(state, owner)
    return [log.QuizOpened(when=when)] if when != state.quiz else []


def _check_unseen(state: ClassState, opening: Opening) -> None:
    if state.seen(opening):
        raise Refused(
            lazy("The answers of the class have been shown. It is too late for a prediction.")
        )


def _check_answer(activity: Activity, answer: Answer) -> None:
    asked = activity.prediction
    fits = (
        (isinstance(asked, Curve) and answer.curve is not None)
        or (
            isinstance(asked, Choice)
            and answer.choice is not None
            and answer.choice < len(asked.options)
        )
        or (
            isinstance(asked, Number)
            and answer.number is not None
            and asked.low <= answer.number <= asked.high
        )
    )
    if not fits:
        raise Refused(lazy("This is no answer to the question of this activity."))


def _check_changes(changes: int) -> None:
    if changes >= log.MOST_CHANGES:
        raise Refused(lazy("This answer has been changed too often."))


# Draw and guess


def draw(state: ClassState, owner: str, number: int, item: bytes, label: int) -> Events:
    """A member shows a drawing for the others' networks to guess.

    Args:
        state: of the class.
        owner: the member.
        number: of the opening.
        item: its 28 × 28 grey values, uint8.
        label: what it is meant to be.

    Raises:
        Refused: nothing is drawn in this activity, or not yet, or they have drawn too much.
    """
    member = require_member(state, owner)
    opening = _require_shown(state, number)
    if not opening.activity.draw or len(item) != _PIXELS or label not in range(CLASSES):
        raise Refused(lazy("There is nothing to draw in this activity."))
    if not opening.reached("run"):
        raise Refused(lazy("The class is not so far yet. Your teacher opens this step."))
    drawn = log.Drawn(
        opening=number, member=member.number, item=b64encode(item).decode(), label=label
    )
    mine = [one for one in opening.drawings if one.member == member.number]
    if mine and (mine[-1].item, mine[-1].label) == (drawn.item, drawn.label):
        return []
    if len(mine) >= log.MOST_DRAWINGS:
        raise Refused(lazy("You have shown {most} drawings, the most.", most=log.MOST_DRAWINGS))
    return [drawn]


# The envelope


def check_envelope(state: ClassState, owner: str, number: int) -> None:
    """Whether somebody may open the envelope of an activity.

    Raises:
        Refused: they are not the teacher, or it has none.
    """
    require_teacher(state, owner)
    if not require_opening(state, number).activity.sealed:
        raise Refused(lazy("This activity has no sealed test figures."))


def open_envelope(
    state: ClassState, owner: str, number: int, results: Sequence[log.Tested]
) -> Events:
    """Show how the runs of a sealed activity do on the test images; it is opened once.

    Raises:
        Refused: it is not the teacher who asks, the activity has none, or no run has a result.
    """
    check_envelope(state, owner, number)
    if require_opening(state, number).envelope is not None:
        return []
    if not results:
        raise Refused(lazy("The envelope is empty: no run of this activity has ended yet."))
    best_first = sorted(results, key=lambda one: -one.val_accuracy)
    return [log.EnvelopeOpened(opening=number, results=tuple(best_first))]


# Snapshots


def add_snapshot(state: ClassState, owner: str, kept: log.SnapshotAdded) -> Events:
    """Keep something to show."""
    require_teacher(state, owner)
    if len(state.snapshots) >= log.MOST_SNAPSHOTS:
        raise Refused(lazy("A class keeps at most {most} snapshots.", most=log.MOST_SNAPSHOTS))
    now = (kept.what, kept.opening, kept.member, kept.ref)
    there = (state.snapshots[number] for number in state.order)
    if any((one.what, one.opening, one.member, one.ref) == now for one in there):
        return []
    return [kept]


def caption_snapshot(state: ClassState, owner: str, number: int, caption: str) -> Events:
    """Say something about a snapshot."""
    require_teacher(state, owner)
    words = caption.strip()[: log.MOST_WORDS]
    if number not in state.snapshots:
        raise Refused(lazy("There is no such snapshot."))
    if state.snapshots[number].caption == words:
        return []
    return [log.SnapshotCaptioned(snapshot=number, caption=words)]


def order_snapshots(state: ClassState, owner: str, numbers: Sequence[int]) -> Events:
    """Say in which order they are shown; those that are left out are gone.

    Those of removed members, which nobody sees, are kept for when they are let in again.
    """
    require_teacher(state, owner)
    unseen = [one for one in state.order if state.is_removed(state.snapshots[one].member)]
    order = tuple(dict.fromkeys(one for one in (*numbers, *unseen) if one in state.order))
    return [log.SnapshotsOrdered(snapshots=order)] if order != state.order else []


def present(state: ClassState, owner: str, number: int | None) -> Events:
    """Have the projector show a snapshot, or none."""
    require_teacher(state, owner)
    if number is not None and number not in state.order:
        raise Refused(lazy("There is no such snapshot."))
    return [log.Presented(snapshot=number)] if number != state.presented else []


def _first(error: Any) -> str:
    errors = getattr(error, "errors", None)
    return f"{errors()[0]['loc']}: {errors()[0]['msg']}" if errors else str(error)
