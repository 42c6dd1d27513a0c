"""Compare on the page: the differing settings, two runs in detail, and what cannot be compared."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Status
from playground.figures.compare import MOST_RUNS
from playground.network.snapshot import Snapshot
from tests.conftest import NETWORK, Place, epoch_end, report
from tests.ui.pages.test_runs import opened, press

SMALL: dict[str, Any] = {"train_images": 100, "validation_split": 0.5}


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.ui.pages.runs.current_owner", lambda: "me")


def component(app: AppTest, key: str) -> dict[str, Any]:
    """What the component with this in its data is given."""
    found = [e for e in app.main if e.type == "bidi_component" and key in e.proto.json]
    return dict(json.loads(found[0].proto.json)) if found else {}


def said(app: AppTest) -> str:
    return "\n".join(one.value for kind in (app.markdown, app.info, app.caption) for one in kind)


def finished(place: Place, right: slice | None, **settings: Any) -> str:
    """A run whose network calls these of its 50 validation images right, all others wrong."""
    run_id = place.run(**SMALL, **settings)
    config = RunConfig(**SMALL)
    labels = load_data().y_train[config.fit_photos : config.train_images]
    predicted = (labels + 1) % 10
    kept = {}
    if right is not None:
        predicted[right] = labels[right]
        kept = {0: Snapshot(NETWORK, np.array([], np.uint8)).to_bytes()}
        kept |= {1: Snapshot(NETWORK, predicted.astype(np.uint8)).to_bytes()}
    place.tell(lambda: report(place.hub, run_id, epoch_end(1)))
    result = Result(Status.FINISHED, "", None, None, kept)
    place.tell(lambda: place.hub.dispatcher.on_done(run_id, result))
    return run_id


def compared(*chosen: str) -> AppTest:
    return opened(*chosen, compare="true")


def test_pressing_compare_shows_the_chosen_runs_and_exactly_what_differs(place: Place) -> None:
    one = finished(place, slice(0, 30))
    two = finished(place, slice(20, 45), learning_rate=0.01, optimizer="sgd")
    app = opened(one, two)
    press(app, "Compare")
    data = component(app, "curves")
    assert [run["runId"] for run in data["runs"]] == [one, two]
    assert {d["column"]: d["values"] for d in data["differences"]} == {
        "optimizer": ["adam", "sgd"],
        "learning_rate": ["0.001", "0.01"],
    }
    assert data["sentence"] == "Two things differ, so neither alone explains the result."
    assert app.query_params["compare"] == "true"
    app = opened(one, two, compare="true", axis="steps", images="both")
    assert (component(app, "curves")["axis"], component(app, "curves")["curves"]) == (
        "steps",
        "both",
    )
    assert (app.query_params["axis"], app.query_params["images"]) == ("steps", "both")
    press(app, "All runs")
    assert "compare" not in app.query_params
    assert not component(app, "curves")


def test_the_images_that_one_knows_and_the_other_does_not(place: Place) -> None:
    app = compared(finished(place, slice(0, 30)), finished(place, slice(20, 45), seed=7))
    text = said(app)
    assert "both call 10 right and neither 5." in text
    assert "**20 images** that only seed 42 calls right" in text
    assert "**15 images** that only seed 7 calls right" in text
    [matrix] = component(app, "Confusion matrix, difference")["figure"]["data"]
    assert matrix["type"] == "heatmap"


def test_runs_that_are_judged_on_different_images_are_not_subtracted(place: Place) -> None:
    app = compared(finished(place, slice(0, 9)), place.finished(train_images=200))
    assert "judged on different images, so neither" in said(app)
    assert "judged on different images" in component(app, "curves")["sentence"]


def test_a_run_without_a_network_is_named(place: Place) -> None:
    app = compared(finished(place, slice(0, 9)), finished(place, None, seed=7))
    assert "has no network yet" in said(app)


def test_five_runs_have_parallel_coordinates_and_two_can_be_chosen(place: Place) -> None:
    ids = [finished(place, slice(0, 10 * i), seed=i, learning_rate=10**-i) for i in range(1, 6)]
    app = compared(*ids)
    [lines] = component(app, "parcoords")["figure"]["data"]
    assert len(lines["dimensions"]) == 3
    names = [run["given"] for run in component(app, "curves")["runs"]]
    assert names[0] == "rate 0.1 · seed 1"
    assert [box.label for box in app.selectbox] == ["First run", "Second run"]
    app.selectbox[0].select_index(2).run()
    assert not app.exception
    assert "Two runs in detail" in [one.value for one in app.header]


def test_one_run_or_more_than_eight_cannot_be_compared(place: Place) -> None:
    ids = [place.finished(seed=i) for i in range(MOST_RUNS + 1)]
    for chosen in (ids[:1], ids):
        app = compared(*chosen)
        [button] = [one for one in app.button if one.label == "Compare"]
        assert button.disabled
        assert not component(app, "curves")


def test_names_say_what_sets_a_run_apart(place: Place) -> None:
    ids = [finished(place, slice(0, 9), **one) for one in ({}, {"seed": 1}, {"l2": 0.1}, {}, {})]
    place.hub.describe("me", ids[4], name="mine")
    names = [run["given"] for run in component(compared(*ids), "curves")["runs"]]
    assert names == ["most common settings", "seed 1", "L2 0.1", "most common settings #2", "mine"]
