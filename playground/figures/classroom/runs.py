"""The runs of a class: a setting against the accuracy, and what they confuse on average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from playground.config import CLASSES
from playground.figures.board import confusion_figure
from playground.figures.classroom.words import plain
from playground.figures.style import BLUE, FAINT, GRAY, lay_out, unnamed
from playground.locales import plural, t

# Where values span more than this factor, they stand on a logarithmic scale.
WIDE = 20
# How far points of the same category stand apart, in categories.
_SPREAD = 0.3


class Point(NamedTuple):
    """A run of a member.

    Attributes:
        name: of the member, as the audience may see it.
        value: of the setting.
        text: how the value is shown.
        accuracy: on the validation images, 0 to 1.
    """

    name: str
    value: object
    text: str
    accuracy: float


def points_figure(
    setting: str,
    points: Sequence[Point],
    own: str | None = None,
    height: int = 420,
) -> go.Figure:
    """Each run of the class as a point: a setting against validation accuracy.

    Numbers are placed by their size, on a logarithmic axis where they span more than a factor of
    20; all others one beside the other, those of one value spread a little.

    Args:
        setting: its name.
        points: one for each run.
        own: the name of the member whose points stand out; None if nobody's do.
        height: in pixels.
    """
    values = list(dict.fromkeys(point.value for point in points))
    texts = {point.value: point.text for point in points}
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    by_size = bool(values) and len(numbers) == len(values)
    places = [_number(one) for one in points] if by_size else _beside(points, values)
    figure = go.Figure()
    for mine in (False, True):
        chosen = [i for i, point in enumerate(points) if (point.name == own) is mine]
        if not chosen:
            continue
        figure.add_scatter(
            x=[places[i] for i in chosen],
            y=[points[i].accuracy for i in chosen],
            customdata=[[plain(points[i].name), plain(points[i].text)] for i in chosen],
            mode="markers",
            name=t("You") if mine else t("The class"),
            marker={
                "size": 14 if mine else 11,
                "symbol": "diamond" if mine else "circle",
                "color": BLUE if mine else GRAY,
                "opacity": 1 if mine else FAINT,
            },
            hovertemplate=unnamed("%{customdata[0]}, %{customdata[1]}: %{y:.4f}"),
        )
    figure.update_xaxes(title_text=setting)
    if by_size and is_wide(numbers):
        figure.update_xaxes(type="log", title_text=t("{quantity} (log scale)", quantity=setting))
    if not by_size:
        ticks = list(range(len(values)))
        ends = (-0.5, max(len(values), 1) - 0.5)
        named = [texts[value] for value in values]
        figure.update_xaxes(
            tickvals=ticks, ticktext=named, range=ends, showgrid=False, zeroline=False
        )
    elif len(values) <= 10:
        figure.update_xaxes(tickvals=numbers, ticktext=[texts[value] for value in numbers])
    figure.update_yaxes(title_text=t("Validation accuracy"))
    return lay_out(figure, height, showlegend=own is not None)


def is_wide(numbers: Sequence[float]) -> bool:
    """Whether numbers stand better on a logarithmic axis."""
    return bool(numbers) and min(numbers) > 0 and max(numbers) > WIDE * min(numbers)


def _number(point: Point) -> float:
    assert isinstance(point.value, int | float)
    return float(point.value)


def _beside(points: Sequence[Point], values: list[object]) -> list[float]:
    """A place for each point: its category's, those of one category from left to right."""
    seen = dict.fromkeys(values, 0)
    totals = {value: sum(point.value == value for point in points) for value in values}
    places = []
    for point in points:
        total, number = totals[point.value], seen[point.value]
        share = number / (total - 1) - 0.5 if total > 1 else 0.0
        places.append(values.index(point.value) + 2 * _SPREAD * share)
        seen[point.value] += 1
    return places


def mean_confusion(matrices: Sequence[ArrayLike]) -> NDArray[np.floating]:
    """What share of a label's images is called what, on average over the runs.

    Args:
        matrices: n of counts, (10, 10): rows true labels, columns predicted ones. They may be of
            different numbers of images: each run counts as much as any other.

    Returns:
        (10, 10), rows sum to 1; NaN where no run had an image of the label.
    """
    shares = []
    for matrix in matrices:
        counts = np.asarray(matrix, dtype=float)
        totals = counts.sum(axis=1, keepdims=True)
        shares.append(np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0))
    known = ~np.isnan(shares)
    added = np.nansum(shares, axis=0)
    counted = known.sum(axis=0)
    mean: NDArray[np.floating] = np.divide(
        added, counted, out=np.full((CLASSES, CLASSES), np.nan), where=counted > 0
    )
    return mean


def mean_confusion_figure(matrices: Sequence[ArrayLike], height: int = 520) -> go.Figure:
    """The mean confusion matrix of runs, in per cent of each true label.

    Args:
        matrices: as `mean_confusion` takes them, one at least.
        height: in pixels.
    """
    title = plural(
        "Confusion matrix of {count:,} run, in % of each true label",
        "Mean confusion matrix of {count:,} runs, in % of each true label",
        len(matrices),
    )
    per_cent = 100 * mean_confusion(matrices)
    figure = confusion_figure(title, 100 * CLASSES)
    figure.update_traces(
        z=[[None if np.isnan(one) else float(one) for one in row] for row in per_cent],
        texttemplate="%{z:.0f}",
        hovertemplate=unnamed(t("%{z:.1f} % of %{y} were called %{x}")),
    )
    figure.update_layout(height=height)
    return figure
