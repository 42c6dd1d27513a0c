from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.dataset import DatasetError
from playground.engine.protocol import Job, Listener, Result
from playground.events import Command, LearningRateChange, Status
from playground.network.portrait import Watch
from playground.runs import service
from playground.runs.hub import Hub
from playground.script import script as keras_script
from playground.store.runs import Store, StoreError
from playground.ui import state
from playground.ui.address import to_query
from tests.conftest import Place, eventually, report

MAIN = Path(__file__).resolve().parents[3] / "playground/main.py"


class NoWorkers:
    """An engine that never has a worker, so that every run stays queued."""

    def start(self, listener: Listener, usual: Sequence[RunConfig]) -> None:
        listener.on_workers(frozenset())

    def close(self) -> None: ...
    def submit(self, job: Job, worker: str) -> None: ...
    def command(self, run_id: str, worker: str, command: Command) -> None: ...
    def watch(self, run_id: str, worker: str, watch: Watch, *, fresh: bool) -> None: ...
    def forget(self, run_id: str) -> None: ...
    def restart(self, worker: str) -> None: ...

    def network(self, run_id: str, worker: str) -> bytes | None:
        return None

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        return {}

    def checkpoint(self, run_id: str, worker: str) -> bytes | None:
        return None


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(Store(tmp_path), NoWorkers())
    made.start()
    service.use(made)
    yield made
    service.stop()


def script() -> None:
    """The page alone: AppTest finds no page of a navigation again after its first run."""
    from playground.ui.pages import train

    train.page()


def opened(**query: Any) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    app.session_state[state.MORE] = True
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def shown_layers(app: AppTest) -> list[tuple[str, ...]]:
    [table] = [text.value for text in app.markdown if text.value.startswith("| Layer")]
    return [tuple(line.strip("| ").split(" | ")) for line in table.splitlines()[2:]]


def test_stop_pressed_while_the_run_leaves_the_queue_is_not_lost(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To AppTest, each run of the script is another browser's.
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    app = opened()
    labelled(app.button, "Train").click().run()
    before = labelled(app.button, "Stop")
    hub.dispatcher.on_workers(frozenset({"worker"}))
    [run] = hub.runs()
    eventually(lambda: hub.run(run.id).status is Status.STARTING)  # type: ignore[union-attr]
    app.run()
    # A button with another id is another button to Streamlit, which forgets clicks on the old one.
    assert labelled(app.button, "Stop").proto.id == before.proto.id
    assert labelled(app.button, "Stop").proto.help != before.proto.help


@pytest.mark.usefixtures("hub")
def test_the_code_of_these_settings_is_made_when_it_is_opened() -> None:
    assert not opened().code
    app = AppTest.from_function(script)
    app.query_params["batch_size"] = "64"
    app.session_state[state.CODE] = True
    app.run()
    assert [code.value for code in app.code] == [keras_script(RunConfig(batch_size=64)).strip()]


@pytest.mark.usefixtures("hub")
def test_without_runs_the_page_says_what_to_do() -> None:
    app = opened()
    assert [info.value for info in app.info] == [
        "Press Train to see this network learn. Every setting can stay as it is."
    ]
    assert not app.warning


@pytest.mark.usefixtures("hub")
def test_a_projector_shows_network_and_board_alone_and_there_is_a_way_back() -> None:
    app = opened(view="projector", batch_size="64")
    assert [button.label for button in app.button] == ["Leave the projector view"]
    assert not app.warning
    assert app.query_params["view"] in ("projector", ["projector"])
    assert not app.slider
    labelled(app.button, "Leave the projector view").click().run()
    assert "view" not in app.query_params
    assert "batch_size" in app.query_params
    labelled(app.button, "Projector view").click().run()
    assert not app.slider


@pytest.mark.usefixtures("hub")
def test_a_view_that_is_not_there_is_named() -> None:
    app = opened(view="cinema")
    assert "There is no view “cinema”" in app.warning[0].value
    assert app.slider


@pytest.mark.usefixtures("hub")
def test_train_is_the_page_that_opens() -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    assert any(button.label == "Train" for button in app.button)


def test_without_a_store_the_page_says_so_and_offers_to_try_again() -> None:
    service.use(None)
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    assert len(app.error) == 1
    assert [button.label for button in app.button] == ["Try again"]


@pytest.mark.usefixtures("hub")
def test_the_layer_table_follows_the_settings() -> None:
    app = opened()
    table = shown_layers(app)
    assert table[-2:] == [
        ("Dense, relu", "(None, 128)", "100,480"),
        ("Dense, softmax", "(None, 10)", "1,290"),
    ]
    labelled(app.slider, "Hidden layers").set_value(0).run()
    assert not app.exception
    assert shown_layers(app)[-1] == ("Dense, softmax", "(None, 10)", "7,850")
    assert app.query_params["hidden_layers"] in ("none", ["none"])


@pytest.mark.usefixtures("hub")
def test_an_address_that_lags_behind_turns_no_knob_back() -> None:
    app = opened(epochs="5", hidden_layers="64")
    behind = {name: app.query_params[name] for name in app.query_params}
    assert behind
    labelled(app.number_input, "Epochs").set_value(7).run()
    for name, value in behind.items():
        app.query_params[name] = value
    labelled(app.number_input, "Units in layer 1").set_value(33).run()
    assert labelled(app.number_input, "Epochs").value == 7
    assert labelled(app.number_input, "Units in layer 1").value == 33
    assert app.query_params["epochs"] in ("7", ["7"])


@pytest.mark.usefixtures("hub")
def test_an_address_with_former_names_sets_the_same_knobs_and_is_written_with_the_new_names() -> (
    None
):
    app = opened(stop="false", inside="false")
    assert not app.warning
    assert not labelled(app.toggle, "Stop early").value
    assert not labelled(app.toggle, "Look inside").value
    assert "stop" not in app.query_params
    assert "inside" not in app.query_params
    assert app.query_params["early_stop"] in ("false", ["false"])
    assert app.query_params["keep_snapshots"] in ("false", ["false"])


@pytest.mark.usefixtures("hub")
def test_every_bad_value_in_the_address_is_named() -> None:
    app = opened(epochs="abc", learning_rate="99", colour="red", run="nope")
    said = " ".join(warning.value for warning in app.warning).replace("\\", "")
    for words in ("epochs=abc", "learning_rate=99", "“colour”", "“nope”"):
        assert words in said
    assert labelled(app.number_input, "Epochs").value == RunConfig().epochs


@pytest.mark.usefixtures("hub")
def test_what_is_wrong_in_an_address_is_one_list_of_bounded_length() -> None:
    app = opened(**{f"k{n}": "1" for n in range(60)})
    (warning,) = app.warning
    assert "“k0”" in warning.value
    assert warning.value.endswith("- and 50 more.")
    assert warning.value.count("\n") == 10


def test_train_puts_one_run_with_these_settings_in_the_queue(hub: Hub) -> None:
    app = opened(epochs="3", hidden_layers="64,32")
    labelled(app.button, "Train").click().run()
    assert not app.exception
    [run] = hub.runs()
    assert run.config == RunConfig(epochs=3, hidden_layers=(64, 32))
    assert app.query_params["run"] in (run.id, [run.id])
    assert any(button.label == "Stop" for button in app.button)


def test_the_browser_knows_which_run_the_next_press_begins(hub: Hub) -> None:
    def told(app: AppTest) -> list[str]:
        found = [each.proto for each in app.main if each.type == "bidi_component"]
        data = [json.loads(proto.json) for proto in found if proto.json]
        return [each["nextRun"] for each in data if "nextRun" in each]

    app = opened()
    [first] = told(app)
    app.run()
    assert told(app) == [first]
    labelled(app.button, "Train").click().run()
    assert [run.id for run in hub.runs()] == [first]
    [second] = told(app)
    assert second != first
    [finished] = hub.runs()
    hub.dispatcher.on_done(finished.id, Result(Status.STOPPED, ""))
    eventually(lambda: (info := hub.run(first)) and info.status.ended)
    labelled(app.button, "Train").click().run()
    assert {run.id for run in hub.runs()} == {first, second}


def elsewhere() -> None:
    """The page, or another one in its place."""
    import streamlit as st

    from playground.ui.pages import train

    if not st.session_state.get("away"):
        train.page()


def test_the_learning_rate_follows_the_run_and_changes_only_when_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Command] = []
    monkeypatch.setattr(
        place.engine, "command", lambda _run, _worker, command: sent.append(command)
    )
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    run_id = place.run()

    def rate(app: AppTest) -> Any:
        return labelled(app.number_input, "Rate from now on")

    app = AppTest.from_function(elsewhere, default_timeout=30)
    app.query_params["run"] = run_id
    app.run()
    rate(app).set_value(0.05).run()
    assert sent == [Command("learning_rate", 0.05)]
    change = LearningRateChange(epoch=0.5, learning_rate=0.05, loss=1.0, accuracy=0.5)
    place.tell(lambda: report(place.hub, run_id, change))

    app.session_state["away"] = True
    app.run()
    app.session_state["away"] = False
    app.run()
    assert rate(app).value == 0.05
    app.run()
    assert rate(app).proto.default == 0.05  # what a browser shows that has forgotten it
    assert len(sent) == 1

    reloaded = opened(run=run_id)
    assert rate(reloaded).value == 0.05
    rate(reloaded).set_value(0.001).run()
    assert sent[1:] == [Command("learning_rate", 0.001)]


def test_a_run_that_cannot_be_written_is_named_and_the_page_stays_whole(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk of the server is full.")

    before = hub.submit("somebody else", RunConfig())
    app = opened(run=before)
    monkeypatch.setattr(Store, "add_run", full)
    labelled(app.button, "Train").click().run()
    assert [e.value for e in app.error] == [
        "The run could not be started. The disk of the server is full."
    ]
    assert labelled(app.selectbox, "Run on the board").value == before


def test_one_run_too_many_is_refused_in_words(hub: Hub) -> None:
    hub._limits = hub._limits.model_copy(update={"max_waiting_runs": 1})
    app = opened()
    for _ in range(2):
        labelled(app.button, "Train").click().run()
    assert not app.exception
    [refused] = [error.value for error in app.error]
    assert refused.startswith("The run could not be started. You have 1 in the queue")
    assert len(hub.runs()) == 1


@pytest.mark.usefixtures("hub")
def test_the_page_needs_no_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise DatasetError("The data file is missing.")

    st.cache_data.clear()
    monkeypatch.setattr("playground.ui.settings.twin_preview.load_data", missing)
    app = opened()
    assert not app.error
    assert labelled(app.button, "Train")


def test_somebody_elses_run_can_be_watched_but_not_stopped(hub: Hub) -> None:
    run_id = hub.submit("somebody else", RunConfig(epochs=3))
    app = opened(run=run_id)
    assert labelled(app.number_input, "Epochs").value == 3
    assert not {"Pause", "Stop"} & {button.label for button in app.button}
    assert any("somebody else" in caption.value for caption in app.caption)


def test_a_teacher_controls_somebody_elses_run(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Command] = []
    monkeypatch.setattr(place.engine, "command", lambda *arguments: sent.append(arguments[2]))
    run_id = place.run("somebody else")
    app = opened(run=run_id)
    app.session_state[state.TEACHER] = True
    app.run()
    captions = [caption.value for caption in app.caption]
    assert "You control somebody else's run as the teacher." in captions
    labelled(app.button, "Stop").click().run()
    assert not app.error
    assert sent == [Command("stop")]


def test_while_nothing_can_be_trained_the_page_says_so_and_why(hub: Hub) -> None:
    assert not opened().warning
    hub.dispatcher.on_workers(frozenset(), "Training is not available: the cluster is away.")
    eventually(lambda: hub.problem)
    assert opened().warning[0].value == (
        "Training is not available: the cluster is away. Your runs wait until then."
    )
    hub.dispatcher.on_workers(frozenset())
    eventually(lambda: not hub.problem)
    assert not opened().warning


@pytest.mark.usefixtures("hub")
def test_every_widget_says_its_setting_by_itself() -> None:
    # Streamlit's own default is what a browser shows where it has forgotten the value.
    config = RunConfig(
        hidden_layers=(64, 32), epochs=7, optimizer="sgd", learning_rate=0.003, early_stop=False
    )
    app = opened(**to_query(config))
    app.run()
    assert labelled(app.slider, "Hidden layers").proto.default == [2]
    assert labelled(app.number_input, "Units in layer 2").proto.default == 32
    assert labelled(app.number_input, "Epochs").proto.default == 7
    assert labelled(app.toggle, "Stop early").proto.default is False
    optimizer = labelled(app.selectbox, "Optimizer")
    assert optimizer.options[optimizer.proto.default] == "sgd"
    rate = labelled(app.select_slider, "Learning rate")
    assert rate.options[int(rate.proto.default[0])] == "0.003"


@pytest.mark.usefixtures("hub")
def test_what_no_widget_allows_changes_no_setting() -> None:
    app = opened(epochs="7")
    labelled(app.number_input, "Epochs").set_value(100_000).run()
    assert labelled(app.number_input, "Epochs").value == 7
    assert app.query_params["epochs"] in ("7", ["7"])


@pytest.mark.usefixtures("hub")
def test_a_new_layer_is_as_wide_as_the_last() -> None:
    app = opened(hidden_layers="64,32")
    labelled(app.slider, "Hidden layers").set_value(4).run()
    assert [row[1] for row in shown_layers(app) if "Dense, relu" in row[0]] == [
        f"(None, {units})" for units in (64, 32, 32, 32)
    ]
