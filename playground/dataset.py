"""Fashion-MNIST (Zalando SE, MIT licence, arXiv 1708.07747), from the files in `data/`.

The four IDX files are those of Debian's package `dataset-fashion-mnist`. Nothing is downloaded.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.locales import lazy, mark, t


class Label(IntEnum):
    """What an image shows; the value is its label in the data set."""

    T_SHIRT = 0
    TROUSER = 1
    PULLOVER = 2
    DRESS = 3
    COAT = 4
    SANDAL = 5
    SHIRT = 6
    SNEAKER = 7
    BAG = 8
    ANKLE_BOOT = 9


# By label, in English, as the data set has them; `class_name` gives them in a visitor's language.
CLASS_NAMES = (
    mark("T-shirt/top"),
    mark("Trouser"),
    mark("Pullover"),
    mark("Dress"),
    mark("Coat"),
    mark("Sandal"),
    mark("Shirt"),
    mark("Sneaker"),
    mark("Bag"),
    mark("Ankle boot"),
)
TRAIN_IMAGES = 60_000
TEST_IMAGES = 10_000

DATA = Path(__file__).parent / "data"
# SHA-256 of the decompressed contents, and the shape after the IDX header.
_FILES: dict[str, tuple[str, tuple[int, ...]]] = {
    "train-images-idx3-ubyte.gz": (
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        (TRAIN_IMAGES, 28, 28),
    ),
    "train-labels-idx1-ubyte.gz": (
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        (TRAIN_IMAGES,),
    ),
    "t10k-images-idx3-ubyte.gz": (
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        (TEST_IMAGES, 28, 28),
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        (TEST_IMAGES,),
    ),
}


_MISSING = mark(
    "The data file {file} is missing. Install the playground again, or copy the file from a fresh "
    "copy of it."
)
_UNREADABLE = mark(
    "The data file {file} cannot be read. Install the playground again, or copy the file from a "
    "fresh copy of it."
)
_CHANGED = mark(
    "The data file {file} is not the original one. Install the playground again, or copy the file "
    "from a fresh copy of it."
)


def class_name(label: int) -> str:
    """The name of a label, 0 to 9, in the visitor's language."""
    return t(CLASS_NAMES[label])


def class_names() -> tuple[str, ...]:
    """The names of the ten labels, in their order and in the visitor's language."""
    return tuple(t(name) for name in CLASS_NAMES)


class Labelled(NamedTuple):
    """Images (n, 28, 28) uint8, bright on black, and their labels (n,) uint8, 0 to 9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


class DatasetError(Exception):
    """A data file is missing or damaged; the message says which and what to do."""


class Dataset(NamedTuple):
    """All of Fashion-MNIST, uint8: images (n, 28, 28) with 0 to 255, labels (n,) with 0 to 9."""

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]


@lru_cache(maxsize=1)
def load_data(folder: Path = DATA) -> Dataset:
    """Load and verify the whole data set (read-only arrays, kept for the life of the process).

    Args:
        folder: holds the four IDX files.

    Raises:
        DatasetError: a file is missing, unreadable, or its contents are not the published ones.
    """
    return Dataset(*(_read(folder / name, *_FILES[name]) for name in _FILES))


def _read(path: Path, sha256: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    try:
        contents = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise DatasetError(lazy(_MISSING, file=path.name)) from None
    except (OSError, EOFError, zlib.error):
        raise DatasetError(lazy(_UNREADABLE, file=path.name)) from None
    if hashlib.sha256(contents).hexdigest() != sha256:
        raise DatasetError(lazy(_CHANGED, file=path.name))
    header = 4 + 4 * len(shape)
    return np.frombuffer(contents, np.uint8, offset=header).reshape(shape)
