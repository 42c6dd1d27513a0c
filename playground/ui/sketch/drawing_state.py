"""What the sketchpad sends, checked before it is used, because anybody can send anything."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from playground.drawing.quickdraw import MAX_POINTS
from playground.locales import lazy

# Characters of a drawing as JSON, and of the image in it.
MAX_DRAWING = 2_000_000
MAX_PICTURE = 1_900_000


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


def _whole(points: list[float]) -> list[float]:
    if not points or len(points) % 3:
        raise ValueError("x, y and width of each point")
    return points


_Number = Annotated[float, Field(ge=-10_000, le=10_000)]


class _Line(_Strict):
    tool: Literal["pen", "eraser"]
    points: Annotated[list[_Number], AfterValidator(_whole)]


class _Fill(_Strict):
    tool: Literal["fill"]
    x: _Number
    y: _Number
    grey: int = Field(ge=0, le=255)


class _Drawing(_Strict):
    version: int = Field(ge=0, lt=2**53)
    strokes: list[Annotated[_Line | _Fill, Field(discriminator="tool")]]
    png: str


def checked(drawing: object) -> dict[str, object]:
    """A drawing as `sketchpad.js` sends it, and nothing else.

    Returns:
        `version`, `strokes` as `pad/strokes.js` describes them, and `png`, a data URL.

    Raises:
        ValueError: it is no such drawing, or it is too large; the message says which.
    """
    if _is_too_large(drawing):
        raise ValueError(
            lazy(
                "This drawing is too large: a drawing has at most {points:,} points and 2 MB. "
                "Remove strokes with Undo, or press Clear.",
                points=MAX_POINTS,
            )
        )
    try:
        return _Drawing.model_validate(drawing).model_dump()
    except ValidationError:
        raise ValueError(
            lazy("This drawing could not be read. Load the page again, then draw it again.")
        ) from None


def _is_too_large(drawing: object) -> bool:
    if not isinstance(drawing, dict):
        return False
    strokes, png = drawing.get("strokes"), drawing.get("png")
    return (isinstance(png, str) and len(png) > MAX_PICTURE) or (
        isinstance(strokes, list) and sum(map(_points, strokes)) > MAX_POINTS
    )


def _points(stroke: object) -> int:
    """How many points a stroke has; a fill counts as one. `pad/strokes.js` counts the same way."""
    points = stroke.get("points") if isinstance(stroke, dict) else None
    return max(1, len(points) // 3) if isinstance(points, list) else 1
