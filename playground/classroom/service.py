"""All classes of this server: who is in which, and what each may do and see."""

from __future__ import annotations

import threading
from typing import cast

from playground.classroom import codes
from playground.classroom.activities.schema import Activity
from playground.classroom.gate import ClassGate, is_of, stamp
from playground.classroom.guessing import Guessing
from playground.classroom.judge import Judge
from playground.classroom.live.broadcast import Attendance, Broadcast
from playground.classroom.live.news import News
from playground.classroom.live.presence import Live
from playground.classroom.rooms.door import Door
from playground.classroom.rooms.rooms import LINKS, Rooms, Rule
from playground.classroom.rooms.upkeep import Upkeep
from playground.classroom.rules import acts
from playground.classroom.rules.log import (
    ActivityOpened,
    MemberJoined,
    Tested,
)
from playground.classroom.rules.state import ClassState, Member
from playground.classroom.views.audiences import SCREEN, audience_of, member_audience
from playground.classroom.views.scenes import Scenes
from playground.classroom.views.shapes import ScreenView, View
from playground.locales import lazy
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.refusals import Refused, TooMany
from playground.runs.results import has_result
from playground.settings import settings

__all__ = ["Classes", "Rule", "classes", "close_classes"]


# Activities of one person that they play alone.
MOST_ALONE = 100


class Classes:
    """All classes. Every method may be called from any thread.

    Args:
        hub: whose runs they have; it asks this for what is allowed from now on.

    Attributes:
        rooms: their logs, and how each stands.
        live: who is here.
        broadcast: the views of those who follow.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.live = Live()
        self.rooms = Rooms(hub.classes, lambda *of: self._news.written(*of))
        self.act, self.state, self.latest = self.rooms.act, self.rooms.state, self.rooms.latest
        self._door = Door(self.rooms)
        self.join, self.follow_link = self._door.join, self._door.follow_link
        self._judge = Judge(hub, self.live.touch)
        self._guessing = Guessing(hub, self.live.touch)
        self._scenes = Scenes(hub, self.rooms, self.live, self._judge, self._guessing)
        self.runs, self.trained = self._scenes.runs, self._scenes.trained
        self.broadcast = Broadcast(self._scenes.encoded)
        self._news = News(hub, self.rooms, self.live, self.broadcast, self._guess)
        self._upkeep = Upkeep(hub.classes, self.rooms, self._delete)
        self.delete_old = self._upkeep.delete_old

    def start(self) -> None:
        """Take up where the last server ended.

        Raises:
            StoreError: the store cannot be read.
        """
        self.rooms.start()
        self._hub.gate = ClassGate(self.rooms.find, self.state, self._hub, self.rooms.binds)
        self._hub.attend = self.attend
        self._hub.overhear(self._news.heard)
        for thread in (self._judge, self._guessing, self.broadcast, self._upkeep):
            thread.start()
        for room in self.rooms.all():
            self._guess(room.row.id)

    def close(self) -> None:
        """End."""
        for thread in (self._upkeep, self.broadcast, self._judge, self._guessing):
            thread.close()

    # Questions

    def where(self, owner: str) -> tuple[ClassState, Member] | None:
        """The class that somebody takes part in now, and as which member; None for none."""
        return self.rooms.find(owner, "")

    def of(self, owner: str) -> list[ClassState]:
        """The classes that somebody has started or teaches, the newest first; solo ones are not."""
        found = [
            room
            for room in self.rooms.all()
            if not room.row.solo
            and (
                room.row.owner == owner or (room.state is not None and room.state.is_teacher(owner))
            )
        ]
        found.sort(key=lambda room: room.row.created, reverse=True)
        return [state for room in found if (state := self.state(room.row.id)) is not None]

    def on_screen(self, owner: str) -> ClassState | None:
        """The newest class that goes on whose projector somebody is; None for none."""
        rooms = sorted(self.rooms.all(), key=lambda room: room.row.created, reverse=True)
        states = (room.state for room in rooms if room.state is not None)
        return next((one for one in states if one.is_screen(owner) and not one.ended), None)

    def code(self, class_id: str) -> str:
        """The code with which one joins a class; empty if there is none of that id."""
        room = self.rooms.room(class_id)
        return room.row.code if room else ""

    def links(self, class_id: str, owner: str) -> dict[str, str]:
        """The secrets of a class's links by what they make of a device: "teacher", "screen".

        Raises:
            Refused: it is not the teacher who asks.
        """
        acts.require_teacher(self.rooms.known(class_id), owner)
        kept = self.rooms.row(class_id).secrets
        return {name: kept.get(name, "") for name in LINKS}

    def renew_links(self, class_id: str, owner: str) -> None:
        """Give a class new links; devices that have followed an old one stay what they are.

        Raises:
            Refused: it is not the teacher who asks.
            StoreError: it could not be written; the old ones hold.
        """
        acts.require_teacher(self.rooms.known(class_id), owner)
        self.rooms.renew_links(class_id)

    def view(self, class_id: str, owner: str) -> View | None:
        """What somebody may see of a class now, not to be changed; None if that is nothing.

        Raises:
            StoreError: the store cannot be read.
        """
        state = self.state(class_id)
        audience = audience_of(state, owner) if state else None
        return self._scenes.view(state, audience) if state and audience else None

    def token(self, class_id: str, owner: str) -> str:
        """With which a page of this owner gets the views to come, see `attend`; empty for none."""
        state = self.state(class_id)
        audience = audience_of(state, owner) if state else None
        return self._sign(class_id, audience) if audience else ""

    def _sign(self, class_id: str, audience: str) -> str:
        return codes.sign(self.rooms.row(class_id).secrets["key"], class_id, audience)

    def projection(self, class_id: str, owner: str) -> tuple[ScreenView, str] | None:
        """What the projector shows, and the token of its page; None if they may not see it.

        A teacher's own browser may be the projector's, too.

        Raises:
            StoreError: the store cannot be read.
        """
        state = self.state(class_id)
        if state is None or not (state.is_teacher(owner) or state.is_screen(owner)):
            return None
        seen = self._scenes.view(state, SCREEN)
        if seen is None:
            return None
        return cast("ScreenView", seen), self._sign(class_id, SCREEN)

    def saw(self, owner: str, page: str) -> None:
        """Somebody has opened a page of the app."""
        found = self.where(owner)
        if found is not None:
            state, member = found
            self.live.saw(state.id, member_audience(member.number), page)

    # Beginning and end of a class

    def start_class(self, owner: str, name: str = "") -> str:
        """A class that one joins with a code; returns its id.

        Raises:
            TooMany: they have as many that go on as one may have.
            StoreError: it could not be written.
        """
        going_on = sum(not state.ended for state in self.of(owner))
        if going_on >= settings().max_classes_per_owner:
            raise TooMany(
                lazy(
                    "You have {count} classes that have not ended. End one of them first.",
                    count=going_on,
                )
            )
        class_id = self.rooms.add(owner, solo=False)
        if name.strip():
            self.act(class_id, acts.name_class, owner, name)
        return class_id

    def play_alone(self, owner: str, activity: Activity) -> str:
        """A class of one who is its teacher, too, at this activity; returns its id.

        The same activity of the same person goes on where it was. Of more than `MOST_ALONE` the
        oldest goes, since anybody can make links; its runs stay.

        Raises:
            StoreError: it could not be written.
        """
        rooms = self.rooms.all()
        mine = [room for room in rooms if room.row.solo and room.row.owner == owner]
        for room in mine:
            at = room.state.at if room.state else None
            if at is not None and at.activity == activity:
                return room.row.id
        for room in mine[: max(0, len(mine) + 1 - MOST_ALONE)]:
            self._delete(room.row.id)
        class_id = self.rooms.add(owner, solo=True)
        joined = MemberJoined(member=1, owner=owner, nickname="")
        opened = ActivityOpened(activity=activity, phase="compare")
        self.act(class_id, lambda _state: [joined, opened])
        return class_id

    def delete(self, class_id: str, owner: str) -> None:
        """Delete a class with all that its members have written; members keep their runs.

        Raises:
            Refused: it is not the teacher who asks.
            StoreError: it cannot be deleted now.
        """
        acts.require_teacher(self.rooms.known(class_id), owner)
        self._delete(class_id)

    def open_envelope(self, class_id: str, owner: str, number: int) -> None:
        """Have the runs of a sealed activity judged on the test images, for all to see; at once.

        The same settings have the same figure in every class. So nobody opens an envelope while
        another class, which they do not teach, has one that is closed for them; and runs of members
        who are so bound are left out.

        Raises:
            Refused: it is not the teacher who asks, they are bound, or there is nothing to judge.
        """
        state = self.rooms.known(class_id)
        acts.check_envelope(state, owner, number)
        self._check_bound(state, owner)
        if acts.require_opening(state, number).envelope is not None:
            return
        wanted = stamp(class_id, number)
        runs = [run for run in self.runs(class_id) if is_of(run, wanted)]
        if not any(map(has_result, runs)):
            acts.open_envelope(state, owner, number, [])
        free = [run for run in runs if not self._is_bound(state, run.owner, owner)]
        if not any(map(has_result, free)):
            raise Refused(
                lazy(
                    "The envelope stays closed: those who have trained here are members of another "
                    "class, too, whose envelope is still closed."
                )
            )

        def opened(results: list[Tested]) -> None:
            # A class may have sealed the same settings meanwhile.
            self._check_bound(state, owner)
            owners = {member.number: member.owner for member in state.members.values()}
            told = [one for one in results if not self._is_bound(state, owners[one.member], owner)]
            self.act(class_id, acts.open_envelope, owner, number, told)

        self._judge.open(state, number, free, opened)

    def _check_bound(self, state: ClassState, owner: str) -> None:
        if self._is_bound(state, owner, owner):
            raise Refused(
                lazy(
                    "You have joined a class whose envelope is still closed. You can open this one "
                    "when that class has opened its own."
                )
            )

    def _is_bound(self, state: ClassState, trained: str, opens: str) -> bool:
        """Whether another class keeps from somebody what would be told here.

        Args:
            state: of the class whose envelope is to be opened.
            trained: the owner whose figures would be told.
            opens: who opens it; the envelopes of all their classes are for them to open.
        """
        others = (one for one in self.rooms.binding(trained) if one.id != state.id)
        return any(not one.is_teacher(opens) for one in others)

    def _delete(self, class_id: str) -> None:
        self.rooms.delete(class_id)
        self._scenes.forget(class_id)
        self._guessing.forget(class_id)
        self.live.forget(class_id)

    # Live

    def attend(self, token: str) -> Attendance | None:
        """What a page with this token gets; None if the token is not right."""
        class_id, audience = codes.read_token(token)
        room = self.rooms.room(class_id)
        if room is None:
            return None
        if not codes.same(token, codes.sign(room.row.secrets["key"], class_id, audience)):
            return None
        return Attendance(self.live, self.broadcast, class_id, audience, token)

    def encoded(self, class_id: str, audience: str) -> bytes:
        """The view that pages of an audience have, as JSON; may take its time. Reads no store."""
        ready = self.broadcast.newest(class_id, audience)
        return ready or next(body for _, body in self._scenes.encoded(class_id, [audience]))

    def _guess(self, class_id: str) -> None:
        """Have the networks guess what is drawn, where something is."""
        room = self.rooms.room(class_id)
        if room is not None and room.state is not None:
            self._guessing.look(room.state, self.runs(class_id))


_classes: tuple[Hub, Classes] | None = None
_starting = threading.Lock()


def classes() -> Classes:
    """The classes of this server.

    Raises:
        StoreError: the store cannot be read.
    """
    global _classes
    hub = service.hub()
    with _starting:
        if _classes is None or _classes[0] is not hub:
            if _classes is not None:
                _classes[1].close()
            made = Classes(hub)
            made.start()
            _classes = (hub, made)
        return _classes[1]


def close_classes() -> None:
    """End with the server."""
    global _classes
    if _classes is not None:
        _classes[1].close()
    _classes = None
