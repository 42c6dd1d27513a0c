from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES
from playground.drawing.quickdraw import Drawing, Strokes, read_ndjson, to_ndjson
from playground.drawing.sides import SIDES
from playground.drawing.sketches import WORDS, NewSketch, label_of, row_of, word_of
from playground.settings import settings
from playground.store.runs import Store, StoreError
from playground.store.sketchbook import NotYourSketch, Sketchbook

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
    assert book.add("me", [NewSketch(8, item(1), zigzag(1))]) == 1
    (sketch,) = book.sketches()
    assert (sketch.owner, sketch.label) == ("me", 8)
    assert (sketch.item == item(1)).all()
    assert len(sketch.strokes) == 1
    assert sketch.created.tzinfo is not None


def test_the_same_drawing_is_kept_once(book: Sketchbook) -> None:
    assert book.add("me", [NewSketch(8, item(1), zigzag(1))] * 2) == 1
    assert book.add("you", [NewSketch(1, item(2), zigzag(1)), NewSketch(1, item(2))]) == 1
    assert book.add("you", [NewSketch(1, item(2))]) == 0
    assert len(book.sketches()) == 2


def test_everyone_deletes_their_own_only(book: Sketchbook) -> None:
    book.add("me", [NewSketch(0, item(1))])
    book.add("you", [NewSketch(0, item(2))])
    mine = next(sketch for sketch in book.sketches() if sketch.owner == "me")
    with pytest.raises(NotYourSketch):
        book.delete("you", mine.id)
    book.delete("me", mine.id)
    book.delete("me", mine.id)
    assert [sketch.owner for sketch in book.sketches()] == ["you"]


def test_the_first_to_keep_a_drawing_owns_the_book_until_it_is_cleared(book: Sketchbook) -> None:
    assert book.owner() is None
    book.add("me", [NewSketch(0, item(1))])
    book.add("you", [NewSketch(0, item(2))])
    book.delete("me", next(s.id for s in book.sketches() if s.owner == "me"))
    assert book.owner() == "me"
    with pytest.raises(NotYourSketch):
        book.clear("you")
    book.clear("me")
    assert (book.sketches(), book.owner()) == ([], None)
    book.add("you", [NewSketch(0, item(2))])
    assert book.owner() == "you"


def test_a_teacher_clears_the_book_whoever_owns_it(book: Sketchbook) -> None:
    book.add("me", [NewSketch(0, item(1))])
    book.clear("teacher", teacher=True)
    assert (book.sketches(), book.owner()) == ([], None)


def test_nothing_kept_makes_nobody_an_owner(book: Sketchbook) -> None:
    assert book.add("me", []) == 0
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
    with pytest.raises(ValueError, match="not a drawing with a label"):
        book.add("me", [NewSketch(0, item(1)), bad])
    assert book.sketches() == []


def test_the_book_has_an_end(book: Sketchbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_MAX_SKETCHES", "2")
    settings.cache_clear()
    book.add("me", [NewSketch(0, item(1))])
    with pytest.raises(ValueError, match="2 drawings at most, it has 1, and this would be 2 more"):
        book.add("me", [NewSketch(0, item(2)), NewSketch(0, item(3))])
    assert book.add("me", [NewSketch(0, item(1)), NewSketch(0, item(2))]) == 1


def test_one_owner_does_not_fill_the_book(
    book: Sketchbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_MAX_SKETCHES_PER_OWNER", "2")
    settings.cache_clear()
    book.add("me", [NewSketch(0, item(1)), NewSketch(0, item(2))])
    for imported in (False, True):
        with pytest.raises(ValueError, match="You may keep 2 drawings, you have 2"):
            book.add("me", [NewSketch(0, item(3))], imported=imported)
    assert book.add("you", [NewSketch(0, item(3))]) == 1


def test_a_class_that_keeps_at_once_loses_nothing(book: Sketchbook) -> None:
    problems: list[Exception] = []

    def keep(person: int) -> None:
        try:
            for n in range(5):
                book.add(f"person {person}", [NewSketch(person, item(10 * person + n))])
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


def test_what_one_person_draws_is_on_one_side(book: Sketchbook) -> None:
    people = [f"person {n}" for n in range(6)]
    for n in range(30):
        book.add(people[n % 6], [NewSketch(n % 10, item(n), zigzag(n))])
    sides = {person: {sketch.side for sketch in book.sketches(owner=person)} for person in people}
    assert all(len(side) == 1 for side in sides.values())
    assert book.summary().sides == {"train": 15, "test": 15}
    # Also after all that it had is gone.
    book.clear(people[0])
    for person in reversed(people):
        book.add(person, [NewSketch(1, item(99 + len(person)), zigzag(people.index(person)))])
        assert {sketch.side for sketch in book.sketches(owner=person)} == sides[person]


def test_the_first_person_draws_to_train_and_a_new_one_where_there_is_less(
    book: Sketchbook,
) -> None:
    book.add("first", [NewSketch(0, item(n)) for n in range(3)])
    assert book.summary().sides == {"train": 3}
    book.add("second", [NewSketch(0, item(10))])
    book.add("third", [NewSketch(0, item(11))])
    assert book.summary().sides == {"train": 3, "test": 2}


def test_imported_drawings_go_to_either_half_by_their_ids(book: Sketchbook) -> None:
    file = [NewSketch(n % 10, item(n), zigzag(n)) for n in range(200)]
    book.add("teacher", file, imported=True)
    sides = {sketch.id: sketch.side for sketch in book.sketches()}
    assert 70 <= list(sides.values()).count("train") <= 130
    # And its importer's own hand has a side for itself.
    book.add("teacher", [NewSketch(0, item(n), zigzag(n)) for n in range(1_000, 1_020)])
    own = [sketch for sketch in book.sketches() if sketch.id not in sides]
    assert len({sketch.side for sketch in own}) == 1
    book.clear("teacher")
    book.add("you", file[::-1], imported=True)
    assert {sketch.id: sketch.side for sketch in book.sketches()} == sides


@pytest.mark.parametrize("in_one_file", [True, False])
def test_near_copies_that_are_imported_stay_together(book: Sketchbook, in_one_file: bool) -> None:
    first = [NewSketch(8, item(n), zigzag(n)) for n in range(10)]
    copies = [
        NewSketch(8, np.clip(sketch.item.astype(int) + shift, 0, 255).astype(np.uint8))
        for sketch in first
        for shift in range(-8, 9, 2)
    ]
    for file in [[*first, *copies]] if in_one_file else [first, copies]:
        book.add("me", file, imported=True)
    sides: dict[int, set[str]] = {}
    for sketch in book.sketches():
        away = [np.abs(sketch.item.astype(int) - item(n)).mean() for n in range(10)]
        sides.setdefault(int(np.argmin(away)), set()).add(sketch.side)
    assert sorted(sides) == list(range(10))
    assert all(len(of_one) == 1 for of_one in sides.values())


def test_what_went_out_and_was_deleted_comes_back_on_its_side(book: Sketchbook) -> None:
    for person in ("one", "two", "three"):
        seeds = range(len(person) * 10, len(person) * 10 + 5)
        book.add(person, [NewSketch(8, item(n), zigzag(n)) for n in seeds])
    sides = {sketch.id: sketch.side for sketch in book.sketches()}
    drawings, _ = read_ndjson(to_ndjson(book.drawings()).splitlines())
    book.clear("one")
    back = [NewSketch(8, item(n), each.strokes, each.side) for n, each in enumerate(drawings)]
    book.add("somebody", back, imported=True)
    assert {sketch.id: sketch.side for sketch in book.sketches()} == sides


def test_training_and_test_pictures_never_mix(book: Sketchbook) -> None:
    book.add("me", [NewSketch(n % 10, item(n)) for n in range(200)], imported=True)
    halves = [book.pictures(side) for side in SIDES]
    assert sum(len(x) for x, _ in halves) == 200
    assert all(len(x) == len(y) for x, y in halves)
    train, test = ({x.tobytes() for x in images} for images, _ in halves)
    assert not train & test
    assert (book.for_training()[0] == halves[0][0]).all()
    everything, labels = book.pictures()
    assert [x.tobytes() for x in everything] == [s.item.tobytes() for s in book.sketches()]
    assert labels.tolist() == [sketch.label for sketch in book.sketches()]


def test_no_pictures_are_pictures_of_the_right_form(book: Sketchbook) -> None:
    images, labels = book.pictures()
    assert (images.shape, labels.shape) == ((0, 28, 28), (0,))


def test_without_a_drawing_to_train_on_it_says_what_to_do(book: Sketchbook) -> None:
    with pytest.raises(ValueError, match=r"no drawing to train on\. Keep some on the"):
        book.for_training()
    book.add("me", [NewSketch(0, item(1), zigzag(1), "test")], imported=True)
    with pytest.raises(ValueError, match="are for testing: ask somebody else to keep some"):
        book.for_training()


def test_drawings_come_page_by_page_the_newest_first(book: Sketchbook) -> None:
    for n in range(7):
        book.add(f"person {n % 2}", [NewSketch(n % 3, item(n))])
    everything = [sketch.id for sketch in book.sketches()]
    assert [[s.id for s in book.sketches(3, start)] for start in (0, 3, 6)] == [
        *(everything[:3], everything[3:6], everything[6:])
    ]
    assert [sketch.label for sketch in book.sketches(label=0)] == [0, 0, 0]
    assert len(book.sketches(2, 1, label=0)) == 2
    assert {sketch.owner for sketch in book.sketches(owner="person 1")} == {"person 1"}
    assert book.count("person 1") == 3


def test_the_summary_counts_and_tells_changes_apart(book: Sketchbook) -> None:
    versions = [book.summary().version]
    book.add("me", [NewSketch(0, item(1)), NewSketch(2, item(2))])
    versions.append(book.summary().version)
    book.add("you", [NewSketch(2, item(3))])
    summary = book.summary()
    versions.append(summary.version)
    assert (summary.total, summary.people) == (3, 2)
    assert summary.labels == {0: 1, 2: 2}
    assert summary.sides == {"train": 2, "test": 1}
    book.delete("me", book.sketches(owner="me")[0].id)
    versions.append(book.summary().version)
    book.clear("me")
    assert book.summary().total == 0
    assert len(set(versions)) == 4


@given(strokes_of_a_hand)
def test_a_drawing_that_went_out_and_came_back_is_the_same(
    hand: list[list[tuple[int, int]]],
) -> None:
    strokes = tuple(([x for x, _ in line], [y for _, y in line]) for line in hand)
    row = row_of("me", NewSketch(0, item(0), strokes))
    (drawing,), problems = read_ndjson(to_ndjson([Drawing("bag", row["strokes"])]).splitlines())
    assert problems == []
    assert row_of("you", NewSketch(0, item(1), drawing.strokes))["id"] == row["id"]


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
        book.add("me", [NewSketch(0, item(0))])
