from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from playground.config import Scaling
from playground.dataset import load_data
from playground.lesson.scaling import after, rescale, statistics, value_counts


def _pixels() -> list[NDArray[np.uint8]]:
    images = load_data().x_train[:999]
    return [images[:, 14, 14], images[:, 0, 0], images[:7]]


@pytest.mark.parametrize("place", range(3))
def test_counts_and_statistics_are_numpys(place: int) -> None:
    pixels = _pixels()[place]
    counts = value_counts(pixels)
    assert (counts == np.bincount(pixels.ravel(), minlength=256)).all()
    found = statistics(counts)
    assert (found.low, found.high) == (pixels.min(), pixels.max())
    assert found.mean == pytest.approx(pixels.mean())
    assert found.std == pytest.approx(pixels.std())


def test_an_odd_number_of_pixels_is_counted_to_the_last() -> None:
    assert value_counts(np.array([3, 3, 9], np.uint8))[[3, 9]].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("min_max", MinMaxScaler()), ("standard", StandardScaler())]
)
@pytest.mark.parametrize("place", range(3))
def test_as_scikit_learns_scalers(scaling: Scaling, oracle: object, place: int) -> None:
    pixels = _pixels()[place].ravel()
    before = statistics(value_counts(pixels))
    expected = oracle.fit_transform(pixels[:, None].astype(float))  # type: ignore[attr-defined]
    z = rescale(pixels, before, scaling)
    np.testing.assert_allclose(z, expected[:, 0], atol=1e-9)
    made = after(before, scaling)
    np.testing.assert_allclose(
        [made.low, made.high, made.mean, made.std], [z.min(), z.max(), z.mean(), z.std()], atol=1e-9
    )


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("min_max", MinMaxScaler()), ("standard", StandardScaler())]
)
def test_a_constant_pixel_is_only_shifted(scaling: Scaling, oracle: object) -> None:
    pixels = np.full(5, 7, np.uint8)
    expected = oracle.fit_transform(pixels[:, None].astype(float))  # type: ignore[attr-defined]
    z = rescale(pixels, statistics(value_counts(pixels)), scaling)
    np.testing.assert_allclose(z, expected[:, 0])
