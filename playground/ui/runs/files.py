"""Runs as files: a table of all as CSV, whole runs as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from playground.config import RunConfig
from playground.events import EpochEnd, Evaluation, data_of
from playground.experiments.naming import show_value
from playground.runs.hub import Hub
from playground.store.runs import RunInfo

_FIRST = ("id", "name", "starred", "note", "started", "status")
_LAST = ("parent", "parent_epoch", "epochs_done", "accuracy", "val_accuracy", "seconds")
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(runs: Sequence[RunInfo], named: Mapping[str, str], *, test: bool) -> str:
    """A row for each run: what it is, all settings, its newest numbers.

    Args:
        runs: in the order of the rows.
        named: the name of each, by its id.
        test: whether the test accuracy is a column.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*_FIRST, *RunConfig.model_fields, *_LAST, *(["test_accuracy"] * test)])
    for run in runs:
        summary = run.summary
        writer.writerow(
            [
                *(run.id, _text(named[run.id]), run.starred, _text(run.note)),
                *(run.created.isoformat(timespec="seconds"), run.status.value),
                *(show_value(value) for _, value in run.config),
                *(run.parent, run.parent_epoch if run.parent else None),
                *(summary.epochs, summary.accuracy, summary.val_accuracy),
                round(summary.seconds, 3),
                *([summary.test_accuracy] * test),
            ]
        )
    return file.getvalue()


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def json_of(hub: Hub, runs: Sequence[RunInfo], named: Mapping[str, str]) -> str:
    """All that is known of runs, their epochs and their test included; networks are not.

    Raises:
        StoreError: the store cannot be read.
    """
    return json.dumps({"runs": [_run(hub, run, named[run.id]) for run in runs]}, indent=1)


def _run(hub: Hub, run: RunInfo, name: str) -> dict[str, object]:
    events = hub.events(run.id)
    tests = data_of(events, Evaluation)
    return {
        "id": run.id,
        "name": name,
        "note": run.note,
        "starred": run.starred,
        "started": run.created.isoformat(timespec="seconds"),
        "status": run.status.value,
        "reason": run.reason,
        "config": run.config.model_dump(mode="json"),
        "parent": run.parent,
        "parent_epoch": run.parent_epoch if run.parent else None,
        "epochs": [epoch.to_json() for epoch in data_of(events, EpochEnd)],
        "test": tests[-1].to_json() if tests else None,
    }
