"""Sketch twins: what a hand might have drawn of the thing in the photo.

A network trained on photos has never seen a pen. A twin is made from a photo's silhouette and has
its label. It is drawn as `drawing.preprocessing.to_item` shows a drawing: an outline filled with
grey. It differs from the photo in what hands do and cameras do not:

- proportions: squat shirts, wide trousers, plump shoes; slanted, tapered, never quite straight;
- poses: sleeves spread instead of hanging, trouser legs apart, shoes that look to the right;
- what people draw to show what a thing is: a bag's handle, a coat's front, a dress's waist, a
  shoe's straight sole, the sole and thong of a flip-flop, from above and often as a pair;
- the pen: its width, gaps, stray lines, areas left white or filled without an outline.

Twins are made without any drawing by a person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.special import expit

from playground.dataset import Label
from playground.seeds import generator
from playground.twins.marks import Marks, line
from playground.twins.patterns import Bag, Dress, Handle, Layers, Legs, Part, Shoe, Sleeves, Soles
from playground.twins.silhouettes import (
    half_trunk,
    pixel_to_position,
    seams,
    silhouettes,
    straight_soles,
)
from playground.twins.warps import (
    FINE,
    SIDE,
    Dice,
    Floats,
    Hand,
    Numbers,
    boxes,
    by_label,
    column,
    contour,
    enlarge,
    from_segment,
    in_stacks,
    look_up,
    shrink,
)

# How much taller than in the photo a hand draws it,
_TALLER = by_label(
    {
        Label.TROUSER: 0.9,
        Label.DRESS: 1.15,
        Label.SANDAL: 1.0,
        Label.SNEAKER: 0.9,
        Label.BAG: 1.2,
        Label.ANKLE_BOOT: 1.4,
    },
    other=0.85,
)
# and how much that differs, as the deviation of the logarithm.
_SPREAD = by_label({Label.TROUSER: 0.4, Label.DRESS: 0.15}, other=0.25)
# The chance that a pattern replaces the sleeves of a top, or the whole of any other thing,
_REPLACED = by_label(
    {
        Label.T_SHIRT: 0.85,
        Label.TROUSER: 0.9,
        Label.DRESS: 0.5,
        Label.SANDAL: 0.97,
        Label.SNEAKER: 0.65,
        Label.BAG: 0.6,
        Label.ANKLE_BOOT: 0.8,
    },
    other=0.95,
)
# and how long sleeves are then, from the least to the most.
_SLEEVES = by_label(
    {
        Label.T_SHIRT: (0.5, 0.95),
        Label.PULLOVER: (0.8, 1.6),
        Label.COAT: (0.8, 1.6),
        Label.SHIRT: (0.9, 1.6),
    },
    other=(0, 0),
)
# Shares of outlines filled with grey, and of areas without outline; others are left white.
_FILLED, _FLAT = 0.88, 0.05


def make_twins(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    seed: int,
    tick: Callable[[int], None] = lambda _done: None,
) -> NDArray[np.uint8]:
    """One twin for each photo.

    Args:
        images: (n, 28, 28) uint8, photos of the data set.
        labels: (n,) uint8, 0 to 9.
        seed: fixes every twin, together with the photos and their order.
        tick: is told again and again how many are done; what it raises ends the work.

    Returns:
        (n, 28, 28) uint8, bright on black, the thing in the middle and its longest edge about 28.
    """

    def draw(part: slice, dice: Dice) -> NDArray[np.uint8]:
        return _Twins(images[part], labels[part], dice).draw()

    return in_stacks(len(images), draw, partial(generator, seed, "twins"), tick)


def make_copies(
    images: NDArray[np.uint8], seed: int, tick: Callable[[int], None] = lambda _done: None
) -> NDArray[np.uint8]:
    """One warped copy of each drawing, as other hands might have drawn the same thing.

    Args:
        images: (n, 28, 28) uint8, drawings as items; see `drawing.preprocessing.to_item`.
        seed, tick: as in `make_twins`.

    Returns:
        (n, 28, 28) uint8, as `make_twins`.
    """

    def draw(part: slice, dice: Dice) -> NDArray[np.uint8]:
        picture = (enlarge(images[part].astype(np.float32)),)
        hand = Hand(dice, np.exp(dice.normal(0.3)))
        # Parts take another share of the whole: sleeves become longer, a handle flatter.
        inner, lower = column(np.exp(dice.normal(0.25))), column(np.exp(dice.normal(0.25)))

        def look(x: Floats, y: Floats) -> Floats:
            x, y = hand.positions(x, y)
            x = np.sign(x) * np.abs(x) ** np.where(np.abs(x) < 1, inner, 1)
            y = np.where(np.abs(y) < 1, 2 * (np.abs(y + 1) / 2) ** lower - 1, y)
            return look_up(picture, x, y)[0]

        grid = boxes(lambda x, y: look(x, y) > 40, dice.n, np.zeros(dice.n))
        ink = look(*grid)
        thick = dice.chance(0.4)
        ink[thick] = ndimage.grey_dilation(ink[thick], (1, 2, 2))
        return shrink(ink, column(images[part].max(axis=(1, 2))))

    return in_stacks(len(images), draw, partial(generator, seed, "copies"), tick)


class _Twins:
    """A stack of photos, and how the twin of each differs from it."""

    def __init__(self, images: NDArray[np.uint8], labels: NDArray[np.uint8], dice: Dice) -> None:
        self.dice, self.label, self.shoe = dice, labels.astype(int), labels == Label.SNEAKER
        masks = silhouettes(images)
        masks[self.shoe] = straight_soles(masks[self.shoe])
        self._simplify(images, masks)
        rows = np.asarray(masks.any(axis=2))
        self.top = pixel_to_position(rows.argmax(axis=1))
        self.bottom = pixel_to_position(SIDE - 1 - rows[:, ::-1].argmax(axis=1))
        self.wide = masks.any(axis=1).sum(axis=1) / SIDE
        spread = _SPREAD[self.label]
        flare = np.where(self.label == Label.DRESS, dice.uniform(-0.6, -0.1), 0.0)
        taller = np.exp(dice.normal(1.0) * spread) * _TALLER[self.label]
        self.hand = Hand(dice, taller, flare)
        self.pen = dice.uniform(0.55, 1.0) ** 2 * 2.0  # in pixels of the twin
        self._choose_parts(half_trunk(masks))

    def _simplify(self, images: NDArray[np.uint8], masks: NDArray[np.bool_]) -> None:
        """Leave small things out and round corners off, as hands do; few draw the seams."""
        simple = column(self.dice.uniform(0, 1) ** np.where(self.shoe, 0.5, 1.0))
        shapes = masks.astype(np.float32)
        self.shape = enlarge(shapes, 0.5) * (1 - simple) + enlarge(shapes, 1.6) * simple
        self.seams = enlarge(seams(images, masks)) * column(self.dice.chance(0.3))

    def _choose_parts(self, trunk: Numbers) -> None:
        """The marks, how much higher shoes are behind, and the parts that patterns replace."""
        dice, label = self.dice, self.label
        self.marks = Marks(dice, label)
        # Stray lines: from somewhere near the edge to somewhere beyond it.
        self.strays = dice.chance(0.2)
        where = dice.rng.uniform(-1.0, 1.0, (self.strays.sum(), 2))
        self.stray = np.hstack([where, where + dice.rng.normal(0.0, 0.4, where.shape)])
        self.heel = dice.uniform(0.0, 1.8)
        self.heel_from, self.heel_step = dice.uniform(-0.1, 0.6), dice.uniform(6.0, 20.0)
        self.plump = dice.uniform(1.0, 2.2)
        replaced = dice.chance(_REPLACED[label])
        least, most = _SLEEVES[label].T
        self.parts: list[tuple[NDArray[np.intp], Part]] = []

        def add(chosen: NDArray[np.bool_], make: Callable[[Dice, NDArray[np.intp]], Part]) -> None:
            i = np.flatnonzero(chosen)
            if len(i):
                self.parts.append((i, make(Dice(dice.rng, len(i)), i)))

        sleeves = replaced & (most > 0)
        add(sleeves, lambda d, i: Sleeves(d, trunk[i], self.top[i], least[i], most[i]))
        add(replaced & (label == Label.TROUSER), lambda d, i: Legs(d))
        add(replaced & (label == Label.DRESS), lambda d, i: Dress(d))
        add(replaced & (label == Label.SANDAL), lambda d, i: Soles(d))
        boot = label == Label.ANKLE_BOOT
        add(replaced & (boot | (label == Label.SNEAKER)), lambda d, i: Shoe(d, 1.0 * boot[i]))
        i = np.flatnonzero(replaced & (label == Label.BAG))
        if len(i):
            bag = Bag(Dice(dice.rng, len(i)))
            self.parts.append((i, bag))
            self.wide[i], self.top[i], self.bottom[i] = bag.wide, -bag.tall, bag.tall
        # A bag taller than that on its photo is there with its handle.
        without = self.bottom - self.top < 1.8 * self.wide
        handles = (label == Label.BAG) & (without | replaced) & dice.chance(0.95)
        add(handles, lambda d, i: Handle(d, self.wide[i], self.top[i], self.bottom[i]))

    def draw(self) -> NDArray[np.uint8]:
        """Find each twin's box, look at what is in it, and draw it."""

        def inside(x: Floats, y: Floats) -> NDArray[np.bool_]:
            layers = self._layers(x, y)
            ink: Floats = reduce(np.maximum, (layers.shape, layers.handle, layers.stray))
            return ink > 0.5

        grid = boxes(inside, self.dice.n, self.pen)
        return self._ink(self._layers(*grid))

    def _layers(self, x: Floats, y: Floats) -> Layers:
        """What is at columns x and rows y."""
        x, y = self.hand.positions(x, y)
        shape, strokes = look_up((self.shape, self.seams), x, self._raise_heel(x, y))
        layers = Layers(shape, np.zeros_like(shape), strokes, np.zeros_like(shape))
        i = np.flatnonzero(self.strays)
        layers.stray[i] = line(from_segment(x[i], y[i], self.stray))
        for i, part in self.parts:
            chosen = layers[i]
            part.draw(x[i], y[i], chosen)
            layers[i] = chosen
        self.marks.draw(x, y, strokes)
        return layers

    def _raise_heel(self, x: Floats, y: Floats) -> Floats:
        """Shoes are drawn plump, and higher behind, which in the photos is on the right."""
        i = np.flatnonzero(self.shoe)
        x, raised = x[i], y.copy()
        bottom = column(self.bottom[i])
        step = expit((x - column(self.heel_from[i])) * column(self.heel_step[i]))
        up = (bottom - y[i]) / (1 + column(self.heel[i]) * step)
        tall = bottom - column(self.top[i])
        plump = tall * (np.maximum(up, 0) / tall) ** column(self.plump[i])
        raised[i] = bottom - np.where(up > 0, plump, up)
        return raised

    def _ink(self, layers: Layers) -> NDArray[np.uint8]:
        """Outline, strokes and filling, as `to_item` would show them."""
        shape, handle, strokes = layers.shape, layers.handle, layers.strokes
        dice = self.dice
        wide = column(self.pen * (FINE / SIDE))
        inside = np.maximum(shape, handle) > 0.5
        line = np.maximum(contour(shape, wide), contour(handle, wide))
        line = reduce(np.maximum, (line, strokes * inside, layers.stray))
        for _ in range(3):
            gap = column(dice.chance(0.3)) & ~self._far_from_some_ink(line)
            line[gap] = 0
        style = dice.uniform(0, 1)
        flat = (style >= _FILLED) & (style < _FILLED + _FLAT)
        grey = np.where(flat, dice.uniform(60, 255), dice.uniform(140, 176))
        grey = np.where(style >= _FILLED + _FLAT, 0.0, grey)
        ink = np.where(flat, 0.0, 255.0)
        picture = np.maximum(line * column(ink), inside * column(grey))
        return shrink(picture, column(np.maximum(ink, grey)))

    def _far_from_some_ink(self, line: Floats) -> NDArray[np.bool_]:
        """False near a position picked at random among those with ink."""
        luck = self.dice.rng.random((self.dice.n, FINE * FINE), dtype=np.float32)
        cell = (luck * (line.reshape(self.dice.n, -1) > 0.5)).argmax(axis=1)
        radius = column(self.dice.uniform(1.0, 7.0))
        grid = np.arange(FINE)
        rows = grid[:, None] - column(cell // FINE)
        result: NDArray[np.bool_] = rows**2 + (grid - column(cell % FINE)) ** 2 > radius**2
        return result
