"""Texts and links: what was written is read again, and the rest gives a sentence only."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.classroom.activities import Activity, ActivityError, dump, from_link, load, to_link
from playground.classroom.activities.files import MAX_BYTES
from tests.classroom.activities import ACTIVITIES, LEAST

TEXT = dump(load(json.dumps(LEAST)))


@settings(max_examples=60, deadline=None)
@given(ACTIVITIES)
def test_yaml_json_and_links_give_back_the_very_activity(activity: Activity) -> None:
    assert load(dump(activity)) == activity
    assert load(activity.model_dump_json()) == activity
    assert from_link(to_link(activity)) == activity


@settings(max_examples=60, deadline=None)
@given(ACTIVITIES)
def test_other_programs_read_the_same_from_our_yaml(activity: Activity) -> None:
    assert yaml.safe_load(dump(activity)) == activity.model_dump(mode="json", exclude_defaults=True)


def test_the_largest_activity_fits_into_a_file_and_a_link() -> None:
    def words(count: int) -> dict[str, str]:
        return {"en": "\U0001f45f" * count, "ko": "\U0001f45f" * count}

    choice = {
        "kind": "choice",
        "question": words(300),
        "options": [words(160)] * 6,
        "because": words(600),
    }
    whole = LEAST | {
        "title": words(80),
        "text": words(2_000),
        "goal": words(300),
        "question": words(300),
        "prediction": choice,
    }
    activity = Activity.model_validate_json(json.dumps(whole))
    assert load(dump(activity)) == from_link(to_link(activity)) == activity


def test_words_are_words_as_in_yaml_1_2() -> None:
    written = TEXT.replace("en: A", "en: no").replace("ko: 가", "ko: 2026-01-01")
    assert load(written).title.model_dump() == {"en": "no", "ko": "2026-01-01"}
    with pytest.raises(ActivityError, match="cannot be used"):
        load(TEXT.replace("en: A", "en: 1e-3"))
    assert load(TEXT + "settings: {learning_rate: 1e-3}").config().learning_rate == 0.001


def test_json_with_signs_in_two_halves_is_read() -> None:
    shoe = "\U0001f45f"
    written = json.dumps(LEAST | {"title": {"en": shoe, "ko": shoe}})
    assert r"\ud83d\udc5f" in written
    assert load(written).title.en == shoe


_BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9))
HOSTILE = {
    "nothing": "",
    "a word": "word",
    "a list": "[1, 2]",
    "two documents": TEXT + "---\n" + TEXT,
    "aliases": _BOMB,
    "an anchor": TEXT.replace("en: A", "en: &a A"),
    "an alias": TEXT.replace("en: A", "en: *a"),
    "merged": TEXT + "<<: {id: b}",
    "an object of Python": TEXT + "x: !!python/object/apply:os.system [ls]",
    "another tag": TEXT + "x: !!binary aGk=",
    "a set": TEXT + "x: !!set {a}",
    "brackets": "[" * 60_000,
    "braces": '{"a":' * 12_000,
    "deep": "".join("  " * n + "a:\n" for n in range(200)),
    "questions": "? " * 30_000,
    "dashes": "- " * 30_000,
    "a huge number": TEXT + "runs: " + "9" * 60_000,
    "a huge JSON number": '{"a": ' + "9" * 60_000 + "}",
    "a large number": TEXT + "runs: 1e999",
    "no number": '{"a": NaN}',
    "infinity": TEXT + "runs: .inf",
    "sixties": TEXT + "runs: " + "59:" * 20_000 + "0",
    "a name twice": TEXT + "id: b",
    "a JSON name twice": '{"id": "a", "id": "b"}',
    "a list as a name": TEXT + "? [a]\n: b",
    "a number as a name": TEXT + "1: b",
    "too long": TEXT + "#" * MAX_BYTES,
    "too long in bytes": TEXT + "#" + "가" * (MAX_BYTES // 3),
    "half a sign": json.dumps(LEAST | {"title": {"en": "\ud83d", "ko": "가"}}),
    "half a sign as it is": TEXT.replace("가", "\ud83d"),
    "a zero": TEXT.replace("en: A", "en: \0"),
    "an escaped zero": TEXT.replace("en: A", r'en: "\0"'),
    "many keys": "{" + ",".join(f"a{n}: 1" for n in range(6_000)) + "}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ActivityError) as refused:
        load(text)
    assert 10 < len(str(refused.value)) < 400


@given(st.text() | st.text("{}[]:,-&*!?|>'\"%@` \n\tab0.e~#", max_size=60))
def test_no_text_does_more_than_being_refused(text: str) -> None:
    with pytest.raises(ActivityError):
        load(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(sorted(Activity.model_fields)), _JSON)
def test_no_value_of_a_field_does_more_than_being_refused(field: str, value: object) -> None:
    try:
        activity = load(json.dumps(LEAST | {field: value}))
    except ActivityError:
        return
    assert load(dump(activity)) == activity


@settings(deadline=None)
@given(st.sampled_from(sorted(load(TEXT).config().model_dump())), _JSON)
def test_no_value_of_a_setting_does_more_than_being_refused(name: str, value: object) -> None:
    try:
        activity = load(json.dumps(LEAST | {"settings": {name: value}}))
    except ActivityError:
        return
    assert load(dump(activity)).config() == activity.config()


def _link(data: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


LINKS = {
    "nothing": "",
    "other signs": "a b",
    "no base64": "a",
    "not compressed": base64.urlsafe_b64encode(TEXT.encode()).decode().rstrip("="),
    "cut off": to_link(load(TEXT))[:-9],
    "a bomb": _link(b" " * 40_000_000),
    "not UTF-8": _link(b"\xff\xfe"),
    "no activity": _link(b"{}"),
    "too long": "A" * 100_000,
    "Korean": "가" * 8,
    "a line more": to_link(load(TEXT)) + "\n",
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_hostile_links_are_refused_in_a_sentence(link: str) -> None:
    with pytest.raises(ActivityError):
        from_link(link)


@given(st.text(max_size=80) | st.binary(max_size=80).map(_link))
def test_no_link_does_more_than_being_refused(link: str) -> None:
    with pytest.raises(ActivityError):
        from_link(link)
