"""Drawings as strokes, in the public format of Google's *Quick, Draw!* data set.

Each line is a JSON object (ndjson). `drawing` is a list of strokes, each `[[x…], [y…]]`, y
downwards; in the *simplified* form the drawing lies in the top left corner of a box of 0 to 255.
See https://github.com/googlecreativelab/quickdraw-dataset.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from playground.locales import mark, t

BOX = 255
MAX_POINTS = 2_000
MAX_WORD = 60
# Lines are drawn this many times larger and then averaged: their edges become soft.
_SOFT = 2
# The most levels of splitting when lines are thinned; those of a hand need a dozen.
_LEVELS = 64

Stroke = tuple[list[int], list[int]]
Strokes = tuple[Stroke, ...]


class Drawing(NamedTuple):
    """A word and the strokes that were drawn for it: x and y of each point, in order.

    `side` is our addition to the public format: whether the drawing is to train or to test on.
    """

    word: str
    strokes: Strokes
    side: Literal["train", "test"] | None = None


def read_ndjson(lines: Iterable[str], first: int = 1) -> tuple[list[Drawing], list[str]]:
    """Read drawings, one in each line: the simplified form, or the raw one without its times.

    Args:
        lines: the lines of a file; empty ones are skipped.
        first: the number of the first line.

    Returns:
        The drawings, and a sentence for each line that could not be read, with its number.
    """
    drawings, problems = [], []
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        try:
            drawings.append(_read(line))
        except _Unusable as problem:
            problems.append(t(problem.message, number=number, most=problem.most))
    return drawings, problems


class _Unusable(ValueError):
    """A line is no drawing: a message with its `number`, and a limit that it passes."""

    def __init__(self, message: str, most: int = 0) -> None:
        super().__init__(message)
        self.message, self.most = message, most


_NO_OBJECT = mark("Line {number} is left out: it is not a JSON object.")


def _read(line: str) -> Drawing:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise _Unusable(_NO_OBJECT) from None
    if not isinstance(record, dict):
        raise _Unusable(_NO_OBJECT)
    word, drawing = record.get("word"), record.get("drawing")
    if not isinstance(word, str) or not 0 < len(word.strip()) <= MAX_WORD:
        missing = mark(
            "Line {number} is left out: its “word” is missing or longer than {most} characters."
        )
        raise _Unusable(missing, MAX_WORD)
    if not isinstance(drawing, list) or not drawing:
        raise _Unusable(mark("Line {number} is left out: it has no “drawing”."))
    strokes = tuple(_stroke(stroke) for stroke in drawing)
    if sum(len(xs) for xs, _ in strokes) > MAX_POINTS:
        too_many = mark("Line {number} is left out: its drawing has more than {most:,} points.")
        raise _Unusable(too_many, MAX_POINTS)
    side = record.get("side")
    return Drawing(word.strip(), strokes, side if side in ("train", "test") else None)


def _stroke(stroke: object) -> Stroke:
    """A stroke `[[x…], [y…]]`, maybe with times as a third list, as whole numbers."""
    if isinstance(stroke, list) and len(stroke) in (2, 3):
        xs, ys = stroke[:2]
        if (
            isinstance(xs, list)
            and isinstance(ys, list)
            and len(xs) == len(ys) > 0
            and all(type(v) in (int, float) and abs(v) < 1e6 for v in xs + ys)
        ):
            return [round(x) for x in xs], [round(y) for y in ys]
    raise _Unusable(
        mark(
            "Line {number} is left out: a stroke in its “drawing” is not a list of x and a list of "
            "y of the same length."
        )
    )


def to_ndjson(drawings: Iterable[Drawing], when: datetime | None = None) -> str:
    """Drawings in the simplified form, one in each line, each line with its end.

    Args:
        drawings: their strokes as `simplify` gives them.
        when: the time to write beside each drawing; by default now.
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
                "drawing": drawing.strokes,
                **({"side": drawing.side} if drawing.side else {}),
            },
            ensure_ascii=False,
        )
        + "\n"
        for number, drawing in enumerate(drawings, 1)
    )


def simplify(strokes: Strokes) -> Strokes:
    """Strokes in the simplified form; those without a point are left out.

    They are moved to the top left corner, scaled to a longest edge of 255, rounded, and thinned
    with the Ramer–Douglas–Peucker algorithm, epsilon 2. The points at the drawing's four edges
    stay, so that it keeps its size: simplifying again changes nothing.
    """
    strokes = tuple(stroke for stroke in strokes if stroke[0])
    if not strokes:
        return ()
    points = np.concatenate([np.stack([xs, ys], axis=1) for xs, ys in strokes]).astype(float)
    low = points.min(axis=0)
    size = (points.max(axis=0) - low).max()
    points = np.rint((points - low) * (BOX / size) if size else points - low)
    ends = np.cumsum([len(xs) for xs, _ in strokes])
    starts = np.concatenate([[0], ends[:-1]])
    keep = _thinned(points, np.stack([starts, ends - 1], axis=1))
    keep[points.argmin(axis=0)] = keep[points.argmax(axis=0)] = True
    parts = zip(np.split(points.astype(int), ends), np.split(keep, ends), strict=True)
    return tuple((xs.tolist(), ys.tolist()) for xs, ys in (p[k].T for p, k in parts) if xs.size)


def _thinned(
    points: NDArray[np.float64], lines: NDArray[np.intp], epsilon: float = 2.0
) -> NDArray[np.bool_]:
    """Ramer–Douglas–Peucker for all lines at once, one level of splitting after the other.

    Args:
        points: (n, 2), line after line.
        lines: (m, 2), the first and the last index of each line.
        epsilon: points that are nearer to the line without them are removed.

    Returns:
        (n,) which points stay.
    """
    keep = np.zeros(len(points), bool)
    keep[lines] = True
    for _ in range(_LEVELS):
        lines = lines[lines[:, 1] - lines[:, 0] > 1]
        if not lines.size:
            break
        first, last = lines.T
        middle, away = _farthest(points, first, last)
        split = away > epsilon
        keep[middle[split]] = True
        lines = np.concatenate(
            [
                np.stack([first, middle], axis=1)[split],
                np.stack([middle, last], axis=1)[split],
            ]
        )
    for start, end in lines.tolist():  # lines too long for any hand
        keep[start:end] = True
    return keep


def _farthest(
    points: NDArray[np.float64], first: NDArray[np.intp], last: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Of each line (m,) the inner point farthest from the straight line between its ends.

    Returns:
        Its index, the first of those equally far, and its distance, (m,) each.
    """
    inner = last - first - 1
    starts = np.cumsum(inner) - inner
    of = np.repeat(np.arange(len(first)), inner)
    index = np.arange(inner.sum()) - starts[of] + first[of] + 1
    (x, y), (dx, dy) = (points[index] - points[first][of]).T, (points[last] - points[first]).T
    length = np.hypot(dx, dy)
    away = np.where(
        length[of] > 0,
        np.abs(x * dy[of] - y * dx[of]) / np.maximum(length, 1e-9)[of],
        np.hypot(x, y),
    )
    farthest = np.maximum.reduceat(away, starts)
    at = np.flatnonzero(away == farthest[of])
    return index[at[np.unique(of[at], return_index=True)[1]]], farthest


def _extent(points: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], float]:
    """The top left corner of all points, and their longest edge."""
    everything = np.concatenate(points)
    low = everything.min(axis=0)
    return low, float((everything.max(axis=0) - low).max())


def render(strokes: Strokes, side: int = 280, width: int = 10) -> NDArray[np.uint8]:
    """Strokes as a drawing on paper: as large as fits, centred, with round ends and corners.

    Args:
        strokes: with at least one point, in any scale.
        side: edge of the paper, in pixels.
        width: of the pen, in pixels.

    Returns:
        (side, side) uint8; 255 is white paper, 0 black ink.
    """
    points = [np.stack([xs, ys], axis=1).astype(float) for xs, ys in strokes if xs]
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
