from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.dataset import load_data
from playground.preprocessing import to_item
from playground.quickdraw import Strokes, render
from playground.runs.sketchbook import NewSketch
from playground.ui.components import sketch_files
from playground.ui.components.sketch_files import read_sketches
from playground.ui.pages.sketchbook import judged
from tests.conftest import Place

SQUARE: Strokes = (([0, 255, 255, 0, 0], [0, 0, 255, 255, 0]),)


def script() -> None:
    import streamlit as st

    from playground.ui.pages import draw, sketchbook, train

    st.navigation(
        [
            st.Page(train.page, default=True),
            st.Page(draw.page, url_path="draw"),
            st.Page(sketchbook.page, url_path="sketchbook"),
        ]
    )
    sketchbook.page()


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.ui.pages.sketchbook.current_owner", lambda: "me")


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def sketch(label: int, index: int = 0, strokes: Strokes = ()) -> NewSketch:
    return NewSketch(label, load_data().x_test[index], strokes)


def texts(elements: Any) -> str:
    return " ".join(str(element.value) for element in elements)


def upload_to(app: AppTest) -> Any:
    uploader: Any = app.get("file_uploader")[0]
    return uploader.upload


def bodies(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def button(app: AppTest, label: str) -> Any:
    return next(button for button in app.button if button.label == label)


def test_an_empty_sketchbook_leads_to_draw(place: Place) -> None:
    app = opened()
    assert "The sketchbook is empty" in app.info[0].value
    assert app.get("page_link")[0].proto.label == "Draw something"
    assert not app.metric


def test_without_a_network_there_are_drawings_but_no_test(place: Place) -> None:
    place.hub.sketchbook.keep("me", [sketch(1)])
    app = opened()
    assert "No network has been trained yet" in app.info[0].value
    assert "1 drawing, kept by 1 person" in app.markdown[0].value
    assert bodies(app).count("<figure") == 2  # in the gallery, and among one's own


def test_a_network_is_tested_on_all_drawings(place: Place) -> None:
    # The network says Trouser, whatever it gets.
    place.finished()
    kept = [sketch(1, 0), sketch(1, 1), sketch(8, 2)]
    place.hub.sketchbook.keep("you", kept)
    app = opened()
    assert app.metric[0].value == "0.6667"
    assert "2 of 3 drawings right" in texts(app.caption)
    assert "Bag, called Trouser (100 %)" in bodies(app)
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    z = figure["data"][0]["z"]
    matrix = np.frombuffer(_bytes(z), z["dtype"]).reshape(10, 10) if "bdata" in z else np.array(z)
    assert (matrix[1, 1], matrix[8, 1], matrix.sum()) == (2, 1, 3)


def _bytes(array: dict[str, str]) -> bytes:
    return base64.b64decode(array["bdata"])


def test_a_run_that_trained_on_drawings_is_tested_on_the_others(place: Place) -> None:
    place.hub.sketchbook.keep("me", [sketch(1, index) for index in range(40)])
    held_out = [s for s in place.hub.sketchbook.sketches() if s.part == "test"]
    place.finished(sketchbook=0.1)
    app = opened()
    assert f"of {len(held_out)} drawings right" in texts(app.caption)
    assert "tested on the other half only" in texts(app.caption)


def test_everyone_deletes_their_own_drawings_only(place: Place) -> None:
    place.hub.sketchbook.keep("me", [sketch(1, 0)])
    place.hub.sketchbook.keep("you", [sketch(2, 1)])
    app = opened()
    assert [b.label for b in app.button].count("Delete") == 1
    button(app, "Delete").click().run()
    assert [s.owner for s in place.hub.sketchbook.sketches()] == ["you"]


def test_only_its_owner_clears_the_sketchbook(place: Place) -> None:
    place.hub.sketchbook.keep("you", [sketch(2, 1)])
    app = opened()
    assert "Whoever kept the first drawing can clear" in texts(app.caption)
    assert "Delete everything" not in [b.label for b in app.button]
    place.hub.sketchbook.clear("you")
    place.hub.sketchbook.keep("me", [sketch(2, 1)])
    app = opened()
    button(app, "Delete everything").click().run()
    assert place.hub.sketchbook.sketches() == []


def line(word: str = "purse", drawing: Any = SQUARE) -> str:
    return json.dumps({"word": word, "drawing": drawing})


def test_lines_of_a_file_become_labelled_items() -> None:
    sketches, problems = read_sketches("\n".join([line(), "", line("Ankle boot")]))
    assert problems == []
    assert [s.label for s in sketches] == [8, 9]
    assert (sketches[0].item == to_item(render(SQUARE))).all()


def test_lines_that_cannot_be_used_are_named_by_number() -> None:
    text = "\n".join([line(), "rubbish", line("cat"), line(drawing=[]), line("pants")])
    sketches, problems = read_sketches(text)
    assert [s.label for s in sketches] == [8, 1]
    assert [problem.split(" is left out")[0] for problem in problems] == [
        "Line 2",
        "Line 3",
        "Line 4",
    ]
    assert "cat" in problems[1]


def test_a_file_with_too_many_drawings_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_files, "MAX_DRAWINGS", 2)
    sketches, problems = read_sketches("\n".join([line()] * 5))
    assert len(sketches) == 2
    assert len(problems) == 1
    assert problems[0].startswith("Line 3 and what follows")


def test_an_imported_file_is_in_the_book_at_once(place: Place) -> None:
    app = opened()
    upload_to(app)(
        "drawings.ndjson", f"{line()}\nrubbish\n{line()}".encode(), "application/x-ndjson"
    )
    button(app, "Import").click().run()
    assert not app.exception
    assert "1 drawing, kept by 1 person" in app.markdown[0].value
    assert app.success[0].value.startswith("New in the sketchbook: 1 of 2 drawings; 1 were")
    assert "Line 2 is left out" in app.warning[0].value
    assert not app.run().success


def test_a_file_that_is_too_large_is_refused(place: Place) -> None:
    app = opened()
    upload_to(app)("a.ndjson", b" " * 5_000_001, "application/x-ndjson")
    button(app, "Import").click().run()
    assert "larger than 5 MB" in app.error[0].value


def test_judging_counts_what_was_called_what() -> None:
    probabilities = np.eye(10, dtype=np.float32)[[3, 3, 5]]
    result = judged(probabilities, np.array([3, 4, 5], np.uint8))
    assert result.predicted.tolist() == [3, 3, 5]
    assert result.confusion[4, 3] == 1
    assert result.confusion.sum() == 3
    assert np.trace(result.confusion) == 2
