"""A class as tables: its members, what they answered, what they trained."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from playground.classroom.activities.schema import Choice
from playground.classroom.codes import alias
from playground.classroom.export.cells import Cell, table
from playground.classroom.export.whole import known_runs
from playground.classroom.gate import read_stamp
from playground.classroom.rules.log import CURVE_POINTS
from playground.classroom.rules.state import ClassState, Opening, Work
from playground.config import RunConfig
from playground.experiments.naming import show_value
from playground.locales import english
from playground.store.runs import RunInfo


def class_tables(state: ClassState, runs: Sequence[RunInfo]) -> bytes:
    """A ZIP file with members.csv, answers.csv and runs.csv; as `class_json`, without the quiz.

    Nicknames are in none of them while names are hidden.

    Args:
        state: of the class.
        runs: those that belong to it, newest first.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("members.csv", members(state))
        file.writestr("answers.csv", answers(state))
        file.writestr("runs.csv", runs_table(state, runs))
    return content.getvalue()


def members(state: ClassState) -> str:
    """A row for each member: number, nickname, animal, whether removed, whether they left."""
    head = ["member", "nickname", "animal", "removed", "left"]
    rows: Iterable[Sequence[Cell]] = (
        [one.number, state.nickname(one.number), english(alias(one.number)), one.removed, one.left]
        for one in state.members.values()
    )
    return table(head, rows)


def answers(state: ClassState) -> str:
    """A row for each member and activity: the prediction, whether it is final, the own words."""
    head = [
        *("activity", "id", "member", "nickname", "locked", "choice", "option", "number"),
        *("words", "cell", "seed"),
        *(f"curve_{index}" for index in range(CURVE_POINTS)),
    ]
    rows = [
        _answers(state, opening, number, done)
        for opening in state.openings
        for number, done in opening.work.items()
    ]
    return table(head, rows)


def _answers(state: ClassState, opening: Opening, number: int, done: Work) -> list[Cell]:
    answer, asked = done.answer, opening.activity.prediction
    choice = answer.choice if answer else None
    chosen = None
    if isinstance(asked, Choice) and choice is not None:
        chosen = asked.options[choice].en
    curve = (answer.curve if answer else None) or [None] * CURVE_POINTS
    return [
        *(opening.number, opening.activity.id, number, state.nickname(number)),
        *(done.locked, choice, chosen, answer.number if answer else None, done.words),
        *((done.cell.index, done.cell.seed) if done.cell else (None, None)),
        *curve,
    ]


def runs_table(state: ClassState, runs: Sequence[RunInfo]) -> str:
    """A row for each run, the newest first: who trained it, what it reached, all settings.

    No figure is from the test images.
    """
    settings = list(RunConfig.model_fields)
    head = [
        *("run", "activity", "cell", "member", "nickname", "created", "status", "epochs_done"),
        *("seconds", "accuracy", "val_accuracy"),
        *settings,
    ]
    rows = []
    for run, number in known_runs(state, runs):
        _, opening, cell = read_stamp(run.classroom)
        row: list[Cell] = [
            *(run.id, opening, cell, number, state.nickname(number)),
            *(run.created.isoformat(timespec="seconds"), run.status.value, run.summary.epochs),
            *(run.summary.seconds, run.summary.accuracy, run.summary.val_accuracy),
        ]
        row += [show_value(getattr(run.config, name)) for name in settings]
        rows.append(row)
    return table(head, rows)
