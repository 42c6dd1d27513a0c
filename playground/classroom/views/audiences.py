"""What an audience sees: members, the projector, the teacher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playground.classroom.gate import fixed_settings, runs_left
from playground.classroom.rules.state import ClassState, Member, Opening
from playground.classroom.views.scene import Scene
from playground.classroom.views.shapes import (
    Json,
    MemberOpening,
    MemberView,
    OwnResultView,
    ScreenView,
    SnapshotView,
    TeacherView,
    TileView,
    View,
)
from playground.classroom.views.shared import (
    MOST_RUNS,
    activity_in,
    answers,
    cells,
    given,
    of_class,
    of_opening,
    run_in,
    snapshot,
    words,
)

TEACHER, SCREEN = "teacher", "screen"


def audience_of(state: ClassState, owner: str) -> str | None:
    """As what somebody sees a class; None if it is none of their business."""
    if state.is_teacher(owner) and not state.solo:
        return TEACHER
    member = state.member_of(owner)
    if member is not None and not member.gone:
        return member_audience(member.number)
    return SCREEN if state.is_screen(owner) else None


def member_audience(number: int) -> str:
    """The audience that one member is."""
    return f"member-{number}"


def takes_part(state: ClassState, audience: str) -> bool:
    """Whether there is still such an audience."""
    if audience in (TEACHER, SCREEN):
        return True
    number = audience.partition("-")[2]
    member = state.members.get(int(number)) if number.isdigit() else None
    return member is not None and not member.gone


def view(scene: Scene, audience: str) -> View:
    """What an audience sees now."""
    if audience == TEACHER:
        return _teacher(scene)
    if audience == SCREEN:
        return _screen(scene)
    return _member(scene, scene.state.members[int(audience.partition("-")[2])])


# Members


def _member(scene: Scene, member: Member) -> MemberView:
    state, at = scene.state, scene.state.at
    return {
        **of_class(scene),
        # A neighbour may look at one's own screen, too.
        "you": {"number": member.number, "name": scene.name(member.number)},
        "locks": _json(fixed_settings(state, at, member.number)),
        "at": None if at is None else _at_of_member(scene, at, member),
    }


def _at_of_member(scene: Scene, at: Opening, member: Member) -> MemberOpening:
    done, mine = at.of(member.number), scene.runs_of(at, member)
    # One's own prediction is made before one may know which is right.
    open_ = done.locked or at.revealed
    late = scene.state.seen(at) and not done.locked
    return {
        **of_opening(scene, at),
        "activity": activity_in(scene, at, open_),
        "answer": None if done.answer is None else given(done.answer),
        "locked": done.locked or late,
        "late": late,
        "words": done.words,
        "runs_left": runs_left(at, member.number, mine),
        "runs": [run_in(scene, run) for run in mine[:MOST_RUNS]],
        "cell": None if done.cell is None else {"index": done.cell.index, "seed": done.cell.seed},
        "yours": _tested(at, member.number),
        "grid": cells(scene, at) if open_ or at.activity.prediction is None else None,
    }


def _tested(at: Opening, number: int) -> OwnResultView | None:
    """A member's best run on validation, with its test figure; None while it is sealed."""
    for one in at.envelope or ():
        if one.member == number:
            return {"run": one.run, "val": one.val_accuracy, "test": one.test_accuracy}
    return None


# The projector


def _screen(scene: Scene) -> ScreenView:
    state, at = scene.state, scene.state.at
    joining = [scene.name(member.number) for member in state.present]
    return {
        **of_class(scene),
        "code": scene.code,
        "names": list(joining),
        "at": None
        if at is None
        else {
            **of_opening(scene, at),
            "activity": activity_in(scene, at, at.revealed),
            "grid": cells(scene, at),
        },
        "presented": _presented(scene),
    }


def _presented(scene: Scene) -> SnapshotView | None:
    kept = scene.state.snapshots.get(scene.state.presented or 0)
    hidden = kept is None or scene.state.is_removed(kept.member)
    return None if kept is None or hidden else snapshot(scene, kept)


# The teacher


def _teacher(scene: Scene) -> TeacherView:
    state, at = scene.state, scene.state.at
    return {
        **of_class(scene),
        "code": scene.code,
        "closed": state.closed,
        "locks": _json(state.locks),
        "at": None
        if at is None
        else {
            **of_opening(scene, at),
            "activity": activity_in(scene, at, True),
            # Everybody's, also before they are revealed.
            "answers": answers(scene, at, to_teacher=True),
            "words": words(scene, at),
            "grid": cells(scene, at),
        },
        "openings": [
            {
                "number": one.number,
                "id": one.activity.id,
                "title": one.activity.title.model_dump(),
                "revealed": one.revealed,
            }
            for one in state.openings
        ],
        "roster": [_tile(scene, member) for member in state.members.values()],
        "snapshots": [
            snapshot(scene, kept, to_teacher=True)
            for kept in map(state.snapshots.__getitem__, state.order)
            if not state.is_removed(kept.member)
        ],
        "presented": state.presented,
        "quizzes": {
            when: sum(one == when for one, _ in state.quizzes) for when in ("before", "after")
        },
    }


def _tile(scene: Scene, member: Member) -> TileView:
    state, at = scene.state, scene.state.at
    runs, seen = scene.runs_of(at, member), scene.presence(member_audience(member.number))
    done = at.of(member.number) if at else None
    return {
        "number": member.number,
        "name": scene.name(member.number),
        "nickname": state.nickname(member.number),
        "removed": member.removed,
        "left": member.left,
        "here": seen.here,
        "page": seen.page,
        "since": round(max(seen.since, scene.turned.get(at.number, 0.0) if at else 0.0)),
        "answered": done is not None and done.answer is not None,
        "locked": done is not None and done.locked,
        "explained": done is not None and bool(done.words),
        "cell": done.cell.index if done and done.cell else None,
        "runs": len(runs),
        "trained": sum(bool(run.summary.val_accuracies) for run in runs),
        "runs_left": runs_left(at, member.number, runs) if at else None,
        "run": run_in(scene, runs[0]) if runs else None,
    }


def _json(values: Mapping[str, object] | Iterable[tuple[str, object]]) -> Json:
    return dict(values)  # type: ignore[arg-type]
