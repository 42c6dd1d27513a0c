from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from playground.dataset import load_data
from playground.drawing.preprocessing import (
    CLOTH,
    EmptyDrawing,
    _nearest_pairs,
    _within,
    fill_holes,
    fill_outline,
    ink,
    steps,
    to_item,
)

sides = st.integers(1, 90)
canvases = st.one_of(
    st.tuples(sides, sides).flatmap(lambda s: arrays(np.uint8, s)),
    st.tuples(sides, sides, st.sampled_from([3, 4])).flatmap(lambda s: arrays(np.uint8, s)),
)


def edges(item: NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width of the item's bounding box."""
    lengths = []
    for axis in (1, 0):
        inked = np.flatnonzero(item.any(axis=axis))
        lengths.append(int(inked[-1] - inked[0]) + 1)
    return lengths[0], lengths[1]


def outline(gap: int = 0, side: int = 280) -> NDArray[np.uint8]:
    """A grey canvas with a square drawn in a thin line, open for `gap` pixels at the bottom."""
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle([40, 40, 240, 240], outline=0, width=8)
    if gap:
        pen.rectangle([140 - gap // 2, 230, 140 - gap // 2 + gap - 1, 242], fill=255)
    return np.asarray(picture)


@settings(deadline=None)
@given(canvas=canvases, fill=st.booleans())
def test_any_drawing_becomes_an_item_with_the_longest_edge_28(
    canvas: NDArray[np.uint8], fill: bool
) -> None:
    if not ink(canvas).any():
        with pytest.raises(EmptyDrawing):
            to_item(canvas, fill=fill)
        return
    item = to_item(canvas, fill=fill)
    assert item.shape == (28, 28)
    assert item.dtype == np.uint8
    assert max(edges(item)) == 28


@settings(deadline=None)
@given(index=st.integers(0, 9999), size=st.integers(1, 12), margin=st.integers(0, 40))
def test_an_item_of_the_data_set_comes_back_from_the_canvas(
    index: int, size: int, margin: int
) -> None:
    original = load_data().x_test[index]
    height, width = edges(original)
    assume(max(height, width) == 28)  # true of 98 % of the test set
    large = np.kron(original, np.ones((size, size), np.uint8))
    item = to_item(255 - np.pad(large, margin), fill=False)
    assert edges(item) == (height, width)
    assert (item[item > 0] == original[original > 0]).all()


def test_the_whole_comes_back_where_the_data_set_has_it() -> None:
    originals = load_data().x_test[:1000]
    items = np.stack(
        [to_item(255 - np.kron(x, np.ones((10, 10), np.uint8)), fill=False) for x in originals]
    )
    assert np.mean([(a == b).all() for a, b in zip(items, originals, strict=True)]) > 0.9


@pytest.mark.parametrize("shape", [(280, 280), (280, 280, 3), (5, 7, 4), (0, 0)])
def test_white_or_transparent_paper_is_an_empty_drawing(shape: tuple[int, ...]) -> None:
    canvas = np.full(shape, 255, np.uint8)
    if len(shape) == 3 and shape[2] == 4:
        canvas[..., :3] = 0
        canvas[..., 3] = 0
    with pytest.raises(EmptyDrawing):
        to_item(canvas)


def test_ink_is_darkness_seen_through_opacity() -> None:
    black, half, grey, paper = [0, 0, 0, 255], [0, 0, 0, 128], [109, 109, 109, 255], [0, 0, 0, 0]
    canvas = np.array([[black, half, grey, paper]], np.uint8)
    assert ink(canvas).tolist() == [[255, 128, 146, 0]]
    assert ink(canvas[..., :3]).tolist() == [[255, 255, 146, 255]]


@pytest.mark.parametrize("gap", [0, 6])
def test_an_outline_with_a_small_gap_is_filled_with_the_grey_of_cloth(gap: int) -> None:
    item = to_item(outline(gap))
    assert (item[4:24, 4:24] == CLOTH).all()
    assert edges(item) == (28, 28)
    assert to_item(outline(gap), fill=False)[4:24, 4:24].max() == 0


def test_a_wide_open_outline_is_filled_as_if_its_loose_ends_were_joined() -> None:
    item = to_item(outline(gap=120))
    assert (item[4:24, 4:24] == CLOTH).all()
    closed = outline().copy()
    closed[230:242, 80:200] = 255  # without the bottom, from corner to corner
    assert (to_item(closed)[4:24, 4:24] == CLOTH).all()


@pytest.mark.parametrize("end", [(240, 40), (240, 240), (40, 240)])
def test_a_line_encloses_nothing(end: tuple[int, int]) -> None:
    picture = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(picture).line([(40, 40), end], fill=0, width=8)
    canvas = np.asarray(picture)
    assert (to_item(canvas) == to_item(canvas, fill=False)).all()


def test_only_lines_that_meet_their_own_ends_are_filled() -> None:
    """Two legs without a waist: what lies between them stays open."""
    picture = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(picture)
    for left in (40, 180):
        pen.rectangle([left, 40, left + 60, 240], outline=0, width=8)
    item = to_item(np.asarray(picture))
    assert (item[4:24, 12:16] == 0).all()
    assert (item[4:24, 3:5] == CLOTH).all()


@settings(deadline=None)
@given(arrays(np.uint8, st.tuples(sides, sides)))
def test_filling_never_darkens_and_adds_only_grey(item: NDArray[np.uint8]) -> None:
    filled = fill_outline(item)
    assert (filled >= item).all()
    assert set(np.unique(filled[filled != item])) <= {CLOTH}


def test_a_narrow_item_stands_in_the_middle() -> None:
    canvas = np.full((300, 200), 255, np.uint8)
    canvas[10:290, 3:43] = 0
    item = to_item(canvas)
    assert (item[:, 12:16] == 255).all()
    assert item.sum() == 255 * 4 * 28


def test_every_step_can_be_seen() -> None:
    canvas = outline(gap=6)
    names, pictures = zip(*steps(canvas), strict=True)
    assert names == (
        "Ink",
        "Cropped to the ink",
        "Outline closed and filled",
        "Longest edge 28, centred",
    )
    assert (pictures[0] == 255 - canvas).all()
    assert pictures[1].shape == (201, 201)
    assert (pictures[2] == fill_outline(pictures[1])).all()
    assert (pictures[3] == to_item(canvas)).all()
    assert [step.name for step in steps(canvas, fill=False)] == [names[0], names[1], names[3]]


@given(arrays(bool, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_holes_are_filled_as_scipy_fills_them(mask: NDArray[np.bool_]) -> None:
    assert (fill_holes(mask) == ndimage.binary_fill_holes(mask)).all()


@given(st.lists(st.tuples(st.integers(0, 97), st.integers(0, 97)), max_size=40, unique=True))
def test_few_of_all_pairs_are_joined_the_nearest_first(places: list[tuple[int, int]]) -> None:
    points = np.array(places, np.intp).reshape(-1, 2)
    lengths = [math.dist(*pair) for pair in _nearest_pairs(points)]
    every = sorted(math.dist(*pair) for pair in combinations(places, 2))
    assert lengths == every[: len(lengths)]
    assert len(lengths) == min(len(every), 30)


@given(
    arrays(bool, st.tuples(st.integers(1, 20), st.integers(1, 20))),
    st.floats(0, 12) | st.integers(0, 12).map(float),
)
def test_what_is_within_reach_is_as_scipys_distances_say(
    mask: NDArray[np.bool_], reach: float
) -> None:
    assume(mask.any())
    assert (_within(mask, reach) == (ndimage.distance_transform_edt(~mask) <= reach)).all()


def test_nothing_is_within_reach_of_nothing() -> None:
    assert not _within(np.zeros((5, 9), bool), 7.5).any()
