"""A class as JSON: all that it has said and done, without secrets and without owners."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import SystemRandom

from pydantic import JsonValue

from playground.classroom.codes import alias
from playground.classroom.gate import read_stamp
from playground.classroom.rules import quizzes
from playground.classroom.rules.log import When
from playground.classroom.rules.state import ClassState, Member, Opening, Work
from playground.locales import english
from playground.store.runs import RunInfo

Json = dict[str, JsonValue]
# Of the runs of a class, the newest are exported.
MOST_RUNS = 20_000
FORMAT = 1


def class_json(state: ClassState, runs: Sequence[RunInfo]) -> str:
    """The class as JSON.

    Args:
        state: how it stands.
        runs: those that belong to it, newest first; the newest `MOST_RUNS` are in the file.

    Nicknames are empty while names are hidden: then members are known by their animals. Test
    figures are those of opened envelopes only. The answers to the quiz stand apart, shuffled: they
    belong to nobody.
    """
    data: Json = {
        "format": FORMAT,
        "class": {"name": state.name, "ended": state.ended},
        "members": [_member(state, member) for member in state.members.values()],
        "activities": [_opening(opening) for opening in state.openings],
        "locks": dict(state.locks),
        "snapshots": [_snapshot(state, number) for number in state.order],
        "quiz": {when: _papers(state, when) for when in quizzes.WHEN},
        "runs": [_run(run, member) for run, member in known_runs(state, runs)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)


def known_runs(state: ClassState, runs: Sequence[RunInfo]) -> list[tuple[RunInfo, int]]:
    """The runs of members, the newest `MOST_RUNS`, each with its member's number."""
    numbers = {member.owner: member.number for member in state.members.values()}
    mine = [(run, numbers[run.owner]) for run in runs if run.owner in numbers]
    return mine[:MOST_RUNS]


def _member(state: ClassState, member: Member) -> Json:
    return {
        "number": member.number,
        "nickname": state.nickname(member.number),
        "animal": english(alias(member.number)),
        "removed": member.removed,
        "left": member.left,
    }


def _opening(opening: Opening) -> Json:
    envelope: JsonValue = None
    if opening.envelope is not None:
        envelope = [one.model_dump(mode="json") for one in opening.envelope]
    return {
        "number": opening.number,
        "activity": opening.activity.model_dump(mode="json"),
        "phase": opening.phase,
        "revealed": opening.revealed,
        "envelope": envelope,
        "work": [{"member": number, **_work(done)} for number, done in opening.work.items()],
        "drawings": [
            {"member": one.member, "item": one.item, "label": one.label} for one in opening.drawings
        ],
    }


def _work(done: Work) -> Json:
    answer = done.answer
    return {
        "answer": None if answer is None else answer.model_dump(mode="json", exclude_none=True),
        "locked": done.locked,
        "words": done.words,
        "granted": done.granted,
        "cell": None if done.cell is None else {"index": done.cell.index, "seed": done.cell.seed},
    }


def _snapshot(state: ClassState, number: int) -> Json:
    kept = state.snapshots[number]
    return {
        "number": kept.number,
        "what": kept.what,
        "activity": kept.opening,
        "member": kept.member,
        "ref": kept.ref,
        "caption": kept.caption,
    }


def _papers(state: ClassState, when: When) -> JsonValue:
    papers: list[JsonValue] = [
        list(quizzes.of(state, when, number)) for number in quizzes.answered(state, when)
    ]
    SystemRandom().shuffle(papers)
    return papers


def _run(run: RunInfo, member: int) -> Json:
    _, opening, cell = read_stamp(run.classroom)
    summary = run.summary
    return {
        "id": run.id,
        "member": member,
        "activity": opening,
        "cell": cell,
        "created": run.created.isoformat(),
        "status": run.status.value,
        "epochs": summary.epochs,
        "seconds": summary.seconds,
        "accuracy": summary.accuracy,
        "val_accuracies": list(summary.val_accuracies),
        "learning_rate_by_hand": summary.by_hand,
        "goes_on_from": run.parent,
        "settings": run.config.model_dump(mode="json"),
    }
