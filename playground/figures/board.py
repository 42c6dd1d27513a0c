"""Figures of the live board, empty: pure functions from a configuration to Plotly figures.

The board feeds their traces from a run's events; see `bindings.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from playground.config import CLASSES, RunConfig
from playground.dataset import class_names
from playground.events import EpochEnd
from playground.figures.style import (
    BLUE,
    COUNT_SCALE,
    END,
    END_ROOM,
    GRAY,
    GREEN,
    NO_POINTS,
    PERCENT,
    PERCENT_TICKS,
    PURPLE,
    SCALE,
    SMALL,
    TEXT,
    VERMILLION,
    colour_bar,
    live_axis,
    live_layout,
    marker_style,
    unnamed,
)
from playground.locales import plural, t

# The axis holds still for this many epochs, and grows only in longer runs.
STEADY_EPOCHS = 20
_Metric = Literal["loss", "accuracy"]
HISTORY = ("loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate")


class Point(NamedTuple):
    """A finished epoch of a run, as the charts of loss and accuracy show it."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


class Origin(NamedTuple):
    """Where a run goes on from another one.

    Attributes:
        begin: the finished epochs where it begins.
        parent: what the other run did from there on, that epoch included.
    """

    begin: int
    parent: tuple[Point, ...]


def loss_figure(config: RunConfig, origin: Origin | None = None) -> go.Figure:
    """Loss over epochs, empty except for what the run before this one did.

    Traces: training within the epoch, training, validation, changes of the learning rate; with an
    `origin` whose run has trained on, its training and validation.
    """
    begins = _begins(origin)
    return _curves("loss", config, *_of_parent(origin, "loss"), **begins)


def accuracy_figure(config: RunConfig, origin: Origin | None = None) -> go.Figure:
    """Accuracy over epochs: as `loss_figure`, with the threshold and where it is passed.

    Where the threshold is passed comes before the parent's traces.
    """
    passed = go.Scatter(
        x=[],
        y=[],
        name=t("Threshold passed"),
        mode="markers",
        marker={"symbol": "star", "size": 16, "color": GREEN},
        hovertemplate=PERCENT,
    )
    begins = _begins(origin)
    shapes, labels = begins["shapes"], begins["annotations"]
    if config.early_stop:
        value = _threshold(config.stop_threshold)
        text = (
            t("stop above {threshold} (training)", threshold=value)
            if config.monitor == "accuracy"
            else t("stop above {threshold} (validation)", threshold=value)
        )
        line, label = _threshold_line(config.stop_threshold, text)
        shapes, labels = [line, *shapes], [label, *labels]
    return _curves(
        "accuracy",
        config,
        passed,
        *_of_parent(origin, "accuracy"),
        shapes=shapes,
        annotations=labels,
    )


def _of_parent(origin: Origin | None, metric: _Metric) -> list[go.Scatter]:
    """What the run before this one did from where this one begins, thin; nothing if it ended."""
    points = origin.parent if origin else ()
    if len(points) < 2:
        return []
    return [
        go.Scatter(
            x=[point.epoch for point in points],
            y=[getattr(point, field) for point in points],
            name=name,
            mode="lines",
            line={"color": color, "width": 1, "dash": dash},
            hovertemplate="%{y:.4f}" if metric == "loss" else PERCENT,
        )
        for field, name, color, dash in (
            (metric, t("Run before, training"), BLUE, "longdash"),
            (f"val_{metric}", t("Run before, validation"), VERMILLION, "dashdot"),
        )
    ]


def _begins(origin: Origin | None) -> dict[str, list[dict[str, Any]]]:
    """A line down the chart where a run goes on from another one, and its label."""
    if origin is None or not origin.begin:
        return {"shapes": [], "annotations": []}
    down = {"xref": "x", "yref": "y domain"}
    line = {"color": GRAY, "width": 1, "dash": "dot"}
    ends = {"x0": origin.begin, "x1": origin.begin, "y0": 0, "y1": 1}
    text = (
        t("begins here; thin and dashed: the run before")
        if len(origin.parent) > 1
        else t("begins here")
    )
    label = {"text": text, "x": origin.begin, "y": 0, "showarrow": False}
    placed = {"xanchor": "left", "yanchor": "bottom", "font": {"size": SMALL}}
    return {
        "shapes": [{"type": "line", "line": line} | ends | down],
        "annotations": [label | placed | down],
    }


def _threshold_line(value: float, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A line across the chart, and its label: an annotation, as a shape's own would be cut off."""
    across = {"xref": "x domain", "yref": "y"}
    line = {"color": GREEN, "width": 1.5, "dash": "dash"}
    label = {"text": text, "x": 0, "xanchor": "left", "yanchor": "bottom"}
    return (
        {"type": "line", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line} | across,
        {"y": value, "showarrow": False, "font": {"size": SMALL}} | across | label,
    )


def step_loss_figure(config: RunConfig) -> go.Figure:
    """Loss of the training steps, empty; of many close together only the least and greatest."""
    batch = config.batch_images
    title = plural(
        "Loss per step (a batch of {count} image)",
        "Loss per step (a batch of {count:,} images)",
        batch,
    )
    return go.Figure(
        go.Scatter(
            **NO_POINTS,
            name=t("Loss of a step"),
            mode="lines+markers",
            line={"color": BLUE, "width": 1},
            marker=marker_style(0, 4),
            hovertemplate=unnamed("%{y:.4f}"),
        ),
        _over_epochs(title, config),
    )


def confusion_figure(title: str, images: int) -> go.Figure:
    """Confusion matrix, empty: rows are true labels, columns predicted ones.

    Args:
        title: stands above the matrix.
        images: how many are judged. A tenth of them, a whole class, has the brightest colour.
    """
    # Categories and ranges are set, so that the labels are there before the first counts.
    ends = (-0.5, CLASSES - 0.5)
    return go.Figure(
        go.Heatmap(
            x=class_names(),
            y=class_names(),
            z=[[None] * CLASSES] * CLASSES,
            zmin=0,
            zmax=images / CLASSES,
            colorscale=COUNT_SCALE,
            showscale=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z}",
            textfont={"size": TEXT},
            hovertemplate=unnamed(t("%{z:,} images of %{y} were called %{x}")),
        ),
        live_layout(
            title,
            _label_axis(t("Predicted label"), tickangle=-45, range=ends),
            _label_axis(t("True label"), range=ends[::-1]),
        ),
    )


def pinned_figure() -> go.Figure:
    """The probabilities that a network gives one drawing, empty: a row for each epoch."""
    return go.Figure(
        go.Heatmap(
            x=class_names(),
            y=[],
            z=[],
            zmin=0,
            zmax=1,
            colorscale=SCALE,
            colorbar=colour_bar(t("Probability")),
            xgap=1,
            ygap=1,
            hovertemplate=unnamed(t("%{x} %{z:.1%} after epoch %{y}")),
        ),
        live_layout(
            t("Your pinned drawing, epoch by epoch"),
            _label_axis(tickangle=-45, range=(-0.5, CLASSES - 0.5)),
            # Before training comes first, at the top.
            live_axis(t("Epoch"), autorange="reversed", tickformat="d", showgrid=False),
        ),
    )


def _label_axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis with the ten labels, also before there is any data."""
    return live_axis(title, type="category", categoryarray=class_names(), showgrid=False, **more)


def history_frame(epochs: Iterable[EpochEnd]) -> pd.DataFrame:
    """The finished epochs of a run, one to a row.

    Returns:
        Columns epoch (1 is the first), loss, accuracy, val_loss, val_accuracy, seconds and
        learning_rate; no rows before the end of the first epoch.
    """
    columns = ["epoch", *HISTORY]
    rows = [[getattr(epoch, column) for column in columns] for epoch in epochs]
    return pd.DataFrame(rows, columns=columns)


def _curves(metric: _Metric, config: RunConfig, *more: go.Scatter, **layout: Any) -> go.Figure:
    if metric == "loss":
        title, ticks, now, after = t("Loss"), None, "%{y:.4f}", t("%{y:.4f} after epoch %{x}")
    else:
        title, ticks, now = t("Accuracy"), PERCENT_TICKS, PERCENT
        after = t("%{y:.1%} after epoch %{x}")
    return go.Figure(
        [
            go.Scatter(
                **NO_POINTS,
                name=t("Training, within the epoch"),
                mode="lines",
                line={"color": BLUE, "width": 1},
                hovertemplate=now,
            ),
            go.Scatter(
                **NO_POINTS,
                name=t("Training"),
                meta=END,
                mode="lines+markers",
                line={"color": BLUE, "width": 2.5},
                marker=marker_style(0, 7),
                hovertemplate=after,
            ),
            go.Scatter(
                **NO_POINTS,
                name=t("Validation"),
                meta=END,
                mode="lines+markers",
                line={"color": VERMILLION, "width": 2.5, "dash": "dot"},
                marker=marker_style(1, 7),
                hovertemplate=after,
            ),
            go.Scatter(
                x=[],
                y=[],
                customdata=[],
                name=t("Learning rate changed"),
                mode="markers",
                marker={"symbol": "diamond", "size": 12, "color": PURPLE},
                hovertemplate=t("to %{customdata:.6~g}"),
            ),
            *more,
        ],
        _over_epochs(title, config, END_ROOM, ticks, **layout),
    )


def _over_epochs(
    title: str, config: RunConfig, room: int = 8, ticks: str | None = None, **layout: Any
) -> dict[str, Any]:
    epochs = live_axis(
        t("Epoch"),
        autorangeoptions={"include": [0, min(config.epochs, STEADY_EPOCHS)]},
        rangemode="nonnegative",
        unifiedhovertitle={"text": t("Epoch %{x:.3~g}")},
    )
    plain = live_layout(title, epochs, live_axis(tickformat=ticks))
    return {
        **plain,
        "margin": {**plain["margin"], "r": room},
        "hovermode": "x unified",
        **layout,
    }


def _threshold(value: float) -> str:
    share = round(100 * value, 6)
    written = f"{share:.1f}" if round(share, 1) == share else f"{share:g}"
    return t("{percent} %", percent=written)
