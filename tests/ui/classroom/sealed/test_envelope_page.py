"""The envelope on the page Class: who has the button, and what the others are given."""

from __future__ import annotations

import pytest

from playground.classroom.service import classes
from tests.conftest import Place
from tests.ui.classroom.jigsaw.test_jigsaw_page import component
from tests.ui.classroom.player.test_member import CHOICE, SEALED, Room, owner_of


@pytest.fixture
def room(place: Place) -> Room:
    return Room(place)


def test_only_the_teacher_has_the_button(room: Room) -> None:
    room.open(SEALED)
    given = [component(app, "class_envelope") for app in (room.look("teacher"), room.join("mina"))]
    assert [one and one["opens"] for one in given] == [True, False]


def test_where_nothing_is_sealed_a_member_has_none(room: Room) -> None:
    room.open(CHOICE)
    assert component(room.join("mina"), "class_envelope") is None


def test_one_who_plays_alone_has_it_too(room: Room) -> None:
    class_id = classes().play_alone(owner_of("mina"), SEALED)
    app = room.look("mina")
    if component(app, "class_envelope") is None:  # a class of one is opened from its page of Learn
        app.session_state["remembered"] = {"class": class_id}
        app.run()
    envelope = component(app, "class_envelope")
    assert envelope is not None
    assert envelope["opens"]
