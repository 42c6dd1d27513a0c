"""The page Sweeps: the form and what it refuses, the cells, pause, go on and stop, the address."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Status
from playground.experiments.axes import Choices, Range, SweepError
from playground.experiments.sweep import Draws, Grid
from playground.runs.sweeps.trials import SweepState
from playground.ui import state
from playground.ui.sweep.form import SETTINGS
from playground.ui.sweep.values import read_values
from tests.conftest import Place, epoch_end, report, status
from tests.runs.sweeps.test_feeder import fed
from tests.ui.compare.test_compare import component, said

RATES = Choices("learning_rate", (0.001, 0.01))
SIZES = Choices("batch_size", (32, 64, "full"))
SMALL = RunConfig(epochs=1, train_images=1_000, keep_snapshots=False)


def script() -> None:
    import streamlit as st

    from playground.ui.pages import runs, sweeps, train

    st.navigation(
        [
            st.Page(train.page, default=True),
            st.Page(runs.page, url_path="runs"),
            st.Page(sweeps.page, url_path="sweeps"),
        ]
    )
    sweeps.page()


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.ui.pages.sweeps.current_owner", lambda: "me")


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def press(app: AppTest, label: str) -> None:
    button(app, label).click().run()
    assert not app.exception


def box(app: AppTest, label: str) -> Any:
    kinds: Any = (app.text_input, app.multiselect, app.number_input)
    return next(one for kind in kinds for one in kind if one.label == label)


def trained(place: Place) -> None:
    """Train all that waits, as fast as can be."""
    fed(place.hub)
    while going := [run for run in place.hub.runs() if run.status.active]:
        for run in going:
            report(place.hub, run.id, status(Status.RUNNING))
            accuracy = 0.5 + run.config.learning_rate
            report(place.hub, run.id, epoch_end(1, val_accuracy=accuracy))
            place.tell(lambda run=run: place.end(run.id, Result(Status.FINISHED, "")))  # type: ignore[misc]
        fed(place.hub)


def texts(app: AppTest) -> list[list[str]]:
    data = component(app, '"heads"')
    return [[cell["text"] for cell in row["cells"]] for row in data["rows"]]


def test_the_form_starts_a_grid_of_the_settings_on_train(place: Place) -> None:
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state[state._CONFIG] = RunConfig(optimizer="sgd", epochs=2)
    ran(app)
    assert "9 runs: about" in said(app)
    assert "At most 64 runs of yours wait" in said(app)
    box(app, "Values of Learning rate").input("0.1; 0.2").run()
    box(app, "Seeds").set_value(3).run()
    assert "18 runs: about" in said(app)
    press(app, "Start the sweep")
    [one] = place.hub.sweeps.of("me")
    base = RunConfig(optimizer="sgd", epochs=2, keep_snapshots=False)
    sizes = Choices("batch_size", (16, 64, 256))
    rates = Choices("learning_rate", (0.1, 0.2))
    assert one.plan == Grid(base, (rates, sizes), (42, 43, 44))
    assert app.query_params["sweep"] == one.id
    assert app.title[0].value == "Sweep"


def test_random_draws_of_layers_and_ranges(place: Place) -> None:
    app = opened()
    app.session_state["sweep_kind_en"] = "draws"
    app.run()
    box(app, "Settings").set_value(["hidden_layers", "learning_rate", "dropout"]).run()
    box(app, "Values of Hidden layers").input("none, 8, 128-64").run()
    box(app, "Draws").set_value(5).run()
    press(app, "Start the sweep")
    [one] = place.hub.sweeps.of("me")
    assert isinstance(one.plan, Draws)
    assert one.plan.count == 5
    assert one.plan.axes == (
        Choices("hidden_layers", ((), (8,), (128, 64))),
        Range("learning_rate", 1e-4, 0.1),
        Range("dropout", 0.0, 0.5),
    )
    assert len(component(app, '"heads"')["rows"]) == 5


@pytest.mark.parametrize(
    ("values", "seeds", "sentence"),
    [
        ("0.1", 1, "A sweep needs two values of Learning rate or more."),
        ("", 1, "A sweep needs two values of Learning rate or more."),
        ("0.1, 100", 1, "“100” cannot be Learning rate: a number from 1e-05 to 10.0."),
        ("0.1, much", 1, "“much” cannot be Learning rate"),
        ("0.1, 0.10", 1, "Learning rate has 0.1 twice."),
        (", ".join(f"0.{i:03}" for i in range(1, 90)), 1, "at most 64 values"),
        (", ".join(f"0.{i:03}" for i in range(1, 61)), 10, "1,800 runs are too many"),
    ],
)
def test_what_cannot_be_is_said_and_cannot_be_started(
    place: Place, values: str, seeds: int, sentence: str
) -> None:
    app = opened()
    box(app, "Values of Learning rate").input(values).run()
    box(app, "Seeds").set_value(seeds).run()
    assert sentence in app.warning[0].value
    assert button(app, "Start the sweep").disabled
    # Nothing that was written is lost.
    assert box(app, "Values of Learning rate").value == values


def test_layers_beyond_five_and_settings_without_effect_are_refused(place: Place) -> None:
    app = opened()
    box(app, "Settings").set_value(["hidden_layers"]).run()
    box(app, "Values of Hidden layers").input("8, 8-8-8-8-8-8").run()
    assert "at most 5 hidden layers of 1 to 1024 units" in app.warning[0].value
    box(app, "Settings").set_value(["momentum"]).run()
    assert "Momentum has no effect with these settings." in app.warning[0].value
    box(app, "Settings").set_value([]).run()
    assert "Choose a setting." in said(app)
    assert button(app, "Start the sweep").disabled


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("kind", ["grid", "draws"])
def test_every_setting_has_a_proposal_that_can_be_started(
    place: Place, setting: str, kind: str
) -> None:
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state[state._CONFIG] = RunConfig(optimizer="sgd")
    chosen = {f"sweep_settings_{kind}": [setting], "sweep_kind": kind, "sweep_draws": 2}
    app.session_state[state._REMEMBERED] = chosen
    ran(app)
    assert not [
        one.value for one in app.warning if "cannot" in one.value and "care" not in one.value
    ]
    assert not button(app, "Start the sweep").disabled


def test_cells_fill_with_mean_accuracies_and_say_why_they_are_empty(place: Place) -> None:
    sweep_id = place.hub.sweeps.create("me", Grid(SMALL, (RATES, SIZES), (1, 2)))
    fed(place.hub)
    app = opened(sweep=sweep_id)
    data = component(app, '"heads"')
    assert data["heads"] == ["Learning rate ↓ Batch size →", "32", "64", "full batch"]
    assert [row["head"] for row in data["rows"]] == ["0.001", "0.01"]
    assert texts(app)[0][0] == "trains 0/1"
    assert {text for row in texts(app) for text in row[1:]} <= {"queued", "waits"}
    trained(place)
    ran(app)
    assert texts(app) == [["50.1 %"] * 3, ["51.0 %"] * 3]
    assert "Highest so far: rate 0.01" in said(app)
    assert app.get("progress")[0].proto.text.startswith("Done, 12 of 12 runs have ended")


def test_a_cell_opens_its_run_or_its_runs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    monkeypatch.setattr(
        "playground.ui.pages.sweeps.navigation.go_to", lambda page: gone.append(page.title)
    )
    one = place.hub.sweeps.create("me", Grid(SMALL, (RATES,), (1,)))
    two = place.hub.sweeps.create("me", Grid(SMALL, (SIZES,), (1, 2)))
    trained(place)
    for sweep_id, page in ((one, "Train"), (two, "Runs")):
        app = opened(sweep=sweep_id)
        info = place.hub.sweeps.get(sweep_id)
        assert info is not None
        trials = place.hub.sweeps.trials(info)
        ids = [trial.run.id for trial in trials if trial.run][:: len(trials) // 2]
        app.session_state[state.SWEEP_OPENED] = ids[: 1 if page == "Train" else 2]
        ran(app)
        assert gone[-1] == page
    assert app.session_state[state.RUNS_CHOSEN] == ids


def test_pause_go_on_and_stop(place: Place) -> None:
    sweep_id = place.hub.sweeps.create("me", Grid(SMALL, (RATES, SIZES), (1,)))
    fed(place.hub)
    app = opened(sweep=sweep_id)
    press(app, "Pause")
    assert "paused" in texts(app)[1]
    press(app, "Go on")
    assert "queued" in texts(app)[1]
    press(app, "Stop all")
    assert not [run for run in place.hub.runs() if run.status is Status.QUEUED]
    assert "Stopped" in texts(app)[1]
    press(app, "Forget this sweep")
    assert app.title[0].value == "Sweeps"
    assert place.hub.sweeps.of("me") == []
    assert place.hub.runs("me")


def test_the_list_shows_ones_own_sweeps_and_opens_them(place: Place) -> None:
    place.hub.sweeps.create("you", Grid(SMALL, (RATES,), (1,)))
    mine = place.hub.sweeps.create("me", Grid(SMALL, (RATES, SIZES), (1,)))
    trained(place)
    app = opened()
    assert "done, 6 of 6 runs have ended" in said(app)
    press(app, "Learning rate × Batch size, 2 × 3")
    assert app.query_params["sweep"] == [mine] or app.query_params["sweep"] == mine
    press(app, "All sweeps")
    assert "sweep" not in app.query_params


def test_somebody_elses_sweep_can_be_seen_and_not_commanded(place: Place) -> None:
    sweep_id = place.hub.sweeps.create("you", Grid(SMALL, (RATES,), (1,)))
    app = opened(sweep=sweep_id)
    assert [one.label for one in app.button] == ["All sweeps"]
    assert len(texts(app)) == 2
    place.hub.sweeps._set(sweep_id, SweepState.STOPPED)
    place.hub.sweeps.delete("you", sweep_id)


def test_an_address_of_no_sweep_is_named(place: Place) -> None:
    app = opened(sweep="gone")
    assert "There is no sweep “gone”" in app.warning[0].value
    assert button(app, "Start the sweep")


@given(st.text(max_size=60), st.sampled_from(["hidden_layers", "learning_rate", "epochs", "l2"]))
def test_whatever_is_written_gives_values_or_a_sentence(written: str, setting: str) -> None:
    with contextlib.suppress(SweepError):
        assert len(Choices(setting, read_values(setting, written)).values) >= 2


def test_layers_are_written_with_hyphens() -> None:
    assert read_values("hidden_layers", "none, 8 128-64;  16-16") == (
        *("none", "8", "128,64", "16,16"),
    )
