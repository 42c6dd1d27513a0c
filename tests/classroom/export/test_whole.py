"""A class as JSON and as tables: all of it, without secrets, owners and test figures."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from playground.classroom.codes import alias
from playground.classroom.export.tables import class_tables
from playground.classroom.export.whole import class_json
from playground.classroom.rules import log
from playground.classroom.rules.folding import fold
from playground.classroom.rules.state import ClassState
from playground.config import RunConfig
from playground.locales import english
from playground.store.runs import RunInfo
from tests.classroom.export.conftest import CLASS, EVIL, TEACHER, TEST, said


def tables(state: ClassState, runs: list[RunInfo]) -> dict[str, list[dict[str, str]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(class_tables(state, runs))) as file:
        for name in file.namelist():
            text = file.read(name).decode("utf-8-sig")
            found[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    return found


def test_json_has_what_was_said(state: ClassState, runs: list[RunInfo]) -> None:
    data = json.loads(class_json(state, runs))
    assert [one["nickname"] for one in data["members"]] == ["=1+1", "Jun"]
    assert data["activities"][0]["work"][0]["words"] == EVIL
    assert len(data["activities"][0]["work"][0]["answer"]["curve"]) == 41
    assert data["activities"][1]["work"][0]["answer"] == {"choice": 1}
    assert data["snapshots"][0]["caption"] == "@caption"
    assert [(one["member"], one["activity"]) for one in data["runs"]] == [(2, 2), (1, 3), (1, 1)]
    assert len(data["quiz"]["before"]) == 2
    assert RunConfig.model_validate(data["runs"][0]["settings"]) == runs[0].config


def test_no_file_has_an_owner_or_a_figure_from_the_test(
    state: ClassState, runs: list[RunInfo]
) -> None:
    texts = [class_json(state, runs)]
    texts += [json.dumps(rows) for rows in tables(state, runs).values()]
    for text in texts:
        assert "secret" not in text
        assert TEACHER not in text
        assert str(TEST)[:6] not in text


def test_while_names_are_hidden_no_file_has_a_nickname(
    state: ClassState, runs: list[RunInfo]
) -> None:
    quiet = [one for one in said() if not isinstance(one, log.Explained)]  # words are words
    hidden = fold(ClassState(CLASS, TEACHER), [*quiet, log.NamesHidden(hidden=True)])
    data = json.loads(class_json(hidden, runs))
    assert [(one["nickname"], one["animal"]) for one in data["members"]] == [
        ("", english(alias(1))),
        ("", english(alias(2))),
    ]
    found = tables(hidden, runs)
    assert {row["nickname"] for rows in found.values() for row in rows} == {""}
    assert [row["animal"] for row in found["members.csv"]] == [
        english(alias(1)),
        english(alias(2)),
    ]
    for text in (json.dumps(data), json.dumps(found)):
        assert "Jun" not in text
        assert "=1+1" not in text


def test_an_open_envelope_is_in_the_file(state: ClassState, runs: list[RunInfo]) -> None:
    assert "0.8125" not in class_json(state, runs)
    tested = log.Tested(run="13aa", member=1, val_accuracy=0.75, test_accuracy=0.8125)
    opened = fold(state, [log.EnvelopeOpened(opening=3, results=(tested,))])
    assert "0.8125" in class_json(opened, runs)


def test_tables_have_all_rows_and_no_formulas(state: ClassState, runs: list[RunInfo]) -> None:
    found = tables(state, runs)
    assert [row["nickname"] for row in found["members.csv"]] == ["'=1+1", "Jun"]
    first, second = found["answers.csv"]
    assert first["words"] == f"'{EVIL}"
    assert (first["curve_0"], second["curve_0"]) == ("0.5", "")
    assert second["choice"] == "1"
    assert second["option"] == "How well will it do?"
    assert [row["member"] for row in found["runs.csv"]] == ["2", "1", "1"]
    assert found["runs.csv"][0]["train_images"] == "1000"
    cells = [cell for rows in found.values() for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
