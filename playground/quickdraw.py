"""Drawings as strokes, in the public format of Google's *Quick, Draw!* data set.

One JSON object a line (ndjson). `drawing` is a list of strokes, each `[[x…], [y…]]`, y downwards;
in the *simplified* form the drawing lies in the top left corner of a box of 0 to 255.
See https://github.com/googlecreativelab/quickdraw-dataset.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

BOX = 255
MAX_POINTS = 20_000
MAX_WORD = 60
# Lines are drawn this many times larger and then averaged, so that their edges are soft.
_SOFT = 2

Stroke = tuple[list[int], list[int]]
Strokes = tuple[Stroke, ...]


class Drawing(NamedTuple):
    """A word and the strokes that were drawn for it: x and y of each point, in order."""

    word: str
    strokes: Strokes


def read_ndjson(lines: Iterable[str]) -> tuple[list[Drawing], list[str]]:
    """Read drawings, one a line; both the simplified and the raw form, without its times.

    Args:
        lines: the lines of a file; empty ones are passed over.

    Returns:
        The drawings, and a sentence for each line that could not be read, with its number.
    """
    drawings, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            drawings.append(_read(line))
        except ValueError as problem:
            problems.append(f"Line {number} is left out: {problem}")
    return drawings, problems


def _read(line: str) -> Drawing:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not a JSON object.") from None
    if not isinstance(record, dict):
        raise ValueError("it is not a JSON object.")
    word, drawing = record.get("word"), record.get("drawing")
    if not isinstance(word, str) or not 0 < len(word.strip()) <= MAX_WORD:
        raise ValueError(f"its “word” is missing or longer than {MAX_WORD} characters.")
    if not isinstance(drawing, list) or not drawing:
        raise ValueError("it has no “drawing”.")
    strokes = tuple(_stroke(stroke) for stroke in drawing)
    if sum(len(xs) for xs, _ in strokes) > MAX_POINTS:
        raise ValueError(f"its drawing has more than {MAX_POINTS:,} points.")
    return Drawing(word.strip(), strokes)


def _stroke(stroke: Any) -> Stroke:
    """One stroke, `[[x…], [y…]]` or with times as a third list, as whole numbers."""
    if isinstance(stroke, list) and len(stroke) in (2, 3):
        xs, ys = stroke[:2]
        if (
            isinstance(xs, list)
            and isinstance(ys, list)
            and len(xs) == len(ys) > 0
            and all(type(v) in (int, float) and abs(v) < 1e6 for v in xs + ys)
        ):
            return [round(x) for x in xs], [round(y) for y in ys]
    raise ValueError("a stroke in its “drawing” is not a list of x and a list of y of one length.")


def to_ndjson(drawings: Iterable[Drawing], when: datetime | None = None) -> str:
    """Drawings in the simplified form, one a line, each line with its end.

    Args:
        drawings: their strokes in any scale; see `simplify`.
        when: the time to write beside each; now, if left out.
    """
    time = (when or datetime.now(timezone.utc)).astimezone(timezone.utc)
    return "".join(
        json.dumps(
            {
                "word": drawing.word,
                "countrycode": "",
                "timestamp": f"{time:%Y-%m-%d %H:%M:%S.%f} UTC",
                "recognized": True,
                "key_id": str(number),
                "drawing": simplify(drawing.strokes),
            },
            ensure_ascii=False,
        )
        + "\n"
        for number, drawing in enumerate(drawings, 1)
    )


def simplify(strokes: Strokes) -> Strokes:
    """Strokes as the simplified form has them.

    Moved to the top left corner, scaled to a longest edge of 255 and thinned with the
    Ramer–Douglas–Peucker algorithm, epsilon 2. Simplifying twice changes nothing more than the
    first time did, up to thinning.
    """
    points = [np.stack([xs, ys], axis=1).astype(float) for xs, ys in strokes]
    low, size = _extent(points)
    return tuple(
        (xs.tolist(), ys.tolist())
        for xs, ys in (
            np.rint(_thin((p - low) * (BOX / size) if size else p - low)).astype(int).T
            for p in points
        )
    )


def _extent(points: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], float]:
    """The top left corner of all points, and their longest edge."""
    everything = np.concatenate(points)
    low = everything.min(axis=0)
    return low, float((everything.max(axis=0) - low).max())


def _thin(points: NDArray[np.float64], epsilon: float = 2.0) -> NDArray[np.float64]:
    """Ramer–Douglas–Peucker, without recursion: points (n, 2) to at most as many."""
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    todo = [(0, len(points) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        inner = points[first + 1 : last] - points[first]
        along = points[last] - points[first]
        length = math.hypot(*along)
        if length:
            away = np.abs(inner[:, 0] * along[1] - inner[:, 1] * along[0]) / length
        else:
            away = np.hypot(inner[:, 0], inner[:, 1])
        if away.max() > epsilon:
            middle = first + 1 + int(away.argmax())
            keep[middle] = True
            todo += [(first, middle), (middle, last)]
    return points[keep]


def render(strokes: Strokes, side: int = 280, width: int = 10) -> NDArray[np.uint8]:
    """Strokes as a drawing on paper: as large as fits, in the middle, with round ends and corners.

    Args:
        strokes: at least one point, in any scale.
        side: edge of the paper, in pixels.
        width: of the pen, in pixels.

    Returns:
        (side, side) uint8; 255 is white paper, 0 black ink.
    """
    points = [np.stack([xs, ys], axis=1).astype(float) for xs, ys in strokes]
    low, size = _extent(points)
    room = side - 2 * width
    scale = room / size if size else 1.0
    extent = np.max([p.max(axis=0) for p in points], axis=0) - low
    start = (side - extent * scale) / 2
    paper = Image.new("L", (side * _SOFT, side * _SOFT), 255)
    pen = ImageDraw.Draw(paper)
    radius = width * _SOFT / 2
    for p in points:
        path = [(float(x), float(y)) for x, y in ((p - low) * scale + start) * _SOFT]
        if len(path) > 1:
            pen.line(path, fill=0, width=width * _SOFT)
        for x, y in path:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return np.asarray(paper.resize((side, side), Image.Resampling.BOX))
