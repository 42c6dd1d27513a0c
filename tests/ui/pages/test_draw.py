from __future__ import annotations

import base64
import io
import json
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.drawing.preprocessing import to_item
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.network import Network
from playground.ui.common.pictures import bars_html
from playground.ui.sketch.paper import middle
from playground.ui.sketch.sketchpad import decode
from tests.conftest import NETWORK, Place, epoch_end, report

_ASK = "Ask a network that knows drawings"


@pytest.fixture(autouse=True)
def _me(monkeypatch: pytest.MonkeyPatch) -> None:
    """To AppTest, each run of the script is another browser's; here all are of one owner."""
    monkeypatch.setattr("playground.ui.pages.draw.current_owner", lambda: "me")


def script() -> None:
    import streamlit as st

    from playground.ui.pages import draw, train

    st.navigation([st.Page(train.page, default=True), st.Page(draw.page, url_path="draw")])
    if not st.session_state.get("away"):
        draw.page()


def png(pixels: Any) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _bomb() -> str:
    """A PNG whose head promises more pixels than Pillow is willing to unpack."""
    start = base64.b64decode(png(np.zeros((9, 9), np.uint8)).partition("base64,")[2])
    head = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + start[24:29]
    content = start[:12] + head + zlib.crc32(head).to_bytes(4, "big") + start[33:]
    return "data:image/png;base64," + base64.b64encode(content).decode()


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
    assert not app.header


def test_a_drawing_is_judged_in_words_and_ten_bars(place: Place) -> None:
    place.finished()
    app = opened(drawn())
    assert app.header[0].value == "The network says: Trouser (100 %)"
    bars, picture = (element.proto.body for element in app.get("html"))
    assert bars.count('<th scope="row">') == 10
    assert 'alt="Your drawing as the network gets it"' in picture


@pytest.mark.parametrize("settings", [{}, {"twins": 1.0}])
def test_a_network_that_knows_photos_only_is_named(place: Place, settings: dict[str, Any]) -> None:
    place.finished(**settings)
    app = opened(drawn())
    said = any("learned only from photos" in words.value for words in app.markdown)
    offered = any(button.label == "Open on Train" for button in app.button)
    assert said == offered == (not settings)


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


def test_what_was_chosen_stays_when_another_page_was_shown(place: Place) -> None:
    place.finished()
    app = opened(drawn())
    app.toggle[0].set_value(False)
    labelled(app.selectbox, "Tracing guide").set_value(8).run()
    app.session_state["away"] = True
    app.run()
    app.session_state["away"] = False
    for _ in range(2):  # the second time nothing is told to the browser, which may have forgotten
        app.run()
        assert app.toggle[0].value is app.toggle[0].proto.default is False
        guide = labelled(app.selectbox, "Tracing guide")
        assert guide.value == 8
        assert guide.options[guide.proto.default] == "Bag"


def test_only_own_runs_are_shown_and_the_one_in_the_address(place: Place) -> None:
    mine = place.finished(hidden_layers=())
    theirs, secret = (place.finished(owner="somebody", epochs=n) for n in (3, 4))
    app = opened()
    network = labelled(app.selectbox, "Network")
    assert network.value == mine
    assert len(network.options) == 1
    assert "softmax regression" in network.options[0]
    app = opened(run=theirs)
    network = labelled(app.selectbox, "Network")
    assert network.value == theirs
    assert len(network.options) == 2
    assert network.options[1].endswith("somebody else’s")
    assert secret not in str(app)
    assert network.select_index(0).run().selectbox[0].value == mine
    assert app.run().selectbox[0].value == mine
    assert app.query_params["run"] in (mine, [mine])


def test_who_trains_another_network_is_answered_by_it(place: Place) -> None:
    first, second = place.finished(), place.finished(seed=1)
    app = opened(drawn())
    labelled(app.selectbox, "Network").set_value(first).run()
    assert labelled(app.selectbox, "Network").value == first
    third = place.run(seed=2)
    assert labelled(app.run().selectbox, "Network").value == third
    # What is chosen after that stays, also when the run has ended.
    labelled(app.selectbox, "Network").set_value(second).run()
    place.tell(lambda: place.end(third, Result(Status.FINISHED, "", None, NETWORK.to_bytes())))
    assert labelled(app.run().selectbox, "Network").value == second


def test_a_network_that_waits_leaves_the_chosen_one_its_place(place: Place) -> None:
    first = place.finished()
    place.finished(seed=1)
    app = opened(drawn())
    labelled(app.selectbox, "Network").set_value(first).run()
    place.run(owner="somebody")  # the only worker is taken
    place.hub.submit("me", RunConfig(seed=2))
    assert labelled(app.run().selectbox, "Network").value == first


def test_who_follows_the_advice_is_answered_by_the_new_network(place: Place) -> None:
    def advice(app: AppTest) -> list[str]:
        return [b.label for b in app.button if b.label in ("Open on Train", _ASK)]

    photos = place.finished()
    app = opened(drawn(), run=photos)
    assert advice(app) == ["Open on Train"]
    knows = place.finished(twins=1.0)
    assert labelled(app.run().selectbox, "Network").value == knows
    assert advice(app) == []
    labelled(app.selectbox, "Network").set_value(photos).run()
    assert advice(app) == [_ASK]
    button(app, _ASK).click().run()
    assert labelled(app.selectbox, "Network").value == knows
    assert advice(app) == []


def said(app: AppTest) -> str:
    return "\n".join(words.value for words in (*app.header, *app.markdown, *app.info))


def answering(label: int) -> Network:
    """A network that always says this."""
    bias = np.eye(10, dtype=np.float32)[label] * 9
    return replace(NETWORK, layers=((np.zeros((784, 10), np.float32), bias),))


def ended(place: Place, run_id: str, label: int) -> None:
    result = Result(Status.FINISHED, "", None, answering(label).to_bytes())
    place.tell(lambda: place.end(run_id, result))


def test_the_ready_made_network_answers_at_once_and_says_how_far_it_is(place: Place) -> None:
    ready = place.ready_made()
    app = opened(drawn())
    assert labelled(app.selectbox, "Network").options == ["Ready-made for drawings · Running"]
    assert "has learned nothing yet. It is still learning: 0 of 10 epochs are done." in said(app)
    place.engine.newest = answering(8)
    place.tell(lambda: report(place.hub, ready, epoch_end(1), epoch_end(2)))
    app = opened(drawn())
    assert app.header[0].value == "The network says: Bag (100 %)"
    assert "It is still learning: 2 of 10 epochs are done." in said(app)
    gave_way = Result(Status.QUEUED, "", None, answering(3).to_bytes())
    place.hub.submit("somebody", RunConfig())
    place.tell(lambda: place.end(ready, gave_way))
    st.cache_resource.clear()  # newest weights are kept for two seconds
    app = opened(drawn())
    assert app.header[0].value == "The network says: Dress (100 %)"
    assert "It trains when nobody else does: 2 of 10 epochs are done." in said(app)
    assert "run" not in app.query_params


def test_ones_own_network_looks_at_the_drawing_beside_the_ready_made_one(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    place.finished()
    app = opened(drawn())
    assert labelled(app.selectbox, "Network").value == ready
    assert app.header[0].value == "The network says: Bag (100 %)"
    assert "Your newest one says: **Trouser** (100 %)" in said(app)
    bars = app.get("html")[0].proto.body
    assert ">Ready-made</th>" in bars
    assert ">Yours</th>" in bars
    assert bars.count('class="thin"') == 10
    assert any(b.label == "Open on Train" for b in app.button)


def test_ones_own_network_that_learns_drawings_answers_when_it_has_ended(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    app = opened(drawn())
    own = place.run(twins=1.0)
    place.tell(lambda: report(place.hub, own, epoch_end(1)))
    place.engine.newest = answering(5)
    app.run()
    assert labelled(app.selectbox, "Network").value == ready
    assert "Your newest one says: **Sandal**" in said(app)
    assert "has done 1 of 10 epochs; when it has ended and knows drawings as well" in said(app)
    assert not any(b.label == "Open on Train" for b in app.button)
    ended(place, own, 7)
    app.run()
    assert labelled(app.selectbox, "Network").value == own
    assert app.header[0].value == "The network says: Sneaker (100 %)"
    assert "The ready-made one says: **Bag** (100 %)" in said(app)
    # Among the first 2,000 test photos there are 200 sneakers and 194 bags.
    assert "of 2,000 sketch twins of test photos it gets 10.0 % right, the ready-made one" in said(
        app
    )
    assert "the ready-made one 9.7 %." in said(app)


def test_the_ready_made_network_answers_while_it_knows_drawings_better(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    own = place.run(twins=1.0)
    ended(place, own, 9)  # of ankle boots there are 188
    app = opened(drawn())
    assert labelled(app.selectbox, "Network").value == ready
    assert "Your newest one says: **Ankle boot** (100 %)" in said(app)
    assert "it gets 9.7 % right, your newest one that has learned drawings 9.4 %." in said(app)
    assert any(b.label == "Open on Train" for b in app.button)
    labelled(app.selectbox, "Network").set_value(own).run()
    assert labelled(app.selectbox, "Network").value == own
    assert "sketch twins of test photos" not in said(app)


def test_an_older_network_that_knows_drawings_better_answers(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    older, newer = place.run(twins=1.0), place.run(twins=1.0, seed=1)
    ended(place, older, 7)
    ended(place, newer, 9)
    app = opened(drawn())
    assert labelled(app.selectbox, "Network").value == older
    assert "it gets 10.0 % right, the ready-made one 9.7 %." in said(app)


def test_who_has_chosen_the_ready_made_network_keeps_it(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    own = place.run(twins=1.0)
    app = opened(drawn())
    other = opened(drawn(), run=ready)  # a page loaded again, with what was chosen
    ended(place, own, 7)
    assert labelled(app.run().selectbox, "Network").value == own
    assert labelled(other.run().selectbox, "Network").value == ready
    assert other.query_params["run"] in (ready, [ready])


def test_a_network_of_photos_leads_to_the_ready_made_one(place: Place) -> None:
    ready = place.ready_made()
    ended(place, ready, 8)
    photos = place.finished()
    app = opened(drawn(), run=photos)
    assert "The ready-made one says: **Bag** (100 %)" in said(app)
    button(app, _ASK).click().run()
    assert labelled(app.selectbox, "Network").value == ready


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
    assert app.header[0].value == "The network says: Trouser (100 %)"
    assert "after epoch 3 of 10" in app.caption[0].value
    place.tell(lambda: place.end(run_id, Result(Status.STOPPED, "", None, NETWORK.to_bytes())))
    app.run()
    assert not any("newest weights" in caption.value for caption in app.caption)
    assert "Stopped" in app.selectbox[0].options[0]


def test_strokes_do_not_each_fetch_the_weights_of_a_run_that_trains(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def network(run_id: str, worker: str) -> bytes:
        fetched.append(run_id)
        return NETWORK.to_bytes()

    monkeypatch.setattr(place.engine, "network", network)
    monkeypatch.setattr("playground.runs.stream.newest.monotonic", lambda: 7.0)
    run_id = place.run()
    pages = [opened(drawn()) for _ in range(2)]
    for page in pages:
        assert page.run().header[0].value == "The network says: Trouser (100 %)"
    assert fetched == [run_id]


def test_runs_that_left_no_weights_cannot_judge(place: Place) -> None:
    run_id = place.run()
    place.tell(lambda: place.end(run_id, Result(Status.FAILED, "Loss became NaN.")))
    assert "No network has been trained yet" in opened().info[0].value


def test_a_diverged_network_has_no_answer(place: Place) -> None:
    layer = (np.full((784, 10), np.nan, np.float32), np.zeros(10, np.float32))
    place.finished(network=replace(NETWORK, layers=(layer,)))
    app = opened(drawn())
    assert "smaller learning rate" in app.warning[0].value
    assert not app.header


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "data:image/png;base64,####",
        "data:image/png;base64,aGVsbG8=",
        "x" * 3_000_000,
        png(np.zeros((1, 561), np.uint8)),
        _bomb(),
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


def button(app: AppTest, label: str) -> Any:
    return next(button for button in app.button if button.label == label)


def labelled(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def test_a_drawing_is_kept_with_its_label_and_strokes(place: Place) -> None:
    place.finished()
    drawing = drawn()
    drawing["strokes"] = [
        {"tool": "pen", "points": [10, 10, 8, 270.4, 10, 8, 270, 270, 8]},
        {"tool": "fill", "x": 5, "y": 5, "grey": 109},
        {"tool": "pen", "points": [20, 20, 8]},
    ]
    app = opened(drawing)
    assert button(app, "Keep in the sketchbook").disabled
    labelled(app.selectbox, "What it is").set_value(8).run()
    button(app, "Keep in the sketchbook").click().run()
    assert "Kept as Bag" in app.success[0].value
    (sketch,) = place.hub.sketchbook.sketches()
    assert sketch.label == 8
    canvas = decode(drawing["png"])
    assert canvas is not None
    assert (sketch.item == to_item(canvas)).all()
    assert [len(xs) for xs, _ in sketch.strokes] == [3, 1]
    button(app, "Keep in the sketchbook").click().run()
    assert "already" in app.success[0].value
    assert len(place.hub.sketchbook.sketches()) == 1


def send(app: AppTest, drawing: Any) -> AppTest:
    """Send this as the sketchpad's drawing, as its JavaScript does, or somebody in its place."""
    states = app._tree.get_widget_states()
    pad = app.get("bidi_component")[0].proto
    states.widgets.add(id=pad.id, json_value=json.dumps({"drawing": drawing}))
    app._run(states)
    assert not app.exception
    return app


def test_what_the_sketchpad_sends_is_judged(place: Place) -> None:
    place.finished()
    app = send(opened(), drawn())
    assert app.header[0].value == "The network says: Trouser (100 %)"
    assert not app.warning


@pytest.mark.parametrize(
    ("forged", "says"),
    [
        ({"strokes": [{"tool": "pen", "points": []}]}, "could not be read"),
        ({"strokes": "pen"}, "could not be read"),
        ({"version": None}, "could not be read"),
        ({"strokes": [{"tool": "pen", "points": [1, 1, 2] * 2_001}]}, "too large"),
        ({"strokes": [[]] * 300_000}, "too large"),
    ],
)
def test_a_forged_drawing_is_refused_and_the_one_before_stays(
    place: Place, forged: dict[str, Any], says: str
) -> None:
    place.finished()
    app = send(opened(), drawn())
    send(app, {**drawn(), "version": 2, **forged})
    assert says in app.warning[0].value
    assert app.session_state["drawing"]["version"] == 1
    assert app.header[0].value == "The network says: Trouser (100 %)"
    assert len(str(app.session_state)) < 20_000
    assert not send(app, {**drawn(), "version": 3}).warning


def test_a_pinned_drawing_goes_with_the_next_run(place: Place) -> None:
    place.finished()
    app = opened(drawn())
    button(app, "Pin for training").click().run()
    assert "Pinned" in app.success[0].value
    canvas = decode(drawn()["png"])
    assert canvas is not None
    assert (app.session_state["pinned"] == to_item(canvas)).all()
    # Train's network can look at what is on the paper, pinned or not.
    assert (app.session_state["drawn"] == to_item(canvas)).all()


def test_the_x_ray_is_closed_and_shows_every_step_when_open(place: Place) -> None:
    place.finished()
    app = opened(drawn())
    assert len(app.get("html")) == 2
    app.session_state["xray"] = True
    app.run()
    assert not app.exception
    shown = app.get("html")[2].proto.body
    for words in (
        "1. Ink, 280 × 280",
        "2. Cropped to the ink, 80 × 200",
        "3. Outline closed and filled",
        "4. Longest edge 28, centred, 28 × 28",
        "Scaled input: 0 to 1",
        "The ten probabilities",
        "raise “Trouser” most",
        "lower “Trouser” most",
    ):
        assert words in shown
    assert shown.count("Training image: ") == 5


def test_a_photo_is_judged_and_its_steps_are_shown(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.finished()
    photo = np.full((200, 300, 3), (230, 220, 200), np.uint8)
    photo[50:150, 120:180] = (40, 60, 90)
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG")
    app = opened()
    labelled(app.radio, "Draw with").set_value("Photo").run()
    assert "Choose a photo" in app.info[0].value
    upload = labelled(app.get("file_uploader"), "Photo")
    upload.upload("photo.jpg", file.getvalue(), "image/jpeg").run()
    assert app.header[0].value == "The network says: Trouser (100 %)"
    app.session_state["xray"] = True
    app.run()
    assert "1. Photo, 300 × 200" in app.get("html")[2].proto.body
    assert "2. Background turned into paper" in app.get("html")[2].proto.body


def test_a_file_that_is_no_photo_is_refused_in_words(place: Place) -> None:
    place.finished()
    app = opened()
    labelled(app.radio, "Draw with").set_value("Photo").run()
    upload = labelled(app.get("file_uploader"), "Photo")
    upload.upload("photo.jpg", b"no photo", "image/jpeg").run()
    assert "not a PNG, JPEG or WebP" in app.error[0].value
    assert not app.header


def test_the_guide_goes_to_the_pad_and_not_to_the_network(place: Place) -> None:
    place.finished()
    app = opened()
    labelled(app.selectbox, "Tracing guide").set_value(8).run()
    assert not app.exception
    assert app.info[0].value.startswith("Draw something")


def test_the_middle_of_a_photo() -> None:
    photo = np.arange(10 * 20 * 3, dtype=np.uint8).reshape(10, 20, 3)
    assert (middle(photo, 1.0) == photo).all()
    assert (middle(photo, 0.5) == photo[2:7, 5:15]).all()
    assert middle(photo[:1, :1], 0.2).shape == (1, 1, 3)
