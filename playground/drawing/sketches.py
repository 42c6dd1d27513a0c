"""What a drawing in the sketchbook is, and the words for its label."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES, Label
from playground.drawing.quickdraw import Strokes, simplify
from playground.drawing.sides import Side
from playground.locales import lazy

# The words of *Quick, Draw!* that mean labels of Fashion-MNIST.
WORDS = {
    "t-shirt": Label.T_SHIRT,
    "pants": Label.TROUSER,
    "sweater": Label.PULLOVER,
    "jacket": Label.COAT,
    "flip flops": Label.SANDAL,
    "shoe": Label.SNEAKER,
    "purse": Label.BAG,
}
_OWN_WORDS = {name.casefold(): Label(label) for label, name in enumerate(CLASS_NAMES)}


class NewSketch(NamedTuple):
    """A drawing to add to the sketchbook.

    Attributes:
        label: 0 to 9.
        item: (28, 28) uint8, bright on black, as
            `playground.drawing.preprocessing.to_item` gives it.
        strokes: its lines; none if it has no lines, such as a photo.
        side: of an imported one, if its file says so.
    """

    label: int
    item: NDArray[np.uint8]
    strokes: Strokes = ()
    side: Side | None = None


@dataclass(frozen=True)
class Sketch:
    """A drawing in the sketchbook; see `NewSketch`. `created` is in UTC."""

    id: str
    owner: str
    label: int
    side: Side
    item: NDArray[np.uint8] = field(repr=False, compare=False)
    strokes: Strokes = field(repr=False)
    created: datetime


class Summary(NamedTuple):
    """What the sketchbook holds.

    Attributes:
        labels: how many drawings there are of each label.
        sides: how many are for training and for testing.
        people: how many people have drawn them.
        version: changes with every change of the sketchbook.
    """

    labels: Counter[int]
    sides: Counter[Side]
    people: int
    version: str

    @property
    def total(self) -> int:
        """How many drawings there are."""
        return self.labels.total()


def label_of(word: str) -> Label | None:
    """The label that a word of *Quick, Draw!* or of Fashion-MNIST means; None if it means none."""
    plain = word.strip().casefold()
    return _OWN_WORDS.get(plain, WORDS.get(plain))


def word_of(label: int) -> str:
    """The word for a label: that of *Quick, Draw!*, or else the name of the class."""
    return next((word for word, meant in WORDS.items() if meant == label), CLASS_NAMES[label])


class SketchRow(TypedDict):
    """A drawing as a row of the database."""

    id: str
    owner: str
    label: int
    side: Side | None
    item: bytes
    strokes: Strokes
    created: datetime


def row_of(owner: str, sketch: NewSketch) -> SketchRow:
    """A drawing as a row of the database.

    Raises:
        ValueError: the label is none of the ten, or the item has another shape or dtype.
    """
    item = np.ascontiguousarray(sketch.item)
    known = sketch.label in range(len(Label))
    if item.shape != (28, 28) or item.dtype != np.uint8 or not known:
        raise ValueError(lazy("This is not a drawing with a label."))
    # Simplified, so that exported and imported it is the same drawing.
    strokes = simplify(sketch.strokes)
    content = json.dumps(strokes).encode() if strokes else item.tobytes()
    return {
        "id": hashlib.sha256(content).hexdigest()[:32],
        "owner": owner,
        "label": int(sketch.label),
        "side": sketch.side,
        "item": item.tobytes(),
        "strokes": strokes,
        "created": datetime.now(timezone.utc),
    }


def sketch_of(row: Mapping[Any, Any]) -> Sketch:
    """A row of the database as a drawing."""
    created = row["created"]
    if created.tzinfo is None:  # SQLite keeps no time zone
        created = created.replace(tzinfo=timezone.utc)
    return Sketch(
        row["id"],
        row["owner"],
        row["label"],
        row["side"],
        np.frombuffer(row["item"], np.uint8).reshape(28, 28),
        tuple((xs, ys) for xs, ys in row["strokes"]),
        created,
    )
