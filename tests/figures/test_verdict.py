"""Pictures of settings repeated with other seeds."""

from __future__ import annotations

import pytest

from playground.figures.verdict import Interval, pairs_figure, repeats_figure

ONE, OTHER = {1: 0.8, 2: 0.81, 3: 0.79}, {1: 0.82, 2: 0.8, 9: 0.7}


def test_every_point_is_drawn_and_those_of_a_seed_are_joined() -> None:
    figure = repeats_figure(["a", "b", "c"], [ONE, OTHER, {}])
    lines, first, mean, second, *_ = figure.data
    assert list(lines.x) == [0, 1, None, 0, 1, None, 0, None, 1, None]
    assert list(lines.y) == [0.8, 0.82, None, 0.81, 0.8, None, 0.79, None, 0.7, None]
    assert list(first.y) == [0.8, 0.81, 0.79]
    assert list(first.customdata) == [1, 2, 3]
    assert list(second.customdata) == [1, 2, 9]
    assert mean.y[0] == pytest.approx(0.8)
    assert list(figure.layout.xaxis.ticktext) == ["a", "b", "c"]


def test_differences_are_those_of_pairs_in_points_with_their_interval() -> None:
    figure = pairs_figure(["a", "b"], [ONE, OTHER], Interval(0.01, -0.02, 0.05), 0.005)
    differences, interval = figure.data[-2:]
    assert list(differences.y) == pytest.approx([2, -1])
    assert list(differences.customdata) == [1, 2]
    assert list(interval.y) == pytest.approx([1])
    assert interval.error_y.array[0] == pytest.approx(4)
    assert interval.error_y.arrayminus[0] == pytest.approx(3)
    assert len(pairs_figure(["a", "b"], [ONE, OTHER], None, 0.005).data) == len(figure.data) - 1


def test_long_names_take_several_lines() -> None:
    figure = repeats_figure(["rate 0.01 · 512-256-128 · dropout 0.2"], [ONE])
    assert figure.layout.xaxis.ticktext[0] == "rate 0.01<br>512-256-128<br>dropout 0.2"
