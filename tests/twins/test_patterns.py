from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from playground.twins.patterns import Bag, Dress, Handle, Layers, Legs, Shoe, Sleeves, Soles
from playground.twins.warps import Dice

N, SIDE = 200, 120
ALONG = np.linspace(-3, 3, SIDE, dtype=np.float32)
X, Y = (np.broadcast_to(grid, (N, SIDE, SIDE)) for grid in np.meshgrid(ALONG, ALONG))


def _dice() -> Dice:
    return Dice(np.random.default_rng(5), N)


def _draw(part: Legs | Dress | Shoe | Bag | Soles | Sleeves | Handle, shape: float = 0.0) -> Layers:
    layers = Layers(*(np.full((N, SIDE, SIDE), value, np.float32) for value in (shape, 0, 0, 0)))
    part.draw(X, Y, layers)
    for layer in (layers.shape, layers.handle, layers.strokes):
        assert layer.shape == (N, SIDE, SIDE)
        assert np.isfinite(layer).all()
    return layers


def _regions(inside: NDArray[np.bool_]) -> list[int]:
    return [ndimage.label(picture)[1] for picture in inside]


def _extent(inside: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    """How long each thing is, along the rows (1) or the columns (2)."""
    return np.array([np.ptp(np.nonzero(thing)[axis - 1]) + 1 for thing in inside]) * 6 / SIDE


def test_trousers_are_one_at_the_waist_and_have_two_legs_below() -> None:
    inside = _draw(Legs(_dice())).shape > 0.5
    for row, parts in ((np.abs(ALONG + 0.8).argmin(), 1), (np.abs(ALONG - 0.5).argmin(), 2)):
        runs = (np.diff(inside[:, row].astype(int), axis=1) == 1).sum(axis=1)
        assert (runs == parts).mean() > 0.7
        assert runs.max() <= 2


def test_dresses_are_narrow_above_and_wide_below() -> None:
    inside = _draw(Dress(_dice())).shape > 0.5
    assert set(_regions(inside)) == {1}
    wide = inside.sum(axis=2)[:, [np.abs(ALONG - y).argmin() for y in (-0.2, 0.8)]]
    assert (wide[:, 0] <= wide[:, 1]).all()


def test_soles_are_one_or_a_pair_with_a_thong_upon_them() -> None:
    layers = _draw(Soles(_dice()))
    regions = _regions(layers.shape > 0.5)
    assert set(regions) == {1, 2}
    assert 0.25 < np.mean(np.array(regions) == 2) < 0.6
    assert (layers.strokes.max(axis=(1, 2)) > 0).all()


def test_there_is_no_sole_beyond_where_its_sides_meet() -> None:
    far = np.linspace(-4, 4, SIDE, dtype=np.float32)
    x, y = (np.broadcast_to(grid, (N, SIDE, SIDE)) for grid in np.meshgrid(far, far))
    layers = Layers(*(np.zeros((N, SIDE, SIDE), np.float32) for _ in range(4)))
    with np.errstate(invalid="raise", divide="raise"):
        Soles(_dice()).draw(x, y, layers)
    assert np.isfinite(layers.shape).all()
    assert (layers.shape[:, np.abs(far) > 2] < 0.5).all()


@pytest.mark.parametrize("high", [0.0, 1.0])
def test_boots_are_higher_than_shoes_and_all_stand_on_the_ground(high: float) -> None:
    inside = _draw(Shoe(_dice(), np.full(N, high))).shape > 0.5
    assert set(_regions(inside)) == {1}
    tall, long = _extent(inside, 1), _extent(inside, 2)
    assert np.abs(long - 2).max() < 0.2
    assert (tall > 1.5).mean() > 0.9 if high else (tall < 1.5).mean() > 0.8
    ground = SIDE - 1 - np.asarray(inside.any(axis=2))[:, ::-1].argmax(axis=1)
    assert np.ptp(ground) == 0
    assert (inside.sum(axis=2)[:, ground[0]] * 6 / SIDE > 1.7).all()


def test_a_bag_is_as_large_as_it_says_and_its_handle_is_on_top() -> None:
    bag = Bag(_dice())
    inside = _draw(bag).shape > 0.5
    assert np.abs(_extent(inside, 1) - 2 * bag.tall).max() < 0.15
    handle = Handle(_dice(), bag.wide, -bag.tall, bag.tall)
    arch = _draw(handle).handle > 0.5
    assert set(_regions(arch)) <= {0, 1}
    both = _extent(inside | arch, 1)
    assert (both > 2 * bag.tall + 0.2).mean() > 0.9
    assert (_extent(inside | arch, 2) <= _extent(inside, 2) + 0.5).mean() > 0.9


def test_sleeves_take_the_place_of_the_photos() -> None:
    trunk, top = np.full(N, 0.4), np.full(N, -1.0)
    short = _draw(Sleeves(_dice(), trunk, top, np.full(N, 0.4), np.full(N, 0.5)), shape=1.0)
    long = _draw(Sleeves(_dice(), trunk, top, np.full(N, 1.4), np.full(N, 1.5)), shape=1.0)
    assert (short.shape[:, :, SIDE // 2] > 0.5).all()  # the trunk stays
    assert (short.shape[:, -1, 0] < 0.5).all()  # what was beside it goes
    assert ((long.shape > 0.5).sum((1, 2)) > (short.shape > 0.5).sum((1, 2))).all()
