"""Settings repeated with other seeds: every accuracy, seed by seed, and the difference of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from playground.figures.compare import run_style
from playground.figures.style import FAINT, GRAY, PERCENT_TICKS, lay_out, unnamed
from playground.locales import t

_HEIGHT = 400
# Two of three parts of the width are for the accuracies.
_WIDTHS = [0.67, 0.33]


class Interval(NamedTuple):
    """A mean difference of accuracies and its limits, -1 to 1."""

    mean: float
    low: float
    high: float


def repeats_figure(names: Sequence[str], accuracies: Sequence[Mapping[int, float]]) -> go.Figure:
    """Every validation accuracy of settings, those of one seed joined.

    Args:
        names: of the settings, one to eight.
        accuracies: of each, by seed.
    """
    figure = go.Figure(_accuracies(names, accuracies))
    _name_axes(figure, names, {})
    return lay_out(figure, _HEIGHT, showlegend=False)


def pairs_figure(
    names: Sequence[str],
    accuracies: Sequence[Mapping[int, float]],
    interval: Interval | None,
    margin: float,
) -> go.Figure:
    """As `repeats_figure`, of two settings, and beside it the difference of each pair.

    Args:
        names: of the two settings.
        accuracies: of each, by seed.
        interval: of the mean difference, second minus first; None before two pairs are there.
        margin: differences up to this do not matter; a band shows it, 0 to 1.
    """
    figure = make_subplots(1, 2, column_widths=_WIDTHS, horizontal_spacing=0.12)
    for trace in _accuracies(names, accuracies):
        figure.add_trace(trace, row=1, col=1)
    _name_axes(figure, names, {"row": 1, "col": 1})
    seeds = sorted(accuracies[0].keys() & accuracies[1].keys())
    points = [100 * (accuracies[1][seed] - accuracies[0][seed]) for seed in seeds]
    figure.add_scatter(
        x=[0] * len(points),
        y=points,
        customdata=seeds,
        mode="markers",
        marker={"symbol": "circle-open", "size": 9, "color": GRAY, "line": {"width": 2}},
        hovertemplate=unnamed(t("seed %{customdata}: %{y:+.2f} points")),
        row=1,
        col=2,
    )
    if interval is not None:
        figure.add_trace(_interval(interval), row=1, col=2)
    figure.add_hrect(
        -100 * margin, 100 * margin, fillcolor=GRAY, opacity=0.15, line_width=0, row=1, col=2
    )
    figure.add_hline(0, line={"color": GRAY, "dash": "dot"}, row=1, col=2)
    figure.update_xaxes(
        tickvals=[0, 1],
        ticktext=[t("each seed"), t("mean, 95 %")],
        range=[-0.5, 1.5],
        showgrid=False,
        row=1,
        col=2,
    )
    figure.update_yaxes(title_text=t("Difference in points"), zeroline=False, row=1, col=2)
    return lay_out(figure, _HEIGHT, showlegend=False)


def _accuracies(
    names: Sequence[str], accuracies: Sequence[Mapping[int, float]]
) -> list[go.Scatter]:
    """A thin line for each seed, then each setting's points and a bar at their mean."""
    x: list[int | None] = []
    y: list[float | None] = []
    for seed in sorted(set[int]().union(*accuracies)):
        for i, one in enumerate(accuracies):
            if seed in one:
                x.append(i)
                y.append(one[seed])
        x.append(None)
        y.append(None)
    line = {"color": GRAY, "width": 1}
    traces = [go.Scatter(x=x, y=y, mode="lines", line=line, opacity=FAINT, hoverinfo="skip")]
    for i, (name, one) in enumerate(zip(names, accuracies, strict=True)):
        style, seeds = run_style(i), sorted(one)
        hover = t("{name}, seed %{customdata}: %{y:.1%}", name=name.replace("%", ""))
        traces.append(
            go.Scatter(
                x=[i] * len(seeds),
                y=[one[seed] for seed in seeds],
                customdata=seeds,
                mode="markers",
                marker={"symbol": style["symbol"], "size": 9, "color": style["color"]},
                hovertemplate=unnamed(hover),
            )
        )
        if seeds:
            traces.append(_mean(i, sum(one.values()) / len(one), style["color"]))
    return traces


def _mean(position: int, mean: float, colour: str) -> go.Scatter:
    """A short bar."""
    return go.Scatter(
        x=[position - 0.16, position + 0.16],
        y=[mean, mean],
        mode="lines",
        line={"color": colour, "width": 4},
        hovertemplate=unnamed(t("mean: %{y:.1%}")),
    )


def _interval(interval: Interval) -> go.Scatter:
    mean, low, high = (100 * value for value in interval)
    return go.Scatter(
        x=[1],
        y=[mean],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - mean],
            "arrayminus": [mean - low],
            "thickness": 3,
            "width": 10,
        },
        mode="markers",
        marker={"size": 12, "symbol": "diamond", "color": run_style(1)["color"]},
        hovertemplate=unnamed(f"%{{y:+.2f}} ({low:+.2f} … {high:+.2f})"),
    )


def _name_axes(figure: go.Figure, names: Sequence[str], where: dict[str, Any]) -> None:
    figure.update_xaxes(
        tickvals=list(range(len(names))),
        ticktext=[_wrapped(name) for name in names],
        range=[-0.5, len(names) - 0.5],
        showgrid=False,
        **where,
    )
    figure.update_yaxes(
        title_text=t("Validation accuracy"), tickformat=PERCENT_TICKS, zeroline=False, **where
    )


def _wrapped(name: str) -> str:
    """A long name on several lines."""
    return name.replace(" · ", "<br>") if len(name) > 24 else name
