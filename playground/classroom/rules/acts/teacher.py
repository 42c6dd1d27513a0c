"""What the teacher does: levers, the envelope, snapshots."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue, ValidationError

from playground.classroom.activities.errors import of_validation
from playground.classroom.activities.schema import Activity
from playground.classroom.rules import log
from playground.classroom.rules.acts.asking import (
    Events,
    known_member,
    require_opening,
    require_teacher,
)
from playground.classroom.rules.log import Phase, When
from playground.classroom.rules.state import ClassState
from playground.config import RunConfig
from playground.locales import lazy
from playground.runs.refusals import Refused


def remove(state: ClassState, owner: str, number: int, removed: bool = True) -> Events:
    """The teacher removes a member, or lets them in again.

    Raises:
        Refused: it is not the teacher who asks.
    """
    require_teacher(state, owner)
    if known_member(state, number).removed == removed:
        return []
    return [log.MemberRemoved(member=number, removed=removed)]


def name_class(state: ClassState, owner: str, name: str) -> Events:
    """Give the class a name."""
    require_teacher(state, owner)
    line = " ".join(name.split())[: log.MOST_NAME]
    return [log.Named(name=line)] if line != state.name else []


def open_activity(
    state: ClassState, owner: str, activity: Activity, phase: Phase | None = None
) -> Events:
    """Turn the class to an activity, as far as a phase; by default all except the comparison.

    Raises:
        Refused: it is not the teacher who asks, or the class has had too many.
    """
    require_teacher(state, owner)
    if len(state.openings) >= log.MOST_OPENINGS:
        raise Refused(
            lazy(
                "A class has at most {most} activities. Start a new class.",
                most=log.MOST_OPENINGS,
            )
        )
    return [log.ActivityOpened(activity=activity, phase=phase or "explain")]


def show_activity(state: ClassState, owner: str, number: int | None) -> Events:
    """Turn the class back to what it was at before, or to nothing."""
    require_teacher(state, owner)
    if number is not None:
        require_opening(state, number)
    return [log.ActivityShown(opening=number)] if number != state.shown else []


def set_phase(state: ClassState, owner: str, number: int, phase: Phase) -> Events:
    """Say how far one may go."""
    require_teacher(state, owner)
    now = require_opening(state, number).phase
    return [log.PhaseSet(opening=number, phase=phase)] if phase != now else []


def reveal(state: ClassState, owner: str, number: int, revealed: bool = True) -> Events:
    """Show everybody all answers, or hide them; the comparison is then open, too."""
    require_teacher(state, owner)
    opening = require_opening(state, number)
    events: Events = []
    if opening.revealed != revealed:
        events.append(log.Revealed(opening=number, revealed=revealed))
    if revealed and not opening.reached("compare"):
        events.append(log.PhaseSet(opening=number, phase="compare"))
    return events


def set_curtain(state: ClassState, owner: str, down: bool) -> Events:
    """Pause everyone, or let them go on."""
    require_teacher(state, owner)
    return [log.CurtainSet(down=down)] if down != state.curtain else []


def set_door(state: ClassState, owner: str, closed: bool) -> Events:
    """Let nobody new in, or everybody who has the code."""
    require_teacher(state, owner)
    return [log.DoorSet(closed=closed)] if closed != state.closed else []


def hide_names(state: ClassState, owner: str, hidden: bool) -> Events:
    """Call members by their animals, or by their names again."""
    require_teacher(state, owner)
    return [log.NamesHidden(hidden=hidden)] if hidden != state.names_hidden else []


def lock_settings(state: ClassState, owner: str, settings: dict[str, JsonValue]) -> Events:
    """Fix settings for all members; those that are not named are free.

    Raises:
        Refused: a setting or its value cannot be used.
    """
    require_teacher(state, owner)
    try:
        values = RunConfig.model_validate(settings).model_dump(mode="json", include=set(settings))
    except ValidationError as error:
        raise Refused(
            lazy("These settings cannot be locked: {problem}", problem=of_validation(error))
        ) from error
    return [log.SettingsLocked(settings=values)] if values != dict(state.locks) else []


def grant_runs(state: ClassState, owner: str, number: int, member: int, count: int = 1) -> Events:
    """Let a member train more than the activity allows."""
    require_teacher(state, owner)
    require_opening(state, number)
    known_member(state, member)
    return [log.RunsGranted(opening=number, member=member, count=count)]


def end(state: ClassState, owner: str, ended: bool = True) -> Events:
    """End the lesson, or go on with it."""
    require_teacher(state, owner)
    return [log.Ended(ended=ended)] if ended != state.ended else []


def open_quiz(state: ClassState, owner: str, when: When | None) -> Events:
    """Open the quiz before or after the lesson, or close it."""
    require_teacher(state, owner)
    return [log.QuizOpened(when=when)] if when != state.quiz else []


def check_envelope(state: ClassState, owner: str, number: int) -> None:
    """Whether somebody may open the envelope of an activity.

    Raises:
        Refused: they are not the teacher, or it has none.
    """
    require_teacher(state, owner)
    if not require_opening(state, number).activity.sealed:
        raise Refused(lazy("This activity has no sealed test figures."))


def open_envelope(
    state: ClassState, owner: str, number: int, results: Sequence[log.Tested]
) -> Events:
    """Show how the runs of a sealed activity do on the test images; it is opened once.

    Raises:
        Refused: it is not the teacher who asks, the activity has none, or no run has a result.
    """
    check_envelope(state, owner, number)
    if require_opening(state, number).envelope is not None:
        return []
    if not results:
        raise Refused(lazy("The envelope is empty: no run of this activity has ended yet."))
    best_first = sorted(results, key=lambda one: -one.val_accuracy)
    return [log.EnvelopeOpened(opening=number, results=tuple(best_first))]


def add_snapshot(state: ClassState, owner: str, kept: log.SnapshotAdded) -> Events:
    """Keep something to show."""
    require_teacher(state, owner)
    if len(state.snapshots) >= log.MOST_SNAPSHOTS:
        raise Refused(lazy("A class keeps at most {most} snapshots.", most=log.MOST_SNAPSHOTS))
    now = (kept.what, kept.opening, kept.member, kept.ref)
    there = (state.snapshots[number] for number in state.order)
    if any((one.what, one.opening, one.member, one.ref) == now for one in there):
        return []
    return [kept]


def caption_snapshot(state: ClassState, owner: str, number: int, caption: str) -> Events:
    """Say something about a snapshot."""
    require_teacher(state, owner)
    words = caption.strip()[: log.MOST_WORDS]
    if number not in state.snapshots:
        raise Refused(lazy("There is no such snapshot."))
    if state.snapshots[number].caption == words:
        return []
    return [log.SnapshotCaptioned(snapshot=number, caption=words)]


def order_snapshots(state: ClassState, owner: str, numbers: Sequence[int]) -> Events:
    """Say in which order they are shown; those that are left out are gone.

    Those of removed members, which nobody sees, are kept for when they are let in again.
    """
    require_teacher(state, owner)
    unseen = [one for one in state.order if state.is_removed(state.snapshots[one].member)]
    order = tuple(dict.fromkeys(one for one in (*numbers, *unseen) if one in state.order))
    return [log.SnapshotsOrdered(snapshots=order)] if order != state.order else []


def present(state: ClassState, owner: str, number: int | None) -> Events:
    """Have the projector show a snapshot, or none."""
    require_teacher(state, owner)
    if number is not None and number not in state.order:
        raise Refused(lazy("There is no such snapshot."))
    return [log.Presented(snapshot=number)] if number != state.presented else []
