"""The Korean documents say what the English ones say, in the words of the Korean app."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playground.classroom.activities import ready
from playground.locales.catalogue import _catalogue

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "docs/teaching.md", "docs/activities.md")
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
# What English has in words, or counts in millions.
COUNTED_OTHERWISE = {"16 million": "1,600만", "twenty times": "20배", "Fifty epochs": "50에포크"}

in_both = pytest.mark.parametrize("name", DOCUMENTS)


def _korean_name(name: str) -> str:
    return name.replace(".md", ".ko.md")


def _read(name: str) -> tuple[str, str]:
    """The document in English and in Korean."""
    return (ROOT / name).read_text("utf-8"), (ROOT / _korean_name(name)).read_text("utf-8")


def _links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


@in_both
def test_each_leads_to_the_other_in_its_first_line(name: str) -> None:
    english, korean = (text.partition("\n")[0] for text in _read(name))
    assert f"[한국어]({Path(_korean_name(name)).name})" in english
    assert f"[English]({Path(name).name})" in korean


@in_both
def test_commands_and_examples_are_the_same(name: str) -> None:
    english, korean = _read(name)
    assert BLOCK.findall(korean) == BLOCK.findall(english)


@in_both
def test_both_are_built_alike(name: str) -> None:
    def built(text: str) -> list[str]:
        return re.findall(r"^(#+ |\||- |\d+\. )", BLOCK.sub("", text), re.MULTILINE)

    english, korean = _read(name)
    assert built(korean) == built(english)


@in_both
def test_code_is_named_by_the_same_names(name: str) -> None:
    def named(text: str) -> set[str]:
        return set(re.findall(r"`([^`]+)`", " ".join(BLOCK.sub("", text).split())))

    english, korean = _read(name)
    missing = named(english) - named(korean) - {"http://<its address>:8501"}
    invented = named(korean) - named(english) - {"http://<그 컴퓨터의 주소>:8501"}
    assert missing == set()
    assert {code for code in invented if code not in english} == set()


@in_both
def test_links_and_pictures_are_the_same(name: str) -> None:
    def led_to(text: str) -> list[str]:
        """Where all links but the first lead, without the language and the place there."""
        links = [re.sub(r"(?:\.ko)?\.md(?:#.*)?$", ".md", link) for link in _links(text)[1:]]
        # A picture of the Korean app stands for the English one; where there is none it is more.
        english = [link.replace("docs/ko/", "docs/") for link in links]
        return [to for to, link in zip(english, links, strict=True) if to == link or _is_file(to)]

    english, korean = _read(name)
    assert sorted(led_to(korean)) == sorted(led_to(english))


def _is_file(link: str) -> bool:
    return (ROOT / link).is_file()


@pytest.mark.parametrize("picture", sorted((ROOT / "docs/ko").glob("*.png")), ids=lambda p: p.name)
def test_every_picture_of_the_korean_app_is_shown_and_small(picture: Path) -> None:
    assert f"](docs/ko/{picture.name})" in (ROOT / "README.ko.md").read_text("utf-8")
    assert picture.stat().st_size < 150_000


@pytest.mark.parametrize("name", [*DOCUMENTS, *map(_korean_name, DOCUMENTS)])
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    document = ROOT / name
    links = [link for link in _links(document.read_text("utf-8")) if "://" not in link]
    assert links
    for link in links:
        path, _, heading = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not heading or heading in _headings(target), link


def _headings(document: Path) -> list[str]:
    """The headings as GitHub's addresses have them."""
    said = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in said]


@in_both
def test_the_numbers_of_each_section_are_the_same(name: str) -> None:
    """Of one digit they may be words in either language."""
    english, korean = _read(name)
    for counted, otherwise in COUNTED_OTHERWISE.items():
        english = english.replace(counted, otherwise)
    for ours, theirs in zip(_sections(english), _sections(korean), strict=True):
        there, here = _numbers(theirs), _numbers(ours)
        heading = theirs.partition("\n")[0]
        assert here - there == set(), f"{heading}: missing in Korean"
        assert {one for one in there - here if len(one) > 1} == set(), f"{heading}: only in Korean"


def _sections(text: str) -> list[str]:
    return re.split(r"^## ", text, flags=re.MULTILINE)


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


@in_both
def test_what_is_quoted_is_on_the_screen(name: str) -> None:
    """What a Korean document has in “…” is a page, a button or a setting, as the app names it."""
    said = [message.string or "" for message in _catalogue("ko") if message.id]
    shown = {text if isinstance(text, str) else text[0] for text in said}
    quoted = re.findall(r"“([^”]+)”", " ".join(_read(name)[1].split()))
    assert quoted
    assert [text for text in quoted if text not in shown] == []


def test_the_korean_guide_has_every_ready_activity_and_how_long_it_takes() -> None:
    kinds = {"choice": "고르기", "number": "숫자", "curve": "손으로 그린 곡선"}
    guide = _read("docs/teaching.md")[1]
    for number, one in enumerate(ready(), 1):
        asked = kinds[one.prediction.kind] if one.prediction else "없음"
        row = f"| {number} | {one.title.ko} | {asked} | {one.minutes} |"
        assert row in guide, row
