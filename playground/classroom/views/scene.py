"""What the views of a class are made of; what several of them hold is made and encoded once."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from playground.classroom.codes import alias
from playground.classroom.gate import read_stamp
from playground.classroom.guessing import Guesses
from playground.classroom.live.presence import Presence
from playground.classroom.rules.state import ClassState, Member, Opening
from playground.locales import english
from playground.store.runs import RunInfo

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """All that views are made of.

    Attributes:
        state: of the class.
        code: with which one joins it.
        runs: those of its members that belong to it, newest first.
        presence: what is known of the screen of an audience.
        turned: see `playground.classroom.rooms.rooms.Room`.
        judging: the openings whose envelopes are being opened now.
        guesses: what the networks call the drawings of what the class is at.
    """

    state: ClassState
    code: str
    runs: tuple[RunInfo, ...]
    presence: Callable[[str], Presence]
    turned: Mapping[int, float]
    judging: frozenset[int] = frozenset()
    guesses: Guesses = field(default_factory=dict)
    _once: dict[Hashable, tuple[object]] = field(default_factory=dict, compare=False, repr=False)
    _pieces: dict[int, bytes | None] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made for the first who asks for this key; nobody may change it."""
        known = self._once.get(key)
        if known is None:
            # Where two make it at once, both get the same one.
            known = self._once.setdefault(key, (make(),))
        return known[0]  # type: ignore[return-value]

    def piece(self, key: Hashable, make: Callable[[], T]) -> T:
        """As `once`, an object or a list that several views hold: it is encoded once, too."""
        made = self.once(key, make)
        if isinstance(made, dict | list):
            self._pieces.setdefault(id(made), None)
        return made

    def encode(self, value: object) -> bytes:
        """A view, or a part of one, as JSON."""
        if id(value) in self._pieces:
            body = self._pieces[id(value)]
            if body is None:
                body = self._pieces[id(value)] = _dumps(value)
            return body
        if not isinstance(value, dict):
            return _dumps(value)
        fields = (b"%b:%b" % (_dumps(name), self.encode(of)) for name, of in value.items())
        return b"{%b}" % b",".join(fields)

    def name(self, number: int) -> str:
        """By what name all know a member, the teacher too: their screen may be on the wall."""
        return self.state.nickname(number) or english(alias(number))

    def runs_of(self, opening: Opening | None, member: Member) -> list[RunInfo]:
        """A member's runs in an activity, or in none, newest first."""
        found = self.once("runs by owner", self._by_owner)
        return found.get((member.owner, opening.number if opening else None), [])

    def _by_owner(self) -> dict[tuple[str, int | None], list[RunInfo]]:
        found: dict[tuple[str, int | None], list[RunInfo]] = {}
        for run in self.runs:
            class_id, number, _ = read_stamp(run.classroom)
            if class_id == self.state.id:
                found.setdefault((run.owner, number), []).append(run)
        return found


def _dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
