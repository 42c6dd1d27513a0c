"""Figures that compare runs."""

from __future__ import annotations

import numpy as np
import pytest

from playground.dataset import class_names
from playground.figures.compare import (
    MOST_RUNS,
    Axis,
    class_gains_figure,
    confusion_difference_figure,
    curves_figure,
    parallel_figure,
    run_style,
)


def test_no_two_runs_look_the_same_even_without_colours() -> None:
    styles = [run_style(index) for index in range(MOST_RUNS)]
    assert len({style["dash"] for style in styles}) == MOST_RUNS
    assert len({style["symbol"] for style in styles}) == MOST_RUNS


def test_each_run_has_a_thick_and_a_thin_curve_in_its_style() -> None:
    figure = curves_figure("Loss", "Epochs", ["a", "b"])
    assert [trace.name for trace in figure.data] == ["a", "a", "b", "b"]
    assert [trace.line.width for trace in figure.data] == [2.5, 1, 2.5, 1]
    assert figure.data[2].line.dash == figure.data[3].line.dash == run_style(1)["dash"]
    assert figure.layout.xaxis.title.text == "Epochs"
    assert {trace.hovertemplate for trace in figure.data[:2]} == {"a: %{y:.4f}<extra></extra>"}


def test_accuracies_of_runs_are_percentages() -> None:
    figure = curves_figure("Accuracy", "Epochs", ["a 50 %"], accuracy=True)
    assert {trace.hovertemplate for trace in figure.data} == {"a 50 : %{y:.1%}<extra></extra>"}
    assert figure.layout.yaxis.tickformat == ".1~%"


def test_a_difference_has_its_signs_and_white_is_zero() -> None:
    difference = np.diag(np.arange(10)) - np.eye(10, k=1, dtype=int) * 20
    heat = confusion_difference_figure(difference, "t").data[0]
    assert (heat.zmin, heat.zmax) == (-20, 20)
    assert np.array_equal(heat.z, difference)
    assert heat.textfont.size >= 14


def test_gains_are_in_points_with_the_first_label_at_the_top() -> None:
    gains = np.linspace(-0.1, 0.08, 10)
    bars = class_gains_figure(gains, "t").data[0]
    assert tuple(bars.y)[::-1] == class_names()
    assert list(bars.x)[::-1] == pytest.approx(100 * gains)
    assert bars.text[-1] == "-10.0"


def test_parallel_coordinates_place_each_value_once() -> None:
    axes = [
        Axis("Optimizer", ["sgd", "adam", "sgd"], ["sgd", "adam", "sgd"]),
        Axis("Learning rate", [0.1, 0.001, 0.01], ["0.1", "0.001", "0.01"]),
        Axis("Seed", [1, 3, 2], ["1", "3", "2"]),
        Axis("Momentum", [0.9, None, 0.0], ["0.9", "–", "0"]),
        Axis("Layers", [(8,), (), (8,)], ["8", "none", "8"]),
    ]
    [lines] = parallel_figure(axes, [0.8, 0.9, 0.7]).data
    by_label = {one.label: one for one in lines.dimensions}
    assert list(by_label["Optimizer"].values) == [0, 1, 0]
    assert list(by_label["Optimizer"].ticktext) == ["sgd", "adam"]
    assert list(by_label["Learning rate"].values) == pytest.approx([-1, -3, -2])
    assert list(by_label["Seed"].values) == [1, 3, 2]
    assert list(by_label["Momentum"].ticktext) == ["0.9", "–", "0"]
    assert list(by_label["Layers"].values) == [0, 1, 0]
    assert list(by_label["Validation accuracy"].values) == [0.8, 0.9, 0.7]
    assert list(lines.line.color) == [0.8, 0.9, 0.7]


def test_axes_stay_as_they_are_while_runs_are_measured_one_after_another() -> None:
    axes = [Axis("Optimizer", ["sgd", "adam"], ["sgd", "adam"]), Axis("Seed", [1, 3], ["1", "3"])]
    [before], [after] = (parallel_figure(axes, [early, 0.9]).data for early in (None, 0.8))
    [others] = parallel_figure([axes[0]], [0.8, 0.9]).data
    assert [list(one.values) for one in before.dimensions] == [[1], [3], [0.9]]
    assert [list(one.values) for one in after.dimensions] == [[0, 1], [1, 3], [0.8, 0.9]]
    for name in ("ticktext", "tickvals", "range"):
        assert before.dimensions[0][name] == after.dimensions[0][name]
    assert before.uirevision == after.uirevision != others.uirevision
