"""What happens in a class and to its runs, and who is told of it how soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playground.classroom.gate import read_stamp
from playground.classroom.live.broadcast import Broadcast
from playground.classroom.live.presence import Live
from playground.classroom.rooms.rooms import Rooms
from playground.classroom.rules.log import (
    ActivityShown,
    CellDealt,
    Data,
    Drawn,
    Explained,
    MemberJoined,
    MemberLeft,
    Predicted,
    PredictionLocked,
    QuizAnswered,
)
from playground.classroom.views.audiences import SCREEN, TEACHER, member_audience
from playground.events import EpochEnd, Event, StatusChange
from playground.runs.hub import Hub

# What members do for themselves.
_OWN = (
    CellDealt | Explained | MemberJoined | MemberLeft | Predicted | PredictionLocked | QuizAnswered
)


class News:
    """Both methods may be called from any thread, and return at once.

    Args:
        hub: has the runs.
        rooms: the classes.
        live: who is here.
        broadcast: the views of those who follow.
        guess: has the networks guess what is drawn in a class.
    """

    def __init__(
        self,
        hub: Hub,
        rooms: Rooms,
        live: Live,
        broadcast: Broadcast,
        guess: Callable[[str], None],
    ) -> None:
        self._hub, self._rooms, self._guess = hub, rooms, guess
        self._live, self._broadcast = live, broadcast

    def written(self, class_id: str, events: Sequence[Data]) -> None:
        """Something has happened in a class."""
        own = [data for data in events if isinstance(data, _OWN)]
        if len(own) == len(events):
            self._tell(class_id, {member_audience(data.member) for data in own})
        else:
            self._live.touch(class_id)
        if any(isinstance(data, ActivityShown | Drawn) for data in events):
            self._guess(class_id)

    def heard(self, event: Event) -> None:
        """Something has happened to a run: those who see it in a view are told."""
        if not isinstance(event.data, StatusChange | EpochEnd):
            return
        run = self._hub.run(event.run_id)
        class_id, number, _ = read_stamp(run.classroom if run else "")
        room = self._rooms.room(class_id)
        if run is None or room is None or room.state is None:
            return
        member, opening = room.state.member_of(run.owner), room.state.opening(number)
        if isinstance(event.data, StatusChange) and event.data.status.ended:
            self._guess(class_id)
        mine = {member_audience(member.number)} if member else set[str]()
        if opening is not None and (opening.revealed or opening.activity.jigsaw is not None):
            self._tell(class_id, mine)  # all see the runs, or the grid
        else:
            self._live.touch(class_id, {TEACHER, SCREEN} | mine)

    def _tell(self, class_id: str, mine: set[str]) -> None:
        """Those whose doing it is, teacher and projector are told at once, the others in a while.

        Else thirty members, each of whom does something, would each get thirty views.
        """
        self._live.touch(class_id, {TEACHER, SCREEN} | mine)
        self._broadcast.mark_all(class_id)
