"""The pages of Learn as a course: the index, each page's place, and its neighbours."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

from playground.ui import navigation
from playground.ui.learn.pictures import image_html

PATHS = [entry.path for entry in navigation.COURSE]


def cards() -> None:
    from playground.ui.pages.learn import overview

    overview.page()


def around(path: str) -> None:
    from playground.ui.learn.lessons import show_ends, show_place

    show_place(path)
    show_ends(path)


def opened(script: object, **given: str) -> AppTest:
    app = AppTest.from_function(script, kwargs=given, default_timeout=30).run()  # type: ignore[arg-type]
    assert not app.exception
    return app


def links(app: AppTest) -> list[str]:
    return [element.proto.label for element in app.get("page_link")]


def test_the_index_has_a_card_for_each_page_with_picture_title_and_a_sentence() -> None:
    app = opened(cards)
    assert links(app) == [entry.title for entry in navigation.COURSE]
    said = [text.value for text in app.markdown]
    for entry in navigation.COURSE:
        assert entry.about.endswith(".")
        assert entry.about in said
    drawn = "".join(element.proto.body for element in app.get("html"))
    assert re.findall(r'data-lesson="([\w-]+)"', drawn) == PATHS


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_picture_of_its_own(path: str) -> None:
    image = base64.b64decode(image_html(path).partition("base64,")[2].partition('"')[0])
    assert ElementTree.fromstring(image).tag.endswith("svg")
    assert "alt=" in image_html(path)
    assert [other for other in PATHS if image_html(other) == image_html(path)] == [path]


def test_a_page_says_its_place_and_leads_to_its_neighbours() -> None:
    app = opened(around, path=PATHS[3])
    one, other = navigation.COURSE[2], navigation.COURSE[4]
    assert links(app) == ["All lessons", f"Previous: {one.title}", f"Next: {other.title}"]
    assert f"4 of {len(PATHS)}" in [text.value for text in app.markdown]
    assert links(opened(around, path=PATHS[0]))[1:] == [f"Next: {navigation.COURSE[1].title}"]
    assert links(opened(around, path=PATHS[-1]))[1:] == [f"Previous: {navigation.COURSE[-2].title}"]


def test_other_pages_have_neither() -> None:
    for path in ("", "draw", "learn"):
        assert not links(opened(around, path=path))
