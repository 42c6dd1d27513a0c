"""The items that the living network is shown: ten faces, any test image, a drawing, a mistake."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.config import CLASSES, IMAGE_SHAPE
from playground.dataset import TEST_IMAGES, load_data
from playground.network.layers import hardest, one_of_each
from playground.network.network import Network

# Training images among which the typical ones are looked for.
_CANDIDATES = 2_000
# Test images that are judged at once on the way to the next mistake.
_BATCH = 250


class Item(NamedTuple):
    """What the network looks at.

    Attributes:
        pixels: (28, 28) uint8.
        number: the index of a test image; None for a drawing.
        label: its true label; None where nobody has said it.
    """

    pixels: NDArray[np.uint8]
    number: int | None
    label: int | None


@lru_cache(maxsize=1)
def faces() -> NDArray[np.int64]:
    """The indices (10,) of the ten faces: the first test image of each label."""
    return one_of_each(load_data().y_test)


@lru_cache(maxsize=1)
def typical() -> NDArray[np.uint8]:
    """A typical item of each label, (10, 28, 28): the training image next to the label's mean."""
    data = load_data()
    images = data.x_train[:_CANDIDATES].reshape(_CANDIDATES, -1).astype(np.float32)
    labels = data.y_train[:_CANDIDATES]
    found = []
    for label in range(CLASSES):
        [indices] = np.nonzero(labels == label)
        distances = np.square(images[indices] - images[indices].mean(axis=0)).sum(axis=1)
        found.append(data.x_train[indices[distances.argmin()]])
    return np.stack(found)


def seen(item: Item) -> NDArray[np.uint8]:
    """What a portrait is made of: the item and the ten faces, (11, 28, 28)."""
    return np.stack([item.pixels, *load_data().x_test[faces()]])


def read_item(text: str, network: Network, *, sealed: bool = False) -> Item:
    """The item that an address asks for.

    Args:
        text: `test-7` for a test image by its index, `after-7` for the next one that the network
            gets wrong, `hardest-0` for the one whose true label gets the lowest probability,
            `hardest-1` for the second, `pixels-…` for a drawing, its 784 bytes in URL-safe base64.
        network: whose mistakes are meant.
        sealed: whether nobody is to know how good it is on the test images. Then only the ten
            faces can be asked for: who asks for one after the other has the sealed figure.

    Raises:
        ValueError: there is no such item, or it cannot be asked for.
    """
    kind, _, rest = text.partition("-")
    if kind == "pixels":
        return Item(_read_pixels(rest), None, None)
    if not (rest.isascii() and rest.isdigit() and len(rest) < 6 and int(rest) < TEST_IMAGES):
        raise ValueError("no such image")
    if sealed and not (kind == "test" and int(rest) in faces().tolist()):
        raise ValueError("none of the ten faces")
    if kind == "test":
        return _test_image(int(rest))
    if kind == "hardest":
        return _test_image(_hardest(network, int(rest)))
    if kind == "after":
        return _test_image(_next_mistake(network, int(rest)))
    raise ValueError("no such item")


def item_of(pixels: NDArray[np.uint8]) -> Item:
    """The test image of these pixels, the first one; else a drawing."""
    same = (load_data().x_test == pixels).all(axis=(1, 2))
    return _test_image(int(same.argmax())) if same.any() else Item(pixels, None, None)


def _test_image(index: int) -> Item:
    data = load_data()
    return Item(data.x_test[index], index, int(data.y_test[index]))


def _read_pixels(text: str) -> NDArray[np.uint8]:
    try:
        content = base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(content) != IMAGE_SHAPE[0] * IMAGE_SHAPE[1]:
        raise ValueError("not 28 × 28 pixels")
    return np.frombuffer(content, np.uint8).reshape(IMAGE_SHAPE)


def _hardest(network: Network, rank: int) -> int:
    data = load_data()
    return int(hardest(network, data.x_test, data.y_test, rank + 1)[rank])


def _next_mistake(network: Network, index: int) -> int:
    """The next test image that the network gets wrong; the same one where there is none."""
    data = load_data()
    order = (np.arange(TEST_IMAGES) + index + 1) % TEST_IMAGES
    for start in range(0, TEST_IMAGES, _BATCH):
        batch = order[start : start + _BATCH]
        [wrong] = np.nonzero(
            network.predict(data.x_test[batch]).argmax(axis=1) != data.y_test[batch]
        )
        if wrong.size:
            return int(batch[wrong[0]])
    return index
