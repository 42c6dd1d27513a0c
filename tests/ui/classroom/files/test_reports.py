"""What is in a lab report, and above all what is not."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, cast

import pytest

from playground.classroom.activities.quiz import questions
from playground.classroom.codes import alias
from playground.classroom.gate import stamp
from playground.classroom.report.data import Look
from playground.classroom.report.page import page
from playground.classroom.rules import acts, log, quizzes
from playground.classroom.rules.folding import fold
from playground.classroom.rules.log import CURVE_POINTS, Answer
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.config import RunConfig
from playground.events import Event
from playground.locales import english, speaking
from playground.locales.pseudo import PSEUDO
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.classroom.files.gather import gather
from playground.ui.classroom.files.reports import file_name, lab_report, lab_reports
from tests.classroom.conftest import CHOICE, activity
from tests.classroom.export.conftest import CLASS, EVIL, TEACHER, TEST, run, said
from tests.classroom.report.test_page import Parsed
from tests.conftest import Place, epoch_end
from tests.ui.classroom.test_class_page import join, open_page, owner_of, press
from tests.visible import plain_english

NOW = datetime(2026, 3, 4, tzinfo=timezone.utc)


class Events:
    """As much of a hub as a report asks for: five epochs of every run."""

    def events(self, run_id: str) -> list[Event]:
        """What has happened to any run."""
        values = (0.5, 0.6, 0.7, 0.72, 0.75)
        return [
            Event(run_id, seq, epoch_end(seq, val_accuracy=value))
            for seq, value in enumerate(values, 1)
        ]


HUB = cast(Hub, Events())
LOOK = Look("", ("red",))
STATE = fold(ClassState(CLASS, TEACHER), said())
RUNS = [run(2, 2), run(1, 3, sealed=True), run(1, 1)]


def html(state: ClassState = STATE, number: int = 1, runs: Sequence[RunInfo] = RUNS) -> str:
    return page(gather(HUB, state, number, runs, NOW), LOOK)


def test_it_has_what_the_student_did() -> None:
    report = gather(HUB, STATE, 1, RUNS, NOW)
    assert (report.name, report.class_name, report.date) == ("=1+1", "Room 4", "2026-03-04")
    curve, sealed = report.chapters  # they did nothing in the second activity
    assert curve.words == EVIL
    assert curve.prediction is not None
    assert curve.prediction.curves is not None
    drawn, real = curve.prediction.curves.lines
    assert len(drawn[1]) == CURVE_POINTS
    assert [value for _, value in real[1]] == [0.5, 0.6, 0.7, 0.72, 0.75]
    # (0 + 0.1 + 0.2 + 0.22 + 0.25) / 5
    assert any("0.154 apart" in one for one in curve.prediction.said)
    assert curve.runs is not None
    assert "0.7500 ★" in curve.runs.rows[0]
    assert "tf.keras.Sequential" in curve.script
    assert "Sealed" in sealed.envelope[0]


def test_it_has_nothing_of_others_no_owner_and_no_test_figure() -> None:
    for number in (1, 2):
        text = html(number=number)
        assert "secret" not in text
        assert str(TEST)[:6] not in text
    assert "what Jun alone has said" not in html(number=1)
    assert "Jun" not in html(number=1)
    assert "what Jun alone has said" in html(number=2)
    assert "=1+1" not in html(number=2)


def test_a_sealed_figure_comes_with_the_envelope_and_not_before() -> None:
    assert "evaluate(x_test" not in html().split("sealed")[-1]
    results = (
        log.Tested(run="22aa", member=2, val_accuracy=0.9, test_accuracy=0.8765),
        log.Tested(run="13aa", member=1, val_accuracy=0.75, test_accuracy=0.8125),
        log.Tested(run="33aa", member=2, val_accuracy=0.6, test_accuracy=0.5432),
    )
    assert "0.8125" not in html()
    text = html(fold(STATE, [log.EnvelopeOpened(opening=3, results=results)]))
    assert "validation accuracy 0.7500, test accuracy 0.8125" in text
    assert "0.8765" in text  # of the best one, as all have seen it; without a name
    assert "0.5432" not in text
    # The expected maximum of three standard normal numbers is 3/(2√π); a test accuracy of 0.8765,
    # and the validation images.
    images = STATE.openings[2].activity.config().validation_images
    points = 100 * 1.5 / math.sqrt(math.pi) * math.sqrt(0.8765 * 0.1235 / images)
    assert f"look {points:.1f} points" in text


def test_no_script_tells_a_figure_that_another_class_has_sealed() -> None:
    assert any("evaluate(x_test" in one.script for one in gather(HUB, STATE, 1, RUNS, NOW).chapters)
    bound = gather(HUB, STATE, 1, RUNS, NOW, bound=True)
    assert all("evaluate(x_test" not in one.script for one in bound.chapters)


def test_which_answer_is_right_is_not_said_before_the_own_one_is_locked() -> None:
    asked = activity(
        prediction={**CHOICE.model_dump()["prediction"], "because": {"en": "It is so.", "ko": "ㄱ"}}
    )
    state = fold(STATE, [log.ActivityOpened(activity=asked, phase="run")])
    state = fold(state, [log.Predicted(opening=4, member=1, answer=Answer(choice=0))])
    assert "what happens" not in html(state)
    assert "It is so." not in html(state)
    state = fold(state, [log.PredictionLocked(opening=4, member=1)])
    assert "what happens" in html(state)
    assert "It is so." in html(state)


def test_settings_are_compared_as_on_the_page_runs() -> None:
    base = RunConfig(epochs=5, train_images=1000)
    runs: list[RunInfo] = []
    values = {0.001: (0.80, 0.81, 0.80), 0.01: (0.70, 0.71, 0.70)}
    each = [(rate, seed, v) for rate, all_ in values.items() for seed, v in enumerate(all_, 1)]
    for index, (rate, seed, value) in enumerate(each):
        config = base.model_copy(update={"learning_rate": rate, "seed": seed})
        one = run(1, 1, config=config, id=f"{index}f")
        summary = one.summary.model_copy(update={"val_accuracies": (0.1, 0.2, 0.3, 0.4, value)})
        runs.insert(0, replace(one, summary=summary))
    [lines] = gather(HUB, STATE, 1, runs, NOW).chapters[0].compared
    assert lines[0] == "Learning rate: 0.001 or 0.01"
    assert "0.8033 on average over 3 runs" in lines[1]
    assert lines[3].startswith("“rate 0.01” is worse than “rate 0.001”, by 10.00 points")
    [single] = gather(HUB, STATE, 1, [runs[0], runs[3]], NOW).chapters[0].compared
    assert any("a single pair says nothing about chance" in one for one in single)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        # Real is 0.75, and a number's error counts as a share of 2.
        (1.75, 0.75, "the predictions were 50 points of 100 nearer to what happened"),
        (0.75, 1.75, "about as near to what happened as in the first, or less"),
        (0.95, 0.95, "about as near to what happened as in the first, or less"),
    ],
)
def test_whether_predictions_have_come_nearer_is_said(
    first: float, second: float, sentence: str
) -> None:
    asked = activity(
        prediction={
            **{"kind": "number", "of": "val_accuracy", "low": 0, "high": 2},
            "question": {"en": "How well?", "ko": "ㄱ"},
        }
    )
    state = fold(ClassState(CLASS, TEACHER), said()[:5])
    runs: list[RunInfo] = []
    for answer in (first, second):
        number = len(state.openings) + 1
        events: list[log.Data] = [
            log.ActivityOpened(activity=asked, phase="run"),
            log.Predicted(opening=number, member=1, answer=Answer(number=answer)),
            log.PredictionLocked(opening=number, member=1),
        ]
        state = fold(state, events)
        told = gather(HUB, state, 1, runs, NOW).said
        assert told == ()  # of one prediction that has met its run, or of none
        runs.insert(0, run(1, number))
    told = gather(HUB, state, 1, runs, NOW).said
    assert len(told) == 1
    assert sentence in told[0]


def test_a_goal_is_reached_or_not_and_a_cell_is_named() -> None:
    asked = activity(
        goal={"en": "Reach 0.7.", "ko": "ㄱ"},
        target=("val_accuracy", 0.7),
        jigsaw={"axes": [["learning_rate", [0.001, 0.1]], ["batch_size", [32, 128]]]},
        free=[],
    )
    state = fold(STATE, [log.ActivityOpened(activity=asked, phase="run")])
    state = fold(state, [log.CellDealt(opening=4, member=1, cell=2, seed=7)])
    [*_, chapter] = gather(HUB, state, 1, [*RUNS], NOW).chapters
    assert chapter.cell == ("Learning rate: 0.1; Batch size: 32",)
    assert any("Not reached" in one for one in chapter.goal)
    with_run = [run(1, 4, classroom=stamp(CLASS, 4, 2)), *RUNS]
    [*_, chapter] = gather(HUB, state, 1, with_run, NOW).chapters
    assert "Reached by run 1: 0.7500." in chapter.goal
    another = [run(1, 4, classroom=stamp(CLASS, 4, 1), id="f1"), *with_run]
    [*_, chapter] = gather(HUB, state, 1, another, NOW).chapters
    assert chapter.cell[1] == "Learning rate: 0.001; Batch size: 128"


def test_all_words_are_in_the_visitors_language() -> None:
    state = fold(STATE, [log.Named(name=""), log.MemberRenamed(member=1, nickname="7")])
    state = fold(state, [log.Explained(opening=1, member=1, text="")])
    with speaking(PSEUDO):
        report = gather(HUB, state, 1, RUNS, NOW)
        chapters = tuple(replace(one, script="") for one in report.chapters)
        text = Parsed(page(replace(report, chapters=chapters), LOOK)).text.split("}\n")[-1]
    assert report.language == PSEUDO
    assert not plain_english(text)


@pytest.mark.parametrize(
    ("nickname", "name"), [("../../etc/passwd", "etc-passwd"), ("미나 1", "미나-1"), ("", "report")]
)
def test_a_nickname_is_no_path(nickname: str, name: str) -> None:
    assert file_name(nickname) == name


def test_a_member_downloads_their_report_and_the_teacher_all(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(open_page("teacher"), "Start a class")
    room = classes().rooms.all()[0].row.id
    join(classes().code(room), "a", "Mi/na")
    owner = classes().rooms.row(room).owner
    assert "Lab report" not in labels("a")
    classes().act(room, acts.open_activity, owner, CHOICE)
    classes().act(room, acts.predict, owner_of("a"), 1, Answer(choice=1))
    assert "Lab report" in labels("a")
    assert "1 lab report (ZIP)" in labels("teacher")
    with zipfile.ZipFile(io.BytesIO(lab_reports(room, "en"))) as file:
        assert file.namelist() == ["001-Mi-na.html"]
        assert "Mi/na" in file.read("001-Mi-na.html").decode()
    classes().act(room, acts.hide_names, owner, True)
    with zipfile.ZipFile(io.BytesIO(lab_reports(room, "en"))) as file:
        hidden = file_name(english(alias(1)))
        assert file.namelist() == [f"001-{hidden}.html"]
        assert "Mi/na" not in file.read(f"001-{hidden}.html").decode()
        assert english(alias(1)) in file.read(f"001-{hidden}.html").decode()
    assert "Mi/na" in lab_report(room, 1, "en")  # their own, for them alone
    seen = classes().view(room, owner)
    assert "Mi/na" not in json.dumps(seen)
    classes().act(room, acts.hide_names, owner, False)
    for when in quizzes.WHEN:
        classes().act(room, acts.open_quiz, owner, when)
        classes().act(room, acts.answer_quiz, owner_of("a"), when, [0] * len(questions()))
    classes().act(room, acts.end, owner)
    assert "right before the lesson" in lab_report(room, 1, "en")
    with zipfile.ZipFile(io.BytesIO(lab_reports(room, "en"))) as file:
        # It is anonymous to the teacher.
        assert "right before the lesson" not in file.read("001-Mi-na.html").decode()
    monkeypatch.setattr("playground.ui.classroom.files.reports.MOST_BYTES", 100)
    with zipfile.ZipFile(io.BytesIO(lab_reports(room, "en"))) as file:
        assert file.namelist() == ["README.txt"]


def labels(owner: str) -> list[str]:
    app = open_page(owner)
    found: list[Any] = [*app.get("download_button")]
    return [one.proto.label if hasattr(one, "proto") else one.label for one in found]
