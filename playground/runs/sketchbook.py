"""The sketchbook: labelled drawings that everyone on this server shares, in the run store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal, NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.exc import IntegrityError

from playground.dataset import CLASS_NAMES
from playground.engine.client import Pictures
from playground.quickdraw import Strokes, simplify
from playground.runs.database import in_words

Part = Literal["train", "test"]

MAX_SKETCHES = 10_000
# What *Quick, Draw!* calls the things that are labels of Fashion-MNIST.
WORDS = {
    "t-shirt": 0,
    "pants": 1,
    "sweater": 2,
    "jacket": 4,
    "flip flops": 5,
    "shoe": 7,
    "purse": 8,
}
_OWN_WORDS = {name.casefold(): label for label, name in enumerate(CLASS_NAMES)}

_metadata = sa.MetaData()
_sketches = sa.Table(
    "sketches",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("label", sa.Integer, nullable=False),
    sa.Column("side", sa.String(5), nullable=False),
    sa.Column("item", sa.LargeBinary(784), nullable=False),
    sa.Column("strokes", sa.JSON, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, index=True),
)
# Its one row says whose the sketchbook is.
_owners = sa.Table(
    "sketchbook_owner",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("owner", sa.String(255), nullable=False),
)


class NotYourSketch(Exception):
    """Somebody else's drawing, or sketchbook; the message says so."""


class NewSketch(NamedTuple):
    """A drawing to keep.

    Attributes:
        label: 0 to 9.
        item: (28, 28) uint8, bright on black, as `playground.preprocessing.to_item` gives it.
        strokes: its lines; none if it was no drawing of lines, such as a photo.
    """

    label: int
    item: NDArray[np.uint8]
    strokes: Strokes = ()


@dataclass(frozen=True)
class Sketch:
    """A drawing in the sketchbook; see `NewSketch`. `created` is in UTC."""

    id: str
    owner: str
    label: int
    item: NDArray[np.uint8] = field(repr=False, compare=False)
    strokes: Strokes = field(repr=False)
    created: datetime

    @property
    def part(self) -> Part:
        """Whether it is for training or for testing; half of them each, and always the same.

        The id is a hash of the drawing itself, so that one that is deleted and brought back, or
        kept twice, never changes sides.
        """
        return _half(self.id)


class Sketchbook:
    """The drawings that all of this server's users share; every method from any thread.

    The sketchbook belongs to whoever kept its first drawing, until it is cleared.

    Args:
        engine: the run store's database.

    Raises:
        StoreError: from every method, when the database refuses.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def keep(self, owner: str, sketches: Iterable[NewSketch]) -> int:
        """Keep drawings; returns how many. Those that are there already are passed over.

        Raises:
            ValueError: a label is none, an item has another form, or the sketchbook is full.
        """
        rows = [_row(owner, sketch) for sketch in sketches]
        with in_words(), self._engine.begin() as connection:
            known = set(connection.scalars(sa.select(_sketches.c.id)))
            new = {row["id"]: row for row in rows if row["id"] not in known}
            if len(known) + len(new) > MAX_SKETCHES:
                raise ValueError(
                    f"The sketchbook holds {MAX_SKETCHES:,} drawings at most. "
                    "Delete some first, then try again."
                )
            if new:
                connection.execute(_sketches.insert(), list(new.values()))
        if new:
            self._own(owner)
        return len(new)

    def _own(self, owner: str) -> None:
        with in_words():
            try:
                with self._engine.begin() as connection:
                    connection.execute(_owners.insert().values(id=1, owner=owner))
            except IntegrityError:
                pass  # it has one

    def owner(self) -> str | None:
        """Whose the sketchbook is; None while it is new or cleared."""
        with in_words(), self._engine.connect() as connection:
            return connection.scalar(sa.select(_owners.c.owner))

    def sketches(self) -> list[Sketch]:
        """All drawings, newest first."""
        query = sa.select(_sketches).order_by(_sketches.c.created.desc(), _sketches.c.id)
        with in_words(), self._engine.connect() as connection:
            return [_sketch(row) for row in connection.execute(query).mappings()]

    def for_training(self) -> Pictures:
        """The half that runs may train on; the other half is there to test on.

        Raises:
            ValueError: it is empty.
        """
        half = pictures(self.sketches(), "train")
        if not len(half[0]):
            raise ValueError(
                "The sketchbook has no drawing to train on. Keep some on the Draw page, or "
                "set “Sketchbook (share)” to 0, then press Train again."
            )
        return half

    def delete(self, owner: str, sketch_id: str) -> None:
        """Delete a drawing of one's own; nothing happens if it is gone already.

        Raises:
            NotYourSketch: somebody else kept it.
        """
        this = _sketches.c.id == sketch_id
        with in_words(), self._engine.begin() as connection:
            keeper = connection.scalar(sa.select(_sketches.c.owner).where(this))
            if keeper not in (None, owner):
                raise NotYourSketch("Somebody else kept this drawing; only they can delete it.")
            connection.execute(_sketches.delete().where(this))

    def clear(self, owner: str, *, teacher: bool = False) -> None:
        """Delete everything; whoever keeps the next drawing owns the sketchbook.

        Args:
            owner: who asks.
            teacher: whether they may clear it though it belongs to somebody else.

        Raises:
            NotYourSketch: it belongs to somebody else.
        """
        with in_words(), self._engine.begin() as connection:
            keeper = connection.scalar(sa.select(_owners.c.owner))
            if keeper not in (None, owner) and not teacher:
                raise NotYourSketch("The sketchbook belongs to whoever kept its first drawing.")
            connection.execute(_sketches.delete())
            connection.execute(_owners.delete())


def pictures(sketches: Iterable[Sketch], part: Part | None = None) -> Pictures:
    """Drawings as a network takes them, those for training or testing only, if it says so.

    Returns:
        Items (n, 28, 28) and labels (n,), uint8.
    """
    chosen = [sketch for sketch in sketches if part in (None, sketch.part)]
    items = np.zeros((len(chosen), 28, 28), np.uint8)
    for place, sketch in zip(items, chosen, strict=True):
        place[:] = sketch.item
    return items, np.array([sketch.label for sketch in chosen], np.uint8)


def label_of(word: str) -> int | None:
    """The label that a word of *Quick, Draw!* or of Fashion-MNIST means; None if it is none."""
    plain = word.strip().casefold()
    return _OWN_WORDS.get(plain, WORDS.get(plain))


def word_of(label: int) -> str:
    """The word for a label, *Quick, Draw!*'s own where it has one."""
    return next((word for word, its in WORDS.items() if its == label), CLASS_NAMES[label])


def _row(owner: str, sketch: NewSketch) -> dict[str, Any]:
    item = np.ascontiguousarray(sketch.item)
    if item.shape != (28, 28) or item.dtype != np.uint8 or not 0 <= sketch.label < 10:
        raise ValueError("This is no labelled drawing.")
    # Simplified, so that exported and imported it is the same drawing.
    strokes = simplify(sketch.strokes)
    content = json.dumps(strokes).encode() if strokes else item.tobytes()
    sketch_id = hashlib.sha256(content).hexdigest()[:32]
    return {
        "id": sketch_id,
        "owner": owner,
        "label": sketch.label,
        "side": _half(sketch_id),
        "item": item.tobytes(),
        "strokes": strokes,
        "created": datetime.now(timezone.utc),
    }


def _half(sketch_id: str) -> Part:
    return "train" if int(sketch_id[-1], 16) % 2 else "test"


def _sketch(row: Any) -> Sketch:
    created = row["created"]
    if created.tzinfo is None:  # SQLite keeps no time zone
        created = created.replace(tzinfo=timezone.utc)
    return Sketch(
        row["id"],
        row["owner"],
        row["label"],
        np.frombuffer(row["item"], np.uint8).reshape(28, 28),
        tuple((xs, ys) for xs, ys in row["strokes"]),
        created,
    )
