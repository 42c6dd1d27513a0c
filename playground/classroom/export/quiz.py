"""The answers to the quiz as a table without names."""

from __future__ import annotations

from random import SystemRandom

from playground.classroom.activities.quiz import questions
from playground.classroom.export.cells import Cell, table
from playground.classroom.rules import quizzes
from playground.classroom.rules.state import ClassState


def quiz_csv(state: ClassState) -> str:
    """A row for each member who has answered at least once, in an order that says nothing.

    Columns, for “before” and for “after”: each question's answer, 1 for the first option, empty
    where there is none; then how many of the answers are right, empty for who has not answered.
    """
    head = [
        name
        for when in quizzes.WHEN
        for name in (*(f"{when}_{one.id}" for one in questions()), f"{when}_score")
    ]
    members = {number for when in quizzes.WHEN for number in quizzes.answered(state, when)}
    rows = [_row(state, number) for number in sorted(members)]
    SystemRandom().shuffle(rows)
    return table(head, rows)


def _row(state: ClassState, number: int) -> list[Cell]:
    cells: list[Cell] = []
    for when in quizzes.WHEN:
        given = quizzes.of(state, when, number)
        cells += [None if one is None else one + 1 for one in given]
        there = any(one is not None for one in given)
        cells.append(quizzes.score(given) if there else None)
    return cells
