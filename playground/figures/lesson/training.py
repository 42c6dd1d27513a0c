"""Figures of runs side by side, the three sets, the callback's hooks and the descent's path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from playground.events import HookCall
from playground.figures.style import (
    BLUE,
    COLOURS,
    GREEN,
    INK,
    MAP_SCALE,
    MARKERS,
    PERCENT,
    PERCENT_TICKS,
    VERMILLION,
    colour_bar,
    lay_out,
    line_style,
    log_axis,
    name_at_ends,
    unnamed,
)
from playground.locales import plural, t
from playground.network.activations import Floats

Curve = tuple[Sequence[float], Sequence[float]]


def race_figure(
    curves: Mapping[str, Curve],
    x: str,
    y: str,
    *,
    log: bool = False,
    points: bool = False,
    floor: float | None = None,
) -> go.Figure:
    """Lines of several runs, one for each name, which stands where the line ends.

    Args:
        curves: for each name its x and y values.
        x, y: titles of the axes.
        log: whether the y axis is logarithmic.
        points: whether each value has a marker.
        floor: for losses of single steps: smaller values are drawn at this value, and the first
            line, the most jagged one, is thin.
    """
    return name_at_ends(lay_out(_lines(curves, x, y, log=log, points=points, floor=floor), 400))


def _lines(
    curves: Mapping[str, Curve],
    x: str,
    y: str,
    *,
    log: bool = False,
    points: bool = False,
    floor: float | None = None,
    value: str = "%{y:.4f}",
) -> go.Figure:
    figure = go.Figure()
    for index, (name, (xs, ys)) in enumerate(curves.items()):
        heights: list[float | None] = [y if floor is None else max(y, floor) for y in ys]
        figure.add_scatter(
            x=list[float | None](xs) or [None],
            y=heights or [None],
            name=name,
            showlegend=True,
            mode="lines+markers" if points else "lines",
            line=line_style(index, 2 if floor is None else 1.5 if index else 0.75),
            marker={"size": 8, "symbol": MARKERS[index]},
            hovertemplate=unnamed(f"{name}: {value}"),
        )
    figure.update_xaxes(title_text=x, rangemode="tozero")
    figure.update_yaxes(log_axis(y) if log else {"title_text": y})
    return figure


def sets_figure(
    history: pd.DataFrame, test: float | None, trained: float | None = None
) -> go.Figure:
    """Accuracy on training and validation images by epoch, and on test images after training.

    Args:
        history: columns epoch, accuracy, val_accuracy.
        test: accuracy on the test images; None before it is known.
        trained: accuracy on the training images with the same weights; None where not known.
    """
    curves = {
        t("Training, mean of the epoch"): (history["epoch"], history["accuracy"]),
        t("Validation"): (history["epoch"], history["val_accuracy"]),
    }
    figure = _lines(curves, t("Epoch"), t("Accuracy"), points=len(history) <= 30, value=PERCENT)
    figure.update_yaxes(tickformat=PERCENT_TICKS)
    marks = (
        (t("Training, after training"), trained, "triangle-up", BLUE),
        (t("Test"), test, "star", GREEN),
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
            hovertemplate=unnamed(f"{name}: {PERCENT}"),
        )
    # Marks after training lie where the lines end: names beside them would not say which is which.
    return lay_out(figure, 400)


def hooks_figure(calls: Sequence[HookCall]) -> go.Figure:
    """When each hook was called: a row for each hook, a mark for each call or series of calls.

    Args:
        calls: of the hooks.
    """
    figure = go.Figure()
    groups = (
        (t("training: fit()"), BLUE, "circle", ("on_train_", "on_epoch_", "on_batch_")),
        (t("validation and test: evaluate()"), VERMILLION, "square", ("on_test_",)),
        (t("prediction: predict()"), GREEN, "diamond", ("on_predict_",)),
    )
    for name, colour, symbol, starts in groups:
        xs: list[object] = []
        ys: list[object] = []
        texts: list[object] = []
        for hook, epoch, first, last, count in calls:
            if not hook.startswith(starts):
                continue
            text = _calls(epoch, count)
            # A line from the first call of a series to the last, and a gap after it.
            xs += [first, last, None]
            ys += [hook, hook, None]
            texts += [text, text, None]
        figure.add_scatter(
            x=xs,
            y=ys,
            customdata=texts,
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 4},
            marker={"symbol": symbol, "size": 8},
            hovertemplate=unnamed(t("%{y}, %{customdata}, at %{x:.3f} s")),
        )
    order = list(dict.fromkeys(call.hook for call in calls))
    figure.update_xaxes(title_text=t("Seconds since fit() began"))
    figure.update_yaxes(categoryorder="array", categoryarray=order, autorange="reversed")
    return lay_out(figure, 100 + 30 * max(len(order), 4))


def _calls(epoch: int | None, count: int) -> str:
    if not epoch:
        return plural("{count} call", "{count} calls", count)
    return plural("epoch {epoch}: {count} call", "epoch {epoch}: {count} calls", count, epoch=epoch)


def path_figure(
    across: Floats, up: Floats, loss: Floats, paths: Mapping[str, tuple[Floats, Floats]]
) -> go.Figure:
    """The loss as a map, with lines of equal loss, and paths on it from start to end.

    Args:
        across, up: the grid's values of the first and the second weight, (n,) and (m,).
        loss: at the grid's points, (m, n).
        paths: for each name its points, (k, 2), and the loss at each, (k,).
    """
    figure = go.Figure(
        go.Contour(
            x=across,
            y=up,
            z=loss,
            colorscale=MAP_SCALE,
            ncontours=25,
            line={"width": 0.5},
            colorbar=colour_bar(t("Loss")),
            hovertemplate=unnamed(t("loss %{z:.3f}")),
        )
    )
    for index, (name, (points, losses)) in enumerate(paths.items()):
        figure.add_scatter(
            x=points[:, 0],
            y=points[:, 1],
            customdata=losses,
            name=name,
            mode="lines+markers",
            line=line_style(index, 2),
            marker={
                "size": [0] * (len(points) - 1) + [12],
                "symbol": MARKERS[index],
                "color": COLOURS[index],
                "line": {"color": INK, "width": 1},
            },
            hovertemplate=unnamed(t("{path}: loss %{customdata:.3f}", path=name)),
        )
    figure.update_xaxes(title_text=t("First weight"))
    figure.update_yaxes(title_text=t("Second weight"))
    return lay_out(figure, 480)
