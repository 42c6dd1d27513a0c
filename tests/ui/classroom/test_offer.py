"""An activity that comes with an address: opened in a class, played alone, or refused."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.classroom.activities import Activity, from_link, to_link
from playground.classroom.service import classes
from playground.ui.classroom.addresses import link
from playground.ui.common.labels import plain
from playground.ui.location import ACTIVITY, activity_in
from tests.classroom.activities import ACTIVITIES
from tests.classroom.conftest import CHOICE, activity
from tests.conftest import Place
from tests.ui.classroom.test_class_page import join, open_page, owner_of, press

URL = "http://localhost:8501/class"
EVIL = {"en": "**bold** [x](http://evil.example) <script>alert(1)</script>", "ko": "가"}


def packed(data: bytes) -> str:
    """Any data in the letters of an address."""
    return base64.urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


@settings(max_examples=60, deadline=None)
@given(ACTIVITIES, st.sampled_from(["localhost", "10.0.0.7", "fd00::7"]))
def test_an_address_gives_back_the_very_activity(activity: Activity, host: str) -> None:
    address = link(URL, host, code="AB12C", **{ACTIVITY: to_link(activity)}, lang="ko")
    assert from_link(activity_in(f"  {address}\n")) == activity


@pytest.mark.parametrize(
    "text", ["", "AB-12_c", "http://[", "https://a.org/class?code=A#activity=B"]
)
def test_what_is_no_address_of_an_activity_stays_as_it_is(text: str) -> None:
    assert activity_in(text) == text


def labels(app: object) -> set[str]:
    return {one.label for one in app.button}  # type: ignore[attr-defined]


def test_a_teacher_opens_it_in_their_class(place: Place) -> None:
    brought = open_page("teacher", activity=to_link(CHOICE))
    assert any("start one" in one.value for one in brought.caption)
    press(brought, "Start a class")
    press(brought, "Open in this class")
    assert ACTIVITY not in brought.query_params
    assert "Play it alone" not in labels(brought)
    state = classes().state(classes().rooms.all()[0].row.id)
    assert state is not None
    assert state.at is not None
    assert state.at.activity == CHOICE


def test_one_alone_plays_it_alone(place: Place) -> None:
    app = open_page("a", activity=to_link(CHOICE))
    assert "Open in this class" not in labels(app)
    press(app, "Play it alone")
    (room,) = classes().rooms.all()
    assert room.state is not None
    assert (room.row.solo, room.row.owner) == (True, owner_of("a"))
    assert room.state.openings[0].activity == CHOICE
    assert app.title[0].value == CHOICE.title.en
    assert ACTIVITY not in app.query_params
    assert app.query_params["alone"] == room.row.id


def test_a_member_cannot_open_it_for_the_class(place: Place) -> None:
    press(open_page("teacher"), "Start a class")
    room = classes().rooms.all()[0].row
    join(room.code, "a", "Mina")
    app = open_page("a", activity=to_link(CHOICE))
    assert "Open in this class" not in labels(app)
    assert "Play it alone" in labels(app)
    press(app, "Not now")
    assert "Play it alone" not in labels(app)
    state = classes().state(room.id)
    assert state is not None
    assert state.openings == ()


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (to_link(CHOICE)[:-9], "holds no whole activity"),
        ("A" * 100_000, "holds no whole activity"),
        ("<script>", "holds no whole activity"),
        (packed(b" " * 40_000_000), "holds no whole activity"),
        (packed((CHOICE.model_dump_json()[:-1] + ', "run": "rm"}').encode()), "“run”"),
    ],
    ids=["cut off", "too long", "other signs", "a bomb", "no field of an activity"],
)
def test_what_is_damaged_is_refused_in_a_sentence(place: Place, letters: str, said: str) -> None:
    app = open_page("teacher", activity=letters)
    assert [said in one.value for one in app.error] == [True]
    assert not labels(app) & {"Open in this class", "Play it alone"}
    assert "Start a class" in labels(app)
    press(app, "Close")
    assert not app.error


def test_its_words_are_words(place: Place) -> None:
    app = open_page("a", activity=to_link(activity(title=EVIL, text=EVIL)))
    assert plain(EVIL["en"]) in [one.value for one in app.markdown]
    assert EVIL["en"] not in " ".join(one.value for one in app.markdown)
