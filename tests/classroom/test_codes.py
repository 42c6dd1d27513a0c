"""Codes, secrets, tokens and names."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playground.classroom import codes
from playground.locales import english


def test_a_code_has_no_letter_that_is_taken_for_another() -> None:
    assert not set(codes.ALPHABET) & set("AEIOU01258BSZGLQ")
    found = {codes.new_code() for _ in range(200)}
    assert all(len(code) == codes.CODE_LENGTH for code in found)
    assert len(found) > 190


@given(st.sampled_from("CDFHJ"), st.sampled_from([" ", "-", "  ", ""]))
def test_a_code_is_read_as_people_type_it(letter: str, between: str) -> None:
    assert codes.read_code(f" {letter.lower()}{between}79{between}x ") == f"{letter}79X"


def test_animals_differ() -> None:
    names = [english(codes.alias(number)) for number in range(1, codes.MOST_ALIASES + 1)]
    assert len(set(names)) == codes.MOST_ALIASES >= 400
    for one, two in pairwise(names):
        assert set(one.split()) & set(two.split()) == set()


@given(st.text(max_size=200))
def test_a_nickname_is_a_line_of_plain_text(text: str) -> None:
    name = codes.nickname(text)
    assert len(name) <= codes.MOST_NICKNAME
    assert name.isprintable()
    assert name == name.strip()
    assert codes.nickname(name) == name


@given(st.text(max_size=300))
def test_a_token_says_whom_it_is_for_and_cannot_be_made(text: str) -> None:
    token = codes.sign("key", "c1", "member-3")
    assert codes.read_token(token) == ("c1", "member-3")
    assert token != codes.sign("other", "c1", "member-3")
    assert token != codes.sign("key", "c1", "member-4")
    class_id, audience = codes.read_token(text)
    assert text == token or not codes.same(text, codes.sign("key", class_id, audience))


def test_tries_are_counted_for_a_minute() -> None:
    tries = codes.Tries()
    assert not tries.full(2)
    tries.count()
    tries.count()
    assert tries.full(2)
    assert not tries.full(3)
