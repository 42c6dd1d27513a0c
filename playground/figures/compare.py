"""Figures that compare runs: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.dataset import class_names
from playground.figures.style import (
    BLUE,
    COLOURS,
    DASHES,
    DIFFERENCE_SCALE,
    END,
    MARKERS,
    MOST_MARKERS,
    NEGATIVE,
    NO_OUTLINE,
    NO_POINTS,
    PERCENT,
    PERCENT_TICKS,
    POSITIVE,
    TEXT,
    VERMILLION,
    colour_bar,
    lay_out,
    live_axis,
    live_layout,
    unnamed,
)
from playground.locales import t

MOST_RUNS = 8
# Beyond the colours there are, they come again with dashes of their own.
_DASHES = (*DASHES, "2px,6px", "10px,3px,2px,3px,2px,3px")
_MARKERS = (*MARKERS, "star", "hexagon")
# Both ends stand out from a light and from a dark page.
LINE_SCALE = ((0, BLUE), (1, VERMILLION))
# Room for the names of runs at the ends of their lines, in pixels.
_NAME_ROOM = 150
# Where values span more than this factor, they stand on a logarithmic scale.
_WIDE = 20


def run_style(index: int) -> dict[str, Any]:
    """Colour, dash and marker of run number `index`, 0 to 7; no two have the same dash."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "dash": _DASHES[index],
        "symbol": _MARKERS[index],
    }


def curves_figure(
    title: str, x_title: str, names: Sequence[str], *, accuracy: bool = False
) -> go.Figure:
    """Curves of runs, empty: of each run one on the validation images, one on the training images.

    Args:
        title: stands above.
        x_title: of the x axis, by which the runs are aligned.
        names: of the runs, at most 8.
        accuracy: whether the values are accuracies, which are shown as percentages.
    """
    vertical = live_axis(tickformat=PERCENT_TICKS if accuracy else None)
    plain = live_layout(title, live_axis(x_title, rangemode="tozero"), vertical)
    figure = go.Figure(
        layout={
            **plain,
            "margin": {**plain["margin"], "r": _NAME_ROOM},
            "hovermode": "closest",
        }
    )
    for index, name in enumerate(names):
        style = run_style(index)
        hover = unnamed(f"{name.replace('%', '')}: {PERCENT if accuracy else '%{y:.4f}'}")
        line = {"color": style["color"], "dash": style["dash"]}
        marker = {"symbol": style["symbol"], "size": 8, "maxdisplayed": MOST_MARKERS}
        figure.add_scatter(
            **NO_POINTS,
            name=name,
            meta=END,
            mode="lines+markers",
            line={**line, "width": 2.5},
            marker=marker,
            hovertemplate=hover,
        )
        figure.add_scatter(
            **NO_POINTS,
            name=name,
            meta=END,
            mode="lines",
            line={**line, "width": 1},
            hovertemplate=hover,
        )
    return figure


def confusion_difference_figure(difference: NDArray[np.integer], title: str) -> go.Figure:
    """The difference of two confusion matrices, (10, 10): rows true, columns predicted labels."""
    end = max(1, int(np.abs(difference).max()))
    figure = go.Figure(
        go.Heatmap(
            x=class_names(),
            y=class_names(),
            z=difference,
            zmin=-end,
            zmax=end,
            colorscale=DIFFERENCE_SCALE,
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z:+d}",
            textfont={"size": TEXT},
            hovertemplate=unnamed(t("%{z:+,} images of %{y} called %{x}")),
        )
    )
    figure.update_yaxes(autorange="reversed", title_text=t("True label"), showgrid=False)
    figure.update_xaxes(title_text=t("Predicted label"), tickangle=-45, showgrid=False)
    return lay_out(figure, 520, title={"text": title})


def class_gains_figure(gains: NDArray[np.floating], title: str) -> go.Figure:
    """How many points of recall each label has won or lost, as bars.

    Args:
        gains: (10,), -1 to 1.
        title: stands above.
    """
    points = 100 * np.asarray(gains)[::-1]
    figure = go.Figure(
        go.Bar(
            x=points,
            y=class_names()[::-1],
            orientation="h",
            text=[f"{value:+.1f}" for value in points],
            textposition="outside",
            cliponaxis=False,
            marker={
                "color": [POSITIVE if value >= 0 else NEGATIVE for value in points],
                "pattern": {"shape": ["" if value >= 0 else "/" for value in points]},
                "line": NO_OUTLINE,
            },
            hovertemplate=unnamed(t("%{y}: %{x:+.1f} points")),
        )
    )
    # Room for the numbers at the bars' ends.
    low, high = min(points.min(), 0.0), max(points.max(), 0.0)
    room = 0.15 * (high - low) or 1
    ends = (low - room, high + room)
    figure.update_xaxes(title_text=t("Percentage points"), zeroline=True, range=ends)
    return lay_out(figure, 420, title={"text": title}, showlegend=False)


class Axis(NamedTuple):
    """A setting in parallel coordinates: its label, each run's value, and how values are shown."""

    label: str
    values: Sequence[object]
    texts: Sequence[str]


def parallel_figure(axes: Sequence[Axis], accuracies: Sequence[float | None]) -> go.Figure:
    """Parallel coordinates: a line for each run, through its settings to its accuracy.

    What is brushed on the axes stays when the figure changes, as long as the axes are the same.

    Args:
        axes: the settings, with a value and a text for each run.
        accuracies: on the validation images, of each run; they colour the lines. None while a run
            has none: then it has no line, and its settings have their positions.
    """
    measured = [accuracy for accuracy in accuracies if accuracy is not None]
    dimensions = [_dimension(axis) for axis in axes]
    same_axes = str([(one["label"], one["tickvals"], one["ticktext"]) for one in dimensions])
    for one in dimensions:
        pairs = zip(one["values"], accuracies, strict=True)
        one["values"] = [value for value, accuracy in pairs if accuracy is not None]
    dimensions.append(
        {"label": t("Validation accuracy"), "values": measured, "tickformat": PERCENT_TICKS}
    )
    figure = go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line={
                "color": measured,
                "colorscale": LINE_SCALE,
                "showscale": True,
                "colorbar": colour_bar(t("Validation accuracy"), PERCENT_TICKS),
            },
            labelangle=-20,
            labelside="top",
            uirevision=same_axes,
        )
    )
    figure.update_layout(height=420, margin={"l": 60, "r": 40, "t": 90, "b": 24})
    return figure


def _dimension(axis: Axis) -> dict[str, Any]:
    numbers = [v for v in axis.values if isinstance(v, int | float) and not isinstance(v, bool)]
    text_of = dict(zip(axis.values, axis.texts, strict=True))
    position: dict[object, float]
    if len(numbers) == len(axis.values):
        logarithmic = min(numbers) > 0 and max(numbers) > _WIDE * min(numbers)
        position = {value: log10(value) if logarithmic else float(value) for value in numbers}
    else:
        # In the order in which they come first: there is no other one.
        position = {value: float(i) for i, value in enumerate(dict.fromkeys(axis.values))}
    return {
        "label": axis.label,
        "values": [position[value] for value in axis.values],
        "range": [min(position.values()), max(position.values())],
        "tickvals": list(position.values()),
        "ticktext": [text_of[value] for value in position],
    }
