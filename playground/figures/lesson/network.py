"""Figures of the pages on activation functions and compile()."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from playground.dataset import class_names
from playground.figures.style import (
    BLUE,
    COLOURS,
    GREEN,
    MARKERS,
    PATTERNS,
    VERMILLION,
    lay_out,
    line_style,
    log_axis,
    name_at_ends,
    unnamed,
)
from playground.locales import t
from playground.network.activations import ACTIVATIONS

REACH = 6.0
BOUNDED = ("sigmoid", "tanh")


def activation_figure(name: str, at: float) -> go.Figure:
    """An activation function and its slope from −6 to 6, with the tangent at one x.

    Args:
        name: a key of `ACTIVATIONS`.
        at: where the tangent touches.
    """
    x = np.linspace(-REACH, REACH, 241, dtype=np.float32)
    function, slope = ACTIVATIONS[name]
    point = np.array([at], np.float32)
    y, m = float(function(point)[0]), float(slope(point)[0])
    near = np.array([at - 1.5, at + 1.5])
    figure = go.Figure(
        [
            go.Scatter(x=x, y=function(x), name=name, line={"color": BLUE, "width": 3}),
            go.Scatter(
                x=x,
                y=slope(x),
                name=t("its slope"),
                line={"color": VERMILLION, "width": 2, "dash": "dash"},
            ),
            go.Scatter(
                x=near,
                y=y + m * (near - at),
                name=t("tangent"),
                mode="lines",
                line={"color": GREEN, "width": 2, "dash": "dot"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[at, at],
                y=[y, m],
                name=t("at x"),
                mode="markers",
                marker={"size": 12, "color": [BLUE, VERMILLION], "symbol": ["circle", "square"]},
                hovertemplate=unnamed("%{y:.4f}"),
            ),
        ]
    )
    figure.update_xaxes(title_text="x", range=(-REACH, REACH))
    figure.update_yaxes(range=(-1.1, 1.3) if name in BOUNDED else (-1.5, 3.5))
    return lay_out(figure, 380)


def gradient_figure(sizes: Mapping[str, Sequence[float]]) -> go.Figure:
    """The size of the gradient, layer by layer, log scale: one line for each name.

    Args:
        sizes: for each name, the root mean square of each Dense layer's weight gradients; there
            is no point where it is 0.
    """
    figure = go.Figure()
    for index, (name, values) in enumerate(sizes.items()):
        layers = [f"Dense {i + 1}" for i in range(len(values) - 1)] + [t("output")]
        figure.add_scatter(
            x=layers,
            y=[value or None for value in values],
            name=name,
            mode="lines+markers",
            line=line_style(index),
            marker={"size": 10, "symbol": MARKERS[index]},
            hovertemplate=unnamed(f"{name}, %{{x}}: %{{y:.2e}}"),
        )
    figure.update_xaxes(title_text=t("Layer, from the input to the output"), type="category")
    present = [value for values in sizes.values() for value in values if value]
    if present and max(present) / min(present) < 100:
        figure.update_yaxes(log_axis(t("Gradient")))
    else:
        figure.update_yaxes(
            title_text=t("{quantity} (log scale)", quantity=t("Gradient")),
            type="log",
            exponentformat="power",
            dtick=1,
        )
    return name_at_ends(lay_out(figure, 380))


def terms_figure(terms: Mapping[str, NDArray[np.float64]]) -> go.Figure:
    """What each class adds to each loss: grouped bars, (10,) for each name."""
    figure = go.Figure()
    for index, (name, values) in enumerate(terms.items()):
        figure.add_bar(
            x=class_names(),
            y=values,
            name=name,
            marker={"color": COLOURS[index], "pattern": {"shape": PATTERNS[index]}},
            hovertemplate=unnamed(f"{name}, %{{x}}: %{{y:.4f}}"),
        )
    figure.update_xaxes(title_text=t("Label"), tickangle=-45)
    figure.update_yaxes(title_text=t("Added to the loss"))
    return lay_out(figure, 420, barmode="group")
