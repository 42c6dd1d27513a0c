"""What a class has answered: predicted numbers, and choices."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
import plotly.graph_objects as go

from playground.figures.classroom.words import plain
from playground.figures.style import (
    BLUE,
    GRAY,
    GREEN,
    SIZES,
    VERMILLION,
    VIOLET,
    lay_out,
    unnamed,
)
from playground.locales import t

BINS = 20
# In pixels: of a line of an option, of its bar, between two, and at the edge.
_LINE, _BAR, _GAP, _EDGE = 28, 34, 18, 8
_WIDTH = 34  # characters of a line that a phone has room for
_RIGHT = "✓"


def numbers_figure(
    title: str,
    quantity: str,
    numbers: Sequence[float],
    low: float,
    high: float,
    decimals: int,
    *,
    own: float | None = None,
    real: float | None = None,
    height: int = 380,
) -> go.Figure:
    """How often which number was predicted, and the real one among them.

    Args:
        title: stands above.
        quantity: what was predicted, for the x axis.
        numbers: one for each member who answered.
        low: the least that could be answered; the bins begin here.
        high: the greatest.
        decimals: with which a number is written.
        own: of the one who looks at it.
        real: what came of it; it may lie beyond the ends.
        height: in pixels.
    """
    counts, edges = np.histogram(np.clip(numbers, low, high), BINS, (low, high))
    figure = go.Figure(
        go.Bar(
            x=((edges[:-1] + edges[1:]) / 2).tolist(),
            y=counts.tolist(),
            width=np.diff(edges).tolist(),
            customdata=np.stack([edges[:-1], edges[1:]], axis=1).tolist(),
            marker={"color": VIOLET, "line": {"width": 1, "color": BLUE}},
            hovertemplate=unnamed(
                f"%{{customdata[0]:.{decimals}f}} – %{{customdata[1]:.{decimals}f}}: %{{y}}"
            ),
        )
    )
    known = [one for one in (low, high, own, real) if one is not None]
    ends = (min(known), max(known))
    for value, name, colour, dash, height_share in (
        (own, t("You"), BLUE, "dash", 0.86),
        (real, t("Real"), VERMILLION, "solid", 1.0),
    ):
        if value is not None:
            text = f"{name} {value:.{decimals}f}"
            _mark(figure, value, text, colour, dash, height_share, 2 * value > sum(ends))
    figure.update_xaxes(title_text=quantity, range=ends)
    # Room above the bars for what is written at the lines.
    most = max(int(counts.max(initial=0)), 1)
    figure.update_yaxes(
        title_text=t("Members"), range=(0, 1.3 * most), tickformat="d", nticks=min(most, 6) + 1
    )
    return lay_out(figure, height, title={"text": plain(title), "x": 0}, showlegend=False, bargap=0)


def pairs_figure(
    pairs: Sequence[tuple[str, float, float]], low: float, high: float, decimals: int
) -> go.Figure:
    """What each predicted of a run of their own, and what came of it.

    Args:
        pairs: name, predicted and real number of each; the real one may lie beyond the ends.
        low: the least that could be answered.
        high: the greatest.
        decimals: with which a number is written.
    """
    names, predicted, real = zip(*pairs, strict=True) if pairs else ((), (), ())
    ends = min(low, *real, high), max(low, *real, high)
    number = f".{decimals}f"
    figure = go.Figure(
        [
            go.Scatter(
                x=ends,
                y=ends,
                mode="lines",
                line={"color": GRAY, "width": 3, "dash": "dash"},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=predicted,
                y=real,
                mode="markers",
                text=[plain(name) for name in names],
                marker={"color": VIOLET, "size": 18, "line": {"width": 2, "color": BLUE}},
                hovertemplate=unnamed(f"%{{text}}: %{{x:{number}}} → %{{y:{number}}}"),
            ),
        ]
    )
    figure.add_annotation(
        x=ends[1],
        y=ends[1],
        text=t("as predicted"),
        showarrow=False,
        xanchor="right",
        yanchor="top",
        yshift=-48,  # below the line
        font={"size": SIZES["large"]},
    )
    figure.update_xaxes(title_text=t("Predicted"), range=ends)
    figure.update_yaxes(title_text=t("Real"), range=ends)
    return lay_out(figure, 380, showlegend=False)


def _mark(
    figure: go.Figure,
    value: float,
    text: str,
    colour: str,
    dash: str,
    height_share: float,
    leftward: bool,
) -> None:
    down = {"xref": "x", "yref": "y domain"}
    line = {"color": colour, "width": 4, "dash": dash}
    figure.add_shape(type="line", x0=value, x1=value, y0=0, y1=1, line=line, **down)
    figure.add_annotation(
        x=value,
        y=height_share,
        text=f"<b>{text}</b>",
        showarrow=False,
        xanchor="right" if leftward else "left",
        yanchor="top",
        xshift=-6 if leftward else 6,
        font={"size": SIZES["large"]},
        **down,
    )


def choices_figure(
    options: Sequence[str],
    counts: Sequence[int],
    *,
    right: int | None = None,
    own: int | None = None,
) -> go.Figure:
    """How many have chosen which option, legible from the last row of a room.

    Args:
        options: in the order in which they were offered.
        counts: how many members have chosen each.
        right: the index of the right one; None while it is not shown, or where none is right. It
            has a tick, a pattern and a colour of its own.
        own: the index of what the one who looks at it has chosen.
    """
    total = sum(counts)
    texts = [
        t("{count:,} ({share:.0%})", count=count, share=count / total if total else 0.0)
        for count in counts
    ]
    names = [_option(name, i, right, own) for i, name in enumerate(options)]
    # The y axis is in pixels: an option of several lines takes more of them.
    tops, height = [], 0
    for lines in names:
        tops.append(height + len(lines) * _LINE)
        height += len(lines) * _LINE + _BAR + _GAP
    is_right = [i == right for i in range(len(options))]
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=[top + _BAR / 2 for top in tops],
            orientation="h",
            width=_BAR,
            text=texts,
            textposition="outside",
            textfont={"size": SIZES["title"]},
            cliponaxis=False,
            marker={
                "color": [GREEN if one else VIOLET for one in is_right],
                "pattern": {"shape": ["/" if one else "" for one in is_right], "fgcolor": GRAY},
                "line": {"width": [4 if one else 0 for one in is_right], "color": GREEN},
            },
            hoverinfo="skip",
        )
    )
    # The options above their bars: beside them they would leave a phone no room.
    for top, lines in zip(tops, names, strict=True):
        figure.add_annotation(
            x=0,
            y=top,
            xref="paper",
            yref="y",
            text="<br>".join(lines),
            align="left",
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            font={"size": SIZES["large"]},
        )
    figure.update_xaxes(range=(0, 1.4 * max([*counts, 1])), visible=False)
    figure.update_yaxes(range=(height, 0), visible=False)
    lay_out(figure, height + 2 * _EDGE, showlegend=False)
    figure.update_layout(margin={"t": _EDGE, "b": _EDGE})
    return figure


def _option(name: str, index: int, right: int | None, own: int | None) -> list[str]:
    """What stands above an option's bar, in lines that a phone has room for."""
    said = f"{_RIGHT} {name}" if index == right else name
    if index == own:
        said = t("{option} (your choice)", option=said)
    lines = [plain(line) for line in wrap(said, _WIDTH)] or [""]
    return [f"<b>{line}</b>" for line in lines] if index == right else lines
