"""An activity that somebody plays alone: the way in, the way out, and that a reload finds it."""

from __future__ import annotations

from playground.classroom.activities import Activity
from playground.classroom.service import Classes
from playground.ui import location, navigation, state


def play_alone(classes: Classes, owner: str, activity: Activity) -> None:
    """Open the page Class with an activity for one; ends this script run.

    Raises:
        StoreError: it could not be written.
    """
    state.remember(state.CLASS, classes.play_alone(owner, activity))
    navigation.go_to(navigation.CLASS)


def read_alone(classes: Classes, owner: str) -> None:
    """Find again what the address names, if it is this person's."""
    named = location.parameter(location.ALONE)
    chosen = state.remembered(state.CLASS)
    if not named or chosen:
        if chosen != named:
            write_alone(None)
        return
    known = classes.state(named[:32])
    if known is not None and known.solo and known.owner == owner:
        state.remember(state.CLASS, known.id)


def write_alone(class_id: str | None) -> None:
    """Name a class of one in the address; None for none."""
    if class_id is None:
        location.remove_parameter(location.ALONE)
    elif location.parameter(location.ALONE) != class_id:
        location.set_parameter(location.ALONE, class_id)


def to_class() -> None:
    """From now on the page Class shows the class that one is in, if any."""
    state.remember(state.CLASS, None)
    write_alone(None)


def leave_alone(lesson: str) -> None:
    """Go to the page of Learn that an activity is about; ends this script run."""
    to_class()
    index = navigation.index_of(lesson)
    navigation.go_to(navigation.LESSONS if index is None else navigation.COURSE[index])
