"""What is said about an activity that cannot be used: a sentence for every kind of error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from playground.classroom.activities import Activity, ActivityError, load
from playground.classroom.activities.errors import of_validation
from playground.locales import SOURCE_LANGUAGE, choose_language_by
from tests.classroom.activities import LEAST

WORDS = {"en": "A", "ko": "가"}
CHOICE = {"kind": "choice", "question": WORDS, "options": [WORDS, WORDS]}
RATES = ["learning_rate", [0.1, 0.01]]
# What is wrong, where, and what is said of it.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"title": {"en": "A"}}, "title.ko", "is missing."),
    ({"titel": "A"}, "titel", ""),
    ({"target": ["accuracy"]}, "target.1", "is missing."),
    ({"prediction": {}}, "prediction.kind", "is missing."),
    ({"prediction": {"kind": "x"}}, "prediction.kind", "one of these: choice, number, curve."),
    ({"title": "A"}, "title", "It must have fields of its own."),
    ({"settings": []}, "settings", "It must have fields of its own."),
    ({"title": {"en": 1, "ko": "가"}}, "title.en", "It must be text."),
    ({"minutes": "5"}, "minutes", "It must be a whole number."),
    ({"minutes": 0}, "minutes", "It must be 1 or more."),
    ({"minutes": 99}, "minutes", "It must be 90 or less."),
    ({"id": "a" * 41}, "id", "It has more than 40 characters."),
    ({"id": "A b"}, "id", "digits, with single hyphens between them."),
    ({"draw": "yes"}, "draw", "It must be true or false."),
    ({"free": "seed"}, "free", "It must be a list."),
    ({"target": 3}, "target", "It must be a list."),
    ({"target": ["x", 0.5]}, "target.0", "one of these: accuracy, val_accuracy."),
    (
        {"prediction": CHOICE | {"options": [WORDS]}},
        "prediction.choice.options",
        "It must have 2 entries or more.",
    ),
    (
        {"prediction": CHOICE | {"options": [WORDS] * 7}},
        "prediction.choice.options",
        "It must have 6 entries or fewer.",
    ),
    ({"settings": {"colour": 1}}, "settings.colour", ""),
    ({"settings": {"dropout": 1}}, "settings.dropout", "It must be 0.9 or less."),
    ({"settings": {"dropout": "a"}}, "settings.dropout", "It must be a number."),
    ({"settings": {"epochs": 2.5}}, "settings.epochs", "It must be a whole number."),
    ({"settings": {"epochs": "9" * 5_000}}, "settings.epochs", "too large."),
    ({"settings": {"early_stop": []}}, "settings.early_stop", "It must be true or false."),
    ({"settings": {"scaling": "x"}}, "settings.scaling", "one of these: none, min_max, standard."),
    ({"settings": {"hidden_layers": [0]}}, "settings.hidden_layers.0", "It must be 1 or more."),
    ({"jigsaw": {"axes": [RATES, ["l2", [0, 5]]]}}, "jigsaw.l2", "It must be 0.1 or less."),
]


@pytest.fixture(params=[SOURCE_LANGUAGE, "ko"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """One of both languages, as long as a test takes."""
    choose_language_by(lambda: str(request.param))
    yield request.param
    choose_language_by(lambda: SOURCE_LANGUAGE)


def said_of(fields: dict[str, Any]) -> str:
    with pytest.raises(ActivityError) as refused:
        load(json.dumps(LEAST | fields))
    return str(refused.value)


@pytest.mark.parametrize(("fields", "place", "said"), WRONG, ids=[place for _, place, _ in WRONG])
def test_the_field_is_named_and_what_is_wrong_is_said(
    fields: dict[str, Any], place: str, said: str
) -> None:
    sentence = said_of(fields)
    assert f"field “{place}”" in sentence
    assert sentence.endswith(said)


@pytest.mark.parametrize(("fields", "place"), [one[:2] for one in WRONG])
def test_it_is_said_in_the_language_of_who_reads_it(
    fields: dict[str, Any], place: str, language: str
) -> None:
    sentence = said_of(fields)
    assert f"“{place}”" in sentence
    assert ("field" in sentence) == (language == SOURCE_LANGUAGE)
    assert ("요" in sentence) == (language == "ko")


def test_a_kind_of_error_without_a_sentence_of_its_own_is_said_too() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(dict[str, bytes]).validate_python({"a": 1})
    sentence = str(of_validation(refused.value))
    assert sentence == "The field “a” cannot be used: Its value does not fit."


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_FIELDS = sorted(Activity.model_fields)
_PARTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["choice", "number", "curve"]),
        **dict.fromkeys(("question", "options", "low", "high", "epochs", "axes"), _JSON),
    },
)


@settings(max_examples=50)
@given(st.sampled_from(_FIELDS), _JSON | _PARTS)
def test_no_value_leads_to_a_kind_of_error_without_a_sentence(field: str, value: object) -> None:
    said = ""
    try:
        load(json.dumps(LEAST | {field: value}))
    except ActivityError as error:
        said = str(error)
    assert "does not fit." not in said
    assert "Input should" not in said
