"""What each audience of a class may see, as JSON: the only way from a class to a screen.

An audience is "teacher", "screen" (the projector) or "member-N". Nothing is in a view that its
audience may not know: no secret in any, no answer of others before it is revealed, no name while
names are hidden, no right answer before one's own is locked, no test figure that is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from playground.classroom.activities.schema import Activity, Choice
from playground.classroom.codes import alias
from playground.classroom.envelope import expected_optimism
from playground.classroom.gate import fixed_settings, read_stamp, runs_left
from playground.classroom.guessing import Guesses
from playground.classroom.jigsaw import grid
from playground.classroom.live import Presence
from playground.classroom.rules.log import Answer, Tested
from playground.classroom.rules.state import ClassState, Member, Opening, Snapshot
from playground.events import Status
from playground.locales import english
from playground.store.runs import RunInfo

Json = dict[str, JsonValue]
TEACHER, SCREEN = "teacher", "screen"
# Runs of a member in an activity that a view lists, the newest.
MOST_RUNS = 20
# Drawings that are ranked in a view.
MOST_DRAWINGS = 12


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


@dataclass(frozen=True)
class Scene:
    """All that views are made of.

    Attributes:
        state: of the class.
        code: with which one joins it.
        runs: those of its members that belong to it, newest first.
        presence: what is known of the screen of an audience.
        opened: when each opening was opened, in seconds since 1970, by its number.
        judging: the openings whose envelopes are being opened now.
        guesses: what the networks call the drawings of what the class is at.
    """

    state: ClassState
    code: str
    runs: tuple[RunInfo, ...]
    presence: Callable[[str], Presence]
    opened: Mapping[int, float]
    judging: frozenset[int] = frozenset()
    guesses: Guesses = field(default_factory=dict)

    def name(self, number: int) -> str:
        """By what name all know a member, the teacher too: their screen may be on the wall."""
        member = self.state.members[number]
        if member.nickname and not self.state.names_hidden:
            return member.nickname
        return english(alias(number))

    def runs_of(self, opening: Opening | None, member: Member) -> list[RunInfo]:
        """A member's runs in an activity, or in none, newest first."""
        wanted = (self.state.id, opening.number if opening else None)
        return [
            run
            for run in self.runs
            if run.owner == member.owner and read_stamp(run.classroom)[:2] == wanted
        ]


def view(scene: Scene, audience: str) -> Json:
    """What an audience sees now."""
    if audience == TEACHER:
        return _teacher(scene)
    if audience == SCREEN:
        return _screen(scene)
    return _member(scene, scene.state.members[int(audience.partition("-")[2])])


# Members


def _member(scene: Scene, member: Member) -> Json:
    state, at = scene.state, scene.state.at
    return {
        **_class(scene),
        "you": {
            "number": member.number,
            "name": member.nickname or english(alias(member.number)),
            "nickname": member.nickname,
        },
        "locks": _json(fixed_settings(state, at, member.number)),
        "at": None if at is None else _at_of_member(scene, at, member),
    }


def _at_of_member(scene: Scene, at: Opening, member: Member) -> Json:
    done, mine = at.of(member.number), scene.runs_of(at, member)
    # One's own prediction is made before one may know which is right.
    open_ = done.locked or at.revealed
    own: Json = {
        "activity": _activity(at.activity, open_),
        "answer": _answer(done.answer),
        "locked": done.locked or scene.state.seen(at),
        "words": done.words,
        "runs_left": runs_left(at, member.number, mine),
        "runs": [_run(run) for run in mine[:MOST_RUNS]],
        "cell": None if done.cell is None else {"index": done.cell.index, "seed": done.cell.seed},
        "yours": _tested(at, member.number),
        "grid": _grid(scene, at) if open_ or at.activity.prediction is None else None,
    }
    return _at(scene, at) | own


def _tested(at: Opening, number: int) -> JsonValue:
    """A member's best run on validation, with its test figure; None while it is sealed."""
    for one in at.envelope or ():
        if one.member == number:
            return {"run": one.run, "val": one.val_accuracy, "test": one.test_accuracy}
    return None


# The projector


def _screen(scene: Scene) -> Json:
    state, at = scene.state, scene.state.at
    joining = [scene.name(member.number) for member in state.present]
    return {
        **_class(scene),
        "code": scene.code,
        "names": list(joining),
        "at": None
        if at is None
        else _at(scene, at)
        | {"activity": _activity(at.activity, at.revealed), "grid": _grid(scene, at)},
        "presented": _presented(scene),
    }


def _presented(scene: Scene) -> JsonValue:
    kept = scene.state.snapshots.get(scene.state.presented or 0)
    hidden = kept is None or scene.state.is_removed(kept.member)
    return None if kept is None or hidden else _snapshot(scene, kept)


# The teacher


def _teacher(scene: Scene) -> Json:
    state, at = scene.state, scene.state.at
    return {
        **_class(scene),
        "code": scene.code,
        "locks": _json(state.locks),
        "at": None
        if at is None
        else _at(scene, at) | {"activity": _activity(at.activity, True), **_all(scene, at)},
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
            _snapshot(scene, kept, to_teacher=True)
            for kept in map(state.snapshots.__getitem__, state.order)
            if not state.is_removed(kept.member)
        ],
        "presented": state.presented,
        "quizzes": {
            when: sum(one == when for one, _ in state.quizzes) for when in ("before", "after")
        },
    }


def _all(scene: Scene, at: Opening) -> Json:
    """Everybody's answers, for the teacher alone, also before they are revealed."""
    return {
        "answers": _answers(scene, at, to_teacher=True),
        "words": _words(scene, at),
        "grid": _grid(scene, at),
    }


def _tile(scene: Scene, member: Member) -> Json:
    at = scene.state.at
    runs, seen = scene.runs_of(at, member), scene.presence(member_audience(member.number))
    done = at.of(member.number) if at else None
    return {
        "number": member.number,
        "name": scene.name(member.number),
        "nickname": member.nickname,
        "removed": member.removed,
        "left": member.left,
        "here": seen.here,
        "page": seen.page,
        "since": round(max(seen.since, scene.opened.get(at.number, 0.0) if at else 0.0)),
        "answered": done is not None and done.answer is not None,
        "locked": done is not None and done.locked,
        "explained": done is not None and bool(done.words),
        "cell": done.cell.index if done and done.cell else None,
        "runs": len(runs),
        "runs_left": runs_left(at, member.number, runs) if at else None,
        "run": _run(runs[0]) if runs else None,
    }


# What all see


def _class(scene: Scene) -> Json:
    state = scene.state
    return {
        "class": {"id": state.id, "name": state.name, "solo": state.solo, "ended": state.ended},
        "curtain": state.curtain,
        "names_hidden": state.names_hidden,
        "sealed": state.sealed,
        "quiz": state.quiz,
        "count": len(state.present),
    }


def _at(scene: Scene, at: Opening) -> Json:
    """What everybody may know of the activity that the class is at."""
    state = scene.state
    present = [member.number for member in state.present]
    return {
        "number": at.number,
        "phase": at.phase,
        "revealed": at.revealed,
        "sealed": at.sealed,
        "answered": sum(at.of(number).answer is not None for number in present),
        "locked": sum(at.of(number).locked for number in present),
        "trained": sum(bool(scene.runs_of(at, state.members[number])) for number in present),
        "explained": sum(bool(at.of(number).words) for number in present),
        "reveal": _reveal(scene, at) if at.revealed else None,
        "judging": at.number in scene.judging,
        "drawings": _drawings(scene, at),
        "envelope": _envelope(scene, at),
    }


def _reveal(scene: Scene, at: Opening) -> Json:
    return {
        "answers": _answers(scene, at),
        "words": _words(scene, at),
        "runs": [
            _run(run) | {"member": member.number, "name": scene.name(member.number)}
            for member in scene.state.present
            for run in scene.runs_of(at, member)[:MOST_RUNS]
        ],
    }


def _answers(scene: Scene, at: Opening, to_teacher: bool = False) -> list[JsonValue]:
    return [
        {
            "member": number,
            "name": scene.name(number),
            "locked": done.locked,
            "answer": _answer(done.answer),
        }
        for number, done in at.work.items()
        # What one has only begun to say is nobody else's.
        if done.answer is not None
        and (to_teacher or done.locked)
        and not scene.state.is_removed(number)
    ]


def _words(scene: Scene, at: Opening) -> list[JsonValue]:
    return [
        {"member": number, "name": scene.name(number), "text": done.words}
        for number, done in at.work.items()
        if done.words and not scene.state.is_removed(number)
    ]


def _envelope(scene: Scene, at: Opening) -> JsonValue:
    """The best of the class on validation, with its test figure; None while it is sealed."""
    results = [one for one in at.envelope or () if not scene.state.is_removed(one.member)]
    if not results:
        return None
    best = results[0]
    return {
        "name": scene.name(best.member),
        "run": best.run,
        "val": best.val_accuracy,
        "test": best.test_accuracy,
        "count": len(results),
        "optimism": _optimism(scene, at, best, len(results)),
        "results": [{"val": one.val_accuracy, "test": one.test_accuracy} for one in results],
    }


def _drawings(scene: Scene, at: Opening) -> JsonValue:
    """The newest drawing with what each network calls it, and all that are best understood."""
    if not at.activity.draw:
        return None
    guesses = scene.guesses if at == scene.state.at else {}

    def of(index: int) -> Json:
        drawing, said = at.drawings[index], guesses.get(index, {})
        return {
            "number": index + 1,
            "member": drawing.member,
            "name": scene.name(drawing.member),
            "item": drawing.item,
            "label": drawing.label,
            "right": sum(one.label == drawing.label for one in said.values()),
            "of": len(said),
        }

    shown = [i for i, one in enumerate(at.drawings) if not scene.state.is_removed(one.member)]
    every = [of(index) for index in shown]
    newest = guesses.get(shown[-1], {}) if shown else {}
    told: list[JsonValue] = [
        {"name": scene.name(number), "label": one.label, "probability": round(one.probability, 3)}
        for number, one in sorted(newest.items(), key=lambda pair: -pair[1].probability)
        if not scene.state.is_removed(number)
    ]
    ranking: list[Json] = sorted(every, key=lambda one: (-_share(one), -int(str(one["number"]))))
    return {
        "count": len(every),
        "newest": every[-1] | {"guesses": told} if every else None,
        "ranking": [*ranking[:MOST_DRAWINGS]],
    }


def _share(drawing: Json) -> float:
    """Which share of the networks names a drawing right; less than none before any has guessed."""
    right, of = int(str(drawing["right"])), int(str(drawing["of"]))
    return right / of if of else -1.0


def _optimism(scene: Scene, at: Opening, best: Tested, count: int) -> float:
    """How much better than it is the best of so many equal networks looks on average, 0 to 1."""
    run = next((run for run in scene.runs if run.id == best.run), None)
    config = at.activity.config() if run is None else run.config
    return expected_optimism(count, best.test_accuracy, config.validation_images)


def _grid(scene: Scene, at: Opening) -> JsonValue:
    """How the cells of a jigsaw stand, row by row; None if it is none."""
    cells = grid(scene.state, at, scene.runs)
    if not cells:
        return None
    return [
        {"standing": cell.standing, "mean": cell.mean, "runs": len(cell.accuracies)}
        for cell in cells
    ]


def _snapshot(scene: Scene, kept: Snapshot, *, to_teacher: bool = False) -> Json:
    opening = scene.state.opening(kept.opening)
    done = opening.of(kept.member) if opening and kept.member else None
    found: Json = {
        "number": kept.number,
        "what": kept.what,
        "opening": kept.opening,
        "member": kept.member,
        "name": scene.name(kept.member) if kept.member else "",
        "ref": kept.ref,
        "caption": kept.caption,
        "title": opening.activity.title.model_dump() if opening else None,
    }
    if kept.what == "answer" and done and opening:
        found["answer"] = _answer(done.answer)
        found["activity"] = _activity(opening.activity, opening.revealed or to_teacher)
    if kept.what == "words" and done:
        found["text"] = done.words
    if kept.what == "run":
        found["run"] = next((_run(run) for run in scene.runs if run.id == kept.ref), None)
    if kept.what == "drawing" and opening and kept.ref.isdigit():
        drawing = dict(enumerate(opening.drawings, 1)).get(int(kept.ref))
        found["item"] = drawing.item if drawing else None
    return found


def _activity(activity: Activity, right: bool) -> Json:
    """An activity, with which answer is right or without."""
    data: Json = activity.model_dump(mode="json")
    if isinstance(activity.prediction, Choice) and not right:
        data["prediction"] = activity.prediction.model_dump(
            mode="json", exclude={"right", "because"}
        )
    return data


def _answer(answer: Answer | None) -> JsonValue:
    return None if answer is None else answer.model_dump(mode="json", exclude_none=True)


def _run(run: RunInfo) -> Json:
    """A run in a few numbers, none of them from the test images."""
    summary = run.summary
    config = run.config.model_dump(mode="json")
    return {
        "id": run.id,
        "status": run.status.value,
        "failed": run.status in (Status.FAILED, Status.INTERRUPTED),
        "ended": run.status.ended,
        "epochs": summary.epochs,
        "of": run.config.epochs,
        "accuracy": summary.accuracy,
        "val_accuracies": list(summary.val_accuracies[-100:]),
        "cell": read_stamp(run.classroom)[2],
        "config": config,
    }


def _json(values: Mapping[str, object] | Iterable[tuple[str, object]]) -> Json:
    return dict(values)  # type: ignore[arg-type]
