"""The activities that are ready, and the quiz: together they are a lesson, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.classroom.activities import (
    Activity,
    Choice,
    Curve,
    Number,
    Words,
    dump,
    load,
    ready,
)
from playground.classroom.activities.quiz import questions
from playground.ui.navigation import COURSE

HANGUL = re.compile("[가-힣]")


def _words(value: object) -> list[Words]:
    if isinstance(value, Words):
        return [value]
    if isinstance(value, tuple):
        return [words for each in value for words in _words(each)]
    fields = getattr(type(value), "model_fields", {})
    return [words for name in fields for words in _words(getattr(value, name))]


def test_together_they_are_a_lesson_of_90_minutes_with_all_concepts_of_the_lecture() -> None:
    assert sum(activity.minutes for activity in ready()) == 90
    assert {activity.concept for activity in ready()} >= set(range(1, 12))
    assert len({activity.id for activity in ready()}) == len(ready())


def test_each_kind_is_there() -> None:
    kinds = {type(activity.prediction) for activity in ready()}
    assert {Choice, Number, Curve} <= kinds
    (jigsaw,) = [activity for activity in ready() if activity.jigsaw is not None]
    assert jigsaw.jigsaw is not None
    assert (jigsaw.jigsaw.cells, jigsaw.config().epochs) == (30, 5)
    assert jigsaw.config().train_images == 20_000
    assert [activity.id for activity in ready() if activity.sealed] == ["sealed-test"]
    assert [activity.id for activity in ready() if activity.draw] == ["draw-and-guess"]


@pytest.mark.parametrize("activity", ready(), ids=lambda activity: activity.id)
def test_each_can_be_started_as_it_is(activity: Activity) -> None:
    assert activity.lesson in {entry.path for entry in COURSE}
    assert activity.prediction is not None
    assert activity.question is not None
    assert (activity.goal is None) == (activity.target is None)
    # A student's run takes seconds: image passes of all its epochs.
    config = activity.config()
    assert config.epochs * config.fit_images <= 250_000
    assert config.parameters <= 500_000
    assert len(dump(activity)) < 4_000


@pytest.mark.parametrize("activity", ready(), ids=lambda activity: activity.id)
def test_each_is_told_in_korean_too(activity: Activity) -> None:
    for words in _words(activity):
        assert HANGUL.search(words.ko)
        assert not HANGUL.search(words.en)


def test_the_quiz_has_eight_questions_in_both_languages_with_one_right_answer_each() -> None:
    assert len({question.id for question in questions()}) == 8
    for words in _words(questions()):
        assert HANGUL.search(words.ko)
        assert not HANGUL.search(words.en)
    # Who always presses the same option is right by chance only.
    rights = [question.right for question in questions()]
    assert all(rights.count(index) == 2 for index in range(4))


def test_the_example_of_the_documents_can_be_opened() -> None:
    document = Path(__file__).parents[3] / "docs" / "activities.md"
    text = document.read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert load(example).id == "wide-or-deep"
    named = set(re.findall(r"`(\w+)`", text))
    assert named >= set(Activity.model_fields)


def test_right_options_of_choices_are_not_always_the_same() -> None:
    choices = [a.prediction for a in ready() if isinstance(a.prediction, Choice)]
    assert all(choice.right is not None and choice.because is not None for choice in choices)
    assert len({choice.right for choice in choices}) > 2
