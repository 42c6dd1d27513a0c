from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from playground import locales
from playground.locales import (
    catalogue,
    english,
    from_english,
    lazy,
    mark,
    plural,
    t,
    translate,
)
from playground.locales.pseudo import PSEUDO, pseudo, pseudo_catalogue

KOREAN = """
#: playground/ui/a.py
msgid "Stop after {count} epochs"
msgstr "{count}에포크 뒤 정지"

#: playground/ui/b.js
msgid "{count} run"
msgid_plural "{count} runs"
msgstr[0] "실행 {count}개"

#: playground/runs/hub.py
msgid "Ended after {minutes:g} minutes."
msgstr "{minutes:g}분 뒤 끝"

#: playground/runs/hub.py
msgid "{reason} Its model could not be saved. {error}"
msgstr "{error} 모델 저장 실패: {reason}"

#: playground/store/database.py
msgid "The disk is full (50%)."
msgstr "디스크가 꽉 찼어요(50%)."
"""


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app speaks Korean, with a catalogue of two messages."""
    read = read_po(BytesIO(KOREAN.encode()), locale="ko")
    monkeypatch.setattr(catalogue, "_catalogue", lambda language: read)
    _forget()
    locales.choose_language_by(lambda: "ko")
    yield
    locales.choose_language_by(lambda: locales.SOURCE_LANGUAGE)
    _forget()


def _forget() -> None:
    for cached in (catalogue.translations, catalogue.browser, catalogue.sentences):
        cached.cache_clear()
    translate._patterns.cache_clear()


def test_the_source_language_is_the_message_itself() -> None:
    assert t("Stop") == "Stop"
    assert t("{share:.1%} of {name}", share=0.123, name="A") == "12.3% of A"
    assert plural("{count} run", "{count} runs", 1) == "1 run"
    assert plural("{count} run of {name}", "{count} runs of {name}", 2, name="A") == "2 runs of A"
    assert plural("{count} image", "{count} images", 2000, count="2,000") == "2,000 images"


def test_a_brace_that_is_no_placeholder_of_the_call_stays() -> None:
    assert t(r"$\frac{a}{b}$ for {name}", name="{b}") == r"$\frac{a}{b}$ for {b}"
    assert t("{name}") == "{name}"


@pytest.mark.usefixtures("korean")
def test_a_message_is_shown_in_the_language_that_is_spoken() -> None:
    assert t("Stop after {count} epochs", count=3) == "3에포크 뒤 정지"
    assert plural("{count} run", "{count} runs", 1) == "실행 1개"
    assert plural("{count} run", "{count} runs", 7) == "실행 7개"
    assert t("Nobody has translated this") == "Nobody has translated this"
    assert t("") == ""
    assert mark("Stop after {count} epochs") == "Stop after {count} epochs"


def test_a_lazy_text_speaks_the_language_of_its_reader(korean: None) -> None:
    error = ValueError(lazy("Stop after {count} epochs", count=3))
    assert str(error) == "3에포크 뒤 정지"
    locales.choose_language_by(lambda: locales.SOURCE_LANGUAGE)
    assert str(error) == "Stop after 3 epochs"


@pytest.mark.usefixtures("korean")
def test_what_is_stored_in_english_is_read_in_the_language_of_the_reader() -> None:
    ended = lazy("Ended after {minutes:g} minutes.", minutes=2.5)
    full = OSError(lazy("The disk is full (50%)."))
    both = lazy("{reason} Its model could not be saved. {error}", reason=ended, error=full)
    stored = english(both)
    assert stored == (
        "Ended after 2.5 minutes. Its model could not be saved. The disk is full (50%)."
    )
    assert from_english(stored) == "디스크가 꽉 찼어요(50%). 모델 저장 실패: 2.5분 뒤 끝"
    assert english(full) == "The disk is full (50%)."
    assert english(KeyError("accuracy")) == "'accuracy'"
    assert from_english("Another version said this.") == "Another version said this."
    assert from_english("") == ""
    # What pages say is no candidate: its words could fit by chance.
    assert from_english("Stop after 3 epochs") == "Stop after 3 epochs"


def test_in_english_what_is_stored_stays() -> None:
    assert from_english("Ended after 2.5 minutes.") == "Ended after 2.5 minutes."


@pytest.mark.usefixtures("korean")
def test_the_browser_is_told_what_javascript_says_and_no_more() -> None:
    assert locales.browser("ko") == {"{count} run": ["실행 {count}개"]}
    assert locales.browser(locales.SOURCE_LANGUAGE) == {}


def test_of_a_catalogue_that_has_just_begun_the_rest_is_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a plural without translation Babel says ("", ""), which must not be shown."""
    begun = Catalog(locale="de")
    script = [("playground/ui/b.js", 0)]
    begun.add("Stop", "Anhalten", locations=script)
    begun.add("Pause", "Pose", locations=script, flags=("fuzzy",))
    begun.add("Resume", "", locations=script)
    begun.add(("{count} run", "{count} runs"), ("", ""), locations=script)
    begun.add(("{count} day", "{count} days"), ("{count} Tag", "{count} Tage"), locations=script)
    monkeypatch.setattr(catalogue, "_catalogue", lambda language: begun)
    _forget()
    said = {"Stop": "Anhalten", "{count} day": ["{count} Tag", "{count} Tage"]}
    assert locales.browser("de") == said
    with locales.speaking("de"):
        assert [t("Stop"), t("Pause"), t("Resume")] == ["Anhalten", "Pause", "Resume"]
        assert plural("{count} run", "{count} runs", 2) == "2 runs"
        assert plural("{count} day", "{count} days", 2) == "2 Tage"
    _forget()


def test_a_language_is_offered_in_its_own_words() -> None:
    named = {one: locales.in_its_own_words(one) for one in ("en", "ko", "fr", "pt-BR", PSEUDO)}
    assert named == {
        "en": "English",
        "ko": "한국어",
        "fr": "Français",
        "pt-BR": "Português (Brasil)",
        PSEUDO: PSEUDO,
    }


def test_the_language_of_tests_changes_words_and_leaves_what_is_none() -> None:
    changed = pseudo("Stop after {count:,} epochs")
    assert changed == "⟦Stóp áftér {count:,} épóçhs ··········⟧"
    assert pseudo("| **a** | $x_i$ |").startswith("| ⟦**á**")
    assert "`model.fit(x)`" in pseudo("See `model.fit(x)` and [it](https://a.b/c).")
    assert "](https://a.b/c)" in pseudo("See `model.fit(x)` and [it](https://a.b/c).")
    assert pseudo("---") == "---"
    assert pseudo("12 %") == "12 %"


def test_its_catalogue_has_both_plural_forms_and_says_where_they_stand() -> None:
    template = Catalog()
    template.add(("{count} run", "{count} runs"), locations=[("playground/ui/b.js", 0)])
    (message,) = [each for each in pseudo_catalogue(template) if each.id]
    assert message.string == (pseudo("{count} run"), pseudo("{count} runs"))
    assert message.locations == [("playground/ui/b.js", 0)]
    assert PSEUDO in locales.languages()
    assert locales.languages()[0] == locales.SOURCE_LANGUAGE


def test_the_disk_is_not_read_for_each_word(monkeypatch: pytest.MonkeyPatch) -> None:
    known = locales.languages()

    def fail(*_: object) -> None:
        pytest.fail("the folder of the catalogues is listed again")

    monkeypatch.setattr(Path, "glob", fail)
    assert locales.languages() == known
    assert t("Train") == "Train"


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    assert t(text) == text
    from_english(text)
    pseudo(text)
