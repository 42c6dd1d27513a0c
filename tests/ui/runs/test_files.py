"""Runs as files that other programs read."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from playground.config import RunConfig
from playground.events import Evaluation
from playground.store.summaries import Summary
from playground.ui.runs.files import csv_of, json_of
from tests.conftest import Place, epoch_end, report
from tests.ui.runs.test_view import run


def test_a_row_of_the_csv_has_every_setting_and_the_test_only_if_asked() -> None:
    summary = Summary(
        epochs=1, seconds=1.5, accuracy=0.5, val_accuracies=(0.25,), test_accuracy=0.125
    )
    child = replace(run(2, summary, note="two\nlines, a comma"), parent="run1", parent_epoch=1)
    runs = [child, run(1, hidden_layers=())]
    named = {"run2": "=SUM(A1)", "run1": "plain"}
    [first, second] = csv.DictReader(io.StringIO(csv_of(runs, named, test=False)))
    assert first["name"] == "'=SUM(A1)"
    assert first["note"] == "two\nlines, a comma"
    assert (first["accuracy"], first["val_accuracy"], first["epochs_done"]) == ("0.5", "0.25", "1")
    assert (second["hidden_layers"], second["val_accuracy"]) == ("none", "")
    assert first.keys() >= set(RunConfig.model_fields)
    assert "test_accuracy" not in first
    assert (first["parent"], first["parent_epoch"]) == ("run1", "1")
    assert (second["parent"], second["parent_epoch"]) == ("", "")
    [first, _] = csv.DictReader(io.StringIO(csv_of(runs, named, test=True)))
    assert first["test_accuracy"] == "0.125"


def test_the_json_has_every_epoch_and_gives_the_settings_back(place: Place) -> None:
    run_id = place.run(learning_rate=0.01)
    tested = Evaluation(accuracy=0.5, loss=1.0, confusion=[[0] * 10] * 10)
    place.tell(lambda: report(place.hub, run_id, epoch_end(1), epoch_end(2), tested))
    info = place.hub.run(run_id)
    assert info is not None
    [found] = json.loads(json_of(place.hub, [replace(info, note="n")], {run_id: "mine"}))["runs"]
    assert (found["id"], found["name"], found["note"]) == (run_id, "mine", "n")
    assert RunConfig(**found["config"]) == info.config
    assert (found["parent"], found["parent_epoch"]) == (None, None)
    assert [epoch["epoch"] for epoch in found["epochs"]] == [1, 2]
    assert found["test"]["accuracy"] == 0.5
