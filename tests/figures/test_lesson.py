"""Figures of Learn: their traces hold the numbers they were given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from playground.dataset import load_data
from playground.events import HookCall
from playground.figures.lesson.data import (
    NUMBERS_WIDTH,
    counts_figure,
    flatten_figure,
    neuron_figure,
    numbers_figure,
    scaling_figure,
    sum_figure,
)
from playground.figures.lesson.network import activation_figure, gradient_figure, terms_figure
from playground.figures.lesson.training import (
    hooks_figure,
    path_figure,
    race_figure,
    sets_figure,
)
from playground.figures.style import END_ROOM_MOST
from playground.lesson.losses import loss_terms
from playground.lesson.neuron import neuron
from playground.lesson.scaling import after, statistics, value_counts
from playground.network.gradients import initial_network

IMAGE = load_data().x_test[0]


def test_numbers_and_counts_are_those_given() -> None:
    assert (numbers_figure(IMAGE).data[0].z == IMAGE).all()
    train, test = np.arange(10), np.arange(10, 20)
    figure = counts_figure(train, test)
    assert (figure.data[0].x == train).all()
    assert (figure.data[1].x == test).all()


@pytest.mark.parametrize("scaling", ["none", "min_max", "standard"])
def test_both_histograms_hold_every_pixel_around_their_mean(scaling: str) -> None:
    counts = value_counts(load_data().x_train[:50])
    before = statistics(counts)
    x, z = scaling_figure(counts, before, scaling).data  # type: ignore[arg-type]
    means = (before.mean, after(before, scaling).mean)  # type: ignore[arg-type]
    for bars, mean in zip((x, z), means, strict=True):
        assert bars.y.sum() == counts.sum()
        assert np.average(bars.x, weights=bars.y) == pytest.approx(mean, abs=4 * bars.width)


@pytest.mark.parametrize("rows", [0, 9, 28])
def test_the_vector_is_the_first_rows_of_the_image(rows: int) -> None:
    vector = flatten_figure(IMAGE, rows).data[1]
    assert (vector.y == IMAGE[:rows].ravel()).all()


def test_the_sum_of_a_neuron_ends_at_z() -> None:
    seen = neuron(initial_network((4,), "relu", 1), IMAGE, 2)
    steps = sum_figure(seen, 6).data[0]
    assert sum(steps.y[:-1]) == pytest.approx(seen.z, abs=1e-5)
    images = neuron_figure(seen).data
    np.testing.assert_allclose(images[2].z, images[0].z * images[1].z)


def test_the_tangent_touches_the_curve_and_has_its_slope() -> None:
    figure = activation_figure("tanh", 0.5)
    (x0, x1), (y0, y1) = figure.data[2].x, figure.data[2].y
    assert (y0 + y1) / 2 == pytest.approx(np.tanh(0.5), abs=1e-6)
    assert (y1 - y0) / (x1 - x0) == pytest.approx(1 - np.tanh(0.5) ** 2, abs=1e-6)


def test_gradients_and_terms_have_a_line_or_bars_for_each_name() -> None:
    figure = gradient_figure({"sigmoid": [1e-5, 1e-3, 0.1], "relu": [0.0, 0.1, 0.2]})
    assert [trace.name for trace in figure.data] == ["sigmoid", "relu"]
    assert list(figure.data[0].x) == ["Dense 1", "Dense 2", "output"]
    assert figure.data[1].y[0] is None  # no logarithm of 0
    terms = loss_terms(3, np.full(10, 0.1, np.float32))
    assert [trace.name for trace in terms_figure(terms).data] == list(terms)


def test_every_line_has_colour_and_dash_of_its_own() -> None:
    figure = race_figure({name: ([1], [0.001]) for name in "abcdef"}, "x", "y", floor=0.05)
    assert len({(t.line.color, t.line.dash) for t in figure.data}) == 6
    assert all(trace.y == (0.05,) for trace in figure.data)


def test_a_race_names_its_lines_where_they_end_also_those_that_are_to_come() -> None:
    figure = race_figure({"a": ([], []), "full batch": ([1], [0.5])}, "x", "y")
    assert figure.data[0].x == (None,)
    assert [trace.meta for trace in figure.data] == [{"end": True}] * 2
    assert figure.layout.showlegend is False
    # Letters as wide as high take more room, and none takes the chart's.
    rooms = [race_figure({name: ([1], [1])}, "x", "y").layout.margin.r for name in ("ab", "가나")]
    assert rooms[0] < rooms[1]
    assert race_figure({"n" * 99: ([1], [1])}, "x", "y").layout.margin.r == END_ROOM_MOST


def test_after_training_test_and_training_images_have_a_mark_each() -> None:
    history = pd.DataFrame({"epoch": [1, 2], "accuracy": [0.5, 0.6], "val_accuracy": [0.4, 0.5]})
    trained, star = sets_figure(history, 0.45, 0.65).data[2:]
    assert (trained.x, trained.y, star.x, star.y) == ((2,), (0.65,), (2,), (0.45,))
    assert trained.marker.symbol != star.marker.symbol
    assert [trace.y for trace in sets_figure(history, 0.45).data[2:]] == [(0.45,)]
    assert len(sets_figure(history, None).data) == 2


def test_every_call_of_a_hook_is_on_its_row() -> None:
    calls = [
        HookCall("on_train_begin", None, 0.0, 0.0, 1),
        HookCall("on_epoch_begin", 1, 0.1, 0.1, 1),
        HookCall("on_batch_begin", 1, 0.2, 0.9, 10),
        HookCall("on_test_begin", 1, 1.0, 1.0, 1),
        HookCall("on_predict_end", None, 2.0, 2.0, 1),
    ]
    figure = hooks_figure(calls)
    drawn = [
        (x, hook) for t in figure.data for x, hook in zip(t.x, t.y, strict=True) if hook is not None
    ]
    assert drawn == [(time, call.hook) for call in calls for time in (call.first, call.last)]
    assert list(figure.layout.yaxis.categoryarray) == [call.hook for call in calls]


def test_a_path_lies_on_the_map_of_the_loss() -> None:
    grid = np.linspace(0, 1, 3, dtype=np.float32)
    points = np.array([[0, 0], [1, 1]], np.float32)
    losses = np.array([2.5, 0.5], np.float32)
    figure = path_figure(grid, grid, np.ones((3, 3), np.float32), {"batch 1": (points, losses)})
    assert (figure.data[1].x == points[:, 0]).all()
    assert (figure.data[1].customdata == losses).all()
    assert figure.data[1].marker.size == (0, 12)


def test_the_numbers_of_pixels_can_be_read() -> None:
    figure = numbers_figure(np.full((28, 28), 255, np.uint8))
    assert figure.data[0].textfont.size >= 14
    # Three digits, each about half as wide as the text is high, with a little space.
    assert figure.layout.height / 28 >= 1.6 * figure.data[0].textfont.size
    assert figure.layout.height == NUMBERS_WIDTH
