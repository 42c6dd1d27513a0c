"""Curves of a class against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.figures.classroom.curves import (
    BANDS,
    COUNT,
    Curve,
    fog_figure,
    members_figure,
    quantile,
)

RNG = np.random.default_rng(5)


def test_one_curve_stands_out_and_lies_above_the_others() -> None:
    curves = [Curve(name, [1, 2], [0.1, 0.2]) for name in "abc"]
    figure = members_figure("Loss", "Loss", curves, own=0)
    assert [trace.name for trace in figure.data] == ["b", "c", "a"]
    widths = [trace.line.width for trace in figure.data]
    assert widths[2] > max(widths[:2])
    assert [bool(trace.meta) for trace in figure.data] == [False, False, True]


def test_without_an_own_curve_all_look_the_same() -> None:
    figure = members_figure("Loss", "Loss", [Curve("a", [1], [1]), Curve("b", [1], [2])])
    assert len({str(trace.line.to_plotly_json()) for trace in figure.data}) == 1
    assert len(members_figure("Loss", "Loss", []).data) == 0


def test_a_name_cannot_be_markup_or_a_format() -> None:
    (trace,) = members_figure("t", "q", [Curve("<a href='x'>%{y}</a>", [1], [1])]).data
    assert "<a" not in trace.hovertemplate
    assert trace.hovertemplate.count("%{y") == 1


def test_bands_are_numpys_quantiles() -> None:
    curves = RNG.random((30, COUNT))
    figure = fog_figure("t", "q", 5, curves.tolist())
    x = np.linspace(0, 5, 41)
    for trace, (low, high, _) in zip(figure.data, BANDS, strict=False):
        lower, upper = np.percentile(curves, [100 * low, 100 * high], axis=0)
        assert trace.fill == "toself"
        assert np.allclose(trace.x[:COUNT], x)
        assert np.allclose(trace.y[:COUNT], upper)
        assert np.allclose(trace.y[COUNT:], lower[::-1])
    assert np.allclose(figure.data[-1].y, np.median(curves, axis=0))


@given(arrays(float, (7, COUNT), elements=st.floats(0, 1)))
def test_a_quantile_has_its_share_of_the_curves_below_it(curves: np.ndarray) -> None:
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        below = (curves <= quantile(curves, share) + 1e-12).mean(axis=0)
        assert (below >= share - 1 / 7).all()


def test_the_fog_has_each_curve_the_own_and_the_real_one() -> None:
    curves = RNG.random((4, COUNT)).tolist()
    real = Curve("Real", [1, 2, 3], [0.5, 0.6, 0.7])
    figure = fog_figure("t", "q", 3, curves, own=curves[1], real=real)
    assert len(figure.data) == len(BANDS) + 1 + 3
    thin = figure.data[len(BANDS)]
    assert thin.y == tuple(value for curve in curves for value in (*curve, None))
    assert thin.x == (*np.linspace(0, 3, COUNT), None) * 4
    named = [trace.name for trace in figure.data if trace.meta]
    assert named == ["Median", "You", "Real"]
    assert list(figure.data[-1].y) == [0.5, 0.6, 0.7]
    assert tuple(figure.layout.xaxis.range) == (0, 3)


@pytest.mark.parametrize("curves", [[], [[0.5] * COUNT]])
def test_a_fog_of_none_or_one_can_be_shown(curves: list[list[float]]) -> None:
    figure = fog_figure("t", "q", 3, curves)
    assert len(figure.data) == (0 if not curves else len(BANDS) + 2)
