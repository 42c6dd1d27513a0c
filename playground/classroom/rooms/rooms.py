"""All classes of a server: their logs in the store, and how each stands."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Concatenate, ParamSpec

from playground.classroom import codes
from playground.classroom.rules.folding import fold
from playground.classroom.rules.log import (
    ActivityOpened,
    ActivityShown,
    CurtainSet,
    Data,
    Ended,
    MemberJoined,
    MemberLeft,
    PhaseSet,
    Revealed,
    read_data,
)
from playground.classroom.rules.state import ClassState, Member
from playground.locales import lazy
from playground.runs.refusals import Refused
from playground.store.classes import ClassRow, ClassStore, SomebodyWasFirst
from playground.store.runs import StoreError

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
Rule = Callable[Concatenate[ClassState, _P], list[Data]]

_MOST_RACES = 50
# What a link makes of a device; each has a secret.
LINKS = ("teacher", "screen")


@dataclass
class Room:
    """A class in memory.

    Attributes:
        row: as it is stored.
        state: None until its log is read.
        turned: when the class was last led to each of its openings, in seconds since 1970: when it
            was opened or turned back to, when its phase was set, its answers hidden again or the
            curtain lifted there. From then on one can do what is asked now.
    """

    row: ClassRow
    state: ClassState | None = None
    turned: dict[int, float] = field(default_factory=dict)


class Rooms:
    """All classes and their logs. Every method may be called from any thread.

    Args:
        store: where they are written.
        changed: called after events of a class have been read or written, with its id and those
            that were written here.
    """

    def __init__(self, store: ClassStore, changed: Callable[[str, Sequence[Data]], None]) -> None:
        self._store, self._changed = store, changed
        self._lock = threading.Lock()  # guards what follows
        self._rooms: dict[str, Room] = {}
        # When an owner has joined which class, in seconds since 1970.
        self._joined: dict[str, dict[str, float]] = {}

    def start(self) -> None:
        """Take up where the last server ended.

        Raises:
            StoreError: the store cannot be read.
        """
        for row in self._store.all():
            room = Room(row)
            with self._lock:
                self._rooms[row.id] = room
            self._read(room)

    # Questions

    def all(self) -> list[Room]:
        """Those that there are, the oldest first."""
        with self._lock:
            return list(self._rooms.values())

    def room(self, class_id: str) -> Room | None:
        """A class in memory; None if there is none."""
        with self._lock:
            return self._rooms.get(class_id)

    def row(self, class_id: str) -> ClassRow:
        """A class as it is stored.

        Raises:
            Refused: there is none.
        """
        room = self.room(class_id)
        if room is None:
            raise Refused(lazy("This class has been deleted."))
        return room.row

    def state(self, class_id: str) -> ClassState | None:
        """How a class stands; None if there is none.

        Raises:
            StoreError: the store cannot be read.
        """
        room = self.room(class_id)
        if room is None:
            return None
        return room.state if room.state is not None else self._read(room)

    def known(self, class_id: str) -> ClassState:
        """How a class stands.

        Raises:
            Refused: there is none.
            StoreError: the store cannot be read.
        """
        state = self.state(class_id)
        if state is None:
            raise Refused(lazy("This class has been deleted."))
        return state

    def latest(self, owner: str) -> str | None:
        """The class that somebody has joined last, also one that has ended; None for none."""
        with self._lock:
            return next(self._latest(owner), None)

    def _latest(self, owner: str) -> Iterator[str]:
        """The classes that somebody has joined, the last one first."""
        joined = self._joined.get(owner, {})
        return iter(sorted(joined, key=joined.__getitem__, reverse=True))

    def find(self, owner: str, class_id: str) -> tuple[ClassState, Member] | None:
        """See `ClassGate`."""
        with self._lock:
            asked = [class_id] if class_id else self._latest(owner)
            states = [room.state for one in asked if (room := self._rooms.get(one)) is not None]
        for state in states:
            member = state.member_of(owner) if state else None
            if state is not None and member is not None and not (member.gone or state.ended):
                return state, member
        return None

    def binds(self, owner: str) -> bool:
        """See `ClassGate`."""
        return bool(self.binding(owner))

    def binding(self, owner: str) -> list[ClassState]:
        """The classes that somebody has joined, left or not, with an envelope still closed."""
        states = [room.state for room in self.all() if room.state and not room.row.solo]
        return [one for one in states if one.sealed and one.member_of(owner)]

    # Changes

    def add(self, owner: str, *, solo: bool) -> str:
        """Begin a class; returns its id.

        Raises:
            StoreError: it could not be written.
        """
        taken = {room.row.code for room in self.all()}
        code = "" if solo else next(code for code in iter(codes.new_code, "") if code not in taken)
        keys = {name: codes.new_secret() for name in ("key", *LINKS)}
        now = datetime.now(timezone.utc)
        row = ClassRow(secrets.token_hex(6), owner, solo, code, keys, now)
        self._store.add(row)
        with self._lock:
            self._rooms[row.id] = Room(row, ClassState(row.id, owner, solo))
        return row.id

    def act(
        self, class_id: str, rule: Rule[_P], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> ClassState:
        """Do what a rule of `rules` says; returns how the class then stands.

        Raises:
            Refused: the rule does not allow it, or there is no such class.
            StoreError: it could not be written; nothing has happened.
        """
        for _ in range(_MOST_RACES):
            state = self.known(class_id)
            events = rule(state, *args, **kwargs)
            if not events:
                return state
            try:
                return self._write(state, events)
            except SomebodyWasFirst:
                self._catch_up(class_id)
        raise StoreError(lazy("Too many write to this class at once. Try again in a moment."))

    def renew_links(self, class_id: str) -> None:
        """Give the links of a class new secrets; the old ones belong to no class from now on.

        Raises:
            Refused: there is no such class.
            StoreError: it could not be written.
        """
        new = {name: codes.new_secret() for name in LINKS}
        kept = self.row(class_id).secrets | new
        self._store.set_secrets(class_id, kept)
        with self._lock:
            if class_id in self._rooms:
                room = self._rooms[class_id]
                room.row = replace(room.row, secrets=kept)

    def delete(self, class_id: str) -> None:
        """Forget a class with its log.

        Raises:
            StoreError: it cannot be deleted now.
        """
        self._store.delete(class_id)
        with self._lock:
            self._rooms.pop(class_id, None)
            for joined in self._joined.values():
                joined.pop(class_id, None)

    # The log

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
                room.turned |= {one: now for data in events if (one := _turned_to(after, data))}
                for who in filter(None, (_who_joins(after, data) for data in events)):
                    self._note_joined(who, after, now)
        self._changed(state.id, events)
        return after

    def _read(self, room: Room) -> ClassState:
        """Fold what a class's log has beyond what is known of it."""
        state = room.state or ClassState(room.row.id, room.row.owner, room.row.solo)
        turned: dict[int, float] = {}
        joined: dict[str, float] = {}
        for row in self._store.events(room.row.id, state.seq):
            try:
                data = read_data(row.kind, row.data)
                state = fold(state, [data])
            except (ValueError, KeyError, IndexError) as error:
                _log.warning("Event %d of class %s is left out: %s", row.seq, room.row.id, error)
                state = replace(state, seq=row.seq)
                continue
            if number := _turned_to(state, data):
                turned[number] = row.created.timestamp()
            if who := _who_joins(state, data):
                joined[who] = row.created.timestamp()
        with self._lock:
            if room.state is None or room.state.seq < state.seq:
                room.state = state
                room.turned |= turned
                for owner, when in joined.items():
                    self._note_joined(owner, state, when)
        return state

    def _catch_up(self, class_id: str) -> None:
        room = self.room(class_id)
        if room is not None:
            self._read(room)
            self._changed(class_id, ())

    def _note_joined(self, owner: str, state: ClassState, when: float) -> None:
        """Note when somebody has joined a class; called under the lock."""
        if not state.solo:
            self._joined.setdefault(owner, {})[state.id] = when

    def _set_ended(self, class_id: str, ended: datetime | None) -> None:
        self._store.set_ended(class_id, ended)
        with self._lock:
            if class_id in self._rooms:
                room = self._rooms[class_id]
                room.row = replace(room.row, ended=ended)


def _turned_to(state: ClassState, data: Data) -> int | None:
    """The opening to which a class is led by an event, see `Room.turned`; None for none.

    Args:
        state: after the event.
        data: of the event.
    """
    if isinstance(data, ActivityOpened | ActivityShown):
        return state.shown
    if isinstance(data, PhaseSet | Revealed):
        return data.opening
    return state.shown if isinstance(data, CurtainSet) else None


def _who_joins(state: ClassState, data: Data) -> str:
    """Who joins a class by an event, or comes back; empty for nobody."""
    if isinstance(data, MemberJoined):
        return data.owner
    if isinstance(data, MemberLeft) and not data.left:
        return state.members[data.member].owner
    return ""
