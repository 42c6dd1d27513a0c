"""Draw and guess on the page Class: the pad for members, the guesses for all."""

from __future__ import annotations

import pytest

from playground.classroom.rules import acts
from playground.ui import state
from tests.conftest import Place
from tests.ui.classroom.jigsaw.test_jigsaw_page import component
from tests.ui.classroom.player.test_member import (
    ACTIVITIES,
    CHOICE,
    TEACHER,
    Room,
    again,
    has,
    named,
    press,
)
from tests.ui.pages.test_draw import drawn

DRAW = ACTIVITIES["draw-and-guess"]


@pytest.fixture
def room(place: Place) -> Room:
    return Room(place)


def test_a_member_shows_a_drawing_to_the_class(room: Room) -> None:
    room.open(DRAW)
    room.join("jun")
    app = room.join("mina")
    assert not has(app.button, "Let the networks guess")  # the pad is empty
    app.session_state[state.DRAWING] = drawn()
    app = again(app)
    assert named(app.button, "Let the networks guess").disabled
    named(app.selectbox, "What it is").set_value(3)
    app = press(again(app), "Let the networks guess")
    given = component(room.look("jun"), "class_guesses")
    assert given is not None
    newest = given["view"]["at"]["drawings"]["newest"]
    assert (newest["label"], newest["name"], newest["of"]) == (3, "Mina", 0)


def test_there_is_a_pad_only_where_one_draws_and_may_go_so_far(room: Room) -> None:
    room.open(DRAW, "predict")
    app = room.join("mina")
    assert component(app, "sketchpad") is None
    assert component(app, "class_guesses") is not None
    room.act(acts.set_phase, TEACHER, 1, "run")
    assert component(again(app), "sketchpad") is not None
    room.open(CHOICE)
    app = again(app)
    assert component(app, "sketchpad") is None
    assert component(app, "class_guesses") is None
