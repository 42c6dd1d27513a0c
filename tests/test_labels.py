"""Words for runs, and words from outside."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from playground.config import RunConfig
from playground.events import Status
from playground.runs.store import RunInfo
from playground.ui.labels import plain, run_labels


@pytest.mark.parametrize(
    "text",
    ["[press](http://example.org)", "![](http://x.org/a.png)", "<b>x</b>", ":red[x] $x$ `x` a*b*"],
)
def test_words_from_outside_are_no_markdown(text: str) -> None:
    # In CommonMark a backslash before punctuation makes it a plain character.
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == text
    assert not re.search(r"(?<!\\)[\[\]()<>!`*:$]", shown)


def test_no_two_runs_have_one_label_and_a_newer_one_changes_no_older_one() -> None:
    made = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)
    runs = [RunInfo(f"id{n}", "me", RunConfig(), Status.FINISHED, "", made) for n in range(4)]
    labels = run_labels(runs)
    assert list(labels) == [run.id for run in runs]
    assert len(set(labels.values())) == len(runs)
    assert run_labels(runs[1:]) == {run.id: labels[run.id] for run in runs[1:]}
