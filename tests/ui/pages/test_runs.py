"""The page Runs: filter, what can be done with chosen runs, undo, the address."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.store.runs import StoreError
from playground.ui import state
from tests.conftest import Place, epoch_end, eventually, report


def script() -> None:
    import streamlit as st

    from playground.ui.pages import runs, train

    st.navigation([st.Page(train.page, default=True), st.Page(runs.page, url_path="runs")])
    runs.page()


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.ui.pages.runs.current_owner", lambda: "me")


def opened(*chosen: str, **query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    if chosen:
        app.query_params["run"] = list(chosen)
    app.run()
    assert not app.exception
    return app


def table(app: AppTest) -> dict[str, Any]:
    """What the table is given."""
    found = [element for element in app.main if element.type == "bidi_component"]
    return dict(json.loads(found[0].proto.json)) if found else {}


def rows(app: AppTest) -> list[str]:
    return [row["id"] for row in table(app).get("rows", [])]


def press(app: AppTest, label: str) -> None:
    [button] = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception


def written(place: Place) -> None:
    eventually(lambda: not place.hub._journal._waiting)


def test_without_runs_it_says_what_to_do(place: Place) -> None:
    place.finished("you")
    app = opened()
    assert "have not trained anything" in app.info[0].value
    assert rows(app) == []


def test_the_ready_made_network_stands_beside_ones_own_and_cannot_be_deleted(
    place: Place,
) -> None:
    ready = place.ready_made()
    app = opened()
    assert "have not trained anything" in app.info[0].value
    assert rows(app) == [ready]
    own = place.finished()
    app = opened(ready)
    assert not app.info
    found = {row["id"]: (row["given"], row["own"]) for row in table(app)["rows"]}
    assert found[ready] == ("Ready-made for drawings", False)
    assert found.keys() == {ready, own}
    press(app, "Delete")
    assert "somebody else" in app.warning[0].value
    assert place.hub.run(ready) is not None


def test_own_runs_stand_in_the_table_newest_first_with_what_differs(place: Place) -> None:
    old = place.run(seed=1)
    place.tell(lambda: report(place.hub, old, epoch_end(1, val_accuracy=0.25)))
    new = place.finished(seed=2, learning_rate=0.01)
    place.finished("you")
    app = opened()
    assert rows(app) == [new, old]
    data = table(app)
    assert [one["column"] for one in data["settings"]] == ["learning_rate", "seed"]
    assert [row["settings"] for row in data["rows"]] == [["0.01", "2"], ["0.001", "1"]]
    assert data["rows"][1]["accuracies"] == [0.25]
    assert data["rows"][1]["status"] == "Running"


def test_the_filter_takes_words_and_values_of_a_setting(place: Place) -> None:
    sgd, adam = place.finished(optimizer="sgd"), place.finished(learning_rate=0.01)
    app = opened()
    app.text_input[0].input("sgd").run()
    assert rows(app) == [sgd]
    assert app.query_params["find"] == "sgd"
    app.text_input[0].input("").run()
    app.selectbox[0].select("learning_rate").run()
    app.multiselect[0].select("0.01").run()
    assert rows(app) == [adam]
    assert rows(opened(**app.query_params)) == [adam]
    app.text_input[0].input("nothing like it").run()
    assert "No run has all that" in app.info[0].value


def test_runs_of_learn_do_not_flood_the_list(place: Place) -> None:
    lesson = place.hub.submit("me", RunConfig(seed=7), lesson="batch")
    assert rows(opened()) == [lesson]  # nothing else is there
    mine = place.finished()
    app = opened()
    assert rows(app) == [mine]
    labelled = next(toggle for toggle in app.toggle if toggle.label == "Runs of Learn")
    labelled.set_value(True).run()
    assert set(rows(app)) == {lesson, mine}
    assert set(rows(opened(**app.query_params))) == {lesson, mine}
    assert set(rows(opened(lesson))) == {lesson, mine}  # it is chosen


def test_the_test_accuracy_is_shown_when_asked_with_the_reason_why_it_was_not(place: Place) -> None:
    place.finished()
    app = opened()
    assert not table(app)["test"]
    app.toggle[0].set_value(True).run()
    assert table(app)["test"]
    assert table(opened(**app.query_params))["test"]
    assert any("chosen by the validation accuracy" in caption.value for caption in app.caption)


def test_the_address_chooses_runs_also_of_others_and_names_those_that_are_not_there(
    place: Place,
) -> None:
    mine, other = place.finished(), place.finished("you")
    app = opened(mine, other, "gone")
    assert set(table(app)["chosen"]) == {mine, other}
    assert set(rows(app)) == {mine, other}
    assert "“gone”" in app.warning[0].value
    assert app.query_params["run"] == [mine, other]
    assert [row["own"] for row in table(app)["rows"]] == [False, True]


def test_what_is_deleted_can_be_taken_back(place: Place) -> None:
    one, two = place.finished(), place.finished()
    written(place)
    app = opened(one)
    press(app, "Delete")
    assert rows(app) == [two]
    assert "run" not in app.query_params
    press(app, "Undo")
    assert rows(app) == [two, one]
    assert state.RUNS_THROWN_AWAY not in app.session_state


def test_when_it_is_too_late_nothing_offers_to_undo(place: Place) -> None:
    one, _ = place.finished(), place.finished()
    written(place)
    app = opened(one)
    press(app, "Delete")
    app.session_state[state.RUNS_THROWN_AWAY] = ([one], 0.0)
    app.run()
    assert not [button for button in app.button if button.label == "Undo"]


def test_a_run_that_trains_is_not_deleted(place: Place) -> None:
    training = place.run()
    app = opened(training)
    press(app, "Delete")
    assert "Stop it first" in app.warning[0].value
    assert rows(app) == [training]


def test_one_chosen_run_can_be_named_and_noted(place: Place) -> None:
    run_id = place.finished()
    app = opened(run_id)
    app.text_input[1].input("My best").run()
    app.text_area[0].input("It was late.").run()
    run = place.hub.run(run_id)
    assert run is not None
    assert (run.name, run.note) == ("My best", "It was late.")
    assert table(app)["rows"][0]["given"] == "My best"
    assert len(opened(place.finished("you")).text_area) == 0


def test_a_name_that_cannot_be_written_is_said_and_nothing_is_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The disk of the server is full.")

    run_id = place.finished()
    app = opened(run_id)
    monkeypatch.setattr(place.hub._store, "describe_run", refuse)
    app.text_input[1].input("My best").run()
    assert not app.exception
    assert "disk of the server is full" in app.warning[0].value
    assert rows(app) == [run_id]


def test_files_are_made_outside_of_the_script_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, Callable[[], str | bytes]] = {}
    monkeypatch.setattr(
        "playground.ui.pages.runs.st.download_button",
        lambda label, make, *_, **__: files.update({label: make}),
    )
    run_id = place.finished()
    opened(run_id, test="true")
    with ThreadPoolExecutor(1) as thread:
        made = {label: thread.submit(make).result() for label, make in files.items()}
    assert json.loads(made["JSON"])["runs"][0]["id"] == run_id
    assert ",test_accuracy\n" in str(made["CSV"])
    assert isinstance(made["TensorBoard"], bytes)


def test_the_same_but_opens_train_with_its_settings(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Any] = []
    monkeypatch.setattr("playground.ui.pages.runs.navigation.go_to", gone.append)
    app = opened(place.finished(learning_rate=0.05))
    press(app, "The same but …")
    assert [entry.title for entry in gone] == ["Train"]
    assert app.session_state[state._CONFIG].learning_rate == 0.05


def test_a_sweep_begins_with_the_settings_of_the_chosen_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Any] = []
    monkeypatch.setattr("playground.ui.pages.runs.navigation.go_to", gone.append)
    one, two = place.finished(learning_rate=0.05), place.finished()
    app = opened(one)
    press(app, "Sweep")
    assert [entry.title for entry in gone] == ["Sweeps"]
    assert app.session_state[state._CONFIG].learning_rate == 0.05
    assert next(b for b in opened(one, two).button if b.label == "Sweep").disabled
