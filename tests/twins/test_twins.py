from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from playground.dataset import load_data
from playground.drawing.preprocessing import to_item
from playground.twins.silhouettes import silhouettes
from playground.twins.twins import make_copies, make_twins
from playground.twins.warps import STACK

N = 2 * STACK + 40


@pytest.fixture(scope="module")
def photos() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    data = load_data()
    return data.x_train[:N], data.y_train[:N]


@pytest.fixture(scope="module")
def twins(photos: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return make_twins(*photos, seed=3)


def _edges(images: NDArray[np.uint8]) -> NDArray[np.intp]:
    """The longest edge of what is to be seen in each."""
    lengths = []
    for axis in (1, 2):
        inked = np.asarray(images.any(axis=axis))
        lengths.append(28 - inked.argmax(axis=1) - inked[:, ::-1].argmax(axis=1))
    result: NDArray[np.intp] = np.maximum(*lengths)
    return result


def test_a_twin_for_each_photo_that_is_not_the_photo(
    photos: tuple[NDArray[np.uint8], NDArray[np.uint8]], twins: NDArray[np.uint8]
) -> None:
    assert twins.shape == (N, 28, 28)
    assert twins.dtype == np.uint8
    differ = np.abs(twins.astype(int) - photos[0]).mean(axis=(1, 2))
    assert (differ > 5).all()


def test_a_twin_fills_the_box_as_an_item_does(twins: NDArray[np.uint8]) -> None:
    edges = _edges(twins)
    assert (edges >= 24).mean() > 0.99
    assert np.median(edges) >= 27


def test_most_twins_are_outlines_filled_with_grey(twins: NDArray[np.uint8]) -> None:
    outlined = twins.max(axis=(1, 2)) == 255
    grey = ((twins > 100) & (twins < 200)).mean(axis=(1, 2)) > 0.1
    assert (outlined & grey).mean() > 0.7


def test_the_seed_fixes_every_twin(
    photos: tuple[NDArray[np.uint8], NDArray[np.uint8]], twins: NDArray[np.uint8]
) -> None:
    assert (make_twins(*photos, seed=3) == twins).all()
    other = make_twins(*photos, seed=4)
    assert not (other == twins).all(axis=(1, 2)).any()


def test_few_photos_are_enough(photos: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    for n in (0, 1, 17):
        assert make_twins(photos[0][:n], photos[1][:n], seed=1).shape == (n, 28, 28)


def test_what_tick_raises_ends_the_work(
    photos: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_twins(*photos, seed=1, tick=stop)


def test_silhouettes_are_whole() -> None:
    images = load_data().x_test[:200]
    ours = silhouettes(images)
    for image, silhouette in zip(images, ours, strict=True):
        oracle = ndimage.binary_fill_holes(np.pad(image >= 24, 1))[1:-1, 1:-1]
        assert (silhouette == oracle).all()


def test_shoes_look_to_both_sides(
    photos: tuple[NDArray[np.uint8], NDArray[np.uint8]], twins: NDArray[np.uint8]
) -> None:
    """The data set's shoes are higher on the right; as many twins are on the left."""
    shoes = twins[photos[1] == 7].astype(float)
    higher = shoes[:, :, 14:].sum(axis=(1, 2)) > shoes[:, :, :14].sum(axis=(1, 2))
    assert 0.2 < higher.mean() < 0.8


def test_copies_of_a_drawing_are_like_it_and_unlike_each_other() -> None:
    canvas = np.full((280, 280), 255, np.uint8)
    canvas[40:240, 40:240] = 109
    canvas[40:240, 40:48] = 0
    item = to_item(canvas)
    copies = make_copies(np.stack([item] * 300), seed=1)
    assert copies.shape == (300, 28, 28)
    assert len(np.unique(copies, axis=0)) == 300
    assert (copies.max(axis=(1, 2)) == item.max()).all()
    assert (_edges(copies) >= 25).all()
    inner = copies[:, 10:18, 10:18].mean(axis=(1, 2))
    assert (np.abs(inner - item[10:18, 10:18].mean()) < 60).mean() > 0.95


def test_copies_of_a_drawing_differ_in_proportions_and_in_the_pen() -> None:
    canvas = np.full((280, 280), 255, np.uint8)
    canvas[20:260, 100:180] = 109
    canvas[20:100, 20:260] = 109
    for edge in (slice(20, 28), slice(92, 100)):
        canvas[edge, 20:260] = 0
    copies = make_copies(np.stack([to_item(canvas)] * 300), seed=2)
    wide = copies.any(axis=1).sum(axis=1) / copies.any(axis=2).sum(axis=1)
    assert np.quantile(wide, 0.9) / np.quantile(wide, 0.1) > 1.5
    ink = (copies > 200).sum(axis=(1, 2))
    assert np.quantile(ink, 0.9) / np.quantile(ink, 0.1) > 1.5


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**31 - 1), st.integers(0, 9999), st.integers(0, 9))
def test_any_photo_under_any_label_has_a_twin(seed: int, index: int, label: int) -> None:
    image = load_data().x_test[index : index + 1]
    twin = make_twins(image, np.array([label], np.uint8), seed)
    assert twin.max() > 50


def test_a_black_picture_does_no_harm() -> None:
    twins = make_twins(np.zeros((3, 28, 28), np.uint8), np.array([0, 7, 8], np.uint8), 1)
    assert twins.shape == (3, 28, 28)
