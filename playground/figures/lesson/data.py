"""Figures of the pages on the data, feature scaling, Flatten and Dense."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from playground.config import Scaling
from playground.dataset import class_names
from playground.figures.style import (
    BLUE,
    GRAY,
    GREEN,
    NEGATIVE,
    NO_OUTLINE,
    PATTERNS,
    POSITIVE,
    SCALE,
    SIGNED_SCALE,
    SMALL,
    VERMILLION,
    as_images,
    lay_out,
    log_axis,
    pixels,
    unnamed,
)
from playground.lesson.neuron import Neuron
from playground.lesson.scaling import VALUES, Statistics, rescale
from playground.locales import t

# The pixels of a screen at which 28 numbers of three digits can be read side by side.
NUMBERS_WIDTH = 28 * 26


def numbers_figure(image: NDArray[np.generic]) -> go.Figure:
    """An image (28, 28), 0 to 255, each pixel's value written on it; it needs `NUMBERS_WIDTH`."""
    figure = make_subplots(1, 1)
    figure.add_trace(
        pixels(image, zmin=0, zmax=255, texttemplate="%{z}", textfont={"size": SMALL}), 1, 1
    )
    return lay_out(as_images(figure, 1), NUMBERS_WIDTH).update_layout(
        margin=dict.fromkeys("lrtb", 0)
    )


def counts_figure(train: NDArray[np.int64], test: NDArray[np.int64]) -> go.Figure:
    """Bars: how many training and test images have each label; (10,) each."""
    figure = go.Figure(
        [
            go.Bar(x=train, y=class_names(), orientation="h", name=t("Training"), text=train),
            go.Bar(x=test, y=class_names(), orientation="h", name=t("Test"), text=test),
        ]
    )
    figure.data[0].marker.color = BLUE
    figure.data[1].marker = {"color": VERMILLION, "pattern": {"shape": PATTERNS[1]}}
    figure.update_traces(texttemplate="%{x:,}", hovertemplate=t("%{y}: %{x:,} images"))
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title_text=t("Images"))
    return lay_out(figure, 480, barmode="group")


def scaling_figure(counts: NDArray[np.int64], before: Statistics, scaling: Scaling) -> go.Figure:
    """How often each value occurs, before and after feature scaling, log counts.

    Args:
        counts: (256,), how often each pixel value 0 to 255 occurs.
        before: the statistics of these values.
        scaling: what is done to the values.
    """
    figure = make_subplots(
        1, 2, subplot_titles=(t("X, before scaling"), t("Z, after scaling")), shared_yaxes=True
    )
    # Eight values to a bar: the shape is easier to see, and the mean stays where it is.
    bins = counts.reshape(32, 8).sum(axis=1)
    middles = VALUES.reshape(32, 8).mean(axis=1)
    for column, colour, name in ((1, BLUE, "X"), (2, VERMILLION, "Z")):
        kind: Scaling = "none" if column == 1 else scaling
        x = rescale(middles, before, kind)
        mean, low, high = rescale(
            np.array([before.mean, before.mean - before.std, before.mean + before.std]),
            before,
            kind,
        )
        figure.add_bar(
            x=x,
            y=bins,
            width=float(x[1] - x[0]),
            name=name,
            marker={"color": colour, "line": NO_OUTLINE},
            hovertemplate=unnamed(t("around %{x:.3~g}: %{y:,} pixels")),
            row=1,
            col=column,
        )
        figure.add_vline(
            mean, line={"width": 2, "color": GRAY}, annotation_text=t("mean"), row=1, col=column
        )
        figure.add_vrect(low, high, fillcolor=GRAY, opacity=0.2, line_width=0, row=1, col=column)
        figure.update_xaxes(title_text=t("Value of {variable}", variable=name), row=1, col=column)
    figure.update_yaxes(log_axis(t("Pixels")))
    figure.update_yaxes(title_text=None, col=2)
    return lay_out(figure, 380, showlegend=False, bargap=0)


def flatten_figure(image: NDArray[np.generic], rows: int) -> go.Figure:
    """An image (28, 28), 0 to 255, and the vector that its first `rows` rows have become."""
    figure = make_subplots(
        1, 2, column_widths=[0.35, 0.65], subplot_titles=("28 × 28", t("784 pixel values"))
    )
    figure.add_trace(pixels(image, zmin=0, zmax=255), 1, 1)
    if rows:
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=27.5,
            y0=-0.5,
            y1=rows - 0.5,
            line={"color": VERMILLION, "width": 3},
            row=1,
            col=1,
        )
    vector = image.ravel()[: rows * 28]
    figure.add_bar(
        x=np.arange(len(vector)),
        y=vector,
        width=1,
        marker={"color": vector, "colorscale": SCALE, "cmin": 0, "cmax": 255},
        hovertemplate=unnamed(t("position %{x}: value %{y}")),
        row=1,
        col=2,
    )
    # All lines are one shape: a shape for each takes ten times as long.
    figure.add_shape(
        type="path",
        path="".join(f"M{row * 28 - 0.5},0V255" for row in range(1, rows)) or "M0,0",
        line={"width": 0.5, "color": GRAY},
        row=1,
        col=2,
    )
    as_images(figure, 1)
    figure.update_xaxes(title_text=t("Position in the vector"), range=(-0.5, 783.5), row=1, col=2)
    figure.update_yaxes(range=(0, 260), row=1, col=2)
    return lay_out(figure, 360, showlegend=False, bargap=0)


def neuron_figure(neuron: Neuron) -> go.Figure:
    """Three images: the input x, the weights w into one neuron, and the products w·x."""
    product = neuron.w * neuron.x
    figure = make_subplots(
        1,
        3,
        subplot_titles=(t("Input x"), t("Weights w"), t("Products w · x")),
        horizontal_spacing=0.04,
    )
    figure.add_trace(pixels(neuron.x.reshape(28, 28)), 1, 1)
    for column, values in ((2, neuron.w), (3, product)):
        reach = float(np.abs(values).max()) or 1.0
        figure.add_trace(
            pixels(values.reshape(28, 28), colorscale=SIGNED_SCALE, zmin=-reach, zmax=reach),
            1,
            column,
        )
    return lay_out(as_images(figure, 3), 340)


def sum_figure(neuron: Neuron, terms: int) -> go.Figure:
    """A waterfall from 0 to z: the largest products, all the others together, and the bias."""
    chosen = neuron.largest_terms(terms)
    product = (neuron.w * neuron.x).astype(np.float64)
    values = [*product[chosen], product.sum() - product[chosen].sum(), neuron.b]
    names = [t("row {row}, column {column}", row=i // 28, column=i % 28) for i in chosen]
    figure = go.Figure(
        go.Waterfall(
            x=[*names, t("the other {others}", others=784 - terms), t("bias b"), "z"],
            y=[*values, 0],
            measure=["relative"] * len(values) + ["total"],
            text=[f"{v:+.4f}" for v in values] + [f"{neuron.z:.4f}"],
            textposition="outside",
            cliponaxis=False,  # the number of a bar at the top stands above the axis
            increasing={"marker": {"color": POSITIVE}},
            decreasing={"marker": {"color": NEGATIVE}},
            totals={"marker": {"color": GREEN}},
            hovertemplate=unnamed("%{x}: %{text}"),
        )
    )
    figure.update_yaxes(title_text=t("Sum so far"), zeroline=True)
    return lay_out(figure, 380)
