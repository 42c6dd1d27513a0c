"""What a run trains on beside the photos: sketch twins, and copies of the sketchbook's drawings.

Kept in memory for the next run that wants the same, the newest only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.config import IMAGE_SHAPE, RunConfig
from playground.dataset import Dataset, Label, Labelled
from playground.twins.twins import make_copies, make_twins

# The newest twins and what they were made from: the data set, photos, twins and seed.
_kept: list[tuple[Dataset, tuple[int, int, int], NDArray[np.uint8]]] = []


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
        say: is told what is being done, if it takes long.
        check: called again and again meanwhile; what it raises ends the work.

    Returns:
        `fit_twins` twins, then `fit_sketches` copies.

    Raises:
        ValueError: `config` wants copies of sketches, and there are none.
    """
    of = photos_for_twins(data.y_train[: config.fit_photos], config.fit_twins)
    images, labels = [np.empty((0, *IMAGE_SHAPE), np.uint8)], [np.empty(0, np.uint8)]
    if config.fit_twins:
        images.append(_twins(config, data, of, say, check))
        labels.append(data.y_train[of])
    if config.fit_sketches:
        if sketches is None or not len(sketches.images):
            raise ValueError(
                "The sketchbook has no drawings to train on. Keep some on the Draw page first, "
                "or set “Sketchbook (share)” to 0."
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
    """The run's twins of the photos `of`, made only if the last run wanted others."""
    made_from = config.fit_photos, config.fit_twins, config.seed
    if not _kept or _kept[0][0] is not data or _kept[0][1] != made_from:
        _kept.clear()
        tick = _Progress(f"Making {config.fit_twins:,} sketch twins", config.fit_twins, say, check)
        twins = make_twins(data.x_train[of], data.y_train[of], config.seed, tick)
        _kept.append((data, made_from, twins))
    return _kept[0][2]


def photos_for_twins(labels: NDArray[np.uint8], n: int) -> NDArray[np.intp]:
    """Which photos n twins are made of: one after the other, again and again, but few shirts.

    By the data set's labels a shirt is what is no T-shirt, pullover or coat, and drawn by hand it
    looks like one of these three. Two twins for five shirts are enough to learn that they exist;
    as many as of the others make a network call other tops shirts.

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
    """Says what is being done, and again after each tenth of it."""

    def __init__(
        self, work: str, total: int, say: Callable[[str], None], check: Callable[[], None]
    ) -> None:
        self._work, self._total, self._say, self._check = work, total, say, check
        self._tenths = 0
        say(f"{work}.")

    def __call__(self, done: int) -> None:
        self._check()
        tenths = 10 * done // self._total
        if self._tenths < tenths < 10:
            self._tenths = tenths
            self._say(f"{self._work}: {10 * tenths} % done.")
