"""A photo as a drawing on white paper: everything behind the item becomes paper."""

from __future__ import annotations

import io
import threading

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy import ndimage

from playground.locales import lazy

MAX_BYTES = 10_000_000
MAX_PIXELS = 16_000_000
MAX_EDGE = 10_000
FORMATS = ("PNG", "JPEG", "WEBP")
# Longest edge to work on: the network gets 28 pixels, and shrinking removes a camera's noise.
_SIDE = 480
# What differs from its surroundings by less than this, in steps of grey, is not an item.
_FAINT = 24
# Parts smaller than this share of the largest one are specks.
_SPECK = 0.01
# Guards memory: an image takes up to 200 MB when it is unpacked, so one is unpacked at a time.
_unpacking = threading.Lock()
_PATIENCE_SECONDS = 20.0


class PhotoError(ValueError):
    """The file cannot be used as a photo; the message says why and what to do."""


def read_photo(contents: bytes) -> NDArray[np.uint8]:
    """Read an image file, upright and no larger than needed.

    Args:
        contents: a PNG, JPEG or WebP file; its contents say which, not its name.

    Returns:
        (h, w, 3) uint8, RGB; what is transparent is white.

    Raises:
        PhotoError: it is another kind of file, damaged or too large, or too many others are being
            read.
    """
    if len(contents) > MAX_BYTES:
        raise PhotoError(lazy("This file is larger than 10 MB. Choose a smaller image."))
    if not _unpacking.acquire(timeout=_PATIENCE_SECONDS):
        raise PhotoError(lazy("Many images are being read now. Try again in a moment."))
    try:
        return _read(contents)
    finally:
        _unpacking.release()


def _read(contents: bytes) -> NDArray[np.uint8]:
    try:
        # The size is in the file's header: a decompression bomb is refused before it is unpacked.
        picture = Image.open(io.BytesIO(contents), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PhotoError(_TOO_LARGE) from None
    except (OSError, SyntaxError, ValueError):
        raise PhotoError(
            lazy("This file is not a PNG, JPEG or WebP image. Choose one of these kinds.")
        ) from None
    with picture:
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_EDGE:
            raise PhotoError(_TOO_LARGE)
        try:
            return _small(picture)
        except (OSError, SyntaxError, ValueError, MemoryError, ArithmeticError):
            raise PhotoError(
                lazy("This image is damaged. Save it again, or choose another one.")
            ) from None


def _small(picture: Image.Image) -> NDArray[np.uint8]:
    """The picture unpacked and shrunk, and only then turned upright and put on white paper."""
    picture.draft("RGB", (2 * _SIDE, 2 * _SIDE))  # a JPEG is unpacked no larger than this
    picture.load()
    info = dict(picture.info)
    small: Image.Image = picture
    if picture.mode.startswith("I;16"):
        small = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    # Other modes cannot be averaged, nor can pictures in which one colour means transparent.
    elif picture.mode not in ("L", "RGB", "RGBA", "CMYK") or "transparency" in info:
        small = picture.convert("RGBA")
        info.pop("transparency", None)
    small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    small.info = info  # it says which way is up
    small = ImageOps.exif_transpose(small).convert("RGBA")
    paper = Image.new("RGBA", small.size, "white")
    return np.asarray(Image.alpha_composite(paper, small).convert("RGB"))


_TOO_LARGE = lazy(
    "This image has more than {millions} million pixels, or an edge longer than {edge:,}. Make it "
    "smaller, then try again.",
    millions=MAX_PIXELS // 1_000_000,
    edge=MAX_EDGE,
)


def item_ink(photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much each pixel differs from the background behind the item; the rest is paper.

    The background is what the photo's edges show: a quadratic surface is fitted to their colours,
    which follows shadows and uneven light. What differs more than Otsu's threshold (1979) is the
    item. So a light item on a dark table works as well as ink on paper.

    Args:
        photo: (h, w, 3) uint8, RGB.

    Returns:
        (h, w) uint8; 0 is paper, the item's strongest parts are 255. All 0 if there is no item.
    """
    height, width = photo.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    surface = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2], axis=-1)
    edge = np.maximum(np.abs(x), np.abs(y)) > 0.88
    pixels = photo.astype(np.float64)
    good = edge.copy()
    for _ in range(4):  # each time without what is not background, such as an item at the edge
        fit = np.linalg.lstsq(surface[good], pixels[good], rcond=None)[0]
        apart = np.abs(pixels - surface @ fit).max(axis=-1)
        spread = np.median(apart[good])
        good = edge & (apart <= max(3 * spread, _FAINT / 2))
    apart = ndimage.gaussian_filter(apart, 0.7)
    threshold = max(otsu(apart), _FAINT)
    mask = apart > threshold
    parts, count = ndimage.label(mask, np.ones((3, 3)))
    if not count:
        return np.zeros((height, width), np.uint8)
    sizes = np.bincount(parts.ravel())[1:]
    mask = np.isin(parts, 1 + np.flatnonzero(sizes >= _SPECK * sizes.max()))
    strong = np.percentile(apart[mask], 90)
    # Around what is certainly the item, the ink is soft from half the threshold on.
    soft = ndimage.binary_dilation(mask, iterations=2) & (apart > threshold / 2)
    return np.where(soft, np.clip(apart / strong * 255, 1, 255), 0).astype(np.uint8)


def otsu(values: NDArray[np.float64]) -> float:
    """The threshold that splits values 0 to 255 into two groups, each as similar as possible.

    Otsu 1979, "A threshold selection method from gray-level histograms": the largest variance
    between the groups, at whole steps. Values above it are the higher group.
    """
    counts = np.bincount(np.clip(values, 0, 255).astype(np.intp).ravel(), minlength=256)
    below = counts.cumsum()
    sums = (counts * np.arange(256)).cumsum()
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between)
    # Between two groups that are far apart every threshold is equally good: take the middle.
    best = np.flatnonzero(between == between.max())
    return float(best.mean())
