"""What one takes home, and how a class is deleted."""

from __future__ import annotations

from playground.classroom.service import classes
from tests.conftest import Place
from tests.ui.classroom.test_class_page import join, open_page, press


def test_a_class_is_deleted_with_one_press_that_says_what_goes(place: Place) -> None:
    press(open_page("teacher"), "Start a class")
    room = classes().rooms.all()[0].row.id
    join(classes().code(room), "a", "Mina")
    app = open_page("teacher")
    texts = " ".join(one.value for one in (*app.markdown, *app.caption))
    assert "cannot be undone" in texts
    assert "Runs stay" in texts
    assert "180 days" in texts
    press(app, "Delete the class permanently")
    assert classes().state(room) is None
    assert any(one.label == "Start a class" for one in app.button)
    assert any(one.label == "Join" for one in open_page("a").button)
