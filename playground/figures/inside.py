"""Figures of the inside views: pure functions from numbers to Plotly figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from playground.config import CLASSES
from playground.dataset import class_name, class_names
from playground.figures.style import (
    BLUE,
    GRAY,
    NO_OUTLINE,
    SUBTITLE,
    VERMILLION,
    lay_out,
    marker_style,
    unnamed,
)
from playground.locales import t
from playground.network.layers import Layer

# Pixels: height of a histogram; room for ticks and title between two; room above and below all.
HISTOGRAM, BETWEEN, MARGIN = 90, 56, 30


def outputs_figure(layers: Sequence[Layer]) -> go.Figure:
    """How the outputs of each layer are spread: a histogram for each, the first at the top.

    Outputs that are exactly 0 are counted in the title, not in the bars, which they would dwarf.
    """
    titles = [
        t("{layer}: {share:.0%} are exactly 0", layer=t(layer.name), share=layer.zeros)
        if layer.zeros >= 0.005
        else t(layer.name)
        for layer in layers
    ]
    rows = len(layers)
    plots = rows * HISTOGRAM + (rows - 1) * BETWEEN
    figure = make_subplots(rows, 1, subplot_titles=titles, vertical_spacing=BETWEEN / plots)
    for row, layer in enumerate(layers, 1):
        total = layer.counts.sum() / (1 - layer.zeros) if layer.zeros < 1 else 1
        figure.add_bar(
            x=(layer.edges[:-1] + layer.edges[1:]) / 2,
            y=100 * layer.counts / max(total, 1),
            width=np.diff(layer.edges),
            marker={"color": BLUE, "line": NO_OUTLINE},
            hovertemplate=unnamed(t("around %{x:.3~g}: %{y:.2~f} % of the outputs")),
            row=row,
            col=1,
        )
    figure.update_yaxes(ticksuffix=" %", rangemode="tozero", nticks=4)
    figure.update_annotations(x=0, xanchor="left", font_size=SUBTITLE)
    lay_out(figure, plots + 2 * MARGIN, bargap=0, showlegend=False)
    return figure.update_layout(margin_t=MARGIN, margin_b=MARGIN)


def items_figure(
    epochs: Sequence[int], probabilities: NDArray[np.floating], epoch: int
) -> go.Figure:
    """Ten items, one a label: the probability of the right label and of the strongest wrong one.

    Args:
        epochs: (e,), of the networks that judged.
        probabilities: (e, 10, 10): epoch, item (its index is its label), label.
        epoch: is marked by a line.
    """
    figure = make_subplots(5, 2, subplot_titles=class_names(), shared_xaxes=True, shared_yaxes=True)
    figure.update_annotations(font_size=SUBTITLE)
    for label in range(CLASSES):
        for trace in _item_traces(epochs, probabilities[:, label], label):
            figure.add_trace(trace, label // 2 + 1, label % 2 + 1)
    # All lines together: adding them one by one takes longer than all the rest.
    figure.update_layout(shapes=[_epoch_line(epoch, axis) for axis in ("", *range(2, CLASSES + 1))])
    figure.update_yaxes(range=(-0.05, 1.05), tickformat=".0%", nticks=3)
    figure.update_xaxes(title_text=t("Epoch"), row=5)
    lay_out(figure, 760)
    # Above the titles of the first two subplots.
    figure.update_layout(legend_y=1.05, margin_t=72)
    return figure


def _item_traces(
    epochs: Sequence[int], item: NDArray[np.floating], label: int
) -> tuple[go.Scatter, go.Scatter]:
    """The two lines of one item, from its probabilities (e, 10)."""
    others = item.copy()
    others[:, label] = -1
    right = go.Scatter(
        x=epochs,
        y=item[:, label],
        name=t("the right label"),
        legendgroup="right",
        showlegend=label == 0,
        mode="lines+markers",
        line={"color": BLUE, "width": 2.5},
        marker=marker_style(0, 6),
        hovertemplate=unnamed(t("{label}: %{y:.1%} after epoch %{x}", label=class_name(label))),
    )
    wrong = go.Scatter(
        x=epochs,
        y=others.max(axis=1),
        customdata=[class_name(strongest) for strongest in others.argmax(axis=1)],
        name=t("the strongest wrong label"),
        legendgroup="wrong",
        showlegend=label == 0,
        mode="lines+markers",
        line={"color": VERMILLION, "width": 2, "dash": "dot"},
        marker=marker_style(1, 5),
        hovertemplate=unnamed(t("%{customdata}: %{y:.1%} after epoch %{x}")),
    )
    return right, wrong


def _epoch_line(epoch: int, axis: int | str) -> dict[str, Any]:
    """A line across a subplot; `axis` is its number, none for the first."""
    return {
        "type": "line",
        **{"xref": f"x{axis}", "yref": f"y{axis} domain"},
        **{"x0": epoch, "x1": epoch, "y0": 0, "y1": 1},
        "line": {"width": 1, "dash": "dash", "color": GRAY},
    }
