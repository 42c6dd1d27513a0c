"""A small picture for each page of Learn, in colours that stand out from both themes."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Sequence

from playground.figures.style import BLUE, GRAY, GREEN, VERMILLION


def image_html(path: str) -> str:
    """The picture of the page with this path in its address, as HTML; empty where there is none."""
    drawn = _PICTURES.get(path)
    if drawn is None:
        return ""
    # An image, as Streamlit lets no other drawing through; it says nothing that the card does not.
    image = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60" fill="none" stroke="{GRAY}" '
        f'stroke-width="2" stroke-linejoin="round">{drawn}</svg>'
    )
    address = f"data:image/svg+xml;base64,{b64encode(image.encode()).decode()}"
    return f'<img class="lesson-picture" src="{address}" alt="">'


def _line(points: Sequence[tuple[float, float]], colour: str = GRAY) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="{path}" stroke="{colour}"/>'


def _dots(points: Sequence[tuple[float, float]], colour: str, radius: float = 3) -> str:
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="none"/>'
        for x, y in points
    )


def _bars(x: float, heights: Sequence[float], colour: str, width: float = 5) -> str:
    return "".join(
        f'<path d="M{x + i * (width + 1):.1f} 54v-{height}h{width}v{height}z" '
        f'fill="{colour}" stroke="none"/>'
        for i, height in enumerate(heights)
    )


def _falling(by: float, wiggle: float = 0) -> list[tuple[float, float]]:
    """A loss over time."""
    return [
        (10 + 2.5 * i, 10 + 40 * (1 - math.exp(-by * i)) + wiggle * math.sin(2.1 * i))
        for i in range(41)
    ]


_AXES = '<path d="M8 4v52h106" stroke-width="1.5"/>'
_SHIRT = '<path d="M14 14 6 20l5 8 4-2v26h20V26l4 2 5-8-8-6c-4 5-18 5-22 0Z"/>'
_TROUSERS = '<path d="M50 12h22l3 40h-9l-5-28-5 28h-9Z"/>'
_SHOE = '<path d="M82 34c8 2 10-4 12-8l10 10c6 3 12 3 12 10H82Z"/>'
_BELL = [3, 8, 20, 34, 40, 34, 20, 8, 3]

_PICTURES = {
    "the-data": _SHIRT + _TROUSERS + _SHOE,
    "feature-scaling": _bars(4, [44, 20, 8, 5, 4, 4, 6, 10], BLUE)
    + '<path d="M56 34h10m-4-4 4 4-4 4"/>'
    + _bars(70, [6, 22, 40, 30, 16, 10, 5], VERMILLION),
    "flatten": "".join(
        f'<path d="M{6 + 10 * column} {10 + 10 * row}h9v9h-9z" stroke="none" fill="{GRAY}" '
        f'opacity="{0.15 + 0.2 * ((row * column + row) % 5):.2f}"/>'
        for row in range(4)
        for column in range(4)
    )
    + '<path d="M50 30h10m-4-4 4 4-4 4"/>'
    + "".join(
        f'<path d="M{66 + 6 * i} 25h5v10h-5z" stroke="none" fill="{GRAY}" '
        f'opacity="{0.15 + 0.2 * (i % 5):.2f}"/>'
        for i in range(8)
    ),
    "dense": "".join(
        f'<path d="M16 {8 + 11 * i}L74 30" stroke="{BLUE if i % 2 else VERMILLION}" '
        f'stroke-width="{1 + (i * 2) % 3}"/>'
        for i in range(5)
    )
    + _dots([(14, 8 + 11 * i) for i in range(5)], GRAY)
    + '<circle cx="82" cy="30" r="10"/><path d="M92 30h18"/>',
    "activation-functions": _AXES
    + _line([(12, 50), (60, 50), (108, 10)], BLUE)
    + _line(
        [(12 + 2.4 * i, 50 - 38 / (1 + math.exp(-(i - 20) / 3.5))) for i in range(41)], VERMILLION
    ),
    "compile": _AXES
    + _line([(14 + 2.4 * i, 10 + 40 * (1 - ((i - 20) / 20) ** 2)) for i in range(41)])
    + _dots([(22, 22), (32, 37), (44, 47), (61, 50)], VERMILLION, 3.5),
    "evaluate": f'<path d="M8 20h64v20H8z" fill="{BLUE}" stroke="none"/>'
    f'<path d="M76 20h14v20H76z" fill="{VERMILLION}" stroke="none"/>'
    '<path d="M94 20h18v20H94z" stroke-dasharray="4 3"/>',
    "callback": _AXES
    + _line([(10 + 2.5 * i, 50 - 34 * (1 - math.exp(-0.09 * i))) for i in range(27)], BLUE)
    + f'<path d="M10 18h104" stroke="{GREEN}" stroke-dasharray="5 4"/>'
    + _dots([(76, 19)], GREEN, 5),
    "batch": _AXES + _line(_falling(0.12, 3.5), VERMILLION) + _line(_falling(0.06), BLUE),
    "chance": _AXES
    + _bars(16, _BELL, BLUE, 6)
    + _bars(52, [h * 0.9 for h in _BELL], VERMILLION, 6),
    "terms": "".join(
        f'<path d="M20 {12 + 12 * i}h16" stroke="{BLUE}" stroke-width="4"/>'
        f'<path d="M44 {12 + 12 * i}h{56 - 9 * (i % 3)}"/>'
        for i in range(4)
    ),
}
