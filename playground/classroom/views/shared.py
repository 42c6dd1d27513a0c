"""The parts of views that several audiences see."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, cast

from playground.classroom.activities.schema import Activity, Choice, Curve, Number
from playground.classroom.envelope import expected_optimism
from playground.classroom.gate import read_stamp
from playground.classroom.jigsaw import grid
from playground.classroom.predictions import judged, start
from playground.classroom.rules.log import Answer, Tested
from playground.classroom.rules.state import Opening, Snapshot
from playground.classroom.views.scene import Scene
from playground.classroom.views.shapes import (
    AnswerView,
    CellView,
    CommonView,
    DrawingsView,
    DrawingView,
    EnvelopeView,
    GivenAnswer,
    GuessView,
    Json,
    JudgedView,
    OpeningView,
    RevealView,
    RunView,
    SnapshotView,
    WordsView,
)
from playground.config import RunConfig
from playground.events import Status
from playground.store.runs import RunInfo

# Runs of a member in an activity that a view lists, the newest.
MOST_RUNS = 20
# Runs of all members together that the teacher's charts have as points, the newest. A class of
# thirty has so many each.
MOST_POINTS = 30 * MOST_RUNS
# Drawings that are ranked in a view.
MOST_DRAWINGS = 12


class Trained(NamedTuple):
    """A run of a member: what it has reached on validation, 0 to 1, and with which settings."""

    run: str
    member: int
    name: str
    accuracy: float
    config: RunConfig


def trained(scene: Scene) -> tuple[Trained, ...]:
    """All runs in what the class is at, newest first, for the teacher alone; `MOST_POINTS` at most.

    Of who takes part, and with a finished epoch. No view has them: they are too many to be sent
    whenever something changes.
    """
    return scene.once("trained", lambda: tuple(islice(_trained(scene), MOST_POINTS)))


def _trained(scene: Scene) -> Iterator[Trained]:
    state = scene.state
    members = {member.owner: member.number for member in state.present}
    for run in scene.runs:
        number, reached = members.get(run.owner), run.summary.val_accuracies
        if number is not None and reached and read_stamp(run.classroom)[1] == state.shown:
            yield Trained(run.id, number, scene.name(number), reached[-1], run.config)


def of_class(scene: Scene) -> CommonView:
    """What everybody may know of a class."""
    state = scene.state
    return {
        "class": {"id": state.id, "name": state.name, "solo": state.solo, "ended": state.ended},
        "curtain": state.curtain,
        "names_hidden": state.names_hidden,
        "sealed": state.sealed,
        "quiz": state.quiz,
        "count": len(state.present),
    }


def of_opening(scene: Scene, at: Opening) -> OpeningView:
    """What everybody may know of the activity that the class is at."""
    return scene.once(("opening", at.number), lambda: _of_opening(scene, at))


def _of_opening(scene: Scene, at: Opening) -> OpeningView:
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
        "reveal": scene.piece(("reveal", at.number), lambda: _reveal(scene, at))
        if at.revealed
        else None,
        "judging": at.number in scene.judging,
        "drawings": scene.piece(("drawings", at.number), lambda: _drawings(scene, at)),
        "envelope": scene.piece(("envelope", at.number), lambda: _envelope(scene, at)),
    }


def _reveal(scene: Scene, at: Opening) -> RevealView:
    return {
        "answers": answers(scene, at),
        "words": words(scene, at),
        "runs": [
            {**run_in(scene, run), "member": member.number, "name": scene.name(member.number)}
            for member in scene.state.present
            for run in scene.runs_of(at, member)[:MOST_RUNS]
        ],
        "judged": _judged(scene, at),
    }


def _judged(scene: Scene, at: Opening) -> list[JudgedView]:
    """The run of each member that what they have predicted is judged by: others come after it."""
    activity = at.activity
    if not isinstance(activity.prediction, Curve | Number):
        return []
    found: list[JudgedView] = []
    for member in scene.state.present:
        runs = scene.runs_of(at, member)[::-1]
        run = judged(activity, start(scene.state, at, member.number), runs) if runs else None
        if run is not None:
            found.append({"member": member.number, "run": run.id, "epochs": run.summary.epochs})
    return found


def answers(scene: Scene, at: Opening, to_teacher: bool = False) -> list[AnswerView]:
    """What is predicted: all of it for the teacher, else what is locked."""
    return [
        {
            "member": number,
            "name": scene.name(number),
            "locked": done.locked,
            "answer": given(done.answer),
        }
        for number, done in at.work.items()
        # What one has only begun to say is nobody else's.
        if done.answer is not None
        and (to_teacher or done.locked)
        and not scene.state.is_removed(number)
    ]


def words(scene: Scene, at: Opening) -> list[WordsView]:
    """What members say of what happened."""
    return [
        {"member": number, "name": scene.name(number), "text": done.words}
        for number, done in at.work.items()
        if done.words and not scene.state.is_removed(number)
    ]


def _envelope(scene: Scene, at: Opening) -> EnvelopeView | None:
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


def _drawings(scene: Scene, at: Opening) -> DrawingsView | None:
    """The newest drawing with what each network calls it, and all that are best understood."""
    if not at.activity.draw:
        return None
    guesses = scene.guesses if at == scene.state.at else {}

    def of(index: int) -> DrawingView:
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
    told: list[GuessView] = [
        {"name": scene.name(number), "label": one.label, "probability": round(one.probability, 3)}
        for number, one in sorted(newest.items(), key=lambda pair: -pair[1].probability)
        if not scene.state.is_removed(number)
    ]
    ranking = sorted(every, key=lambda one: (-_share(one), -one["number"]))
    return {
        "count": len(every),
        "newest": {**every[-1], "guesses": told} if every else None,
        "ranking": ranking[:MOST_DRAWINGS],
    }


def _share(drawing: DrawingView) -> float:
    """Which share of the networks names a drawing right; less than none before any has guessed."""
    return drawing["right"] / drawing["of"] if drawing["of"] else -1.0


def _optimism(scene: Scene, at: Opening, best: Tested, count: int) -> float:
    """How much better than it is the best of so many equal networks looks on average, 0 to 1."""
    run = next((run for run in scene.runs if run.id == best.run), None)
    config = at.activity.config() if run is None else run.config
    return expected_optimism(count, best.test_accuracy, config.validation_images)


def cells(scene: Scene, at: Opening) -> list[CellView] | None:
    """How the cells of a jigsaw stand, row by row; None if it is none."""
    return scene.piece(("cells", at.number), lambda: _cells(scene, at))


def _cells(scene: Scene, at: Opening) -> list[CellView] | None:
    return [
        {"standing": cell.standing, "mean": cell.mean, "runs": len(cell.accuracies)}
        for cell in grid(scene.state, at, scene.runs)
    ] or None


def snapshot(scene: Scene, kept: Snapshot, *, to_teacher: bool = False) -> SnapshotView:
    """Something that the teacher keeps to show, as it stands now."""
    opening = scene.state.opening(kept.opening)
    done = opening.of(kept.member) if opening and kept.member else None
    found: SnapshotView = {
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
        found["answer"] = None if done.answer is None else given(done.answer)
        found["activity"] = activity_in(scene, opening, opening.revealed or to_teacher)
    if kept.what == "words" and done:
        found["text"] = done.words
    if kept.what == "run":
        found["run"] = next((run_in(scene, run) for run in scene.runs if run.id == kept.ref), None)
    if kept.what == "drawing" and opening and kept.ref.isdigit():
        drawing = dict(enumerate(opening.drawings, 1)).get(int(kept.ref))
        found["item"] = drawing.item if drawing else None
    return found


def activity_in(scene: Scene, opening: Opening, right: bool) -> Json:
    """An activity, with which answer is right or without."""
    key = ("activity", opening.number, right)
    return scene.piece(key, lambda: _activity(opening.activity, right))


def _activity(activity: Activity, right: bool) -> Json:
    data: Json = activity.model_dump(mode="json")
    if isinstance(activity.prediction, Choice) and not right:
        data["prediction"] = activity.prediction.model_dump(
            mode="json", exclude={"right", "because"}
        )
    return data


def given(answer: Answer) -> GivenAnswer:
    """A prediction."""
    return cast("GivenAnswer", answer.model_dump(mode="json", exclude_none=True))


def run_in(scene: Scene, run: RunInfo) -> RunView:
    """A run in a few numbers, none of them from the test images."""
    return scene.once(("run", run.id), lambda: _run(run))


# Runs of a class differ in few settings, and each is in many views.
@lru_cache(maxsize=1024)
def _settings(config: RunConfig) -> Json:
    return config.model_dump(mode="json")


def _run(run: RunInfo) -> RunView:
    summary = run.summary
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
        "config": _settings(run.config),
    }
