"""The curves of a class: those that its members trained, and those that they predicted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.figures.classroom.words import plain
from playground.figures.style import (
    BLUE,
    END,
    END_ROOM,
    FAINT,
    GRAY,
    VERMILLION,
    VIOLET,
    faded,
    lay_out,
    marker_style,
    unnamed,
)
from playground.locales import t

COUNT = 41
# The outer and the inner band of predicted curves: between which quantiles, and how much colour.
BANDS = ((0.1, 0.9, 0.18), (0.25, 0.75, 0.3))
_THIN = {"color": GRAY, "width": 1}


class Curve(NamedTuple):
    """A curve of one member.

    Attributes:
        name: as the audience may see it.
        epochs: x, in order.
        values: as many.
    """

    name: str
    epochs: Sequence[float]
    values: Sequence[float]


def members_figure(
    title: str, quantity: str, curves: Sequence[Curve], own: int | None = None, height: int = 420
) -> go.Figure:
    """Every member's curve in one chart: thin ones, and one that stands out.

    Args:
        title: stands above.
        quantity: of the y axis.
        curves: of the members.
        own: the index of the curve that stands out; None if none does.
        height: in pixels.
    """
    figure = go.Figure()
    order = [i for i in range(len(curves)) if i != own] + ([] if own is None else [own])
    for index in order:
        name, epochs, values = curves[index]
        if index != own:
            figure.add_scatter(
                x=list(epochs), y=list(values), line=_THIN, **_line(name), opacity=FAINT
            )
        else:
            line = {"color": BLUE, "width": 3.5}
            figure.add_scatter(x=list(epochs), y=list(values), line=line, meta=END, **_line(name))
    return _over_epochs(figure, title, quantity, height)


def fog_figure(
    title: str,
    quantity: str,
    epochs: int,
    curves: Sequence[Sequence[float]],
    *,
    own: Sequence[float] | None = None,
    real: Curve | None = None,
    height: int = 420,
) -> go.Figure:
    """The curves that a class has predicted, as bands, with each of them thin.

    Args:
        title: stands above.
        quantity: of the y axis.
        epochs: where the chart ends.
        curves: n × 41 values, equally spaced from epoch 0 to the last.
        own: 41 values of the one who looks at it.
        real: what came of it.
        height: in pixels.
    """
    figure = go.Figure()
    x = np.linspace(0, epochs, COUNT).tolist()
    if len(curves):
        values = np.asarray(curves, dtype=float)
        for low, high, share in BANDS:
            _band(figure, x, quantile(values, low), quantile(values, high), share)
        # One trace for all: a trace each would take the server ten times as long to make.
        figure.add_scatter(
            x=[*x, None] * len(values),
            y=[place for one in values.tolist() for place in (*one, None)],
            line=_THIN,
            hoverinfo="skip",
            **_bare(),
            opacity=0.35,
        )
        middle = {"color": VIOLET, "width": 3, "dash": "dash"}
        figure.add_scatter(
            x=x,
            y=quantile(values, 0.5).tolist(),
            line=middle,
            meta=END,
            **_line(t("Median")),
        )
    if own is not None:
        line = {"color": BLUE, "width": 3.5}
        figure.add_scatter(x=x, y=list(own), line=line, meta=END, **_line(t("You")))
    if real is not None:
        figure.add_scatter(
            x=list(real.epochs),
            y=list(real.values),
            line={"color": VERMILLION, "width": 3.5},
            marker=marker_style(1, 9),
            cliponaxis=False,
            meta=END,
            **{**_line(real.name), "mode": "lines+markers"},
        )
    figure.update_xaxes(range=(0, epochs))
    return _over_epochs(figure, title, quantity, height)


def quantile(curves: NDArray[np.floating], share: float) -> NDArray[np.floating]:
    """At each place the value below which this share of the curves lies, (41,) of (n, 41)."""
    found: NDArray[np.floating] = np.quantile(curves, share, axis=0)
    return found


def _band(
    figure: go.Figure,
    x: list[float],
    low: NDArray[np.floating],
    high: NDArray[np.floating],
    share: float,
) -> None:
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*high.tolist(), *low.tolist()[::-1]],
        fill="toself",
        fillcolor=faded(VIOLET, share),
        line={"width": 0},
        hoverinfo="skip",
        **_bare(),
    )


def _line(name: str) -> dict[str, Any]:
    said = t("{name}: %{y:.4f} after epoch %{x:.3~g}", name=plain(name))
    return {"name": name, "mode": "lines", "hovertemplate": unnamed(said)}


def _bare() -> dict[str, Any]:
    return {"mode": "lines", "showlegend": False}


def _over_epochs(figure: go.Figure, title: str, quantity: str, height: int) -> go.Figure:
    figure.update_xaxes(title_text=t("Epoch"), rangemode="tozero")
    figure.update_yaxes(title_text=quantity)
    lay_out(
        figure, height, title={"text": plain(title), "x": 0}, showlegend=False, hovermode="closest"
    )
    # The names of lines stand where they end.
    figure.update_layout(margin_r=END_ROOM)
    return figure
