"""All classes of this server: their logs, who is in which, and what each may see."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Concatenate, ParamSpec

from playground.classroom import codes
from playground.classroom.activities.schema import Activity
from playground.classroom.gate import ClassGate, is_of, read_stamp, stamp
from playground.classroom.guessing import Guessing
from playground.classroom.judge import Judge
from playground.classroom.live import Live, Wake
from playground.classroom.rules import acts
from playground.classroom.rules.log import (
    ActivityOpened,
    ActivityShown,
    Data,
    Drawn,
    Ended,
    MemberJoined,
    MemberLeft,
    Tested,
    read_data,
)
from playground.classroom.rules.state import ClassState, Member, fold
from playground.classroom.views import SCREEN, Json, Scene, audience_of, member_audience, view
from playground.events import EpochEnd, Event, StatusChange
from playground.locales import lazy
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.refusals import Refused, TooMany
from playground.runs.results import has_result
from playground.settings import settings
from playground.store.classes import ClassRow, SomebodyWasFirst
from playground.store.runs import RunInfo, StoreError

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
Rule = Callable[Concatenate[ClassState, _P], list[Data]]

_MOST_RACES = 50
# A code has 3.2 million values: with so many wrong ones a minute it takes days to find one. All
# together have more, since one who guesses must not keep a whole class from joining.
_WRONG_GUESSES, _WRONG_GUESSES_OF_ALL = 10, 300
_MOST_GUESSERS = 10_000
_DAY_SECONDS = 24 * 3600


@dataclass
class _Room:
    """A class in memory.

    Attributes:
        row: as it is stored.
        state: None until its log is read.
        opened: when each of its openings was opened, in seconds since 1970.
    """

    row: ClassRow
    state: ClassState | None = None
    opened: dict[int, float] = field(default_factory=dict)


class Classes:
    """All classes. Every method may be called from any thread.

    Args:
        hub: whose runs they have; it asks this for what is allowed from now on.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._store = hub, hub.classes
        self.live = Live()
        self._judge = Judge(hub, self.live.touch)
        self._guessing = Guessing(hub, self.live.touch)
        self._lock = threading.Lock()  # guards the rooms and what follows
        self._rooms: dict[str, _Room] = {}
        # When an owner has joined which class, in seconds since 1970.
        self._joined: dict[str, dict[str, float]] = {}
        self._encoded: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._tries: dict[str, codes.Tries] = {}
        self._tries_of_all = codes.Tries()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._tidy, daemon=True)

    def start(self) -> None:
        """Take up where the last server ended.

        Raises:
            StoreError: the store cannot be read.
        """
        for row in self._store.all():
            room = _Room(row)
            with self._lock:
                self._rooms[row.id] = room
            self._read(room)
        self._hub.gate = ClassGate(self._find, self.state, self._hub, self._binds)
        self._hub.attend = self.attend
        self._hub.overhear(self._heard)
        self._judge.start()
        self._guessing.start()
        for class_id in list(self._rooms):
            self._guess(class_id)
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._closing.set()
        self._judge.close()
        self._guessing.close()
        if self._thread.ident is not None:
            self._thread.join(10)

    # Questions

    def state(self, class_id: str) -> ClassState | None:
        """How a class stands; None if there is none.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._lock:
            room = self._rooms.get(class_id)
        if room is None:
            return None
        return room.state if room.state is not None else self._read(room)

    def where(self, owner: str) -> tuple[ClassState, Member] | None:
        """The class that somebody takes part in now, and as which member; None for none."""
        return self._find(owner, "")

    def latest(self, owner: str) -> str | None:
        """The class that somebody has joined last, also one that has ended; None for none."""
        with self._lock:
            return next(self._latest(owner), None)

    def _latest(self, owner: str) -> Iterator[str]:
        """The classes that somebody has joined, the last one first."""
        joined = self._joined.get(owner, {})
        return iter(sorted(joined, key=joined.__getitem__, reverse=True))

    def of(self, owner: str) -> list[ClassState]:
        """The classes that somebody has started or teaches, the newest first; solo ones are not."""
        with self._lock:
            rooms = list(self._rooms.values())
        found = [
            room
            for room in rooms
            if not room.row.solo
            and (
                room.row.owner == owner or (room.state is not None and room.state.is_teacher(owner))
            )
        ]
        found.sort(key=lambda room: room.row.created, reverse=True)
        return [state for room in found if (state := self.state(room.row.id)) is not None]

    def on_screen(self, owner: str) -> ClassState | None:
        """The newest class that goes on whose projector somebody is; None for none."""
        with self._lock:
            rooms = sorted(self._rooms.values(), key=lambda room: room.row.created, reverse=True)
        states = (room.state for room in rooms if room.state is not None)
        return next((one for one in states if one.is_screen(owner) and not one.ended), None)

    def code(self, class_id: str) -> str:
        """The code with which one joins a class; empty if there is none of that id."""
        with self._lock:
            return self._rooms[class_id].row.code if class_id in self._rooms else ""

    def links(self, class_id: str, owner: str) -> dict[str, str]:
        """The secrets of a class's links by what they make of a device: "teacher", "screen".

        Raises:
            Refused: it is not the teacher who asks.
        """
        state = self._known(class_id)
        acts.require_teacher(state, owner)
        kept = self._rooms[class_id].row.secrets
        return {name: kept.get(name, "") for name in ("teacher", "screen")}

    def runs(self, class_id: str) -> tuple[RunInfo, ...]:
        """The runs that belong to a class, the newest first."""
        return tuple(run for run in self._hub.runs() if read_stamp(run.classroom)[0] == class_id)

    def view(self, class_id: str, owner: str) -> Json | None:
        """What somebody may see of a class now; None if it is none of their business.

        Raises:
            StoreError: the store cannot be read.
        """
        state = self.state(class_id)
        audience = audience_of(state, owner) if state else None
        return self._view(class_id, audience) if audience else None

    def token(self, class_id: str, owner: str) -> str:
        """With which a page of this owner gets the views to come, see `attend`; empty for none."""
        state = self.state(class_id)
        audience = audience_of(state, owner) if state else None
        if audience is None:
            return ""
        return codes.sign(self._rooms[class_id].row.secrets["key"], class_id, audience)

    def projection(self, class_id: str, owner: str) -> tuple[Json, str] | None:
        """What the projector shows, and the token of its page; None if they may not see it.

        A teacher's own browser may be the projector's, too.

        Raises:
            StoreError: the store cannot be read.
        """
        state = self.state(class_id)
        if state is None or not (state.is_teacher(owner) or state.is_screen(owner)):
            return None
        key = self._rooms[class_id].row.secrets["key"]
        return self._view(class_id, SCREEN), codes.sign(key, class_id, SCREEN)

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
        class_id = self._add(owner, solo=False)
        if name.strip():
            self.act(class_id, acts.name_class, owner, name)
        return class_id

    def play_alone(self, owner: str, activity: Activity) -> str:
        """A class of one who is its teacher, too, at this activity; returns its id.

        The same activity of the same person goes on where it was.

        Raises:
            StoreError: it could not be written.
        """
        with self._lock:
            mine = [r.state for r in self._rooms.values() if r.row.solo and r.row.owner == owner]
        for state in mine:
            if state is not None and state.at is not None and state.at.activity == activity:
                return state.id
        class_id = self._add(owner, solo=True)
        joined = MemberJoined(member=1, owner=owner, nickname="")
        self._append(class_id, [joined, ActivityOpened(activity=activity, phase="compare")])
        return class_id

    def delete(self, class_id: str, owner: str) -> None:
        """Delete a class with all that its members have written; members keep their runs.

        Raises:
            Refused: it is not the teacher who asks.
            StoreError: it cannot be deleted now.
        """
        acts.require_teacher(self._known(class_id), owner)
        self._delete(class_id)

    # Acts

    def join(self, code: str, owner: str, nickname: str) -> str:
        """Join the class with this code; returns its id.

        Raises:
            Refused: there is none, it is full, or the nickname is taken.
            StoreError: it could not be written.
        """
        tries = self._tries_of(owner)
        wanted = codes.read_code(code)
        with self._lock:
            found = [
                room.row.id
                for room in self._rooms.values()
                if room.row.code and codes.same(wanted, room.row.code) and not room.row.solo
            ]
        if not found:
            tries.count()
            self._tries_of_all.count()
            raise Refused(
                lazy("There is no class with this code. Look at the board and type it once more.")
            )
        elsewhere = self.latest(owner) not in (None, found[0])
        self.act(found[0], acts.join, owner, nickname, elsewhere=elsewhere)
        return found[0]

    def follow_link(self, secret: str, owner: str) -> tuple[str, str]:
        """Make a device what a link says; returns the class and "teacher" or "screen".

        Raises:
            Refused: there is no such link.
            StoreError: it could not be written.
        """
        tries = self._tries_of(owner)
        with self._lock:
            rows = [room.row for room in self._rooms.values()]
        for row in rows:
            if codes.same(secret, row.secrets.get("teacher", "")):
                self.act(row.id, acts.join_as_teacher, owner)
                return row.id, "teacher"
            if codes.same(secret, row.secrets.get("screen", "")):
                self.act(row.id, acts.join_as_screen, owner)
                return row.id, "screen"
        tries.count()
        self._tries_of_all.count()
        raise Refused(lazy("This link belongs to no class that is still there."))

    def act(
        self, class_id: str, rule: Rule[_P], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> ClassState:
        """Do what a rule of `rules.acts` says; returns how the class then stands.

        Raises:
            Refused: the rule does not allow it, or there is no such class.
            StoreError: it could not be written; nothing has happened.
        """
        for _ in range(_MOST_RACES):
            state = self._known(class_id)
            events = rule(state, *args, **kwargs)
            if not events:
                return state
            try:
                return self._write(state, events)
            except SomebodyWasFirst:
                self._catch_up(class_id)
        raise StoreError(lazy("Too many write to this class at once. Try again in a moment."))

    def open_envelope(self, class_id: str, owner: str, number: int) -> None:
        """Have the runs of a sealed activity judged on the test images, for all to see; at once.

        Raises:
            Refused: it is not the teacher who asks, or there is nothing to judge.
        """
        state = self._known(class_id)
        acts.check_envelope(state, owner, number)
        if acts.require_opening(state, number).envelope is not None:
            return
        wanted = stamp(class_id, number)
        runs = [run for run in self.runs(class_id) if is_of(run, wanted)]
        if not any(map(has_result, runs)):
            acts.open_envelope(state, owner, number, [])

        def opened(results: list[Tested]) -> None:
            self.act(class_id, acts.open_envelope, owner, number, results)

        self._judge.open(state, number, runs, opened)

    def _tries_of(self, owner: str) -> codes.Tries:
        """Where to count what somebody has guessed wrong.

        Raises:
            Refused: they, or all together, have guessed too often within a minute.
        """
        with self._lock:
            if len(self._tries) >= _MOST_GUESSERS:
                self._tries.clear()
            mine = self._tries.setdefault(owner, codes.Tries())
        if mine.full(_WRONG_GUESSES) or self._tries_of_all.full(_WRONG_GUESSES_OF_ALL):
            _log.warning("Too many wrong codes or links of classes within a minute.")
            raise Refused(lazy("There were too many wrong codes. Wait a minute, then try again."))
        return mine

    # Live

    def attend(self, token: str) -> Attendance | None:
        """What a page with this token gets; None if the token is not right."""
        class_id, audience = codes.read_token(token)
        with self._lock:
            room = self._rooms.get(class_id)
        if room is None:
            return None
        if not codes.same(token, codes.sign(room.row.secrets["key"], class_id, audience)):
            return None
        return Attendance(self, class_id, audience, token)

    def encoded(self, class_id: str, audience: str) -> bytes | None:
        """An audience's view as JSON; None if it sees nothing any more. Reads no store."""
        revision = self.live.revision(class_id)
        with self._lock:
            room = self._rooms.get(class_id)
            known = self._encoded.get((class_id, audience))
        if room is None or room.state is None or not _takes_part(room.state, audience):
            return None
        if known is not None and known[0] == revision:
            return known[1]
        body = json.dumps(
            self._view(class_id, audience), ensure_ascii=False, separators=(",", ":")
        ).encode()
        with self._lock:
            self._encoded[(class_id, audience)] = (revision, body)
        return body

    def _view(self, class_id: str, audience: str) -> Json:
        room = self._rooms[class_id]
        assert room.state is not None
        scene = Scene(
            room.state,
            room.row.code,
            self.runs(class_id),
            self.live.presence(class_id),
            dict(room.opened),
            self._judge.judging(class_id),
            self._guessing.known(class_id, room.state.shown or 0),
        )
        return view(scene, audience)

    def _heard(self, event: Event) -> None:
        """Something has happened to a run: those who see it in a view are told."""
        if not isinstance(event.data, StatusChange | EpochEnd):
            return
        run = self._hub.run(event.run_id)
        class_id = read_stamp(run.classroom)[0] if run else ""
        with self._lock:
            room = self._rooms.get(class_id)
        if run is None or room is None or room.state is None:
            return
        member = room.state.member_of(run.owner)
        opening = room.state.opening(read_stamp(run.classroom)[1])
        if isinstance(event.data, StatusChange) and event.data.status.ended:
            self._guess(class_id)
        if opening is not None and (opening.revealed or opening.activity.jigsaw is not None):
            self.live.touch(class_id)  # all see the runs, or the grid
            return
        mine = {member_audience(member.number)} if member else set[str]()
        self.live.touch(class_id, {"teacher", "screen"} | mine)

    # The log

    def _find(self, owner: str, class_id: str) -> tuple[ClassState, Member] | None:
        """See `ClassGate`."""
        with self._lock:
            asked = [class_id] if class_id else self._latest(owner)
            states = [room.state for one in asked if (room := self._rooms.get(one)) is not None]
        for state in states:
            member = state.member_of(owner) if state else None
            if state is not None and member is not None and not (member.gone or state.ended):
                return state, member
        return None

    def _binds(self, owner: str) -> bool:
        """See `ClassGate`."""
        with self._lock:
            states = [room.state for room in self._rooms.values() if not room.row.solo]
        return any(one is not None and one.sealed and one.member_of(owner) for one in states)

    def _known(self, class_id: str) -> ClassState:
        state = self.state(class_id)
        if state is None:
            raise Refused(lazy("This class has been deleted."))
        return state

    def _add(self, owner: str, *, solo: bool) -> str:
        with self._lock:
            taken = {room.row.code for room in self._rooms.values()}
        code = "" if solo else next(code for code in iter(codes.new_code, "") if code not in taken)
        keys = {name: codes.new_secret() for name in ("key", "teacher", "screen")}
        now = datetime.now(timezone.utc)
        row = ClassRow(secrets.token_hex(6), owner, solo, code, keys, now)
        self._store.add(row)
        with self._lock:
            self._rooms[row.id] = _Room(row, ClassState(row.id, owner, solo))
        return row.id

    def _append(self, class_id: str, events: list[Data]) -> None:
        self.act(class_id, lambda _state: events)

    def _write(self, state: ClassState, events: list[Data]) -> ClassState:
        """Write events, and then let them count.

        Raises:
            SomebodyWasFirst: others have written meanwhile.
        """
        rows = [(data.kind, data.to_json()) for data in events]
        self._store.append(state.id, state.seq, rows)
        if any(isinstance(data, Ended) for data in events):
            ended = next(data.ended for data in reversed(events) if isinstance(data, Ended))
            self._set_ended(state.id, datetime.now(timezone.utc) if ended else None)
        after = fold(state, events)
        now = datetime.now(timezone.utc).timestamp()
        with self._lock:
            room = self._rooms.get(state.id)
            # Another thread may have read these from the store already.
            if room is not None and room.state is not None and room.state.seq < after.seq:
                room.state = after
                _note(room, after, now)
                for who in filter(None, (_who_joins(after, data) for data in events)):
                    self._place(who, after, now)
        self.live.touch(state.id)
        if any(isinstance(data, ActivityShown | Drawn) for data in events):
            self._guess(state.id)
        return after

    def _guess(self, class_id: str) -> None:
        """Have the networks guess what is drawn, where something is."""
        with self._lock:
            room = self._rooms.get(class_id)
        if room is not None and room.state is not None:
            self._guessing.look(room.state, self.runs(class_id))

    def _place(self, owner: str, state: ClassState, when: float) -> None:
        """Note when somebody has joined a class; called under the lock."""
        if not state.solo:
            self._joined.setdefault(owner, {})[state.id] = when

    def _read(self, room: _Room) -> ClassState:
        """Fold a class's log from its beginning."""
        state = ClassState(room.row.id, room.row.owner, room.row.solo)
        opened: dict[int, float] = {}
        joined: dict[str, float] = {}
        for row in self._store.events(room.row.id):
            try:
                data = read_data(row.kind, row.data)
                state = fold(state, [data])
            except (ValueError, KeyError, IndexError) as error:
                _log.warning("Event %d of class %s is left out: %s", row.seq, room.row.id, error)
                state = replace(state, seq=row.seq)
                continue
            if isinstance(data, ActivityOpened):
                opened[len(state.openings)] = row.created.timestamp()
            if who := _who_joins(state, data):
                joined[who] = row.created.timestamp()
        with self._lock:
            if room.state is None or room.state.seq < state.seq:
                room.state, room.opened = state, opened
                for owner, when in joined.items():
                    self._place(owner, state, when)
        return state

    def _catch_up(self, class_id: str) -> None:
        with self._lock:
            room = self._rooms.get(class_id)
        if room is not None:
            self._read(room)
            self.live.touch(class_id)

    def _set_ended(self, class_id: str, ended: datetime | None) -> None:
        self._store.set_ended(class_id, ended)
        with self._lock:
            if class_id in self._rooms:
                room = self._rooms[class_id]
                room.row = replace(room.row, ended=ended)

    def _delete(self, class_id: str) -> None:
        self._store.delete(class_id)
        with self._lock:
            self._rooms.pop(class_id, None)
            for joined in self._joined.values():
                joined.pop(class_id, None)
            for key in [key for key in self._encoded if key[0] == class_id]:
                del self._encoded[key]
        self.live.forget(class_id)
        self._guessing.forget(class_id)

    # Upkeep

    def _tidy(self) -> None:
        while not self._closing.wait(_DAY_SECONDS / 24):
            try:
                self.delete_old()
            except Exception:  # whatever it was, the next time tries again
                _log.exception("old classes could not be deleted")

    def delete_old(self) -> None:
        """Delete the classes that ended long ago, and those in which nothing has happened so long.

        Raises:
            StoreError: one cannot be deleted now.
        """
        oldest = datetime.now(timezone.utc) - timedelta(days=settings().keep_classes_days)
        with self._lock:
            rows = [room.row for room in self._rooms.values()]
        for row in rows:
            events = self._store.events(row.id) if row.created < oldest else None
            last = events[-1].created if events else row.created
            if max(last, row.created) < oldest:
                _log.info("The class %s is deleted: nothing has happened in it for long.", row.id)
                self._delete(row.id)


class Attendance:
    """One page of one audience, on the event loop.

    Attributes:
        token: with which it came.
    """

    def __init__(self, classes: Classes, class_id: str, audience: str, token: str) -> None:
        self._classes, self._class_id, self._audience = classes, class_id, audience
        self.token = token
        self._sent: bytes | None = None

    def watch(self, wake: Wake) -> AbstractContextManager[None]:
        """Within, `wake` is called when there may be something new."""
        return self._classes.live.attend(self._class_id, self._audience, wake)

    def new(self) -> bytes | None:
        """The view as JSON, if it is another one than before; `null` if it sees nothing more."""
        body = self._classes.encoded(self._class_id, self._audience) or b"null"
        if body == self._sent:
            return None
        self._sent = body
        return body


def _takes_part(state: ClassState, audience: str) -> bool:
    """Whether there is still such an audience."""
    if audience in ("teacher", "screen"):
        return True
    number = audience.partition("-")[2]
    member = state.members.get(int(number)) if number.isdigit() else None
    return member is not None and not member.gone


def _who_joins(state: ClassState, data: Data) -> str:
    """Who joins a class by an event, or comes back; empty for nobody."""
    if isinstance(data, MemberJoined):
        return data.owner
    if isinstance(data, MemberLeft) and not data.left:
        return state.members[data.member].owner
    return ""


def _note(room: _Room, state: ClassState, now: float) -> None:
    for opening in state.openings:
        room.opened.setdefault(opening.number, now)


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
