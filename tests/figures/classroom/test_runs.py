"""Runs of a class in one chart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import confusion_matrix

from playground.figures.classroom.runs import (
    Point,
    is_wide,
    mean_confusion,
    mean_confusion_figure,
    points_figure,
)


def points(*values: object) -> list[Point]:
    return [Point(f"m{i}", value, str(value), 0.8 + i / 100) for i, value in enumerate(values)]


def test_numbers_stand_where_their_size_says_on_a_log_axis_if_they_are_far_apart() -> None:
    far = points_figure("Learning rate", points(0.1, 0.001, 0.01))
    assert far.layout.xaxis.type == "log"
    assert list(far.data[0].x) == [0.1, 0.001, 0.01]
    assert far.layout.xaxis.title.text == "Learning rate (log scale)"
    near = points_figure("Epochs", points(2, 5, 10))
    assert near.layout.xaxis.type is None
    assert list(near.data[0].y) == pytest.approx([0.8, 0.81, 0.82])


@pytest.mark.parametrize(
    ("numbers", "wide"), [([0.001, 0.1], True), ([1, 20], False), ([0, 100], False), ([], False)]
)
def test_when_numbers_are_far_apart(numbers: list[float], wide: bool) -> None:
    assert is_wide(numbers) is wide


def test_categories_stand_side_by_side_and_their_points_near_them() -> None:
    figure = points_figure("Batch size", points("relu", "tanh", "relu", "relu"))
    assert list(figure.layout.xaxis.ticktext) == ["relu", "tanh"]
    assert np.round(figure.data[0].x).tolist() == [0, 1, 0, 0]
    assert len(set(figure.data[0].x)) == 4
    mixed = points_figure("Batch size", points(32, "full"))
    assert list(mixed.layout.xaxis.tickvals) == [0, 1]
    assert list(points_figure("Layers", points((8,), (8, 8))).data[0].x) == [0, 1]
    yes = points_figure("Early stop", points(True, False))
    assert list(yes.layout.xaxis.ticktext) == ["True", "False"]


def test_the_own_points_stand_out_by_their_shape_too() -> None:
    figure = points_figure("Epochs", points(2, 5, 10), own="m1")
    others, mine = figure.data
    assert others.marker.symbol != mine.marker.symbol
    assert list(mine.x) == [5]
    assert figure.layout.showlegend


def test_a_name_is_plain_text() -> None:
    figure = points_figure("Epochs", [Point("<a href='x'>", 1, "<i>", 0.5)])
    assert list(figure.data[0].customdata[0]) == ["&lt;a href='x'&gt;", "&lt;i&gt;"]
    assert len(points_figure("Epochs", []).data) == 0


def test_the_mean_confusion_is_scikit_learns_normalised_by_label() -> None:
    rng = np.random.default_rng(1)
    truth, predicted = rng.integers(0, 10, (2, 3, 500))
    counts = [confusion_matrix(t, p) for t, p in zip(truth, predicted, strict=True)]
    expected = np.mean(
        [confusion_matrix(t, p, normalize="true") for t, p in zip(truth, predicted, strict=True)],
        axis=0,
    )
    assert np.allclose(mean_confusion(counts), expected)


@given(arrays(int, (3, 10, 10), elements=st.integers(0, 40)))
def test_rows_of_the_mean_confusion_sum_to_1_or_are_unknown(counts: np.ndarray) -> None:
    mean = mean_confusion(list(counts))
    some = counts.sum(axis=(0, 2)) > 0
    assert np.allclose(mean.sum(axis=1)[some], 1)
    assert np.isnan(mean[~some]).all()


def test_its_figure_has_per_cents_and_says_of_how_many_runs() -> None:
    figure = mean_confusion_figure([np.eye(10) * 3, np.eye(10) * 5])
    assert np.array_equal(np.array(figure.data[0].z, dtype=float), 100 * np.eye(10))
    assert figure.layout.title.text == "Mean confusion matrix of 2 runs, in % of each true label"
    assert figure.data[0].zmax == 100
