from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.dataset import load_data
from playground.engine.client import Result
from playground.events import Status
from playground.preprocessing import to_item
from playground.ui.components.pictures import bars_html
from playground.ui.components.sketchpad import decode
from tests.conftest import NETWORK, Place


def script() -> None:
    import streamlit as st

    from playground.ui.pages import draw, train

    st.navigation([st.Page(train.page, default=True), st.Page(draw.page, url_path="draw")])
    draw.page()


def png(pixels: Any) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def drawn() -> dict[str, Any]:
    canvas = np.zeros((280, 280, 4), np.uint8)
    canvas[40:240, 100:180, 3] = 255
    return {"version": 1, "strokes": [], "png": png(canvas)}


def opened(drawing: dict[str, Any] | None = None, **query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    if drawing:
        app.session_state["drawing"] = drawing
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_without_a_run_the_page_leads_to_train(place: Place) -> None:
    app = opened()
    assert "No network has been trained yet" in app.info[0].value
    assert app.get("page_link")[0].proto.label == "Train a network"


def test_empty_paper_asks_for_a_drawing(place: Place) -> None:
    place.finished()
    app = opened()
    assert app.info[0].value.startswith("Draw something: T-shirt/top, ")
    assert not app.subheader


def test_a_drawing_is_judged_in_words_and_ten_bars(place: Place) -> None:
    place.finished()
    app = opened(drawn())
    assert app.subheader[0].value == "The network says: Trouser (100 %)"
    bars, picture = (element.proto.body for element in app.get("html"))
    assert bars.count('<th scope="row">') == 10
    assert 'alt="Your drawing as the network gets it"' in picture


def test_the_switch_decides_what_the_network_gets(place: Place) -> None:
    place.finished()
    outline = np.full((280, 280), 255, np.uint8)
    outline[40:240, 40:240] = 0
    outline[50:230, 50:230] = 255
    app = opened({"version": 1, "strokes": [], "png": png(outline)})
    pictures = [app.get("html")[1].proto.body]
    app.toggle[0].set_value(False).run()
    pictures.append(app.get("html")[1].proto.body)
    for picture, fill in zip(pictures, (True, False), strict=True):
        assert png(to_item(outline, fill=fill)) in picture


def test_own_runs_come_first_and_the_address_chooses(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.ui.pages.draw.current_owner", lambda: "me")
    mine = place.finished(owner="me", hidden_layers=())
    theirs = place.finished(owner="somebody")
    app = opened()
    assert app.selectbox[0].value == mine
    assert "softmax regression" in app.selectbox[0].options[0]
    assert app.selectbox[0].options[1].endswith("somebody else’s")
    assert app.selectbox[0].select_index(1).run().selectbox[0].value == theirs
    assert app.run().selectbox[0].value == theirs
    assert opened(run=theirs).selectbox[0].value == theirs


def test_an_unknown_run_in_the_address_is_named(place: Place) -> None:
    run_id = place.finished()
    app = opened(run="nonsense")
    assert "nonsense" in app.warning[0].value
    assert app.selectbox[0].value == run_id


def test_a_run_that_trains_answers_with_its_newest_weights(place: Place) -> None:
    run_id = place.run()
    app = opened(drawn())
    assert "no weights yet" in app.info[0].value
    place.engine.newest = replace(NETWORK, epoch=3)
    app.run()
    assert app.subheader[0].value == "The network says: Trouser (100 %)"
    assert "after epoch 3 of 10" in app.caption[0].value
    place.tell(
        lambda: place.hub.on_done(run_id, Result(Status.STOPPED, "", None, NETWORK.to_bytes()))
    )
    app.run()
    assert not app.caption
    assert "Stopped" in app.selectbox[0].options[0]


def test_runs_that_left_no_weights_cannot_judge(place: Place) -> None:
    run_id = place.run()
    place.tell(lambda: place.hub.on_done(run_id, Result(Status.FAILED, "Loss became NaN.")))
    assert "No network has been trained yet" in opened().info[0].value


def test_a_diverged_network_has_no_answer(place: Place) -> None:
    layer = (np.full((784, 10), np.nan, np.float32), np.zeros(10, np.float32))
    place.finished(network=replace(NETWORK, layers=(layer,)))
    app = opened(drawn())
    assert "smaller learning rate" in app.warning[0].value
    assert not app.subheader


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "data:image/png;base64,####",
        "data:image/png;base64,aGVsbG8=",
        "x" * 3_000_000,
        png(np.zeros((1, 4000), np.uint8)),
        png(np.zeros((9, 9), np.uint8))[:-40],
    ],
)
def test_what_is_no_small_picture_is_no_drawing(url: Any) -> None:
    assert decode(url) is None


def test_a_picture_comes_as_rgba() -> None:
    grey = load_data().x_test[0]
    found = decode(png(grey))
    assert found is not None
    assert found.shape == (28, 28, 4)
    assert (found[..., 0] == grey).all()


def test_bars_are_as_long_as_the_probabilities() -> None:
    html = bars_html(np.array([0.25, 0.75] + [0.0] * 8, np.float32))
    assert "width: 25.0%" in html
    assert '<tr class=winner><th scope="row">Trouser' in html
