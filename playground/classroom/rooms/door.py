"""The door of a class: who comes in by a code or a link, and who only guesses."""

from __future__ import annotations

import ipaddress
import logging
import threading

from playground.classroom import codes
from playground.classroom.rooms.rooms import Rooms
from playground.classroom.rules import acts
from playground.locales import lazy
from playground.runs.refusals import Refused

_log = logging.getLogger(__name__)

# A code has 3.2 million values: with so many wrong ones a minute it takes days to find one. Who
# deletes their cookies guesses under many names, but from one address. A whole class may have one
# address in common, and all together have more, since one who guesses must not keep others from
# joining. Right codes do not count.
_WRONG_GUESSES, _WRONG_GUESSES_OF_ADDRESS, _WRONG_GUESSES_OF_ALL = 10, 60, 300
_MOST_GUESSERS = 10_000


class Door:
    """Lets people into classes. Every method may be called from any thread.

    Args:
        rooms: the classes.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._lock = threading.Lock()  # guards the tries
        self._tries: dict[tuple[str, str], codes.Tries] = {}

    def join(self, code: str, owner: str, nickname: str, address: str = "") -> str:
        """Join the class with this code; returns its id.

        Args:
            code: as it was typed.
            owner: who joins.
            nickname: may be empty.
            address: of their device as the server sees it; empty if it is not known.

        Raises:
            Refused: there is none, it is full, or the nickname is taken.
            StoreError: it could not be written.
        """
        tries = self._tries_of(owner, address)
        wanted = codes.read_code(code)
        rows = [room.row for room in self._rooms.all()]
        found = [row.id for row in rows if not row.solo and codes.same(wanted, row.code)]
        if not found:
            for one in tries:
                one.count()
            raise Refused(
                lazy("There is no class with this code. Look at the board and type it once more.")
            )
        elsewhere = self._rooms.latest(owner) not in (None, found[0])
        self._rooms.act(found[0], acts.join, owner, nickname, elsewhere=elsewhere)
        return found[0]

    def follow_link(self, secret: str, owner: str, address: str = "") -> tuple[str, str]:
        """Make a device what a link says, see `join`; returns the class and "teacher" or "screen".

        Raises:
            Refused: there is no such link.
            StoreError: it could not be written.
        """
        tries = self._tries_of(owner, address)
        for row in [room.row for room in self._rooms.all()]:
            if codes.same(secret, row.secrets.get("teacher", "")):
                self._rooms.act(row.id, acts.join_as_teacher, owner)
                return row.id, "teacher"
            if codes.same(secret, row.secrets.get("screen", "")):
                self._rooms.act(row.id, acts.join_as_screen, owner)
                return row.id, "screen"
        for one in tries:
            one.count()
        raise Refused(lazy("This link belongs to no class that is still there."))

    def _tries_of(self, owner: str, address: str) -> list[codes.Tries]:
        """Where to count what somebody guesses wrong.

        Raises:
            Refused: they, their address, or all together have guessed too often within a minute.
        """
        asked = {("owner", owner): _WRONG_GUESSES, ("", ""): _WRONG_GUESSES_OF_ALL}
        if address:
            asked["address", network_of(address)] = _WRONG_GUESSES_OF_ADDRESS
        with self._lock:
            if len(self._tries) >= _MOST_GUESSERS:
                self._tries = {key: tries for key, tries in self._tries.items() if tries.full(1)}
            counted = [(self._tries.setdefault(key, codes.Tries()), asked[key]) for key in asked]
        if any(tries.full(most) for tries, most in counted):
            _log.warning("Too many wrong codes or links of classes within a minute.")
            raise Refused(lazy("There were too many wrong codes. Wait a minute, then try again."))
        return [tries for tries, _ in counted]


def network_of(address: str) -> str:
    """What all addresses of one device have in common: of IPv6 the first half."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
