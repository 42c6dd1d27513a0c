"""The quiz on the page Class: for members, for the teacher, and alone."""

from __future__ import annotations

from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from playground.classroom.activities.quiz import questions
from playground.classroom.rules import acts, quizzes
from playground.classroom.rules.log import When
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.ui import state
from tests.classroom.conftest import CHOICE
from tests.conftest import Place
from tests.ui.classroom.test_class_page import join, open_page, owner_of, press

ALL = [one.question.en for one in questions()]


@pytest.fixture
def room(place: Place) -> str:
    app = open_page("teacher")
    press(app, "Start a class")
    everything = classes()
    class_id = everything.rooms.all()[0].row.id
    for owner, nickname in (("a", "Mina"), ("b", "Jun")):
        join(everything.code(class_id), owner, nickname)
    return class_id


def known(class_id: str) -> ClassState:
    found = classes().state(class_id)
    assert found is not None
    return found


def asked(app: AppTest) -> list[str]:
    return [one.label for one in app.radio if one.label[0].isdigit()]


def answer(app: AppTest, index: int, option: int) -> None:
    asking = [one for one in app.radio if one.label[0].isdigit()]
    asking[index].set_value(option).run(timeout=30)
    assert not app.exception


def test_answers_are_saved_as_they_are_given_and_are_there_again(room: str) -> None:
    assert asked(open_page("a")) == []
    teacher = open_page("teacher")
    press(teacher, "Open the quiz before the lesson")
    app = open_page("a")
    assert len(asked(app)) == len(ALL)
    answer(app, 0, 2)
    answer(app, 3, 1)
    answer(app, 0, 1)
    assert quizzes.of(known(room), "before", 1) == (1, None, None, 1, *[None] * 4)
    again = open_page("a")  # a reload
    assert [one.value for one in again.radio] == [1, None, None, 1, *[None] * 4]
    assert any("2 of 8" in one.value for one in again.markdown)
    press(teacher, "Close the quiz")
    assert asked(open_page("a")) == []
    answer(app, 1, 1)  # a page that does not know yet
    assert quizzes.of(known(room), "before", 1)[1] is None
    press(teacher, "Open the quiz after the lesson")
    app.run(timeout=30)
    assert not app.error


def test_what_was_right_is_said_when_the_class_has_ended(room: str) -> None:
    owner = known(room).owner
    why = questions()[0].why.en[:20]
    for when in get_args(When):
        classes().act(room, acts.open_quiz, owner, when)
        app = open_page("a")
        answer(app, 0, questions()[0].right if when == "after" else 0)
        answer(app, 1, 1)
        classes().act(room, acts.open_quiz, owner, None)
    app = open_page("a")
    assert not any(why in one.value for one in app.markdown)
    classes().act(room, acts.end, owner)
    app.run(timeout=30)
    texts = " ".join(one.value for one in app.markdown)
    assert why in texts.replace("\\", "")
    assert "**1** of 8" in texts
    assert "Before the lesson it was 0" in texts
    assert any("has ended" in one.value for one in app.info)


def test_the_teacher_sees_what_has_changed(room: str) -> None:
    owner = known(room).owner
    given: dict[When, int] = {"before": 0, "after": questions()[0].right}
    for when, option in given.items():
        classes().act(room, acts.open_quiz, owner, when)
        for member in ("a", "b"):
            answer(open_page(member), 0, option)
    classes().act(room, acts.open_quiz, owner, None)
    table = open_page("teacher").table[0].value
    assert list(table.iloc[0]) == ["0 of 2 (0%)", "2 of 2 (100%)", "+1.00"]
    assert list(table.iloc[-1]) == ["0 of 16 (0%)", "2 of 16 (12%)", "+0.12"]


def test_one_who_plays_alone_opens_the_quiz_and_sees_what_is_right(place: Place) -> None:
    class_id = classes().play_alone(owner_of("a"), CHOICE)
    app = open_page("a", remembered={state.CLASS: class_id})
    press(app, "Answer the quiz")
    assert len(asked(app)) == len(ALL)
    answer(app, 0, 0)
    press(app, "Show what is right")
    assert asked(app) == []
    assert any("Right: " in one.value for one in app.markdown)
