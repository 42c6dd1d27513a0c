"""The sketchbook: labelled drawings that everyone on this server shares, in the run store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from playground.dataset import Labelled
from playground.drawing.quickdraw import Drawing
from playground.drawing.sides import SIDES, Side, side_by_id, sides_of_copies
from playground.drawing.sketches import (
    NewSketch,
    Sketch,
    SketchRow,
    Summary,
    row_of,
    sketch_of,
    word_of,
)
from playground.locales import lazy, mark
from playground.settings import settings
from playground.store.database import translate_errors
from playground.store.migrations import hold

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
# On which side what an owner draws is, also after it has been deleted.
_owners_sides = sa.Table(
    "sketch_sides",
    _metadata,
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("side", sa.String(5), nullable=False),
)
_count = sa.func.count()
_newest_first = (_sketches.c.created.desc(), _sketches.c.id)
# Rows of one statement: databases limit how many values it may have.
_AT_ONCE = 500


_EMPTY = mark(
    "The sketchbook has no drawing to train on. Keep some on the Draw page, or set “Sketchbook "
    "(share)” to 0, then press Train again."
)
_NONE_TO_TRAIN_ON = mark(
    "The sketchbook has no drawing to train on. All its drawings are by people whose drawings are "
    "for testing: ask somebody else to keep some on the Draw page, or set “Sketchbook (share)” to "
    "0, then press Train again."
)


class NotYourSketch(Exception):
    """The drawing, or the sketchbook, belongs to somebody else; the message says so."""


class Sketchbook:
    """The drawings that all users of this server share; every method works from any thread.

    The sketchbook belongs to the person who kept its first drawing, until it is cleared.

    A drawing is either for training or for testing, and stays so. All drawings of one owner are on
    one side, so that a network is tested on drawings by people whom it has not learned from; a new
    owner gets the side that has fewer. Imported drawings are by many people: each goes where its
    file says, else where there is a near-copy of it, else to one half by its id.

    Args:
        engine: the run store's database.

    Raises:
        StoreError: from every method, when the database refuses.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, owner: str, sketches: Iterable[NewSketch], *, imported: bool = False) -> int:
        """Add drawings, all or none; returns how many. Those that are there are skipped.

        Args:
            owner: who adds them.
            sketches: the drawings.
            imported: whether they come from a file, not from the owner's hand.

        Raises:
            ValueError: a label is none of the ten, an item has another form, or they are too many.
        """
        rows = {row["id"]: row for row in (row_of(owner, sketch) for sketch in sketches)}
        if imported:
            self._choose_sides(rows)
        with translate_errors(), self._engine.begin() as connection:
            hold(connection)  # others who add drawings wait, so that limits and sides are true
            for known in _known(connection, rows):
                del rows[known]
            if not rows:
                return 0
            _check_room(connection, owner, len(rows))
            if not imported:
                side = _side_of(connection, owner)
                for row in rows.values():
                    row["side"] = side
            connection.execute(_sketches.insert(), list(rows.values()))
            if connection.scalar(sa.select(_owners.c.owner)) is None:
                connection.execute(_owners.insert().values(id=1, owner=owner))
        return len(rows)

    def _choose_sides(self, rows: dict[str, SketchRow]) -> None:
        """Give imported drawings their sides; what is there already stays where it is."""
        with translate_errors(), self._engine.connect() as connection:
            query = sa.select(_sketches.c.item, _sketches.c.side)
            found = connection.execute(query).all()
            for known in _known(connection, rows):
                del rows[known]
        undecided = [row for row in rows.values() if row["side"] is None]
        decided = [row for row in rows.values() if row["side"] is not None]
        items = [item for item, _ in found] + [row["item"] for row in decided]
        sides = sides_of_copies(
            _items(items),
            [side for _, side in found] + [row["side"] for row in decided],
            _items([row["item"] for row in undecided]),
            [side_by_id(row["id"]) for row in undecided],
        )
        for row, side in zip(undecided, sides, strict=True):
            row["side"] = side

    def owner(self) -> str | None:
        """The owner of the sketchbook; None while it is new or cleared."""
        with translate_errors(), self._engine.connect() as connection:
            return connection.scalar(sa.select(_owners.c.owner))

    def summary(self) -> Summary:
        """What it holds, without reading the drawings."""
        label, side, owner = _sketches.c.label, _sketches.c.side, _sketches.c.owner
        with translate_errors(), self._engine.connect() as connection:
            groups = connection.execute(sa.select(label, side, _count).group_by(label, side)).all()
            people = connection.scalar(sa.select(sa.func.count(owner.distinct()))) or 0
            newest = connection.scalar(sa.select(sa.func.max(_sketches.c.created)))
        labels: Counter[int] = Counter()
        sides: Counter[Side] = Counter()
        for its_label, its_side, count in groups:
            labels[its_label] += count
            sides[its_side] += count
        return Summary(labels, sides, people, f"{labels.total()} {newest}")

    def sketches(
        self,
        limit: int | None = None,
        offset: int = 0,
        *,
        label: int | None = None,
        owner: str | None = None,
    ) -> list[Sketch]:
        """Drawings, newest first: all, or those of a label or an owner."""
        query = sa.select(_sketches).order_by(*_newest_first).limit(limit).offset(offset)
        if label is not None:
            query = query.where(_sketches.c.label == label)
        if owner is not None:
            query = query.where(_sketches.c.owner == owner)
        with translate_errors(), self._engine.connect() as connection:
            return [sketch_of(row) for row in connection.execute(query).mappings()]

    def count(self, owner: str) -> int:
        """How many drawings somebody has in it."""
        query = sa.select(_count).where(_sketches.c.owner == owner)
        with translate_errors(), self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def pictures(self, side: Side | None = None) -> Labelled:
        """Drawings as a network takes them, newest first: all, or those of a side.

        Returns:
            Items (n, 28, 28) and labels (n,), uint8.
        """
        query = sa.select(_sketches.c.item, _sketches.c.label).order_by(*_newest_first)
        if side is not None:
            query = query.where(_sketches.c.side == side)
        with translate_errors(), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        labels = np.array([label for _, label in rows], np.uint8)
        return Labelled(_items([item for item, _ in rows]), labels)

    def drawings(self) -> Iterator[Drawing]:
        """The drawings that have lines, newest first, as files take them."""
        query = sa.select(_sketches.c.label, _sketches.c.strokes, _sketches.c.side)
        with translate_errors(), self._engine.connect() as connection:
            for label, strokes, side in connection.execute(query.order_by(*_newest_first)):
                if strokes:
                    yield Drawing(word_of(label), strokes, side)

    def for_training(self) -> Labelled:
        """The drawings that runs may train on; the others are there to test on.

        Raises:
            ValueError: there is none; the message says what to do.
        """
        found = self.pictures("train")
        if not len(found[0]):
            raise ValueError(lazy(_NONE_TO_TRAIN_ON if self.summary().total else _EMPTY))
        return found

    def delete(self, owner: str, sketch_id: str) -> None:
        """Delete an owner's drawing; nothing happens if it is gone already.

        Raises:
            NotYourSketch: somebody else kept it.
        """
        this = _sketches.c.id == sketch_id
        with translate_errors(), self._engine.begin() as connection:
            keeper = connection.scalar(sa.select(_sketches.c.owner).where(this))
            if keeper not in (None, owner):
                raise NotYourSketch(
                    lazy("Somebody else kept this drawing; only they can delete it.")
                )
            connection.execute(_sketches.delete().where(this))

    def clear(self, owner: str, *, teacher: bool = False) -> None:
        """Delete everything; the person who adds the next drawing owns the sketchbook.

        Args:
            owner: who asks.
            teacher: whether they may clear it though it belongs to somebody else.

        Raises:
            NotYourSketch: it belongs to somebody else.
        """
        with translate_errors(), self._engine.begin() as connection:
            keeper = connection.scalar(sa.select(_owners.c.owner))
            if keeper not in (None, owner) and not teacher:
                raise NotYourSketch(
                    lazy("The sketchbook belongs to the person who kept its first drawing.")
                )
            connection.execute(_sketches.delete())
            connection.execute(_owners.delete())


def _known(connection: sa.Connection, ids: Iterable[str]) -> list[str]:
    """Which of these drawings are in the sketchbook."""
    left = iter(list(ids))
    found: list[str] = []
    while some := list(islice(left, _AT_ONCE)):
        found += connection.scalars(sa.select(_sketches.c.id).where(_sketches.c.id.in_(some)))
    return found


def _check_room(connection: sa.Connection, owner: str, new: int) -> None:
    limits = settings()
    total = connection.scalar(sa.select(_count).select_from(_sketches)) or 0
    own = connection.scalar(sa.select(_count).where(_sketches.c.owner == owner)) or 0
    if own + new > limits.max_sketches_per_owner:
        raise ValueError(
            lazy(
                "You may keep {most:,} drawings, you have {own:,}, and this would be {new:,} more. "
                "Delete some of yours first, then try again.",
                most=limits.max_sketches_per_owner,
                own=own,
                new=new,
            )
        )
    if total + new > limits.max_sketches:
        raise ValueError(
            lazy(
                "The sketchbook holds {most:,} drawings at most, it has {total:,}, and this would "
                "be {new:,} more. Delete some first, then try again.",
                most=limits.max_sketches,
                total=total,
                new=new,
            )
        )


def _side_of(connection: sa.Connection, owner: str) -> Side:
    """The side of what an owner draws; one who is new gets the side that has fewer drawings."""
    query = sa.select(_owners_sides.c.side).where(_owners_sides.c.owner == owner)
    if (found := connection.scalar(query)) is not None:
        return "train" if found == "train" else "test"
    train, test = (
        connection.scalar(sa.select(_count).where(_sketches.c.side == side)) or 0 for side in SIDES
    )
    side: Side = "train" if train <= test else "test"
    connection.execute(_owners_sides.insert().values(owner=owner, side=side))
    return side


def _items(contents: list[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(contents), np.uint8).reshape(-1, 28, 28)
