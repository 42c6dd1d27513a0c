"""Which field of which event goes to which trace."""

from __future__ import annotations

import json

import pytest

from playground.config import RunConfig
from playground.events import EVENT_MODELS
from playground.figures.bindings import BINDINGS, Binding, board
from playground.figures.board import Origin, Point
from playground.locales import translate
from playground.locales.pseudo import PSEUDO

CONFIG = RunConfig()


@pytest.mark.parametrize("binding", BINDINGS, ids=str)
def test_bindings_join_fields_that_exist_to_traces_that_exist(binding: Binding) -> None:
    trace = board(CONFIG, pinned=True)["figures"][binding.chart]["data"][binding.trace]
    named = {
        array: getattr(binding, array)
        for array in ("x", "y", "z", "customdata", "row")
        if getattr(binding, array)
    }
    assert set(named.values()) <= set(EVENT_MODELS[binding.event].model_fields)
    arrays = {"z" if array == "row" else array for array in named}
    assert all(isinstance(trace[array], list) for array in arrays), "an array to append to"
    assert set(named) in ({"x"}, {"z"}, {"y", "row"}) or {"x", "y"} <= set(named)


def test_the_pinned_drawing_has_a_chart_only_where_there_is_one() -> None:
    without, pinned = board(CONFIG), board(CONFIG, pinned=True)
    assert "pinned" not in without["figures"]
    assert all(binding["chart"] in without["figures"] for binding in without["bindings"])
    (trace,) = pinned["figures"]["pinned"]["data"]
    assert (trace["zmin"], trace["zmax"], trace["z"]) == (0, 1, [])


def test_a_run_that_goes_on_shows_where_it_begins_and_what_the_one_before_did() -> None:
    points = tuple(Point(epoch, 0.4, 0.8, 0.5, 0.7) for epoch in (2, 3))
    for name, trace in (("loss", 4), ("accuracy", 5)):
        usual = board(CONFIG)["figures"][name]
        forked = board(CONFIG, origin=Origin(2, points))["figures"][name]
        assert forked["data"][:trace] == usual["data"]
        lines = [(line["x"], line["y"], line["line"]["width"]) for line in forked["data"][trace:]]
        train, validated = (0.4, 0.5) if name == "loss" else (0.8, 0.7)
        assert lines == [([2, 3], [train] * 2, 1), ([2, 3], [validated] * 2, 1)]
        gone_on = board(CONFIG, origin=Origin(2, points[:1]))["figures"][name]
        assert gone_on["data"] == usual["data"]
        for figure in (forked, gone_on):
            assert figure["layout"]["shapes"][-1]["x0"] == 2
            assert figure["layout"]["annotations"][-1]["text"].startswith("begins here")
    assert board(CONFIG, origin=Origin(0, ())) == board(CONFIG)


def test_each_language_has_a_board_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    english = board(CONFIG)
    monkeypatch.setattr(translate, "_choose", lambda: PSEUDO)
    assert board(CONFIG) is not english
    assert board(CONFIG) is board(CONFIG)


def test_the_board_is_strict_json_of_moderate_size() -> None:
    text = json.dumps(board(CONFIG), allow_nan=False)
    assert json.loads(text)["figures"].keys() == {
        *("loss", "accuracy", "step-loss", "confusion", "test-confusion", "references")
    }
    assert "bdata" not in text, "the browser appends to plain arrays"
    assert len(text) < 20_000
