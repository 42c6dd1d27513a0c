"""Who is told of what at once, and who in a while."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from playground.classroom.live.news import News
from playground.classroom.rules.log import CurtainSet, Data, PredictionLocked
from playground.events import Event, Status, StatusChange


class Told:
    """News with what it tells."""

    def __init__(self) -> None:
        self.hub, self.rooms, self.live, self.broadcast = Mock(), Mock(), Mock(), Mock()
        self.guess = Mock()
        self.news = News(self.hub, self.rooms, self.live, self.broadcast, self.guess)

    @property
    def at_once(self) -> object:
        (call,) = self.live.touch.call_args_list
        return call.args[1] if len(call.args) > 1 else "all"

    @property
    def in_a_while(self) -> bool:
        return bool(self.broadcast.mark_all.called)


@pytest.mark.parametrize(
    ("events", "at_once", "in_a_while"),
    [
        ([PredictionLocked(opening=1, member=3)], {"teacher", "screen", "member-3"}, True),
        ([CurtainSet(down=True)], "all", False),
        ([PredictionLocked(opening=1, member=3), CurtainSet(down=True)], "all", False),
    ],
)
def test_levers_go_to_all_at_once(events: list[Data], at_once: object, in_a_while: bool) -> None:
    told = Told()
    told.news.written("c", events)
    assert (told.at_once, told.in_a_while) == (at_once, in_a_while)
    told.guess.assert_not_called()


@pytest.mark.parametrize("jigsaw", [False, True])
@pytest.mark.parametrize("revealed", [False, True])
def test_all_are_told_of_runs_that_they_see(jigsaw: bool, revealed: bool) -> None:
    told = Told()
    told.hub.run.return_value.classroom = "c/1"
    state = told.rooms.room.return_value.state
    state.member_of.return_value.number = 2
    state.opening.return_value.revealed = revealed
    state.opening.return_value.activity.jigsaw = object() if jigsaw else None
    told.news.heard(Event("r", 1, StatusChange(status=Status.FINISHED, reason="")))
    assert told.at_once == {"teacher", "screen", "member-2"}
    assert told.in_a_while == (jigsaw or revealed)
    told.guess.assert_called_once_with("c")


def test_a_run_of_no_class_is_no_news() -> None:
    told = Told()
    told.hub.run.return_value = None
    told.rooms.room.return_value = None
    told.news.heard(Event("r", 1, StatusChange(status=Status.RUNNING, reason="")))
    told.live.touch.assert_not_called()
