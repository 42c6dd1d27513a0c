"""The quiz: one answer at a time, and what came of it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom.activities.quiz import questions
from playground.classroom.export.quiz import quiz_csv
from playground.classroom.rules import acts, quizzes
from playground.classroom.rules.folding import fold
from playground.classroom.rules.log import MOST_CHANGES, MemberJoined, MemberRemoved, QuizOpened
from playground.classroom.rules.log import QuizAnswered as Answered
from playground.classroom.rules.state import ClassState
from playground.runs.refusals import Refused

T = "browser:teacher"
RIGHT = tuple(one.right for one in questions())
WRONG = tuple((one.right + 1) % 4 for one in questions())
_PAPER = st.lists(
    st.one_of(st.none(), st.integers(0, 3)), min_size=len(RIGHT), max_size=len(RIGHT)
).map(tuple)


def room(members: int = 2) -> ClassState:
    joined = [
        MemberJoined(member=n, owner=f"browser:{n}", nickname=f"=name{n}")
        for n in range(1, members + 1)
    ]
    return fold(ClassState("c" * 12, T), joined)


def test_answers_change_one_by_one_while_the_quiz_is_open() -> None:
    state = room()
    with pytest.raises(Refused, match="closed"):
        quizzes.answer_one(state, "browser:1", "before", 0, 1)
    state = fold(state, acts.open_quiz(state, T, "before"))
    for question, option in ((0, 1), (7, 3), (0, 2)):
        state = fold(state, quizzes.answer_one(state, "browser:1", "before", question, option))
    assert quizzes.of(state, "before", 1) == (2, *[None] * 6, 3)
    assert quizzes.answer_one(state, "browser:1", "before", 0, 2) == []
    with pytest.raises(Refused, match="closed"):
        quizzes.answer_one(state, "browser:1", "after", 0, 1)
    with pytest.raises(Refused, match="not in this class"):
        quizzes.answer_one(state, "browser:9", "before", 0, 1)
    state = fold(state, acts.open_quiz(state, T, None))
    with pytest.raises(Refused, match="closed"):
        quizzes.answer_one(state, "browser:1", "before", 1, 1)
    assert quizzes.of(state, "before", 1)[0] == 2


def test_what_is_no_answer_is_refused() -> None:
    state = fold(room(), [QuizOpened(when="before")])
    for question, option in ((8, 0), (-1, 0), (0, 4), (0, -1)):
        with pytest.raises(Refused):
            quizzes.answer_one(state, "browser:1", "before", question, option)
    with pytest.raises(Refused):
        acts.answer_quiz(state, "browser:1", "before", [0] * 7)


def test_answers_are_not_changed_for_ever() -> None:
    state = fold(room(), [QuizOpened(when="before")])
    for count in range(MOST_CHANGES):
        state = fold(state, quizzes.answer_one(state, "browser:1", "before", 0, count % 2))
    with pytest.raises(Refused, match="too often"):
        quizzes.answer_one(state, "browser:1", "before", 1, 0)


@given(st.lists(st.tuples(st.none() | _PAPER, st.none() | _PAPER), max_size=8))
def test_the_outcome_is_of_those_who_answered_both_times(
    papers: list[tuple[tuple[int | None, ...] | None, tuple[int | None, ...] | None]],
) -> None:
    state = room(len(papers))
    for number, pair in enumerate(papers, 1):
        for when, paper in zip(("before", "after"), pair, strict=True):
            if paper is not None:
                state = fold(state, [Answered(when=when, member=number, answers=paper)])
    found = quizzes.outcome(state)
    both = [
        (one, two)
        for one, two in papers
        if one is not None and two is not None and any(a is not None for a in one)
        if any(a is not None for a in two)
    ]
    assert found.members == len(both)
    right = [[sum(p[i] == RIGHT[i] for p in side) for i in range(8)] for side in _sides(both)]
    assert [(line.before, line.after) for line in found.lines] == list(zip(*right, strict=True))
    if both and sum(right[0]) < 8 * len(both):
        before, after = (Fraction(sum(side), 8 * len(both)) for side in right)
        assert found.gain == pytest.approx(float((after - before) / (1 - before)))
    else:
        assert found.gain is None


_Paper = tuple[int | None, ...]


def _sides(both: list[tuple[_Paper, _Paper]]) -> list[list[_Paper]]:
    return [[one for one, _ in both], [two for _, two in both]]


def test_a_gain_is_the_share_of_what_could_be_learned() -> None:
    # Hake 1998, from the definition: 40 % before and 70 % after is half of what was missing.
    assert quizzes.normalised_gain(0.4, 0.7) == pytest.approx(0.5)
    assert quizzes.normalised_gain(0.5, 0.25) == pytest.approx(-0.5)
    assert quizzes.normalised_gain(1.0, 1.0) is None


def test_who_was_removed_does_not_count() -> None:
    state = room()
    for number in (1, 2):
        for when, paper in (("before", WRONG), ("after", RIGHT)):
            state = fold(state, [Answered(when=when, member=number, answers=paper)])
    assert quizzes.outcome(state).members == 2
    assert quizzes.outcome(fold(state, [MemberRemoved(member=2)])).members == 1


def test_the_table_has_answers_and_scores_and_nobody() -> None:
    state = room(30)
    for number in range(1, 31):
        paper = [number % 4, *RIGHT[1:]]
        state = fold(state, [Answered(when="before", member=number, answers=WRONG)])
        state = fold(state, [Answered(when="after", member=number, answers=tuple(paper))])
    text = quiz_csv(state)
    assert "name" not in text
    assert "browser" not in text
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert len(head) == 18
    assert len({*head}) == 18
    firsts = [int(row[9]) for row in rows]
    assert sorted(firsts) == sorted(number % 4 + 1 for number in range(1, 31))
    assert {row[8] for row in rows} == {"0"}
    assert {int(row[17]) for row in rows} == {7, 8}
    # In the order of the members once in 30! times.
    assert quiz_csv(state) != quiz_csv(state)
