"""Figures of chance: intervals that shrink seed by seed, and false alarms."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from playground.figures.style import BLUE, GRAY, VERMILLION, lay_out, line_style, unnamed
from playground.lesson.chance import FalseAlarms, Looks
from playground.locales import t

_SHARE = 100


def intervals_figure(found: Looks) -> go.Figure:
    """The mean difference after each further seed, with both intervals, in percentage points."""
    figure = go.Figure()
    seeds = found.seeds.tolist()
    mean = _SHARE * found.mean
    for name, half, index in (
        (t("holds at every look"), found.always, 0),
        (t("holds for one look"), found.once, 1),
    ):
        ends = [(mean + _SHARE * half).tolist(), (mean - _SHARE * half).tolist()]
        for number, end in enumerate(ends):
            figure.add_scatter(
                x=seeds or [None],
                y=end or [None],
                name=name,
                legendgroup=name,
                showlegend=number == 0,
                mode="lines+markers",
                line=line_style(index, 2),
                marker={"size": 5},
                hovertemplate=unnamed("%{y:+.2f}"),
            )
    figure.add_scatter(
        x=seeds or [None],
        y=mean.tolist() or [None],
        name=t("mean difference"),
        mode="lines+markers",
        line={"color": GRAY, "width": 3},
        marker={"symbol": "diamond", "size": 8},
        hovertemplate=unnamed("%{y:+.2f}"),
    )
    figure.add_hline(0, line={"color": GRAY, "dash": "dot"})
    figure.update_xaxes(title_text=t("Seeds so far"), dtick=1 if len(seeds) < 20 else None)
    figure.update_yaxes(title_text=t("Difference in points"), zeroline=False)
    return lay_out(figure, 360)


def false_alarms_figure(found: FalseAlarms, level: float) -> go.Figure:
    """How many comparisons of equal settings were called different by each look.

    Args:
        found: the shares.
        level: the share that is promised, 0 to 1.
    """
    figure = go.Figure()
    curves: Sequence[tuple[str, list[float], str, str]] = (
        (t("p below 0.05 at any look"), found.once.tolist(), VERMILLION, "dash"),
        (t("the playground’s verdict"), found.always.tolist(), BLUE, "solid"),
    )
    for name, shares, colour, dash in curves:
        figure.add_scatter(
            x=found.seeds.tolist(),
            y=shares,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5},
            hovertemplate=unnamed("%{y:.1%}"),
        )
    figure.add_hline(level, line={"color": GRAY, "dash": "dot"})
    figure.update_xaxes(title_text=t("Seeds so far"))
    figure.update_yaxes(
        title_text=t("False alarms"), tickformat=".0%", rangemode="tozero", zeroline=False
    )
    return lay_out(figure, 360)
