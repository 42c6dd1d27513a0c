"""Who asks for something in a class, and for what: what all acts check."""

from __future__ import annotations

from playground.classroom.codes import MOST_NICKNAME, alias, nickname
from playground.classroom.rules.log import Data
from playground.classroom.rules.state import ClassState, Member, Opening
from playground.locales import english, lazy
from playground.runs.refusals import Refused

Events = list[Data]


def require_teacher(state: ClassState, owner: str) -> None:
    """Let only the teacher go on.

    Raises:
        Refused: it is somebody else.
    """
    if not state.is_teacher(owner):
        raise Refused(lazy("Only the teacher of this class can do that."))


def require_member(state: ClassState, owner: str) -> Member:
    """The member who asks, in a class that goes on.

    Raises:
        Refused: they are none, have been removed, or the class has ended.
    """
    member = state.member_of(owner)
    if member is None:
        raise Refused(lazy("You are not in this class. Join it with its code."))
    if member.removed:
        raise Refused(
            lazy("The teacher has removed you from this class. Ask them to let you in again.")
        )
    if member.left:
        raise Refused(lazy("You have left this class. Join it again with its code."))
    if state.ended:
        raise Refused(lazy("This class has ended. What you did in it stays here to be read."))
    return member


def require_opening(state: ClassState, number: int) -> Opening:
    """An opening of this class.

    Raises:
        Refused: there is none of that number.
    """
    opening = state.opening(number)
    if opening is None:
        raise Refused(lazy("This class has no such activity."))
    return opening


def require_shown(state: ClassState, number: int) -> Opening:
    """An opening that the class is at.

    Raises:
        Refused: it is elsewhere, or there is none of that number.
    """
    opening = require_opening(state, number)
    if state.shown != number:
        raise Refused(lazy("The class is not at this activity now."))
    return opening


def known_member(state: ClassState, number: int) -> Member:
    """A member by their number.

    Raises:
        Refused: there is none.
    """
    if number not in state.members:
        raise Refused(lazy("This class has no such member."))
    return state.members[number]


def free_nickname(state: ClassState, wanted: str, but: int | None) -> str:
    """A nickname that nobody else has, not even as an animal."""
    name = nickname(wanted)
    if len(" ".join(wanted.split())) > MOST_NICKNAME:
        raise Refused(lazy("A nickname has at most {most} characters.", most=MOST_NICKNAME))
    taken = {
        text.casefold()
        for one in state.members.values()
        if one.number != but
        for text in (one.nickname, english(alias(one.number)))
    }
    if name and name.casefold() in taken:
        raise Refused(lazy("“{name}” is taken in this class. Choose another nickname.", name=name))
    return name
