"""All that goes into a student's lab report, in the language that is spoken now.

What the student may not see on the screen is not in it either: no answer of others, no right answer
before the own one is locked, no test figure before the envelope is opened.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timezone

from playground.classroom.codes import alias
from playground.classroom.envelope import expected_optimism
from playground.classroom.gate import read_stamp
from playground.classroom.predictions import judged, start
from playground.classroom.report.data import Chapter, Curves, Report, Table
from playground.classroom.rules import quizzes
from playground.classroom.rules.score import calibration
from playground.classroom.rules.state import ClassState, Member, Opening, Work
from playground.config import RunConfig
from playground.experiments.differences import differences
from playground.locales import language, t
from playground.runs.hub import Hub
from playground.runs.results import follows_its_settings, has_result
from playground.script import script
from playground.store.runs import RunInfo
from playground.ui.classroom.files.compared import compared
from playground.ui.classroom.files.predicted import predicted
from playground.ui.classroom.player.play import words
from playground.ui.common.labels import setting_name, setting_value

# Of the runs of one activity, the first are in the table, and these many lines in the chart.
MOST_RUNS, _MOST_LINES, _MOST_SETTINGS = 20, 8, 8


def gather(
    hub: Hub,
    state: ClassState,
    number: int,
    runs: Sequence[RunInfo],
    now: datetime | None = None,
    *,
    own: bool = True,
    bound: bool = False,
) -> Report:
    """The report of one member.

    Args:
        hub: has the runs' events.
        state: of the class.
        number: of the member.
        runs: those of the class, newest first.
        now: when it is written, in UTC.
        own: whether it is for the member. Their quiz is in it, which is nobody else's to read, and
            the name that they gave themselves, also while the class's names are hidden.
        bound: whether an envelope of their class is still closed, this one or another: then
            no script judges its network on the test images.

    Raises:
        StoreError: the events of a run cannot be read.
    """
    member = state.members[number]
    chapters, shares = [], []
    for opening in state.openings:
        mine = [
            run
            for run in reversed(runs)
            if run.owner == member.owner and read_stamp(run.classroom)[:2] == _stamp(state, opening)
        ]
        if not mine and number not in opening.work and not _drawings(opening, number):
            continue
        chapter, share = _chapter(hub, state, member, opening, mine, bound)
        chapters.append(chapter)
        shares += [] if share is None else [share]
    written = now or datetime.now(timezone.utc)
    return Report(
        language=language(),
        name=(member.nickname if own else state.nickname(number)) or str(alias(number)),
        class_name=state.name,
        date=t("{date:%Y-%m-%d}", date=written),
        said=(*_calibrated(shares), *(_quiz(state, number) if own else ())),
        chapters=tuple(chapters),
    )


def _stamp(state: ClassState, opening: Opening) -> tuple[str, int]:
    return state.id, opening.number


def _drawings(opening: Opening, number: int) -> int:
    return sum(drawing.member == number for drawing in opening.drawings)


def _calibrated(shares: Sequence[float]) -> list[str]:
    """Whether predictions have come nearer over the lesson."""
    nearer = calibration(shares)
    if nearer is None:
        return []
    points = 100 * nearer
    if points > 0:
        return [
            t(
                "In the second half of the lesson the predictions were {points:.0f} points of 100 "
                "nearer to what happened than in the first.",
                points=points,
            )
        ]
    return [
        t(
            "In the second half of the lesson the predictions were about as near to what happened "
            "as in the first, or less; its questions may have been harder.",
        )
    ]


def _quiz(state: ClassState, number: int) -> list[str]:
    """One's own quiz, once that may be known."""
    both = all((when, number) in state.quizzes for when in quizzes.WHEN)
    if not both or not state.ended:
        return []
    before, after = (quizzes.of(state, when, number) for when in quizzes.WHEN)
    return [
        t(
            "Quiz: {before} of {all} right before the lesson, {after} after it.",
            before=quizzes.score(before),
            after=quizzes.score(after),
            all=len(after),
        )
    ]


def _chapter(
    hub: Hub,
    state: ClassState,
    member: Member,
    opening: Opening,
    runs: Sequence[RunInfo],
    bound: bool,
) -> tuple[Chapter, float | None]:
    activity, done = opening.activity, opening.of(member.number)
    # As on the screen.
    run = judged(activity, start(state, opening, member.number), runs)
    came = predicted(hub, activity, done, run, revealed=opening.revealed)
    best = _best(runs)
    return Chapter(
        title=words(activity.title),
        text=tuple(words(activity.text).splitlines()),
        prediction=came.prediction,
        goal=_goal(opening, runs),
        cell=_cells(opening, done, runs),
        runs=_table(runs, best),
        curves=_accuracies(runs),
        compared=compared(runs),
        question=words(activity.question) if activity.question else "",
        words=done.words,
        envelope=(*_envelope(opening, member.number), *_drawn(opening, member.number)),
        script=script(best.config, sealed=bound or opening.sealed) if best else "",
    ), came.share


def _best(runs: Sequence[RunInfo]) -> RunInfo | None:
    """The run with the highest validation accuracy at its end that its settings can repeat."""
    usable = [run for run in runs if has_result(run) and follows_its_settings(run)]
    return max(usable, key=lambda run: run.summary.val_accuracy or 0.0, default=None)


def _goal(opening: Opening, runs: Sequence[RunInfo]) -> tuple[str, ...]:
    goal, target = opening.activity.goal, opening.activity.target
    said = [words(goal)] if goal else []
    if target is not None:
        for number, run in enumerate(runs, 1):
            one = run.summary
            value = one.accuracy if target.metric == "accuracy" else one.val_accuracy
            if run.status.ended and value is not None and value >= target.least:
                said.append(t("Reached by run {number}: {value:.4f}.", number=number, value=value))
                break
        else:
            said.append(t("Not reached yet: {least:g} at least was asked for.", least=target.least))
    return tuple(said)


def _cells(opening: Opening, done: Work, runs: Sequence[RunInfo]) -> tuple[str, ...]:
    """The cells of the grid that were dealt to a member, as their runs and the last deal say."""
    jigsaw = opening.activity.jigsaw
    if jigsaw is None:
        return ()
    dealt = [read_stamp(run.classroom)[2] for run in runs]
    dealt.append(done.cell.index if done.cell else None)
    found = []
    for cell in dict.fromkeys(cell for cell in dealt if cell is not None and cell < jigsaw.cells):
        values = RunConfig.model_validate(jigsaw.settings(cell))
        named = [
            t(
                "{setting}: {value}",
                setting=setting_name(axis.setting),
                value=setting_value(axis.setting, getattr(values, axis.setting)),
            )
            for axis in jigsaw.axes
        ]
        found.append("; ".join(named))
    return tuple(found)


def _table(runs: Sequence[RunInfo], best: RunInfo | None) -> Table | None:
    if not runs:
        return None
    shown = runs[:MOST_RUNS]
    differing = differences([run.config for run in shown])[:_MOST_SETTINGS]
    head = (
        t("Run"),
        *(setting_name(one.setting) for one in differing),
        t("Epochs done"),
        t("Training accuracy"),
        t("Validation accuracy"),
        t("Status"),
    )
    rows = [
        (
            str(index + 1),
            *(setting_value(one.setting, one.values[index]) for one in differing),
            str(run.summary.epochs),
            _accuracy(run.summary.accuracy),
            _accuracy(run.summary.val_accuracy) + (" ★" if run is best else ""),
            t(run.status.value),
        )
        for index, run in enumerate(shown)
    ]
    if more := len(runs) - len(shown):
        rows.append((t("and {more:,} more.", more=more), *[""] * (len(head) - 1)))
    marked = next((index for index, run in enumerate(shown) if run is best), None)
    return Table(head, tuple(rows), marked)


def _accuracy(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _accuracies(runs: Sequence[RunInfo]) -> Curves | None:
    """The validation accuracies of the first runs, epoch by epoch."""
    lines = [
        (
            t("run {number}", number=number),
            tuple(enumerate(map(float, run.summary.val_accuracies), 1)),
        )
        for number, run in enumerate(runs[:MOST_RUNS], 1)
        if run.summary.val_accuracies
    ][:_MOST_LINES]
    if not lines:
        return None
    epochs = max(len(points) for _, points in lines)
    values = [value for _, points in lines for _, value in points]
    # From tenth to tenth, so that the lines come apart.
    low, high = math.floor(10 * min(values)) / 10, math.ceil(10 * max(values)) / 10
    return Curves(t("Validation accuracy"), epochs, low, high, tuple(lines))


def _envelope(opening: Opening, number: int) -> list[str]:
    if not opening.activity.sealed:
        return []
    if opening.envelope is None:
        return [t("Sealed: nobody knows the test accuracy before the envelope is opened.")]
    said = []
    own = next((one for one in opening.envelope if one.member == number), None)
    if own is not None:
        said.append(
            t(
                "My best network: validation accuracy {val:.4f}, test accuracy {test:.4f}.",
                val=own.val_accuracy,
                test=own.test_accuracy,
            )
        )
    if opening.envelope:
        best = opening.envelope[0]
        said.append(
            t(
                "The best of the class on the validation images, of {count}: validation accuracy "
                "{val:.4f}, test accuracy {test:.4f}.",
                count=len(opening.envelope),
                val=best.val_accuracy,
                test=best.test_accuracy,
            )
        )
    if len(opening.envelope) > 1:
        count, images = len(opening.envelope), opening.activity.config().validation_images
        said.append(
            t(
                "Chance alone makes the best of {count} equal networks look {points:.1f} points "
                "better than it is, on average.",
                count=count,
                points=100 * expected_optimism(count, best.test_accuracy, images),
            )
        )
    return said


def _drawn(opening: Opening, number: int) -> list[str]:
    count = _drawings(opening, number)
    return [t("Drawings for the others to guess: {count}.", count=count)] if count else []
