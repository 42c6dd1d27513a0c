"""The curve of a sweep of one setting."""

from __future__ import annotations

import pytest

from playground.figures.sweep import sweep_curve


def test_numbers_are_placed_by_their_size_with_every_run_and_the_mean() -> None:
    figure = sweep_curve(
        "Rate", [0.1, 0.001, 0.01], ["0.1", "0.001", "0.01"], [[0.5], [], [0.7, 0.9]]
    )
    runs, means = figure.data
    assert list(runs.x) == [0.01, 0.01, 0.1]
    assert list(runs.y) == [0.7, 0.9, 0.5]
    assert list(means.x) == [0.001, 0.01, 0.1]
    assert means.y[0] is None
    assert means.y[1:] == pytest.approx((0.8, 0.5))
    assert figure.layout.xaxis.type == "log"
    assert list(figure.layout.xaxis.tickvals) == [0.1, 0.001, 0.01]


def test_what_is_no_number_stands_side_by_side_without_a_line() -> None:
    figure = sweep_curve("Layers", [(8,), (), (8, 8)], ["8", "none", "8-8"], [[0.5], [0.4], []])
    assert list(figure.data[1].x) == [0, 1, 2]
    assert figure.data[1].mode == "markers"
    assert list(figure.layout.xaxis.ticktext) == ["8", "none", "8-8"]
    mixed = sweep_curve("Batch size", [32, "full"], ["32", "full batch"], [[], []])
    assert list(mixed.layout.xaxis.tickvals) == [0, 1]
