"""What members do: come and go, predict, explain, draw, answer the quiz."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from playground.classroom.activities.quiz import questions
from playground.classroom.activities.schema import Activity, Choice, Curve, Number
from playground.classroom.rules import log
from playground.classroom.rules.acts.asking import (
    Events,
    free_nickname,
    known_member,
    require_member,
    require_shown,
)
from playground.classroom.rules.log import Answer, When
from playground.classroom.rules.state import ClassState, Opening
from playground.config import CLASSES, IMAGE_SHAPE
from playground.locales import lazy
from playground.runs.refusals import Refused

_PIXELS = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]


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
    name = free_nickname(state, wanted, None)
    return [log.MemberJoined(member=len(state.members) + 1, owner=owner, nickname=name)]


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


def rename(state: ClassState, owner: str, number: int, wanted: str) -> Events:
    """A member gives themselves another nickname, or the teacher does; empty for their animal.

    Raises:
        Refused: it is taken, or they may not give it.
    """
    member = known_member(state, number)
    if not state.is_teacher(owner) and require_member(state, owner).number != number:
        raise Refused(lazy("Only the teacher of this class can do that."))
    name = free_nickname(state, wanted, number)
    return [log.MemberRenamed(member=number, nickname=name)] if name != member.nickname else []


def predict(state: ClassState, owner: str, number: int, answer: Answer) -> Events:
    """A member predicts; it may change until it is locked.

    Raises:
        Refused: it is locked, or is no answer to the question, or all answers are shown.
    """
    member = require_member(state, owner)
    opening = require_shown(state, number)
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
    opening = require_shown(state, number)
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
    opening = require_shown(state, number)
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
    opening = require_shown(state, number)
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
