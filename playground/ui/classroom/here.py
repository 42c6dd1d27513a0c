"""The class that this session is at, and as whom."""

from __future__ import annotations

from typing import NamedTuple, cast

from playground.classroom.service import Classes
from playground.classroom.views.audiences import audience_of
from playground.classroom.views.shapes import MemberView, TeacherView, View
from playground.ui import state

DOOR = "door"


class Here(NamedTuple):
    """A class as somebody sees it.

    Attributes:
        audience: "teacher", "screen" or "member-N".
        view: what they may see now, see `playground.classroom.views`.
        token: with which one of their pages gets the views to come.
    """

    class_id: str
    audience: str
    view: View
    token: str

    @property
    def of_member(self) -> MemberView:
        """The view, where the audience is a member."""
        return cast("MemberView", self.view)

    @property
    def of_teacher(self) -> TeacherView:
        """The view, where the audience is the teacher."""
        return cast("TeacherView", self.view)


def here(classes: Classes, owner: str) -> Here | None:
    """The class that was chosen in this session, else the one that its owner is in; None for none.

    Raises:
        StoreError: the store cannot be read.
    """
    chosen = state.remembered(state.CLASS)
    if chosen == DOOR:
        return None
    found = see(classes, chosen, owner) if chosen else None
    return found or _by_itself(classes, owner)


@state.whole
def choose(class_id: str) -> None:
    """Be at this class on the page Class from now on; `DOOR` for the way into another one."""
    state.remember(state.CLASS, class_id)


def see(classes: Classes, class_id: str, owner: str) -> Here | None:
    """A class as an owner sees it; None if it is none of their business."""
    known = classes.state(class_id)
    audience = audience_of(known, owner) if known else None
    view = classes.view(class_id, owner) if audience else None
    if audience is None or view is None:
        return None
    return Here(class_id, audience, view, classes.token(class_id, owner))


def _by_itself(classes: Classes, owner: str) -> Here | None:
    joined = classes.where(owner)
    if joined is not None:
        return see(classes, joined[0].id, owner)
    for taught in classes.of(owner):
        if not taught.ended:
            return see(classes, taught.id, owner)
    shown = classes.on_screen(owner)
    if shown is not None:
        return see(classes, shown.id, owner)
    # What one did in a lesson that is over is still there to be read.
    latest = classes.latest(owner)
    return see(classes, latest, owner) if latest else None
