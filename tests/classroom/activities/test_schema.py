from __future__ import annotations

import json
from typing import Any

import pytest

from playground.classroom.activities import Activity, ActivityError, load
from playground.config import RunConfig
from tests.classroom.activities import LEAST

QUESTION = {"en": "What?", "ko": "무엇?"}
YES, NO = {"en": "Yes", "ko": "네"}, {"en": "No", "ko": "아니요"}
CHOICE = {"kind": "choice", "question": QUESTION, "options": [YES, NO]}
NUMBER = {"kind": "number", "question": QUESTION, "low": 0, "high": 1, "of": "val_accuracy"}
CURVE = {"kind": "curve", "question": QUESTION, "metric": "loss", "epochs": 10}
JIGSAW = {"axes": [["learning_rate", [0.1, 0.01]], ["batch_size", [16, 32, "full"]]]}


def read(**fields: Any) -> Activity:
    return load(json.dumps(LEAST | fields))


def test_an_activity_starts_from_the_settings_it_names_and_the_defaults_of_the_others() -> None:
    activity = read(settings={"epochs": 3, "hidden_layers": "64,32"}, free=["epochs"])
    assert activity.config() == RunConfig(epochs=3, hidden_layers=(64, 32))
    assert activity.settings == {"hidden_layers": [64, 32], "epochs": 3}


def test_a_former_name_of_a_setting_is_read() -> None:
    assert read(settings={"stop": False}).config() == RunConfig()
    assert read(settings={"early_stop": False}).config() == RunConfig(early_stop=False)


def test_only_free_settings_may_differ() -> None:
    activity = read(settings={"epochs": 3}, free=["learning_rate"])
    start = activity.config()
    assert activity.broken(start.model_copy(update={"learning_rate": 0.5})) == []
    changed = start.model_copy(update={"learning_rate": 0.5, "epochs": 4, "seed": 1})
    assert activity.broken(changed) == ["epochs", "seed"]


def test_cells_of_a_jigsaw_are_counted_row_by_row() -> None:
    activity = read(jigsaw=JIGSAW)
    assert activity.jigsaw is not None
    assert activity.jigsaw.cells == 6
    found = [(activity.config(i).learning_rate, activity.config(i).batch_size) for i in range(6)]
    assert found == [(rate, size) for rate in (0.1, 0.01) for size in (16, 32, "full")]
    assert activity.broken(activity.config(4), 4) == []
    assert activity.broken(activity.config(4), 3) == ["batch_size"]
    for cell in (-1, 6):
        with pytest.raises(IndexError):
            activity.config(cell)
    with pytest.raises(IndexError):
        read().config(0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "Not a slug"}, "id"),
        ({"id": "a" * 41}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": 1}, "id"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": "5"}, "minutes"),
        ({"concept": 12}, "concept"),
        ({"lesson": "../x"}, "lesson"),
        ({"title": "A"}, "title"),
        ({"title": {"en": "A"}}, "title.ko"),
        ({"title": {"en": "A", "ko": "  "}}, "title.ko"),
        ({"title": {"en": "A" * 81, "ko": "가"}}, "title"),
        ({"title": {"en": "A\0", "ko": "가"}}, "title.en"),
        ({"text": {"en": "A" * 2_001, "ko": "가"}}, "text.en"),
        ({"code": "print()"}, "code"),
        ({"settings": {"epochs": 0}}, "settings"),
        ({"settings": {"colour": 1}}, "settings"),
        ({"settings": []}, "settings"),
        ({"free": ["colour"]}, "free"),
        ({"free": ["epochs", "epochs"]}, "free"),
        ({"free": "epochs"}, "free"),
        ({"prediction": {"kind": "colour"}}, "prediction"),
        ({"prediction": CHOICE | {"options": [YES]}}, "prediction.choice.options"),
        ({"prediction": CHOICE | {"options": [YES] * 7}}, "prediction.choice.options"),
        ({"prediction": CHOICE | {"right": 2}}, "prediction.choice"),
        ({"prediction": CHOICE | {"right": -1}}, "prediction.choice.right"),
        ({"prediction": CHOICE | {"right": True}}, "prediction.choice.right"),
        ({"prediction": NUMBER | {"low": 1}}, "prediction.number"),
        ({"prediction": NUMBER | {"high": 1e7}}, "prediction.number.high"),
        ({"prediction": NUMBER | {"of": "test_accuracy"}}, "prediction.number.of"),
        ({"prediction": NUMBER | {"decimals": 5}}, "prediction.number.decimals"),
        ({"prediction": CURVE | {"metric": "seconds"}}, "prediction.curve.metric"),
        ({"runs": 0}, "runs"),
        ({"runs": 21}, "runs"),
        ({"target": ["val_accuracy", 1.5]}, "target"),
        ({"target": ["test_accuracy", 0.5]}, "target"),
        ({"jigsaw": {"axes": [["learning_rate", [0.1, 0.01]]]}}, "jigsaw.axes"),
        ({"jigsaw": {"axes": [["learning_rate", [0.1]], JIGSAW["axes"][1]]}}, "jigsaw.axes"),
        ({"draw": 1}, "draw"),
        ({"sealed": "yes"}, "sealed"),
    ],
)
def test_what_cannot_be_used_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ActivityError) as refused:
        read(**fields)
    assert f"“{field}" in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prediction": CURVE | {"epochs": 5}}, "number of epochs"),
        ({"prediction": CURVE, "free": ["epochs"]}, "cannot be free"),
        ({"jigsaw": JIGSAW, "free": ["batch_size"]}, "cannot be free"),
        ({"jigsaw": {"axes": [JIGSAW["axes"][0], JIGSAW["axes"][0]]}}, "same setting"),
        ({"jigsaw": {"axes": [JIGSAW["axes"][0], ["colour", [1, 2]]]}}, "no setting “colour”"),
        ({"jigsaw": {"axes": [JIGSAW["axes"][0], ["epochs", [1, 0]]]}}, "epochs"),
        ({"jigsaw": {"axes": [JIGSAW["axes"][0], ["epochs", [1, "1"]]]}}, "value twice"),
        (
            {"jigsaw": {"axes": [["epochs", list(range(1, 9))], ["seed", [1, 2, 3, 4]]]}},
            "more than 30 cells",
        ),
    ],
)
def test_what_does_not_fit_together_is_said(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ActivityError, match=said):
        read(**fields)


def test_values_of_a_jigsaw_are_written_as_a_run_has_them() -> None:
    activity = read(jigsaw={"axes": [["hidden_layers", ["64,32", [16]]], ["epochs", [1, "2"]]]})
    assert activity.jigsaw is not None
    for cell in range(4):
        run = activity.config(cell).model_dump(mode="json")
        assert {name: run[name] for name in ("hidden_layers", "epochs")} == (
            activity.jigsaw.settings(cell)
        )
