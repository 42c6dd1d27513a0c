from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES
from playground.quickdraw import Drawing, Strokes, read_ndjson, to_ndjson
from playground.runs.sketchbook import (
    WORDS,
    NewSketch,
    NotYourSketch,
    Sketch,
    Sketchbook,
    _row,
    label_of,
    pictures,
    word_of,
)
from playground.runs.store import Store, StoreError

strokes_of_a_hand = st.lists(
    st.lists(st.tuples(st.integers(0, 280), st.integers(0, 280)), min_size=1, max_size=30),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def book(store: Store) -> Sketchbook:
    return Sketchbook(store.engine)


def item(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (28, 28), np.uint8)


def zigzag(seed: int) -> Strokes:
    points = np.random.default_rng(seed).integers(0, 280, (2, 12))
    return ((points[0].tolist(), points[1].tolist()),)


def test_a_drawing_is_kept_as_it_is(book: Sketchbook) -> None:
    assert book.keep("me", [NewSketch(8, item(1), zigzag(1))]) == 1
    (sketch,) = book.sketches()
    assert (sketch.owner, sketch.label) == ("me", 8)
    assert (sketch.item == item(1)).all()
    assert len(sketch.strokes) == 1
    assert sketch.created.tzinfo is not None


def test_the_same_drawing_is_kept_once(book: Sketchbook) -> None:
    assert book.keep("me", [NewSketch(8, item(1), zigzag(1))] * 2) == 1
    assert book.keep("you", [NewSketch(1, item(2), zigzag(1)), NewSketch(1, item(2))]) == 1
    assert book.keep("you", [NewSketch(1, item(2))]) == 0
    assert len(book.sketches()) == 2


def test_everyone_deletes_their_own_only(book: Sketchbook) -> None:
    book.keep("me", [NewSketch(0, item(1))])
    book.keep("you", [NewSketch(0, item(2))])
    mine = next(sketch for sketch in book.sketches() if sketch.owner == "me")
    with pytest.raises(NotYourSketch):
        book.delete("you", mine.id)
    book.delete("me", mine.id)
    book.delete("me", mine.id)
    assert [sketch.owner for sketch in book.sketches()] == ["you"]


def test_the_first_to_keep_a_drawing_owns_the_book_until_it_is_cleared(book: Sketchbook) -> None:
    assert book.owner() is None
    book.keep("me", [NewSketch(0, item(1))])
    book.keep("you", [NewSketch(0, item(2))])
    book.delete("me", next(s.id for s in book.sketches() if s.owner == "me"))
    assert book.owner() == "me"
    with pytest.raises(NotYourSketch):
        book.clear("you")
    book.clear("me")
    assert (book.sketches(), book.owner()) == ([], None)
    book.keep("you", [NewSketch(0, item(2))])
    assert book.owner() == "you"


def test_a_teacher_clears_the_book_whoever_owns_it(book: Sketchbook) -> None:
    book.keep("me", [NewSketch(0, item(1))])
    book.clear("teacher", teacher=True)
    assert (book.sketches(), book.owner()) == ([], None)


def test_nothing_kept_makes_nobody_an_owner(book: Sketchbook) -> None:
    assert book.keep("me", []) == 0
    assert book.owner() is None


@pytest.mark.parametrize(
    "bad",
    [
        NewSketch(10, item(0)),
        NewSketch(-1, item(0)),
        NewSketch(0, item(0)[:27]),
        NewSketch(0, item(0).astype(float)),
    ],
)
def test_what_is_no_labelled_drawing_is_refused(book: Sketchbook, bad: NewSketch) -> None:
    with pytest.raises(ValueError, match="no labelled drawing"):
        book.keep("me", [NewSketch(0, item(1)), bad])
    assert book.sketches() == []


def test_the_book_has_an_end(book: Sketchbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.runs.sketchbook.MAX_SKETCHES", 2)
    book.keep("me", [NewSketch(0, item(1))])
    with pytest.raises(ValueError, match="2 drawings at most"):
        book.keep("me", [NewSketch(0, item(2)), NewSketch(0, item(3))])
    assert book.keep("me", [NewSketch(0, item(1)), NewSketch(0, item(2))]) == 1


def test_a_class_that_keeps_at_once_loses_nothing(book: Sketchbook) -> None:
    problems: list[Exception] = []

    def keep(person: int) -> None:
        try:
            for n in range(5):
                book.keep(f"person {person}", [NewSketch(person, item(10 * person + n))])
        except Exception as problem:
            problems.append(problem)

    people = [threading.Thread(target=keep, args=(person,)) for person in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert problems == []
    assert len(book.sketches()) == 30
    assert (book.owner() or "").startswith("person")


def test_training_and_test_pictures_never_mix(book: Sketchbook) -> None:
    book.keep("me", [NewSketch(n % 10, item(n), zigzag(n)) for n in range(200)])
    sketches = book.sketches()
    x_train, y_train = pictures(sketches, "train")
    x_test, y_test = pictures(sketches, "test")
    assert len(x_train) == len(y_train)
    assert len(x_test) == len(y_test)
    assert len(x_train) + len(x_test) == 200
    assert 70 <= len(x_train) <= 130
    assert not {x.tobytes() for x in x_train} & {x.tobytes() for x in x_test}
    before = {sketch.id: sketch.part for sketch in sketches}
    book.clear("me")
    book.keep("you", [NewSketch(n % 10, item(n), zigzag(n)) for n in range(200)])
    assert {sketch.id: sketch.part for sketch in book.sketches()} == before


def test_no_pictures_are_pictures_of_the_right_form() -> None:
    images, labels = pictures([])
    assert (images.shape, labels.shape) == ((0, 28, 28), (0,))


@given(strokes_of_a_hand)
def test_a_drawing_that_went_out_and_came_back_is_the_same(
    hand: list[list[tuple[int, int]]],
) -> None:
    strokes = tuple(([x for x, _ in line], [y for _, y in line]) for line in hand)
    row = _row("me", NewSketch(0, item(0), strokes))
    (drawing,), problems = read_ndjson(to_ndjson([Drawing("bag", row["strokes"])]).splitlines())
    assert problems == []
    assert _row("you", NewSketch(0, item(1), drawing.strokes))["id"] == row["id"]


def test_words_are_labels() -> None:
    assert label_of("Pants") == 1
    assert label_of(" ankle boot") == 9
    assert label_of("Bag") == label_of("purse") == 8
    assert label_of("cat") is None
    assert [label_of(word_of(label)) for label in range(10)] == list(range(10))
    assert all(word_of(label) in {*WORDS, *CLASS_NAMES} for label in range(10))


def test_a_book_that_cannot_be_written_says_so(store: Store) -> None:
    book = Sketchbook(store.engine)
    store.close()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sketches")
    with pytest.raises(StoreError, match="again"):
        book.keep("me", [NewSketch(0, item(0))])


def test_a_sketch_is_a_value() -> None:
    book_row = {"id": "f" * 32, "owner": "me", "label": 1, "item": item(0), "strokes": ()}
    sketch = Sketch(**book_row, created=datetime.now(timezone.utc))  # type: ignore[arg-type]
    assert sketch.part == "train"
    assert replace(sketch, id="0" * 32).part == "test"
