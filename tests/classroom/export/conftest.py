"""A class in which much has been said, some of it with evil intent."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from playground.classroom.activities.quiz import questions
from playground.classroom.gate import stamp
from playground.classroom.rules import log
from playground.classroom.rules.folding import fold
from playground.classroom.rules.log import CURVE_POINTS, Answer, Data
from playground.classroom.rules.state import ClassState
from playground.config import RunConfig
from playground.events import Status
from playground.store.runs import RunInfo
from playground.store.summaries import Summary
from tests.classroom.conftest import CHOICE, CURVE, activity

TEACHER = "browser:secret-teacher"
OWNERS = {1: "browser:secret-one", 2: "browser:secret-two"}
EVIL = "=HYPERLINK(\"http://evil.example\")<script>alert('x')</script>"
CLASS = "c0ffee00c0de"
# A figure that nobody may see: of a run that was tested, though its class is sealed.
TEST = 0.87654321


def run(member: int, opening: int, **fields: Any) -> RunInfo:
    """A finished run of a member in an opening."""
    config = fields.pop("config", RunConfig(epochs=5, train_images=1000))
    given: dict[str, Any] = {
        "id": f"{member}{opening}aa",
        "owner": OWNERS[member],
        "config": config,
        "status": Status.FINISHED,
        "reason": "",
        "created": datetime(2026, 3, 4, 10, 11, tzinfo=timezone.utc),
        "classroom": stamp(CLASS, opening),
        "summary": Summary(
            epochs=5,
            seconds=7.5,
            accuracy=0.8,
            val_accuracies=(0.5, 0.6, 0.7, 0.72, 0.75),
            test_accuracy=TEST,
        ),
        **fields,
    }
    return RunInfo(**given)


def said() -> list[Data]:
    """What has happened in the class."""
    sealed = activity(sealed=True, id="sealed")
    paper = tuple(one.right for one in questions())
    return [
        log.Named(name="Room 4"),
        log.TeacherJoined(owner="browser:secret-other"),
        log.ScreenJoined(owner="browser:secret-screen"),
        log.MemberJoined(member=1, owner=OWNERS[1], nickname="=1+1"),
        log.MemberJoined(member=2, owner=OWNERS[2], nickname="Jun"),
        log.ActivityOpened(activity=CURVE, phase="compare"),
        log.Predicted(opening=1, member=1, answer=Answer(curve=(0.5,) * CURVE_POINTS)),
        log.PredictionLocked(opening=1, member=1),
        log.Explained(opening=1, member=1, text=EVIL),
        log.ActivityOpened(activity=CHOICE, phase="compare"),
        log.Predicted(opening=2, member=2, answer=Answer(choice=1)),
        log.Explained(opening=2, member=2, text="what Jun alone has said"),
        log.ActivityOpened(activity=sealed, phase="run"),
        log.SnapshotAdded(what="words", opening=1, member=1, caption="@caption"),
        log.QuizAnswered(when="before", member=1, answers=paper),
        log.QuizAnswered(when="before", member=2, answers=paper),
    ]


@pytest.fixture
def state() -> ClassState:
    return fold(ClassState(CLASS, TEACHER), said())


@pytest.fixture
def runs() -> list[RunInfo]:
    others = run(1, 1, owner="browser:secret-nobody", id="99")
    return [run(2, 2), run(1, 3, sealed=True), run(1, 1), others]
