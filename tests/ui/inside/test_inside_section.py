"""The section "Inside the network" on the Train page, for finished runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES, load_data
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.gradients import initial_network
from playground.network.metrics import confusion_matrix
from playground.network.snapshot import Snapshot
from playground.runs import service
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.store.runs import Store
from playground.ui import state
from tests.conftest import FakeCluster, eventually

# With twins, which come after all photos; and the seed has drawn the validation images.
CONFIG = RunConfig(
    **{"hidden_layers": (12,), "train_images": 1_000, "validation_split": 0.4, "epochs": 3},
    **{"twins": 0.5, "split_by_seed": True},
)
DATA = load_data()
HELD_OUT = np.arange(60_000)[split_photos(CONFIG).validation]
IMAGES = re.compile(r'<img[^>]*alt="([^"]*)"')


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(Store(tmp_path), FakeCluster())
    made.start()
    service.use(made)
    yield made
    service.stop()


def _taken(config: RunConfig, epoch: int) -> Snapshot:
    """What a real network, another one for each epoch, calls the validation images."""
    network = initial_network(config.hidden_layers, config.activation, epoch + 1)
    if not epoch:
        return Snapshot(network, np.array([], np.uint8))
    images = DATA.x_train[split_photos(config).validation]
    return Snapshot(network, network.predict(images).argmax(axis=1).astype(np.uint8))


def _finished(hub: Hub, config: RunConfig = CONFIG, epochs: tuple[int, ...] = (0, 1, 2, 3)) -> str:
    run = hub.submit("local", config)
    hub.dispatcher.on_workers(frozenset({"w"}))
    kept = {epoch: _taken(config, epoch).to_bytes() for epoch in epochs}
    hub.dispatcher.on_done(run, Result(Status.FINISHED, "", snapshots=kept))
    eventually(lambda: hub.run(run).status.ended)  # type: ignore[union-attr]
    return run


def script() -> None:
    """The page alone."""
    from playground.ui.pages import train

    train.page()


def opened(run: str, view: str = "Neurons") -> AppTest:
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["run"] = run
    app.session_state[state.INSIDE] = True
    app.session_state[state._REMEMBERED] = {state.INSIDE_VIEW: view}
    app.run()
    assert not app.exception
    return app


def _words(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def _html(app: AppTest) -> list[str]:
    return [str(block.proto.body) for block in app.get("html")]


def _figures(app: AppTest) -> list[Any]:
    return [one for one in app.get("bidi_component") if one.proto.component_name == "figure"]


def _gallery(app: AppTest, name: str) -> list[str]:
    [html] = [block for block in _html(app) if name in block]
    return IMAGES.findall(html)


def _to(app: AppTest, epoch: int) -> None:
    slider = next(s for s in app.select_slider if s.label == "Epoch")
    slider.set_value(epoch).run()
    assert not app.exception


def _box(app: AppTest, label: str) -> Any:
    return next(box for box in app.selectbox if box.label == label)


def test_closed_it_shows_and_computes_nothing(hub: Hub) -> None:
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["run"] = _finished(hub)
    app.run()
    assert not app.exception
    assert not [radio for radio in app.radio if radio.label == "View"]


def test_neurons_at_the_newest_epoch_and_at_another(hub: Hub) -> None:
    app = opened(_finished(hub))
    assert "First layer after epoch 3, neurons 1 to 12 of 12" in _words(app)
    newest = [html for html in _html(app) if "inside-neurons" in html]
    _to(app, 0)
    assert "First layer before training" in _words(app)
    assert [html for html in _html(app) if "inside-neurons" in html] != newest


def test_many_neurons_come_in_parts_and_without_hidden_layers_the_labels_are_shown(
    hub: Hub,
) -> None:
    wide = CONFIG.model_copy(update={"hidden_layers": (300,)})
    app = opened(_finished(hub, wide))
    _box(app, "Neurons").set_value(256).run()
    assert "neurons 257 to 300 of 300" in _words(app)
    flat = CONFIG.model_copy(update={"hidden_layers": ()})
    app = opened(_finished(hub, flat))
    [html] = [html for html in _html(app) if "Weights of" in html]
    assert IMAGES.findall(html) == [f"Weights of {name}" for name in CLASS_NAMES]


@pytest.mark.parametrize(("activation", "word"), [("relu", "Dead"), ("sigmoid", "Saturated")])
def test_layers_have_a_row_each_and_two_pictures(hub: Hub, activation: str, word: str) -> None:
    config = CONFIG.model_copy(update={"hidden_layers": (12, 8), "activation": activation})
    app = opened(_finished(hub, config), "Layers")
    table = app.table[-1].value
    assert list(table["Layer"]) == [f"Dense {n}, {activation}" for n in (1, 2)] + [
        "Output, softmax"
    ]
    assert word in table.columns
    assert len(_figures(app)) == 2
    assert f"{word}:" in _words(app)


def test_ten_items_one_of_each_label(hub: Hub) -> None:
    app = opened(_finished(hub), "Ten items")
    [html] = [html for html in _html(app) if ", called " in html]
    assert [alt.split(",")[0] for alt in IMAGES.findall(html)] == list(CLASS_NAMES)
    assert len(_figures(app)) == 1
    assert "of 10 are right" in _words(app)


def test_a_cell_that_shows_n_gives_exactly_those_n_images_at_two_epochs(hub: Hub) -> None:
    run = _finished(hub)
    labels = DATA.y_train[HELD_OUT]
    app = opened(run, "Mistakes")
    for epoch in (3, 1):
        _to(app, epoch)
        predicted = _taken(CONFIG, epoch).predicted
        counts = confusion_matrix(labels, predicted)
        wrong = counts - np.diag(counts.diagonal())
        for true, called in [divmod(int(i), 10) for i in wrong.ravel().argsort()[-2:]]:
            _box(app, "True label").set_value(true).run()
            _box(app, "Predicted label").set_value(called).run()
            assert not app.exception
            pages = [box for box in app.number_input if box.label.startswith("Page")]
            shown = _gallery(app, "inside-cell")
            for page in range(2, int(pages[0].max or 1) + 1 if pages else 2):
                next(b for b in app.number_input if b.label.startswith("Page")).set_value(
                    page
                ).run()
                shown += _gallery(app, "inside-cell")
            places = np.flatnonzero((labels == true) & (predicted == called))
            assert len(shown) == counts[true, called]
            numbers = sorted(int(re.findall(r"Training image (\d+)", alt)[0]) for alt in shown)
            assert numbers == sorted(HELD_OUT[places].tolist())
        assert f"{counts.trace()} of 400 validation images are called right" in _words(app)


def test_the_worst_misses_are_mistakes_the_surest_first(hub: Hub) -> None:
    app = opened(_finished(hub), "Mistakes")
    shown = _gallery(app, "inside-worst")
    assert len(shown) == 24
    sure = [int(re.findall(r"(\d+) %", alt)[0]) for alt in shown]
    assert sure == sorted(sure, reverse=True)
    for alt in shown:
        true, called = re.findall(r": (.*) called (.*), ", alt)[0]
        assert true != called


def test_before_training_there_are_no_mistakes_to_show(hub: Hub) -> None:
    app = opened(_finished(hub), "Mistakes")
    _to(app, 0)
    assert any("Before training" in info.value for info in app.info)


def test_it_says_why_there_is_nothing_to_see(hub: Hub) -> None:
    bare = _finished(hub, epochs=())
    assert any("kept no weights" in info.value for info in opened(bare).info)
    off = hub.submit("local", CONFIG.model_copy(update={"keep_snapshots": False}))
    assert any("“Look inside” was off" in info.value for info in opened(off).info)
    waiting = hub.submit("local", CONFIG)
    said = [info.value for info in opened(waiting).info]
    assert any("as soon as training begins" in words for words in said)


def test_a_damaged_snapshot_is_said_and_other_epochs_stay(hub: Hub) -> None:
    run = _finished(hub)
    hub.archive.save(run, {3: b"nonsense"})
    app = opened(run)
    assert any("cannot be read" in warning.value for warning in app.warning)
    _to(app, 2)
    assert "First layer after epoch 2" in _words(app)
    assert not app.warning


def test_published_results_are_off_at_first_and_name_their_sources(hub: Hub) -> None:
    app = opened(_finished(hub))
    toggle = next(t for t in app.toggle if t.label == "Compare with published results")
    assert toggle.value is False
    toggle.set_value(True).run()
    assert not app.exception
    [board] = [
        json.loads(element.proto.json)
        for element in app.get("bidi_component")
        if '"published"' in element.proto.json
    ]
    assert board["references"] is True
    for words in ("84.2 % (arXiv 1708.07747, Table 3)", "83.5 %", "87.1 %", "92.6 %"):
        assert words in board["published"]


def _pressed() -> None:
    """The page, after a press on the board where the session says which cell."""
    import streamlit as st

    from playground.ui.inside.inside import look_at_cell
    from playground.ui.pages import train

    if cell := st.session_state.pop("press", None):
        look_at_cell(st.session_state["pressed_run"], cell)
    train.page()


def test_a_cell_that_is_pressed_on_the_board_opens_its_images(hub: Hub) -> None:
    run = _finished(hub)
    app = AppTest.from_function(_pressed, default_timeout=60)
    app.query_params["run"] = run
    app.session_state["pressed_run"] = run
    app.run()
    for view, cell in ((None, (6, 0)), ("Layers", (2, 4))):
        if view:
            next(radio for radio in app.radio if radio.label == "View").set_value(view).run()
        app.session_state["press"] = list(cell)
        app.run()
        assert not app.exception
        assert not app.warning
        assert next(radio for radio in app.radio if radio.label == "View").value == "Mistakes"
        assert (_box(app, "True label").value, _box(app, "Predicted label").value) == cell
        app.run()
        assert next(radio for radio in app.radio if radio.label == "View").value == "Mistakes"
    for nonsense in ("x", [1], [0, 10], [0, "1"], {"a": 1}):
        app.session_state["press"] = nonsense
        app.run()
        assert not app.exception
        assert (_box(app, "True label").value, _box(app, "Predicted label").value) == (2, 4)
