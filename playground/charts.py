"""Figures: pure functions from a configuration or a history to Plotly or pandas objects.

The live board feeds their traces from a run's events; see `playground.bindings`. Text and grid
take the page's colours in the browser; data colours are Okabe and Ito's, and never speak alone:
each trace has its own dash or marker too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sequential

from playground.config import CLASSES, RunConfig
from playground.dataset import CLASS_NAMES
from playground.events import Event
from playground.references import REFERENCE, REFERENCES

BLUE, SKY_BLUE, VERMILLION = "#0072B2", "#56B4E9", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"
# The axis holds still for this many epochs, and grows only in longer runs.
STEADY_EPOCHS = 20
# More markers than this on a line hide its dashes.
MARKERS = 25
HISTORY = ("loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate")


def loss_figure(config: RunConfig) -> go.Figure:
    """Loss over epochs, empty: within the epoch, training, validation, changes of the rate."""
    return _curves("Loss", config)


def accuracy_figure(config: RunConfig) -> go.Figure:
    """Accuracy over epochs, empty: as `loss_figure`, and the threshold with its crossing.

    The lines of `REFERENCES` are there, not visible.
    """
    figure = _curves("Accuracy", config)
    figure.add_scatter(
        x=[],
        y=[],
        name="Threshold passed",
        mode="markers",
        marker={"symbol": "star", "size": 16, "color": GREEN},
        hovertemplate="%{y:.4f}",
    )
    if config.stop:
        watched = "training" if config.monitor == "accuracy" else "validation"
        # An annotation, not the line's own label, which the plot area would cut off.
        figure.add_hline(
            config.stop_threshold,
            line={"color": GREEN, "width": 1.5, "dash": "dash"},
            annotation={
                "text": f"stop above {_threshold(config.stop_threshold)} ({watched})",
                "x": 0,
                "xanchor": "left",
                "yanchor": "bottom",
                "font": {"size": 11},
            },
        )
    for reference in REFERENCES:
        figure.add_hline(
            reference.accuracy,
            name=REFERENCE,
            visible=False,
            line={"color": PURPLE, "width": 1.5, "dash": "dashdot"},
            annotation={
                "name": REFERENCE,
                "visible": False,
                "text": f"{reference.name} {reference.accuracy:.3f}",
                "hovertext": f"{reference.name}: test accuracy {reference.accuracy:.3f}.<br>"
                f"Source: {reference.source}",
                "x": reference.right_end,
                "xanchor": "right",
                "yanchor": reference.side,
                "font": {"size": 11},
            },
        )
    return figure


def step_loss_figure(config: RunConfig) -> go.Figure:
    """Loss of the training steps, empty: where many share a point's width, least and greatest."""
    batch = config.batch_images
    images = "1 image" if batch == 1 else f"{batch:,} images"
    figure = go.Figure(
        go.Scatter(
            x=[None],
            y=[None],
            name="Loss of a step",
            mode="lines+markers",
            line={"color": BLUE, "width": 1},
            marker={"symbol": "circle", "size": 4, "maxdisplayed": MARKERS},
            hovertemplate="%{y:.4f}<extra></extra>",
        )
    )
    figure.update_layout(_layout(f"Loss per step (a batch of {images})"), showlegend=False)
    _epoch_axis(figure, config)
    return figure


def confusion_figure(title: str, images: int) -> go.Figure:
    """Confusion matrix, empty: rows are true labels, columns predicted ones.

    Args:
        title: stands above the matrix.
        images: how many are judged. A tenth of them, a whole class, has the brightest colour;
            the scale goes with the square root, so that a few mistakes show as well.
    """
    colours = sequential.Cividis
    last = len(colours) - 1
    figure = go.Figure(
        go.Heatmap(
            x=CLASS_NAMES,
            y=CLASS_NAMES,
            z=[[None] * CLASSES] * CLASSES,
            zmin=0,
            zmax=images / CLASSES,
            colorscale=[[(i / last) ** 2, colour] for i, colour in enumerate(colours)],
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z}",
            hovertemplate="%{z:,} images of %{y} were called %{x}<extra></extra>",
        )
    )
    figure.update_layout(_layout(title))
    # Categories and ranges are set, so that the labels stand there before the first counts.
    labels = {"type": "category", "categoryarray": CLASS_NAMES, "showgrid": False}
    ends = (-0.5, CLASSES - 0.5)
    figure.update_xaxes(labels, title_text="Predicted label", tickangle=-45, range=ends)
    figure.update_yaxes(labels, title_text="True label", range=ends[::-1])
    return figure


def pinned_figure() -> go.Figure:
    """What a network makes of one drawing, empty: a row of ten probabilities for each epoch."""
    figure = go.Figure(
        go.Heatmap(
            x=CLASS_NAMES,
            y=[],
            z=[],
            zmin=0,
            zmax=1,
            colorscale="Cividis",
            colorbar={"title": {"text": "Probability"}, "thickness": 12},
            xgap=1,
            ygap=1,
            hovertemplate="%{x} %{z:.1%} after epoch %{y}<extra></extra>",
        )
    )
    figure.update_layout(_layout("Your pinned drawing, epoch by epoch"))
    labels = {"type": "category", "categoryarray": CLASS_NAMES, "showgrid": False}
    figure.update_xaxes(labels, tickangle=-45, range=(-0.5, CLASSES - 0.5))
    # Before training comes first, at the top.
    figure.update_yaxes(title_text="Epoch", autorange="reversed", tickformat="d", showgrid=False)
    return figure


def history_frame(events: Iterable[Event]) -> pd.DataFrame:
    """The finished epochs of a run, one a row.

    Returns:
        Columns epoch (1 is the first), loss, accuracy, val_loss, val_accuracy, seconds and
        learning_rate; no rows where no epoch has ended.
    """
    rows = [event.data for event in events if event.kind == "epoch"]
    return pd.DataFrame(rows, columns=["epoch", *HISTORY])


def _curves(title: str, config: RunConfig) -> go.Figure:
    after = "%{y:.4f} after epoch %{x}"
    # One missing point keeps a trace, and with it the legend and the margins, from the start.
    nothing: dict[str, list[None]] = {"x": [None], "y": [None]}
    figure = go.Figure(
        [
            go.Scatter(
                **nothing,
                name="Training, within the epoch",
                mode="lines",
                line={"color": SKY_BLUE, "width": 1},
                hovertemplate="%{y:.4f}",
            ),
            go.Scatter(
                **nothing,
                name="Training",
                mode="lines+markers",
                line={"color": BLUE, "width": 2.5},
                marker={"symbol": "circle", "size": 7, "maxdisplayed": MARKERS},
                hovertemplate=after,
            ),
            go.Scatter(
                **nothing,
                name="Validation",
                mode="lines+markers",
                line={"color": VERMILLION, "width": 2.5, "dash": "dot"},
                marker={"symbol": "square", "size": 7, "maxdisplayed": MARKERS},
                hovertemplate=after,
            ),
            go.Scatter(
                x=[],
                y=[],
                customdata=[],
                name="Learning rate changed",
                mode="markers",
                marker={"symbol": "diamond", "size": 12, "color": PURPLE},
                hovertemplate="to %{customdata:.6~g}",
            ),
        ]
    )
    figure.update_layout(_layout(title))
    _epoch_axis(figure, config)
    return figure


def _epoch_axis(figure: go.Figure, config: RunConfig) -> None:
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(
        title_text="Epoch",
        autorangeoptions={"include": [0, min(config.epochs, STEADY_EPOCHS)]},
        rangemode="nonnegative",
        unifiedhovertitle={"text": "Epoch %{x:.3~g}"},
    )


def _layout(title: str) -> dict[str, Any]:
    axis = {"automargin": True, "zeroline": False, "title": {"standoff": 8}}
    return {
        "template": "none",
        "title": {
            "text": title,
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 8, "l": 8},
            "font": {"size": 15},
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12},
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "font": {"size": 11},
        },
        "xaxis": axis,
        "yaxis": axis,
        # A constant: whatever is drawn, the reader's zoom and hidden traces stay.
        "uirevision": "board",
    }


def _threshold(value: float) -> str:
    return f"{value:.2f}" if round(value, 2) == value else f"{value:g}"
