"""How everything looks: colours, dashes, markers, sizes of text, spaces, axes and layout.

The colours of text and background are the theme's, in `.streamlit/config.toml`. All others are
here: style sheets take them as custom properties (`css_variables`), JavaScript from these or from
Python. Data colours are Cividis, or four of Okabe and Ito's with a brown and a violet in place of
their orange and sky blue, which are under 3 : 1 on white. They never speak alone: each trace has
its own dash, marker or pattern, too.
"""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

import plotly.graph_objects as go

from playground.locales import t

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, BROWN, VIOLET = "#CC79A7", "#9C4E36", "#9966FF"
GRAY = "#808080"
# Of trace after trace: what has one index goes together.
COLOURS = (BLUE, VERMILLION, GREEN, BROWN, PURPLE, VIOLET)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = ("circle", "square", "diamond", "cross", "triangle-up", "x")
PATTERNS = ("", "/", ".", "x")

# The product's mark, and the theme's primary colour.
ACCENT = "#c53948"
# Of weights and whatever else has a sign: below and above 0.
NEGATIVE, POSITIVE = BLUE, VERMILLION
# A drawing's, and a QR code's: not every camera reads one in other colours.
PAPER, INK = "#ffffff", "#000000"
TRANSPARENT = "rgba(0,0,0,0)"

SCALE = "Cividis"
# Light greys under all themes: every line stands out from them.
MAP_SCALE = [[0, "#f4f4f4"], [1, "#8a8a8a"]]
# As much of a colour as leaves the page's text readable on it, in both themes.
TINT = 0.6
# As much of `GRAY` as a line or a mark behind others needs to stand out from both pages.
FAINT = 0.85


def faded(colour: str, share: float) -> str:
    """So much of a colour over what lies behind it, the page: 0 is none of it."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def signed_scale(most: float = 1) -> list[list[float | str]]:
    """A scale from below to above 0, which shows the page; `most` of a colour at its ends."""
    return [
        [0, faded(NEGATIVE, most)],
        [0.5, faded(NEGATIVE, 0)],
        [0.5, faded(POSITIVE, 0)],
        [1, faded(POSITIVE, most)],
    ]


SIGNED_SCALE = signed_scale()
# Of matrices with a number in each cell. Tints go with the square root, so that small numbers show.
COUNT_SCALE: list[list[float | str]] = [
    [(i / 10) ** 2, faded(BLUE, TINT * i / 10)] for i in range(11)
]
DIFFERENCE_SCALE = signed_scale(TINT)

# Sizes of text, in pixels: on the page, and in figures.
SIZES = {"tiny": 12, "small": 14, "text": 16, "large": 20, "title": 24}
TITLE, SUBTITLE, TEXT, SMALL = SIZES["text"], *[SIZES["small"]] * 3
# Spaces between things, in pixels.
SPACES = (2, 4, 6, 8, 12, 16, 24, 48)
# More markers than this on a line hide its dashes.
MOST_MARKERS = 25
NO_OUTLINE = {"width": 0}
# Of a trace whose name stands at the end of its line (`ui/common/ends.js`); pixels for it.
END = {"end": True}
END_ROOM = 96
END_ROOM_MOST = 208
# Of an axis, and where a figure says it: an accuracy, 0 to 1.
PERCENT_TICKS = ".1~%"
PERCENT = "%{y:.1%}"
# For data that the live board brings later: one missing point keeps a trace, and with it the axes,
# from the start.
NO_POINTS: dict[str, list[None]] = {"x": [None], "y": [None]}


def css_variables() -> str:
    """The colours, sizes and spaces as custom properties for style sheets: `--pg-…`."""
    colours = {
        "blue": BLUE,
        "vermillion": VERMILLION,
        "green": GREEN,
        "accent": ACCENT,
        "gray": GRAY,
        "negative": NEGATIVE,
        "positive": POSITIVE,
        # The theme's, where Streamlit says it.
        "background": "var(--st-background-color, Canvas)",
        "paper": PAPER,
        "ink": INK,
        # Of the text around it: legible in both themes.
        "muted": "color-mix(in srgb, currentColor 76%, transparent)",
        "tint": f"{100 * TINT:g}%",
        # The root's size of text for a room (projector.css).
        "room": "clamp(16px, 1.458vw, 44px)",
    }
    sizes = {f"text-{name}": f"{size / 16:g}rem" for name, size in SIZES.items()}
    spaces = {f"space-{size}": f"{size / 16:g}rem" for size in SPACES}
    named = {**colours, **sizes, **spaces}
    return f":root {{ {' '.join(f'--pg-{name}: {value};' for name, value in named.items())} }}"


def line_style(index: int, width: float = 2.5) -> dict[str, Any]:
    """Colour and dash of line number `index`, 0 to 5."""
    return {"color": COLOURS[index], "dash": DASHES[index], "width": width}


def marker_style(index: int, size: int) -> dict[str, Any]:
    """Markers on line number `index`, few enough that its dashes can be seen."""
    return {"symbol": MARKERS[index], "size": size, "maxdisplayed": MOST_MARKERS}


def unnamed(template: str) -> str:
    """A hover template without the box that has the trace's name."""
    return f"{template}<extra></extra>"


def colour_bar(title: str, ticks: str | None = None) -> dict[str, Any]:
    """A narrow legend of a colour scale."""
    return {"title": {"text": title}, "thickness": 12, "tickformat": ticks}


def live_axis(title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis of the live board."""
    named = {"text": title, "standoff": 8, "font": {"size": TEXT}}
    return {"automargin": True, "zeroline": False, "title": named, **more}


def live_layout(title: str, xaxis: dict[str, Any], yaxis: dict[str, Any]) -> dict[str, Any]:
    """The layout of a chart of the live board: title above, no legend.

    Lines with `END` have their names where they end: there is room at the right.
    """
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
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "font": {"size": TEXT},
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "showlegend": False,
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
    figure.update_xaxes(automargin=True, title_font_size=TEXT, title_standoff=8)
    figure.update_yaxes(automargin=True, title_font_size=TEXT, title_standoff=8)
    return figure


def name_at_ends(figure: go.Figure) -> go.Figure:
    """Name each line where it ends, in place of a legend; there is room for names at the right."""
    figure.update_traces(meta=END, selector={"type": "scatter"})
    most = max((_name_width(trace.name) for trace in figure.data), default=0)
    figure.update_layout(showlegend=False, margin={"r": min(END_ROOM_MOST, most), "t": 16})
    return figure


def _name_width(name: str) -> int:
    """Pixels for a name in `SMALL` letters, with the sample of its line."""
    return 40 + sum(SMALL if east_asian_width(letter) in "WF" else 7 for letter in name)


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
