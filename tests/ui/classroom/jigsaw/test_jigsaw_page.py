"""A jigsaw on the page Class: cells are dealt to those who come, and the map fills."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.classroom.rules import acts
from playground.engine.protocol import Result
from playground.events import Status
from playground.ui.classroom.files.gather import gather
from tests.conftest import Place
from tests.ui.classroom.player.test_member import (
    ACTIVITIES,
    TEACHER,
    Room,
    again,
    has,
    named,
    owner_of,
    press,
    read,
)

JIGSAW = ACTIVITIES["rate-and-batch"]


@pytest.fixture
def room(place: Place) -> Room:
    made = Room(place)
    made.open(JIGSAW)
    return made


def component(app: AppTest, name: str) -> dict[str, Any] | None:
    """What a component of the page is given; None if it is not there."""
    for element in app.main:
        if element.type == "bidi_component" and element.proto.component_name.endswith(name):
            return dict(json.loads(element.proto.json))
    return None


def predict(app: AppTest) -> AppTest:
    app.number_input[0].set_value(0.8)
    return press(again(app), "Lock my prediction")


def cell_of(room: Room, name: str) -> int:
    view: Any = room.classes.view(room.id, owner_of(name))
    return int(view["at"]["cell"]["index"])


def test_each_who_comes_has_a_cell_and_trains_its_settings(room: Room) -> None:
    assert component(room.join("mina"), "class_grid") is None  # before one has predicted
    predict(room.look("mina"))
    app = press(room.look("mina"), "2 Run")
    assert "Your cell of the grid, number 1 of 30" in read(app)
    press(app, "Train")
    run = room.run_of("mina")
    assert run.classroom == f"{room.id}/1/0"
    assert (run.config.learning_rate, run.config.batch_size) == (0.003, 16)
    room.join("jun")
    assert cell_of(room, "jun") == 29
    grid = component(room.look("mina"), "class_grid")
    assert grid is not None
    standings = [one["standing"] for one in grid["view"]["at"]["grid"]]
    assert (standings[0], standings[29], standings.count("open")) == ("trains", "dealt", 28)


def test_who_has_trained_theirs_may_take_another_one(room: Room) -> None:
    predict(room.join("mina"))
    app = press(press(room.look("mina"), "2 Run"), "Train")
    assert not has(again(app).button, "Take another cell")
    room.train("mina", val_accuracy=0.7)
    app = press(again(app), "Take another cell")
    assert cell_of(room, "mina") == 29
    app = press(room.look("mina"), "2 Run")
    assert not named(app.button, "Train").disabled
    press(app, "Train")
    assert room.run_of("mina").classroom == f"{room.id}/1/29"


def test_a_prediction_is_judged_by_the_cell_that_it_was_made_for(room: Room) -> None:
    predict(room.join("mina"))
    press(press(room.look("mina"), "2 Run"), "Train")
    room.train("mina", val_accuracy=0.7)
    press(again(room.look("mina")), "Take another cell")
    press(press(room.look("mina"), "2 Run"), "Train")
    room.train("mina", val_accuracy=0.2)
    app = press(room.look("mina"), "3 Explain")
    assert "it became **0.70**" in read(app)
    known = room.classes.state(room.id)
    assert known is not None
    (chapter,) = gather(room.place.hub, known, 1, room.classes.runs(room.id)).chapters
    assert chapter.prediction is not None
    assert any("0.70" in said for said in chapter.prediction.said)
    assert not any("0.20" in said for said in chapter.prediction.said)


def test_after_a_crash_the_cell_is_trained_again(room: Room, place: Place) -> None:
    predict(room.join("mina"))
    press(press(room.look("mina"), "2 Run"), "Train")
    crashed = Result(Status.INTERRUPTED, "The worker ended.")
    place.tell(lambda: place.end(room.run_of("mina").id, crashed))
    room.join("jun")  # gets what is open
    assert cell_of(room, "jun") == 0
    app = press(room.look("mina"), "2 Run")
    assert cell_of(room, "mina") != 0
    press(app, "Train")
    assert room.run_of("mina").classroom == f"{room.id}/1/{cell_of(room, 'mina')}"


def test_teacher_and_projector_have_the_map_at_all_times(room: Room) -> None:
    screen = owner_of("screen")
    room.classes.follow_link(room.classes.links(room.id, TEACHER)["screen"], screen)
    for name in ("teacher", "screen"):
        grid = component(room.look(name), "class_grid")
        assert grid is not None
        assert len(grid["view"]["at"]["grid"]) == 30
        assert grid["names"]["batch_size"] == "Batch size"
    assert component(room.look("screen"), "class_envelope") is not None
    room.act(acts.show_activity, TEACHER, None)
    assert component(room.look("screen"), "class_grid") is not None  # it hides by itself
