"""How figures look: colours, dashes, markers, font sizes, axes and layout.

Data colours are Okabe and Ito's, or Cividis, and never speak alone: each trace has its own dash,
marker or pattern, too. Text and grid take the page's colours in the browser.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from plotly.colors import sequential

from playground.locales import t

BLUE, SKY_BLUE, VERMILLION = "#0072B2", "#56B4E9", "#D55E00"
GREEN, PURPLE, ORANGE = "#009E73", "#CC79A7", "#E69F00"
GRAY = "gray"
# Of trace after trace: what has one index goes together.
COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY_BLUE)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = ("circle", "square", "diamond", "cross", "triangle-up", "x")
PATTERNS = ("", "/", ".", "x")

SCALE = "Cividis"
# Blue is below 0, red above, white is 0.
SIGNED_SCALE = "RdBu_r"
# Light greys under all themes: every line stands out from them.
MAP_SCALE = [[0, "#f4f4f4"], [1, "#8a8a8a"]]
# Goes with the square root, so that small numbers show as well.
ROOT_SCALE = [
    [(i / (len(sequential.Cividis) - 1)) ** 2, colour]
    for i, colour in enumerate(sequential.Cividis)
]

# Font sizes.
TITLE, SUBTITLE, TEXT, SMALL, TINY = 15, 13, 12, 11, 9
# More markers than this on a line hide its dashes.
MOST_MARKERS = 25
NO_OUTLINE = {"width": 0}
# For data that the live board brings later: one missing point keeps a trace, and with it the
# legend and the margins, from the start.
NO_POINTS: dict[str, list[None]] = {"x": [None], "y": [None]}


def line_style(index: int, width: float = 2.5) -> dict[str, Any]:
    """Colour and dash of line number `index`, 0 to 5."""
    return {"color": COLOURS[index], "dash": DASHES[index], "width": width}


def marker_style(index: int, size: int) -> dict[str, Any]:
    """Markers on line number `index`, few enough that its dashes can be seen."""
    return {"symbol": MARKERS[index], "size": size, "maxdisplayed": MOST_MARKERS}


def unnamed(template: str) -> str:
    """A hover template without the box that has the trace's name."""
    return f"{template}<extra></extra>"


def colour_bar(title: str) -> dict[str, Any]:
    """A narrow legend of a colour scale."""
    return {"title": {"text": title}, "thickness": 12}


def live_axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis of the live board."""
    return {"automargin": True, "zeroline": False, "title": {"text": title, "standoff": 8}, **more}


def live_layout(title: str, xaxis: dict[str, Any], yaxis: dict[str, Any]) -> dict[str, Any]:
    """The layout of a chart of the live board: title above, legend below."""
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
            "font": {"size": TITLE},
        },
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": TEXT},
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "font": {"size": SMALL},
        },
        "xaxis": xaxis,
        "yaxis": yaxis,
        # A constant: whatever is drawn, the reader's zoom and hidden traces stay.
        "uirevision": "board",
    }


def lay_out(figure: go.Figure, height: int, **layout: Any) -> go.Figure:
    """The layout of all other figures: legend above, little margin, the reader's zoom kept."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        uirevision="lesson",
        **layout,
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure


def log_axis(title: str) -> dict[str, Any]:
    """A logarithmic y axis with labels at 0.2, 0.5, 1, 2, 5, … rather than at powers of ten."""
    values = [float(f"{digit}e{decade}") for decade in range(-12, 10) for digit in (1, 2, 5)]
    return {
        "type": "log",
        "title_text": t("{quantity} (log scale)", quantity=title),
        "tickvals": values,
        "ticktext": [f"{v:,.0f}" if v >= 1 else f"{v:g}" for v in values],
    }


def pixels(z: Any, **options: Any) -> go.Heatmap:
    """Numbers (28, 28) as an image; hovering tells row, column and value."""
    return go.Heatmap(
        z=z,
        hovertemplate=unnamed(t("row %{y}, column %{x}: %{z:.4~g}")),
        **{"colorscale": SCALE, "showscale": False, **options},
    )


def as_images(figure: go.Figure, columns: int) -> go.Figure:
    """Make the subplots show images: square pixels, row 0 at the top, no ticks."""
    for column in range(1, columns + 1):
        axis = f"x{column}" if column > 1 else "x"
        figure.update_yaxes(
            autorange="reversed",
            scaleanchor=axis,
            constrain="domain",
            visible=False,
            row=1,
            col=column,
        )
        figure.update_xaxes(visible=False, constrain="domain", row=1, col=column)
    return figure
