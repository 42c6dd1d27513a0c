"""The Korean catalogue: whole, with the placeholders of the English, in Hangul."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message

from playground.locales import choose_language_by, from_english, speaking, t
from playground.locales.catalogue import SOURCE_LANGUAGE, _catalogue, languages
from playground.locales.update import template

# How a date is written is the language's: of its format only the name counts.
_PLACEHOLDER = re.compile(r"\{\w+(?::(?!%)[^{}]*)?")
_HANGUL = re.compile(r"[가-힣]")
# What is no word: placeholders, code, formulas, markup.
_NO_WORDS = re.compile(r"\{[^{}]*\}|`[^`]*`|\$[^$]*\$|<[^<>]*>|:\w+/\w+:")
# Names that stay as they are: labels of the data set, of Keras and of other people's work.
_NAMES = {
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag"),
    *("Ankle boot", "JSON", "CSV", "TensorBoard", "compile()", "Keras", "Dropout", "Flatten"),
}


def _korean() -> dict[str, Message]:
    return {_first(message.id): message for message in _catalogue("ko") if message.id}


def _first(said: object) -> str:
    return said if isinstance(said, str) else said[0]  # type: ignore[index]


def test_korean_is_spoken() -> None:
    assert "ko" in languages()


def test_every_message_is_translated() -> None:
    known = _korean()
    said = [_first(message.id) for message in template() if message.id]
    assert [one for one in said if one not in known or not _first(known[one].string or [""])] == []


def test_placeholders_are_those_of_the_english() -> None:
    for first, message in _korean().items():
        many = message.id if isinstance(message.id, str) else message.id[1]
        found = set(_PLACEHOLDER.findall(_first(message.string)))
        assert found == set(_PLACEHOLDER.findall(many)), first


def test_what_is_said_is_said_in_hangul() -> None:
    plain = [
        first
        for first, message in _korean().items()
        if first not in _NAMES
        and re.search(r"[a-z]{3}", _NO_WORDS.sub("", first))
        and not _HANGUL.search(_first(message.string))
    ]
    assert len(plain) <= 20, plain


@pytest.mark.parametrize(
    ("message", "values"), [("“{name}” is taken in this class. Choose another nickname.", "미나")]
)
def test_a_sentence_has_no_bracket_left(message: str, values: str) -> None:
    choose_language_by(lambda: "ko")
    try:
        said = t(message, name=values)
    finally:
        choose_language_by(lambda: SOURCE_LANGUAGE)
    assert values in said
    assert "[" not in said


def test_the_callback_s_reason_is_korean_as_it_is_said_now_and_as_it_was_stored_before() -> None:
    with speaking("ko"):
        now = from_english(
            "The callback ended training: val_accuracy 88.3 % is above 88.0 % after epoch 7."
        )
        before = from_english(
            "The callback ended training: val_accuracy 0.8834 is above 0.88 after epoch 7."
        )
    assert now == ("콜백이 훈련을 끝냈어요. 에포크 7 후 val_accuracy 값이 88.3%로, 88.0%보다 커요.")
    assert before == (
        "콜백이 훈련을 끝냈어요. 에포크 7 후 val_accuracy 값이 0.8834로, 0.88보다 커요."
    )
