"""Figures of the Learn pages: pure functions from numbers to Plotly figures.

Data colours are Okabe and Ito's or cividis and never speak alone; Streamlit gives text and grid
the page's colours.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from playground.figures.board import BLUE, GREEN, PURPLE, SKY_BLUE, VERMILLION

ORANGE = "#E69F00"
# Name the line by its place: colour and dash always come together.
COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY_BLUE)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = ("circle", "square", "diamond", "cross", "triangle-up", "x")


def laid_out(figure: go.Figure, height: int, **layout: Any) -> go.Figure:
    """The frame that all pictures share: legend above, little margin, the reader's zoom kept."""
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
    """A logarithmic y axis whose every label is a whole number: 0.2, 0.5, 1, 2, 5, …"""
    values = [float(f"{digit}e{decade}") for decade in range(-12, 10) for digit in (1, 2, 5)]
    return {
        "type": "log",
        "title_text": f"{title} (log scale)",
        "tickvals": values,
        "ticktext": [f"{v:,.0f}" if v >= 1 else f"{v:g}" for v in values],
    }


def pixels(z: Any, **options: Any) -> go.Heatmap:
    """28×28 numbers as an image; hover tells row, column and value."""
    return go.Heatmap(
        z=z,
        hovertemplate="row %{y}, column %{x}: %{z:.4~g}<extra></extra>",
        **{"colorscale": "Cividis", "showscale": False, **options},
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
