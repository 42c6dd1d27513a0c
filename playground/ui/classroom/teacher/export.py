"""What a class leaves behind: its answers as CSV and JSON, its end, and its deletion."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from playground.classroom.gate import read_stamp
from playground.classroom.rules import acts
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.locales import t
from playground.runs.refusals import Refused
from playground.settings import settings
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.classroom.here import Here
from playground.ui.classroom.teacher.acting import act, tell
from playground.ui.common.owner import current_owner

COLUMNS = (
    *("activity_number", "activity", "member", "nickname", "answer_kind", "answer", "locked"),
    *("words", "runs", "best_val_accuracy"),
)
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(known: ClassState, runs: Sequence[RunInfo]) -> list[dict[str, Any]]:
    """What each member has said and trained in each activity; no owner, no secret, no test figure.

    Args:
        known: the class.
        runs: those that belong to it.
    """
    found = []
    for opening in known.openings:
        for member in known.members.values():
            done = opening.of(member.number)
            given = done.answer.model_dump(exclude_none=True) if done.answer else {}
            kind, answer = next(iter(given.items()), ("", None))
            mine = [
                run
                for run in runs
                if run.owner == member.owner
                and read_stamp(run.classroom)[:2] == (known.id, opening.number)
            ]
            reached = [run.summary.val_accuracy for run in mine]
            measured = [one for one in reached if one is not None]
            values = (
                *(opening.number, opening.activity.id, member.number, member.nickname),
                *(kind, list(answer) if isinstance(answer, tuple) else answer, done.locked),
                *(done.words, len(mine), max(measured, default=None)),
            )
            found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in found:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_json(known: ClassState, found: Sequence[dict[str, Any]]) -> str:
    """The class as JSON: its name, and the rows."""
    said = {"class": known.name, "members": len(known.members), "rows": list(found)}
    return json.dumps(said, ensure_ascii=False, indent=2)


def export(found: Here) -> None:
    """Take the class home, end it, delete it."""
    known = classes().state(found.class_id)
    if known is None:
        return
    left = rows(known, classes().runs(found.class_id))
    with st.container(horizontal=True):
        st.download_button(
            t("Answers (CSV)"),
            as_csv(left).encode("utf-8-sig"),
            "class.csv",
            "text/csv",
            icon=":material/download:",
            help=t("A row for each member and activity, for a spreadsheet."),
        )
        st.download_button(
            t("Answers (JSON)"),
            as_json(known, left),
            "class.json",
            "application/json",
            icon=":material/download:",
            help=t("The same for programs."),
        )
        st.button(
            t("Go on with the class") if known.ended else t("End the class"),
            icon=":material/restart_alt:" if known.ended else ":material/event_available:",
            on_click=act,
            args=(found.class_id, acts.end, not known.ended),
            help=t("Members can join and take part again.")
            if known.ended
            else t("Nobody can join or answer any more; what they did stays to be read."),
        )
        _delete(found)
    st.caption(
        t(
            "A class in which nothing happens is deleted after {days:g} days.",
            days=settings().keep_classes_days,
        )
    )


def _delete(found: Here) -> None:
    with st.popover(
        t("Delete everything"),
        icon=":material/delete:",
        help=t("Deletes the class with all its answers."),
    ):
        st.write(
            t(
                "This deletes the class, its members, answers, words and snapshots. The runs stay "
                "with those who trained them. It cannot be undone."
            )
        )
        st.button(
            t("Delete this class"),
            on_click=_delete_class,
            args=(found.class_id,),
            help=t("There is no way back."),
        )


def _delete_class(class_id: str) -> None:
    try:
        classes().delete(class_id, current_owner())
    except (Refused, StoreError) as error:
        tell(error)
    else:
        state.remember(state.CLASS, None)
