"""The quiz before and after a lesson: one answer, and what came of all of them; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.classroom.activities.quiz import Question, questions
from playground.classroom.rules import acts
from playground.classroom.rules.log import Data, When
from playground.classroom.rules.state import ClassState
from playground.locales import lazy
from playground.runs.refusals import Refused

Answers = tuple[int | None, ...]
WHEN: tuple[When, ...] = ("before", "after")


def answer_one(
    state: ClassState, owner: str, when: When, question: int, option: int | None
) -> list[Data]:
    """A member answers one question of the quiz that is open; the other answers stay.

    Args:
        state: of the class.
        owner: of the member.
        when: which quiz.
        question: index of the question.
        option: index of the option; None takes the answer back.

    Raises:
        Refused: the quiz is not open, or has no such question or option.
    """
    member = acts.require_member(state, owner)
    if not 0 <= question < len(questions()):
        raise Refused(lazy("The quiz has no such question."))
    given = list(of(state, when, member.number))
    given[question] = option
    return acts.answer_quiz(state, owner, when, given)


def of(state: ClassState, when: When, member: int) -> Answers:
    """A member's answers, one for each question; None where there is none."""
    given = state.quizzes.get((when, member), ())
    known = zip(questions(), given, strict=False)
    answers = [one if one is not None and one < len(q.options) else None for q, one in known]
    return (*answers, *[None] * (len(questions()) - len(answers)))


def score(answers: Sequence[int | None]) -> int:
    """How many answers are right."""
    return sum(one == q.right for one, q in zip(answers, questions(), strict=True))


def answered(state: ClassState, when: When) -> list[int]:
    """The members who have answered at least one question, without those who were removed."""
    return [
        member.number
        for member in state.members.values()
        if not member.removed and any(one is not None for one in of(state, when, member.number))
    ]


def normalised_gain(before: float, after: float) -> float | None:
    """How much of what could be learned was learned: g = (after − before) / (1 − before).

    Hake, R. R. (1998). Interactive-engagement versus traditional methods: A six-thousand-student
    survey of mechanics test data for introductory physics courses. American Journal of Physics 66,
    64–74, doi 10.1119/1.18809. There g < 0.3 is called low, 0.7 or more high; traditional courses
    had 0.23 on average, those with interactive engagement 0.48.

    Args:
        before, after: shares of right answers, 0 to 1, of the same people.

    Returns:
        1 at most, below 0 for a loss; None where all was right before.
    """
    return None if before >= 1 else (after - before) / (1 - before)


@dataclass(frozen=True)
class Line:
    """One question: how many of the members called it right, before and after."""

    question: Question
    before: int
    after: int


@dataclass(frozen=True)
class Outcome:
    """What came of the quiz, for those who have answered both times.

    Attributes:
        members: how many they are. A question that one of them left out counts as not right.
        lines: by question.
    """

    members: int
    lines: tuple[Line, ...]

    @property
    def before(self) -> float:
        """The share of right answers before, 0 to 1; 0 if there are none."""
        return self._share(sum(line.before for line in self.lines))

    @property
    def after(self) -> float:
        """The share of right answers after, 0 to 1; 0 if there are none."""
        return self._share(sum(line.after for line in self.lines))

    @property
    def gain(self) -> float | None:
        """The class's normalised gain, of its mean shares as Hake has it; None for no members."""
        return normalised_gain(self.before, self.after) if self.members else None

    def _share(self, right: int) -> float:
        return right / (self.members * len(self.lines)) if self.members else 0.0


def outcome(state: ClassState) -> Outcome:
    """Count the answers of those who have answered both times."""
    later = set(answered(state, "after"))
    both = [number for number in answered(state, "before") if number in later]
    lines = []
    for index, question in enumerate(questions()):
        counts = [
            sum(of(state, when, number)[index] == question.right for number in both)
            for when in WHEN
        ]
        lines.append(Line(question, *counts))
    return Outcome(len(both), tuple(lines))
