from __future__ import annotations

import json
from datetime import datetime, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.drawing.quickdraw import (
    BOX,
    MAX_POINTS,
    Drawing,
    read_ndjson,
    render,
    simplify,
    to_ndjson,
)

NOON = datetime(2024, 5, 6, 12, tzinfo=timezone.utc)
SQUARE = Drawing("square", (([0, 255, 255, 0, 0], [0, 0, 255, 255, 0]),))
places = st.lists(st.tuples(st.integers(-500, 900), st.integers(-500, 900)), min_size=1)
strokes = st.lists(
    places.map(lambda p: ([x for x, _ in p], [y for _, y in p])), min_size=1, max_size=5
).map(tuple)


def test_what_is_written_is_read_again() -> None:
    text = to_ndjson([SQUARE, SQUARE._replace(word="양말")], NOON)
    assert text.count("\n") == 2
    assert read_ndjson(text.splitlines()) == ([SQUARE, SQUARE._replace(word="양말")], [])


def test_a_line_has_the_fields_of_the_public_format() -> None:
    record = json.loads(to_ndjson([SQUARE], NOON))
    assert record == {
        "word": "square",
        "countrycode": "",
        "timestamp": "2024-05-06 12:00:00.000000 UTC",
        "recognized": True,
        "key_id": "1",
        "drawing": [[[0, 255, 255, 0, 0], [0, 0, 255, 255, 0]]],
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ("[1]", "not a JSON object"),
        ('{"drawing": [[[1], [2]]]}', "“word”"),
        (json.dumps({"word": "x" * 99, "drawing": [[[1], [2]]]}), "“word”"),
        ('{"word": "hat"}', "no “drawing”"),
        ('{"word": "hat", "drawing": []}', "no “drawing”"),
        ('{"word": "hat", "drawing": [[[1, 2], [2]]]}', "a stroke"),
        ('{"word": "hat", "drawing": [[[], []]]}', "a stroke"),
        ('{"word": "hat", "drawing": [[[NaN], [2]]]}', "a stroke"),
        ('{"word": "hat", "drawing": [[[true], [2]]]}', "a stroke"),
        ('{"word": "hat", "drawing": [7]}', "a stroke"),
        (json.dumps({"word": "x", "drawing": [[[1] * 20_001] * 2]}), f"{MAX_POINTS:,} points"),
    ],
)
def test_a_broken_line_is_named_by_number_and_left_out(line: str, says: str) -> None:
    good = to_ndjson([SQUARE], NOON)
    drawings, problems = read_ndjson([good, "", line, good])
    assert drawings == [SQUARE, SQUARE]
    assert len(problems) == 1
    assert problems[0].startswith("Line 3 is left out: ")
    assert says in problems[0]


def test_the_raw_form_is_read_without_its_times() -> None:
    line = '{"word": "dot", "drawing": [[[1.4, 2.6], [3.0, 4.0], [0, 16]]]}'
    assert read_ndjson([line]) == ([Drawing("dot", (([1, 3], [3, 4]),))], [])


@given(strokes)
def test_simplified_strokes_lie_in_the_box_from_its_corner(drawn) -> None:  # type: ignore[no-untyped-def]
    simple = simplify(drawn)
    xs = np.concatenate([x for x, _ in simple])
    ys = np.concatenate([y for _, y in simple])
    assert len(simple) == len(drawn)
    assert min(xs.min(), ys.min()) >= 0
    assert max(xs.max(), ys.max()) <= BOX
    assert all(1 <= len(a) <= len(b) for (a, _), (b, _) in zip(simple, drawn, strict=True))


def test_thinning_keeps_corners_and_drops_what_lies_on_the_line() -> None:
    xs = [*range(256), *[255] * 255]
    ys = [*[0] * 256, *range(1, 256)]
    assert simplify(((xs, ys),)) == (([0, 255, 255], [0, 0, 255]),)


@settings(deadline=None)
@given(strokes, st.integers(40, 120), st.integers(1, 8))
def test_any_strokes_become_ink_in_the_middle_of_the_paper(  # type: ignore[no-untyped-def]
    drawn, side: int, width: int
) -> None:
    paper = render(drawn, side, width)
    assert paper.shape == (side, side)
    assert paper.dtype == np.uint8
    for axis in (0, 1):
        inked = np.flatnonzero((paper < 128).any(axis=axis))
        assert inked.size
        assert abs(inked[0] - (side - 1 - inked[-1])) <= 2


def test_the_pen_is_as_wide_as_asked() -> None:
    paper = render((([0, 100], [0, 0]),), 280, 10)
    assert (paper[:, 140] < 128).sum() == pytest.approx(10, abs=1)
    assert (paper < 128).any(axis=0).sum() == pytest.approx(270, abs=2)


@given(strokes)
def test_simplifying_again_changes_nothing(drawn) -> None:  # type: ignore[no-untyped-def]
    assert simplify(simplify(drawn)) == simplify(drawn)


@given(strokes, st.integers(0, 5))
def test_strokes_without_a_point_are_left_out(drawn, place: int) -> None:  # type: ignore[no-untyped-def]
    with_empty = (*drawn[:place], ([], []), *drawn[place:])
    assert simplify(with_empty) == simplify(drawn)
    assert (render(with_empty, 40, 2) == render(drawn, 40, 2)).all()


def test_no_strokes_stay_no_strokes() -> None:
    assert simplify(()) == simplify((([], []),)) == ()


def test_a_line_that_would_be_split_a_thousand_times_keeps_its_points() -> None:
    """A saw that gets smaller splits off one tooth at a time: its cost is bounded."""
    xs = np.linspace(0, 255, MAX_POINTS).astype(int).tolist()
    ys = [(i % 2) * (255 - i * 255 // MAX_POINTS) for i in range(MAX_POINTS)]
    ((kept, _),) = simplify(((xs, ys),))
    assert len(kept) == MAX_POINTS
