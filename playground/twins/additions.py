"""What a run trains on besides the photos: sketch twins, and copies of the sketchbook's drawings.

The newest twins are held in memory for the next run that wants the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

from playground.config import IMAGE_SHAPE, RunConfig
from playground.dataset import Dataset, Label, Labelled
from playground.locales import english, lazy
from playground.seeds import split_photos
from playground.twins.twins import make_copies, make_twins

# The newest twins and what they were made from: the data set; which photos, how many twins; seed.
_newest: list[tuple[Dataset, tuple[Hashable, int, int], NDArray[np.uint8]]] = []


def added_images(
    config: RunConfig,
    data: Dataset,
    sketches: Labelled | None,
    say: Callable[[str], None],
    check: Callable[[], None],
) -> Labelled:
    """The images that `config` adds to its training photos.

    Args:
        config: how many twins of the photos, and how many copies of the sketches.
        data: the photos; twins are made of those that are trained on, never of others.
        sketches: the sketchbook's training drawings, as items.
        say: is called with a sentence on what is being done, if that takes long.
        check: is called again and again meanwhile; what it raises ends the work.

    Returns:
        `fit_twins` twins, then `fit_sketches` copies.

    Raises:
        ValueError: `config` wants copies of sketches, and there are none.
    """
    photos = np.arange(len(data.y_train))[split_photos(config).fit]
    of = photos[photos_for_twins(data.y_train[photos], config.fit_twins)]
    images, labels = [np.empty((0, *IMAGE_SHAPE), np.uint8)], [np.empty(0, np.uint8)]
    if config.fit_twins:
        images.append(_twins(config, data, of, say, check))
        labels.append(data.y_train[of])
    if config.fit_sketches:
        if sketches is None or not len(sketches.images):
            raise ValueError(
                lazy(
                    "The sketchbook has no drawings to train on. Keep some on the Draw page first, "
                    "or set “Sketchbook (share)” to 0."
                )
            )
        of = np.arange(config.fit_sketches) % len(sketches.images)
        images.append(make_copies(sketches.images[of], config.seed, lambda _done: check()))
        labels.append(sketches.labels[of])
    return Labelled(np.concatenate(images), np.concatenate(labels))


def _twins(
    config: RunConfig,
    data: Dataset,
    of: NDArray[np.intp],
    say: Callable[[str], None],
    check: Callable[[], None],
) -> NDArray[np.uint8]:
    """The run's twins of the photos `of`, made again only if the last run wanted other ones."""
    made_from = config.split_key, config.fit_twins, config.seed
    if not _newest or _newest[0][0] is not data or _newest[0][1] != made_from:
        _newest.clear()
        tick = _Progress(config.fit_twins, say, check)
        twins = make_twins(data.x_train[of], data.y_train[of], config.seed, tick)
        _newest.append((data, made_from, twins))
    return _newest[0][2]


def photos_for_twins(labels: NDArray[np.uint8], n: int) -> NDArray[np.intp]:
    """Which photos n twins are made of: each in turn, again and again, but of shirts only a few.

    The data set calls a shirt what is no T-shirt, pullover or coat, and a shirt drawn by hand looks
    like one of these three. Two twins for five shirts are enough to learn that they exist; with as
    many as of the other labels, a network calls other tops shirts.

    Args:
        labels: (m,) uint8, of the photos.
        n: how many twins.

    Returns:
        (n,), 0 to m - 1.
    """
    shirts = labels == Label.SHIRT
    made = np.flatnonzero(~shirts | (np.cumsum(shirts) % 5 % 3 == 1))
    return made[np.arange(n) % len(made)]


class _Progress:
    """Says how many twins are made, and again after each tenth of the work."""

    def __init__(self, total: int, say: Callable[[str], None], check: Callable[[], None]) -> None:
        self._total, self._say, self._check = total, say, check
        self._tenths = 0
        say(english(lazy("Making {count:,} sketch twins.", count=total)))

    def __call__(self, done: int) -> None:
        self._check()
        tenths = 10 * done // self._total
        if self._tenths < tenths < 10:
            self._tenths = tenths
            self._say(
                english(
                    lazy(
                        "Making {count:,} sketch twins: {percent} % done.",
                        count=self._total,
                        percent=10 * tenths,
                    )
                )
            )
