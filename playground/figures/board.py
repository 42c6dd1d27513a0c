"""Figures: pure functions from a configuration or a history to Plotly or pandas objects.

The live board feeds their traces from a run's events; see `bindings.py`. Text and grid
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
from playground.figures.references import REFERENCE, REFERENCES

BLUE, SKY_BLUE, VERMILLION = "#0072B2", "#56B4E9", "#D55E00"
GREEN, PURPLE = "#009E73", "#CC79A7"
# The axis holds still for this many epochs, and grows only in longer runs.
STEADY_EPOCHS = 20
# More markers than this on a line hide its dashes.
MARKERS = 25
_LABELS: dict[str, Any] = {"type": "category", "categoryarray": CLASS_NAMES, "showgrid": False}
HISTORY = ("loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate")


def loss_figure(config: RunConfig) -> go.Figure:
    """Loss over epochs, empty: within the epoch, training, validation, changes of the rate."""
    return _curves("Loss", config)


def accuracy_figure(config: RunConfig) -> go.Figure:
    """Accuracy over epochs, empty: as `loss_figure`, and the threshold with its crossing.

    The lines of `REFERENCES` are there, not visible.
    """
    passed = go.Scatter(
        x=[],
        y=[],
        name="Threshold passed",
        mode="markers",
        marker={"symbol": "star", "size": 16, "color": GREEN},
        hovertemplate="%{y:.4f}",
    )
    lines = []
    if config.early_stop:
        watched = "training" if config.monitor == "accuracy" else "validation"
        text = f"stop above {_threshold(config.stop_threshold)} ({watched})"
        label = {"text": text, "x": 0, "xanchor": "left", "yanchor": "bottom"}
        lines.append(_line(config.stop_threshold, GREEN, "dash", label))
    for reference in REFERENCES:
        label = {
            "text": f"{reference.name} {reference.accuracy:.3f}",
            "hovertext": f"{reference.name}: test accuracy {reference.accuracy:.3f}.<br>"
            f"Source: {reference.source}",
            "x": reference.right_end,
            "xanchor": "right",
            "yanchor": reference.side,
        }
        line = _line(reference.accuracy, PURPLE, "dashdot", label)
        lines.append([part | {"name": REFERENCE, "visible": False} for part in line])
    shapes, labels = zip(*lines, strict=True)
    return _curves("Accuracy", config, passed, shapes=shapes, annotations=labels)


def _line(y: float, color: str, dash: str, label: dict[str, Any]) -> list[dict[str, Any]]:
    """A line across the chart, and its label: an annotation, as the plot area cuts off others."""
    across = {"xref": "x domain", "yref": "y"}
    line = {"color": color, "width": 1.5, "dash": dash}
    return [
        {"type": "line", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line} | across,
        {"y": y, "showarrow": False, "font": {"size": 11}} | across | label,
    ]


def step_loss_figure(config: RunConfig) -> go.Figure:
    """Loss of the training steps, empty: where many share a point's width, least and greatest."""
    batch = config.batch_images
    images = "1 image" if batch == 1 else f"{batch:,} images"
    title = f"Loss per step (a batch of {images})"
    return go.Figure(
        go.Scatter(
            x=[None],
            y=[None],
            name="Loss of a step",
            mode="lines+markers",
            line={"color": BLUE, "width": 1},
            marker={"symbol": "circle", "size": 4, "maxdisplayed": MARKERS},
            hovertemplate="%{y:.4f}<extra></extra>",
        ),
        _over_epochs(title, config, showlegend=False),
    )


def confusion_figure(title: str, images: int) -> go.Figure:
    """Confusion matrix, empty: rows are true labels, columns predicted ones.

    Args:
        title: stands above the matrix.
        images: how many are judged. A tenth of them, a whole class, has the brightest colour;
            the scale goes with the square root, so that a few mistakes show as well.
    """
    colours = sequential.Cividis
    last = len(colours) - 1
    # Categories and ranges are set, so that the labels stand there before the first counts.
    ends = (-0.5, CLASSES - 0.5)
    return go.Figure(
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
        ),
        _layout(
            title,
            _axis("Predicted label", **_LABELS, tickangle=-45, range=ends),
            _axis("True label", **_LABELS, range=ends[::-1]),
        ),
    )


def pinned_figure() -> go.Figure:
    """What a network makes of one drawing, empty: a row of ten probabilities for each epoch."""
    return go.Figure(
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
        ),
        _layout(
            "Your pinned drawing, epoch by epoch",
            _axis(**_LABELS, tickangle=-45, range=(-0.5, CLASSES - 0.5)),
            # Before training comes first, at the top.
            _axis("Epoch", autorange="reversed", tickformat="d", showgrid=False),
        ),
    )


def history_frame(events: Iterable[Event]) -> pd.DataFrame:
    """The finished epochs of a run, one a row.

    Returns:
        Columns epoch (1 is the first), loss, accuracy, val_loss, val_accuracy, seconds and
        learning_rate; no rows where no epoch has ended.
    """
    rows = [event.data for event in events if event.kind == "epoch"]
    return pd.DataFrame(rows, columns=["epoch", *HISTORY])


def _curves(title: str, config: RunConfig, *more: go.Scatter, **layout: Any) -> go.Figure:
    after = "%{y:.4f} after epoch %{x}"
    # One missing point keeps a trace, and with it the legend and the margins, from the start.
    nothing: dict[str, list[None]] = {"x": [None], "y": [None]}
    return go.Figure(
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
            *more,
        ],
        _over_epochs(title, config, **layout),
    )


def _over_epochs(title: str, config: RunConfig, **layout: Any) -> dict[str, Any]:
    epochs = _axis(
        "Epoch",
        autorangeoptions={"include": [0, min(config.epochs, STEADY_EPOCHS)]},
        rangemode="nonnegative",
        unifiedhovertitle={"text": "Epoch %{x:.3~g}"},
    )
    return {**_layout(title, epochs, _axis()), "hovermode": "x unified", **layout}


def _axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    return {"automargin": True, "zeroline": False, "title": {"text": title, "standoff": 8}, **more}


def _layout(title: str, xaxis: dict[str, Any], yaxis: dict[str, Any]) -> dict[str, Any]:
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
        "xaxis": xaxis,
        "yaxis": yaxis,
        # A constant: whatever is drawn, the reader's zoom and hidden traces stay.
        "uirevision": "board",
    }


def _threshold(value: float) -> str:
    return f"{value:.2f}" if round(value, 2) == value else f"{value:g}"
