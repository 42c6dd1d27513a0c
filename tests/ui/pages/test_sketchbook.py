from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from playground.dataset import load_data
from playground.drawing.preprocessing import to_item
from playground.drawing.quickdraw import Strokes, render
from playground.drawing.sketches import NewSketch
from playground.settings import settings
from playground.ui.pages.sketchbook import judged
from playground.ui.sketch import files as sketch_files
from playground.ui.sketch.files import read_sketches
from tests.conftest import NETWORK, Place

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
    place.hub.sketchbook.add("me", [sketch(1)])
    app = opened()
    assert "No network has been trained yet" in app.info[0].value
    assert "1 drawing, kept by 1 person" in app.markdown[0].value
    assert bodies(app).count("<figure") == 2  # in the gallery, and among one's own


def test_a_network_is_tested_on_all_drawings(place: Place) -> None:
    # The network says Trouser, whatever it gets.
    place.finished()
    kept = [sketch(1, 0), sketch(1, 1), sketch(8, 2)]
    place.hub.sketchbook.add("you", kept)
    app = opened()
    assert app.metric[0].value == "66.7 %"
    assert "2 of 3 drawings right" in texts(app.caption)
    assert "Bag, called Trouser (100 %)" in bodies(app)
    figure = json.loads(_figures(app)[0])["figure"]
    z = figure["data"][0]["z"]
    matrix = np.frombuffer(_bytes(z), z["dtype"]).reshape(10, 10) if "bdata" in z else np.array(z)
    assert (matrix[1, 1], matrix[8, 1], matrix.sum()) == (2, 1, 3)


def _figures(app: AppTest) -> list[str]:
    return [e.proto.json for e in app.get("bidi_component") if '"figure"' in e.proto.json]


def _bytes(array: dict[str, str]) -> bytes:
    return base64.b64decode(array["bdata"])


def test_a_run_that_trained_on_drawings_is_tested_on_the_others(place: Place) -> None:
    place.hub.sketchbook.add("me", [sketch(1, index) for index in range(5)])
    place.finished(sketchbook=0.1)
    app = opened()
    assert "All drawings are by one person" in app.info[0].value
    assert not app.metric
    place.hub.sketchbook.add("you", [sketch(1, index) for index in range(5, 8)])
    app = opened()
    assert "of 3 drawings right" in texts(app.caption)
    assert "tested only on the other side" in texts(app.caption)


def test_everyone_deletes_their_own_drawings_only(place: Place) -> None:
    place.hub.sketchbook.add("me", [sketch(1, 0)])
    place.hub.sketchbook.add("you", [sketch(2, 1)])
    app = opened()
    assert [b.label for b in app.button].count("Delete") == 1
    button(app, "Delete").click().run()
    assert [s.owner for s in place.hub.sketchbook.sketches()] == ["you"]


def test_only_its_owner_clears_the_sketchbook(place: Place) -> None:
    place.hub.sketchbook.add("you", [sketch(2, 1)])
    app = opened()
    assert "The person who kept the first drawing can clear" in texts(app.caption)
    assert "Delete everything" not in [b.label for b in app.button]
    place.hub.sketchbook.clear("you")
    place.hub.sketchbook.add("me", [sketch(2, 1)])
    app = opened()
    button(app, "Delete everything").click().run()
    assert place.hub.sketchbook.sketches() == []


def line(word: str = "purse", drawing: Any = SQUARE) -> str:
    return json.dumps({"word": word, "drawing": drawing})


def test_lines_of_a_file_become_labelled_items() -> None:
    sketches, problems = read_sketches("\n".join([line(), "", line("Ankle boot")]))
    assert problems == []
    assert [s.label for s in sketches] == [8, 9]
    # Drawn on half the paper with half the pen: nearly the same item.
    away = sketches[0].item.astype(int) - to_item(render(SQUARE))
    assert np.abs(away).mean() < 8


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
    monkeypatch.setenv("PLAYGROUND_MAX_SKETCHES_PER_OWNER", "2")
    settings.cache_clear()
    sketches, problems = read_sketches("\n".join([line()] * 5))
    assert len(sketches) == 2
    assert len(problems) == 1
    assert problems[0].startswith("Line 3 and all lines after it")
    sketches, problems = read_sketches("\n".join(["rubbish"] * 5))
    assert len(problems) == 3
    assert problems[2].startswith("All lines after line 2")


def drawing_of(strokes: Any) -> Any:
    return st.fixed_dictionaries(
        {"word": st.sampled_from(["bag", "cat", "pants"]), "drawing": strokes}
    )


numbers = st.integers() | st.floats() | st.none()
hostile_lines = st.one_of(
    st.text(max_size=50),
    st.recursive(numbers, lambda inner: st.lists(inner, max_size=4), max_leaves=20).map(json.dumps),
    drawing_of(st.lists(st.lists(st.lists(numbers, max_size=4), max_size=3), max_size=4)).map(
        json.dumps
    ),
    drawing_of(
        st.lists(
            st.lists(st.tuples(st.integers(-9, 300), st.integers(-9, 300)), min_size=1).map(
                lambda points: [list(axis) for axis in zip(*points, strict=True)]
            ),
            min_size=1,
            max_size=3,
        )
    ).map(json.dumps),
)


@hypothesis.settings(deadline=None, max_examples=60)
@given(st.lists(hostile_lines, max_size=8))
def test_any_file_is_read_or_its_lines_are_named(lines: list[str]) -> None:
    text = "\n".join(lines)
    told: list[float] = []
    sketches, problems = read_sketches(text, lambda share, _: told.append(share))
    filled = [each for each in text.splitlines() if each.strip()]
    assert len(sketches) + len(problems) == len(filled)
    assert all(problem.startswith("Line ") for problem in problems)
    assert all(each.item.shape == (28, 28) and each.item.any() for each in sketches)
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)


def test_an_imported_file_is_in_the_book_at_once(place: Place) -> None:
    app = opened()
    upload_to(app)(
        "drawings.ndjson", f"{line()}\nrubbish\n{line()}".encode(), "application/x-ndjson"
    )
    button(app, "Import").click().run()
    assert not app.exception
    assert "1 drawing, kept by 1 person" in app.markdown[0].value
    assert app.success[0].value == "New in the sketchbook: 1 of 2 drawings; already there: 1."
    assert "Line 2 is left out" in app.warning[0].value
    assert not app.run().success


def test_a_file_that_is_too_large_is_refused(place: Place) -> None:
    app = opened()
    upload_to(app)("a.ndjson", b" " * (2**21 + 1), "application/x-ndjson")
    button(app, "Import").click().run()
    assert "larger than 2 MB" in app.error[0].value


def test_one_file_is_read_at_a_time(place: Place) -> None:
    app = opened()
    upload_to(app)("a.ndjson", line().encode(), "application/x-ndjson")
    with sketch_files._reading:
        button(app, "Import").click().run()
    assert "Another file is being imported" in app.error[0].value


def test_a_file_that_is_too_much_for_one_owner_is_refused_and_others_go_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_MAX_SKETCHES_PER_OWNER", "1")
    settings.cache_clear()
    place.hub.sketchbook.add("me", [sketch(1)])
    app = opened()
    upload_to(app)("a.ndjson", line().encode(), "application/x-ndjson")
    button(app, "Import").click().run()
    assert "You may keep 1 drawings, you have 1" in app.error[0].value


def test_a_sketchbook_that_another_has_taken_over_is_not_cleared(place: Place) -> None:
    place.hub.sketchbook.add("me", [sketch(2, 1)])
    app = opened()
    place.hub.sketchbook.clear("me")
    place.hub.sketchbook.add("you", [sketch(2, 1)])
    place.hub.sketchbook.owner = lambda: "me"  # type: ignore[method-assign]
    button(app, "Delete everything").click().run()
    assert not app.exception
    assert "belongs to the person who kept its first drawing" in texts(app.error)
    assert len(place.hub.sketchbook.sketches()) == 1


def test_the_gallery_is_shown_page_by_page(place: Place) -> None:
    place.hub.sketchbook.add("you", [sketch(n % 2, n) for n in range(130)])
    app = opened()
    (number,) = app.number_input
    assert number.label == "Page (of 3)"
    assert bodies(app).count("<figure") == 60
    app = number.set_value(3).run()
    assert bodies(app).count("<figure") == 10
    app = app.selectbox[0].select(1).run()
    assert not app.exception
    assert bodies(app).count("<figure") == 60
    assert app.number_input[0].label == "Page (of 2)"


def test_the_export_is_made_when_it_is_asked_for(place: Place, monkeypatch: Any) -> None:
    place.hub.sketchbook.add("me", [sketch(8, 0, SQUARE), sketch(8, 1)])
    made: list[int] = []
    files: list[Any] = []
    real = place.hub.sketchbook.drawings

    def drawings() -> Any:
        made.append(1)
        return real()

    def download_button(_label: str, data: Any, *_: Any, **__: Any) -> None:
        files.append(data)

    monkeypatch.setattr(place.hub.sketchbook, "drawings", drawings)
    monkeypatch.setattr("streamlit.download_button", download_button)
    opened()
    assert not made
    (record,) = map(json.loads, files[0]().splitlines())
    assert record["drawing"] == [list(stroke) for stroke in SQUARE]
    assert record["side"] == "train"


def test_a_network_is_tested_once_for_all_who_look(place: Place, monkeypatch: Any) -> None:
    place.hub.sketchbook.add("me", [sketch(1, index) for index in range(3)])
    place.finished()
    read: list[Any] = []
    real = place.hub.sketchbook.pictures

    def pictures(side: Any = None) -> Any:
        read.append(side)
        return real(side)

    monkeypatch.setattr(place.hub.sketchbook, "pictures", pictures)
    for _ in range(2):
        assert opened().metric[0].value == "100.0 %"
    assert len(read) == 1
    place.hub.sketchbook.add("me", [sketch(8, 5)])
    assert opened().metric[0].value == "75.0 %"


def test_judging_counts_what_was_called_what() -> None:
    # The network says Trouser, whatever it gets.
    images = load_data().x_test[:2_500]
    labels = np.full(2_500, 1, np.uint8)
    labels[-3:] = 4
    result = judged(NETWORK, images, labels)
    assert result.confusion[4, 1] == len(result.misses) == 3
    assert result.confusion.trace() == 2_497
    assert [(miss.label, miss.predicted) for miss in result.misses] == [(4, 1)] * 3
    assert (result.misses[0].item == images[-3]).all()
    diverged = replace(NETWORK, scale=float("nan"))
    assert not judged(diverged, images, labels).finite
    many = judged(NETWORK, images, np.zeros(2_500, np.uint8))
    assert len(many.misses) == 60
    assert many.confusion[0, 1] == 2_500
