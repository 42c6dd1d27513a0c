"""The page Class: the way in, and what it shows to whom."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from playground.classroom.rules import acts
from playground.classroom.service import classes
from playground.settings import settings
from playground.ui import state
from tests.conftest import Place


def script() -> None:
    """What every page begins with, and the page."""
    from playground.ui.classroom.live.live import show_class
    from playground.ui.common.problems import show_errors
    from playground.ui.pages.classroom import page

    show_class("class")
    show_errors(page)()


def owner_of(name: str) -> str:
    """The owner that a session with this name has."""
    return f"browser:{hashlib.sha256(name.encode()).hexdigest()}"


def open_page(
    owner: str = "", remembered: dict[str, object] | None = None, **query: str
) -> AppTest:
    app = AppTest.from_function(script)
    if owner:
        app.session_state["owner"] = owner
    if remembered is not None:
        app.session_state[state._REMEMBERED] = remembered
    for name, value in query.items():
        app.query_params[name] = value
    app.run(timeout=30)
    assert not app.exception
    return app


def join(code: str, owner: str, nickname: str) -> AppTest:
    app = open_page(owner)
    app.text_input[0].input(code)
    app.text_input[1].input(nickname)
    button = next(one for one in app.button if one.label == "Join")
    button.click().run(timeout=30)
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run(timeout=30)
    assert not app.exception


@pytest.fixture
def code(place: Place) -> str:
    app = open_page("teacher")
    app.text_input[-1].input("Room 4").run(timeout=30)
    press(app, "Start a class")
    assert app.title[0].value == "Room 4"
    everything = classes()
    return everything.code(everything.rooms.all()[0].row.id)


def test_one_starts_a_class_and_others_join_it(code: str) -> None:
    app = join(code.lower(), "a", "Mina")
    assert app.title[0].value == "Room 4"
    assert any("Mina" in one.value for one in app.markdown)
    again = open_page("a")  # a browser that comes back
    assert any("Mina" in one.value for one in again.markdown)


def test_a_wrong_code_is_said_to_be_wrong(code: str) -> None:
    app = join("XXXXX", "a", "Mina")
    assert any("no class with this code" in one.value for one in app.error)
    assert app.text_input[1].value == "Mina"


def test_a_code_comes_with_the_address(code: str) -> None:
    app = open_page("a", code=code)
    assert app.text_input[0].value == code


def test_a_link_makes_a_teacher_and_its_secret_leaves_the_address(code: str) -> None:
    everything = classes()
    room = everything.rooms.all()[0].row.id
    links = everything.links(room, everything.rooms.row(room).owner)
    app = open_page("other", key=links["teacher"])
    assert app.query_params == {}
    assert any(one.label == "Pause everyone" for one in app.button)
    assert any("no class" in one.value for one in open_page("third", key="wrong").error)


def test_what_a_class_fixes_the_form_shows(code: str) -> None:
    everything = classes()
    room = everything.rooms.all()[0].row.id
    join(code, "a", "Mina")
    owner = everything.rooms.row(room).owner
    everything.act(room, acts.lock_settings, owner, {"batch_size": 256})
    app = open_page("a")
    assert app.session_state[state._CONFIG].batch_size == 256
    everything.act(room, acts.end, owner)
    app.run(timeout=30)
    assert state._LOCKS not in app.session_state or app.session_state[state._LOCKS] == {}


def test_a_lesson_that_is_over_can_be_read_and_left(code: str) -> None:
    everything = classes()
    room = everything.rooms.all()[0].row.id
    app = join(code, "a", "Mina")
    owner = everything.rooms.row(room).owner
    everything.act(room, acts.end, owner)
    again = open_page("a")
    assert again.title[0].value == "Room 4"
    press(again, "Another class")
    assert any(one.label == "Join" for one in again.button)
    press(again, "Room 4 (ended)")
    assert again.title[0].value == "Room 4"
    assert app.title[0].value == "Room 4"


def test_a_teacher_goes_from_class_to_class(code: str) -> None:
    app = open_page("teacher")
    press(app, "Another class")
    app.text_input[-1].input("Room 5").run(timeout=30)
    press(app, "Start a class")
    assert app.title[0].value == "Room 5"
    press(app, "Room 4")
    assert app.title[0].value == "Room 4"


def test_where_there_are_teachers_only_they_start_classes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", "correct horse")
    settings.cache_clear()
    assert [one.label for one in open_page("a").button] == ["Join"]


def test_one_who_is_the_teacher_too_has_no_line_of_a_member(place: Place) -> None:
    everything, owner = classes(), owner_of("both")
    room = everything.start_class("browser:teacher", "Room 4")
    everything.join(everything.code(room), owner, "Mina")
    before = _lines(open_page("both"))
    everything.follow_link(everything.links(room, "browser:teacher")["teacher"], owner)
    assert (before, _lines(open_page("both"))) == (1, 0)


def _lines(app: AppTest) -> int:
    """How many lines of a class are at the top of a page."""
    names = [one.proto.component_name for one in app.get("bidi_component")]
    return sum(name.endswith("class_live") for name in names)


def test_the_code_of_another_class_leads_to_its_door(code: str) -> None:
    everything = classes()
    monday = everything.rooms.all()[0].row.id
    join(code, "a", "Mina")
    tuesday = everything.start_class(owner_of("other"), "Room 5")
    app = open_page("a", code=everything.code(tuesday))
    assert app.text_input[0].value == everything.code(tuesday)
    press(app, "Room 4")  # one may stay
    assert app.title[0].value == "Room 4"
    app = open_page("a", code=everything.code(tuesday))
    press(app, "Join")
    assert app.title[0].value == "Room 5"
    assert app.query_params == {}
    assert open_page("a", code=everything.code(tuesday)).title[0].value == "Room 5"
    assert open_page("teacher", code=code).title[0].value == "Room 4"
    known = everything.state(monday)
    assert known is not None
    assert [one.nickname for one in known.present] == ["Mina"]


def test_a_member_leaves_and_comes_back(code: str) -> None:
    everything = classes()
    room = everything.rooms.all()[0].row.id
    app = join(code, "a", "Mina")
    assert any("your runs stay yours" in one.value for one in app.markdown)
    press(app, "Leave now")
    assert everything.where(owner_of("a")) is None
    assert any(one.label == "Join" for one in app.button)
    app = join(code, "a", "")
    known = everything.state(room)
    assert known is not None
    assert [one.nickname for one in known.present] == ["Mina"]
    assert not any(one.label == "Leave now" for one in open_page("teacher").button)


def test_the_projector_shows_the_class_from_which_it_was_opened(code: str) -> None:
    everything = classes()
    first = everything.rooms.all()[0].row.id
    everything.start_class(owner_of("teacher"), "Room 5")
    asked: dict[str, Any] = {"view": "projector", "class": first}
    app = open_page("teacher", **asked)
    data = component(app, "class_screen")
    assert data is not None
    assert data["view"]["class"]["id"] == first
    links: Any = open_page("teacher", remembered={"class": first}).get("link_button")
    assert first in links[0].url
    assert open_page("stranger", **asked).title[0].value == "Class"


def test_the_projector_shows_the_address_that_the_teacher_has_chosen(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("head", "screen"):
        where = f"playground.ui.classroom.teacher.{module}.lan_addresses"
        monkeypatch.setattr(where, lambda: ("10.0.0.7", "10.0.1.7"))
    app = open_page("teacher")
    chosen = next(one for one in app.selectbox if one.label == "Address of this server")
    chosen.select("10.0.1.7").run(timeout=30)
    links: Any = app.get("link_button")
    query = dict(parse_qsl(urlsplit(links[0].url).query))
    for asked, address in ((query, "10.0.1.7"), (query | {"host": "evil.example"}, "10.0.0.7")):
        data = component(open_page("teacher", **asked), "class_screen")
        assert data is not None
        assert str(data["query"]).startswith(f"{address}:")


def component(app: AppTest, name: str) -> dict[str, Any] | None:
    """What a component of the page is given; None if it is not there."""
    for element in app.main:
        if element.type == "bidi_component" and element.proto.component_name.endswith(name):
            return dict(json.loads(element.proto.json))
    return None
