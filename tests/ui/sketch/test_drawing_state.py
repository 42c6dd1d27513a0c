from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.drawing.quickdraw import MAX_POINTS
from playground.ui.sketch.drawing_state import MAX_PICTURE, checked

numbers = st.floats(-10_000, 10_000) | st.integers(-10_000, 10_000)
lines = st.builds(
    lambda tool, points: {"tool": tool, "points": [n for point in points for n in point]},
    st.sampled_from(["pen", "eraser"]),
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=20),
)
fills = st.builds(
    lambda x, y, grey: {"tool": "fill", "x": x, "y": y, "grey": grey},
    numbers,
    numbers,
    st.integers(0, 255),
)
drawings = st.fixed_dictionaries(
    {
        "version": st.integers(0, 2**53 - 1),
        "strokes": st.lists(lines | fills, max_size=20),
        "png": st.text(max_size=20),
    }
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["version", "strokes", "png", "tool", "points", "x", "y", "grey", "z"])
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(drawings)
def test_what_the_pad_sends_is_kept_as_it_is(drawing: dict[str, Any]) -> None:
    assert checked(drawing) == drawing
    assert checked({**drawing, "more": [0] * 9}) == drawing


@given(anything)
def test_anything_is_a_drawing_or_refused_in_words(sent: Any) -> None:
    with contextlib.suppress(ValueError):
        drawing = checked(sent)
        assert checked(json.loads(json.dumps(drawing))) == drawing


@given(drawings, anything)
def test_one_broken_stroke_is_enough(drawing: dict[str, Any], broken: Any) -> None:
    drawing = {**drawing, "strokes": [*drawing["strokes"], broken]}
    with pytest.raises(ValueError, match="could not be read"):
        checked(drawing)


def sent(**parts: Any) -> dict[str, Any]:
    return {"version": 1, "strokes": [], "png": "", **parts}


@pytest.mark.parametrize(
    "stroke",
    [
        {"tool": "pen"},
        {"tool": "pen", "points": []},
        {"tool": "pen", "points": [1, 2]},
        {"tool": "pen", "points": ["1", 1, 2]},
        {"tool": "pen", "points": [True, 1, 2]},
        {"tool": "pen", "points": [math.nan, 1, 2]},
        {"tool": "pen", "points": [10**400, 1, 2]},
        {"tool": "clear"},
        {"tool": "fill", "x": 1, "y": 2, "grey": 256},
    ],
)
def test_strokes_that_are_none_are_refused(stroke: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="could not be read"):
        checked(sent(strokes=[stroke]))


def line(points: int) -> dict[str, Any]:
    return {"tool": "pen", "points": [1, 2, 3] * points}


@pytest.mark.parametrize(
    "parts",
    [
        {"strokes": [line(MAX_POINTS + 1)]},
        {"strokes": [line(1)] * (MAX_POINTS + 1)},
        {"strokes": [line(MAX_POINTS - 1), *[{"tool": "fill", "x": 1, "y": 2, "grey": 3}] * 2]},
        {"strokes": [[]] * 2_000_000},
        {"strokes": [{"points": ["x"] * 5_000_000}]},
        {"png": "x" * (MAX_PICTURE + 1)},
    ],
)
def test_what_is_too_large_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at most 2,000 points and 2 MB"):
        checked(sent(**parts))


def test_the_largest_drawing_is_kept_and_has_at_most_2_mb() -> None:
    points = [-9999.9, 9999.9, 9999.9] * MAX_POINTS
    largest = sent(strokes=[{"tool": "eraser", "points": points}], png="x" * MAX_PICTURE)
    assert checked(largest) == largest
    assert len(json.dumps(largest)) < 2_000_000
