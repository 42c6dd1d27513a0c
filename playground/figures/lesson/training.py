"""Figures of runs side by side, the three sets, the callback's hooks and the descent's path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from playground.events import HookCall
from playground.figures.board import BLUE, GREEN, VERMILLION
from playground.figures.lesson import COLOURS, DASHES, MARKERS, laid_out, log_axis
from playground.network.activations import Floats

Curve = tuple[Sequence[Any], Sequence[Any]]


def race_figure(
    curves: Mapping[str, Curve],
    x: str,
    y: str,
    *,
    log: bool = False,
    points: bool = False,
    floor: float | None = None,
) -> go.Figure:
    """Lines of several runs, one for each name, also where there is nothing yet.

    Args:
        curves: the x and y values of each.
        x, y: titles of the axes.
        log: whether the y axis is logarithmic.
        points: whether each value has a marker.
        floor: for losses of single steps: smaller values are drawn as this, and the first line,
            the most jagged one, is faint.
    """
    figure = go.Figure()
    for place, (name, (xs, ys)) in enumerate(curves.items()):
        figure.add_scatter(
            x=list(xs) or [None],
            y=[y if floor is None else max(y, floor) for y in ys] or [None],
            name=name,
            showlegend=True,
            opacity=0.35 if floor is not None and place == 0 else 1,
            mode="lines+markers" if points else "lines",
            line={
                "color": COLOURS[place],
                "dash": DASHES[place],
                "width": 2 if floor is None else 1.5,
            },
            marker={"size": 8, "symbol": MARKERS[place]},
            hovertemplate=f"{name}: %{{y:.4f}}<extra></extra>",
        )
    figure.update_xaxes(title_text=x, rangemode="tozero")
    figure.update_yaxes(log_axis(y) if log else {"title_text": y})
    return laid_out(figure, 400)


def sets_figure(
    history: pd.DataFrame, test: float | None, trained: float | None = None
) -> go.Figure:
    """Accuracy on training and validation images by epoch, and after training on test images.

    Args:
        history: columns epoch, accuracy, val_accuracy.
        test: accuracy on the test images; None before it is known.
        trained: accuracy on the training images with the same weights; None where not known.
    """
    curves = {
        "Training, mean of the epoch": (history["epoch"], history["accuracy"]),
        "Validation": (history["epoch"], history["val_accuracy"]),
    }
    figure = race_figure(curves, "Epoch", "Accuracy", points=len(history) <= 30)
    marks = (
        ("Training, after training", trained, "triangle-up", BLUE),
        ("Test", test, "star", GREEN),
    )
    for name, accuracy, symbol, colour in marks:
        if accuracy is None:
            continue
        figure.add_scatter(
            x=[history["epoch"].max() if len(history) else 0],
            y=[accuracy],
            name=name,
            mode="markers",
            marker={"size": 16, "symbol": symbol, "color": colour},
            hovertemplate=f"{name}: %{{y:.4f}}<extra></extra>",
        )
    return figure


def hooks_figure(calls: Sequence[HookCall]) -> go.Figure:
    """When each hook was called: a row for each hook, a mark for each call or series of calls.

    Args:
        calls: of the hooks.
    """
    figure = go.Figure()
    groups = (
        ("fit", BLUE, "circle", ("on_train_", "on_epoch_", "on_batch_")),
        ("validation and evaluate", VERMILLION, "square", ("on_test_",)),
        ("predict", GREEN, "diamond", ("on_predict_",)),
    )
    for name, colour, symbol, starts in groups:
        xs: list[object] = []
        ys: list[object] = []
        said: list[object] = []
        for hook, epoch, first, last, count in calls:
            if not hook.startswith(starts):
                continue
            times = f"{count} calls" if count != 1 else "1 call"
            words = f"epoch {epoch}: {times}" if epoch else times
            # A line from the first call of a series to the last, and a gap behind it.
            xs += [first, last, None]
            ys += [hook, hook, None]
            said += [words, words, None]
        figure.add_scatter(
            x=xs,
            y=ys,
            customdata=said,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 4},
            marker={"symbol": symbol, "size": 8},
            hovertemplate="%{y}, %{customdata}, at %{x:.3f} s<extra></extra>",
        )
    order = list(dict.fromkeys(call.hook for call in calls))
    figure.update_xaxes(title_text="Seconds since fit() began")
    figure.update_yaxes(categoryorder="array", categoryarray=order, autorange="reversed")
    return laid_out(figure, 100 + 30 * max(len(order), 4))


def path_figure(
    across: Floats, up: Floats, loss: Floats, paths: Mapping[str, tuple[Floats, Floats]]
) -> go.Figure:
    """Paths over the loss as over a map: lines of equal loss, and each path from start to end.

    Args:
        across, up: where the grid stands, (n,) and (m,): the first weight and the second.
        loss: at the grid's points, (m, n).
        paths: for each name its points, (k, 2), and the loss at each, (k,).
    """
    figure = go.Figure(
        go.Contour(
            x=across,
            y=up,
            z=loss,
            # Light greys under all themes, so that every path stands out from them.
            colorscale=[[0, "#f4f4f4"], [1, "#8a8a8a"]],
            ncontours=25,
            line={"width": 0.5},
            colorbar={"title": {"text": "Loss"}, "thickness": 12},
            hovertemplate="loss %{z:.3f}<extra></extra>",
        )
    )
    for place, (name, (points, losses)) in enumerate(paths.items()):
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            customdata=losses,
            name=name,
            mode="lines+markers",
            line={"color": COLOURS[place], "width": 2, "dash": DASHES[place]},
            marker={
                "size": [0] * (len(points) - 1) + [12],
                "symbol": MARKERS[place],
                "color": COLOURS[place],
                "line": {"color": "black", "width": 1},
            },
            hovertemplate=f"{name}: loss %{{customdata:.3f}}<extra></extra>",
        )
    figure.update_xaxes(title_text="First weight")
    figure.update_yaxes(title_text="Second weight")
    return laid_out(figure, 480)
