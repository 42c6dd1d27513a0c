"""Lines over epochs as SVG: still, without scripts, for paper and screen."""

from __future__ import annotations

import math
from html import escape
from itertools import cycle
from typing import NamedTuple

from playground.classroom.report.data import Curves
from playground.locales import t

# No two lines have the same dashes: there are fewer colours, and paper may be grey.
_DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2")
MOST_LINES = len(_DASHES)
_WIDTH, _HEIGHT = 680, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 204, 14, 44
_GAP = 18  # between the names of two lines
_TICKS = 5

_Points = tuple[tuple[float, float], ...]


class _Style(NamedTuple):
    colour: str
    dash: str

    def __str__(self) -> str:
        dash = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        return f'stroke="{self.colour}" stroke-width="2"{dash}'


def curves_svg(chart: Curves, colours: tuple[str, ...]) -> str:
    """The chart, to be styled by its page; its lines beyond `MOST_LINES` are left out.

    Args:
        chart: what it shows.
        colours: of line after line, over and over.
    """
    styles = list(map(_Style, cycle(colours), _DASHES))
    lines = [
        (name, tuple(point for point in points if all(map(math.isfinite, point))))
        for name, points in chart.lines[:MOST_LINES]
    ]
    values = [value for _, points in lines for _, value in points]
    low, high = min([chart.low, *values]), max([chart.high, *values])
    high = high if high > low else low + 1

    def place(epoch: float, value: float) -> tuple[float, float]:
        wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        x = _LEFT + wide * min(max(epoch / max(chart.epochs, 1), 0.0), 1.0)
        return x, _TOP + tall * (1 - (value - low) / (high - low))

    drawn = "".join(
        _line([place(*point) for point in points], style)
        for style, (_, points) in zip(styles, lines, strict=False)
    )
    ends = [place(*points[-1])[1] if points else float(_TOP) for _, points in lines]
    names = "".join(
        _name(name, style, y)
        for style, (name, _), y in zip(styles, lines, spread(ends), strict=False)
    )
    said = escape(_said(chart, lines), quote=True)
    axes = _axes(chart, low, high)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{said}">'
        f"{axes}{drawn}{names}</svg>"
    )


def _line(places: list[tuple[float, float]], style: _Style) -> str:
    if not places:
        return ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return (
        f'<polyline points="{path}" fill="none" {style}/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{style.colour}"/>'
    )


def _name(name: str, style: _Style, y: float) -> str:
    x = _WIDTH - _RIGHT + 10
    short = name if len(name) <= 22 else f"{name[:21]}…"
    return (
        f'<line x1="{x}" y1="{y:.1f}" x2="{x + 20}" y2="{y:.1f}" {style}/>'
        f'<text x="{x + 25}" y="{y + 4:.1f}">{escape(short)}</text>'
    )


def spread(wanted: list[float]) -> list[float]:
    """Heights at which names can be read: as wanted, but `_GAP` apart and inside the chart."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    least = float(_TOP)
    for index in order:
        placed[index] = max(wanted[index], least)
        least = placed[index] + _GAP
    most = float(_HEIGHT - _BOTTOM)
    for index in reversed(order):
        placed[index] = min(placed[index], most)
        most = placed[index] - _GAP
    return placed


def _axes(chart: Curves, low: float, high: float) -> str:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = [
        f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
        f'<line class="axis" x1="{_LEFT}" y1="{_TOP}" x2="{_LEFT}" y2="{bottom}"/>',
    ]
    for tick in range(_TICKS):
        share = tick / (_TICKS - 1)
        y = bottom - share * (bottom - _TOP)
        value = low + share * (high - low)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>'
        )
    for epoch in _epochs(chart.epochs):
        x = _LEFT + (right - _LEFT) * epoch / max(chart.epochs, 1)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{epoch}</text>')
    middle = (_LEFT + right) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(t("Epoch"))}</text>'
    )
    return "".join(parts)


def _epochs(epochs: int) -> list[int]:
    """Whole epochs at which the axis has numbers: not more than ten, the last one among them."""
    step = max(1, math.ceil(epochs / 8))
    inner = [epoch for epoch in range(0, epochs, step) if epochs - epoch >= step / 2]
    return [*inner, epochs] if epochs else [0]


def _said(chart: Curves, lines: list[tuple[str, _Points]]) -> str:
    """The chart in a sentence for those who do not see it."""
    ends = "; ".join(
        t("{name}: {value:.3f} at the end", name=name, value=points[-1][1])
        for name, points in lines
        if points
    )
    return f"{chart.title}. {ends}"
