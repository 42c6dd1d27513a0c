from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from PIL import Image

from playground.drawing.photo import MAX_BYTES, PhotoError, _unpacking, item_ink, otsu, read_photo


def file_of(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def table(dark: bool = False, height: int = 120, width: int = 160) -> NDArray[np.float64]:
    """A background in uneven, yellowish light, with a camera's noise."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = (60 if dark else 200) + 20 * x - 15 * y + 8 * x * y
    noise = np.random.default_rng(5).normal(0, 3, (height, width, 3))
    result: NDArray[np.float64] = light[..., None] * [1.0, 0.95, 0.85] + noise
    return result


def photo_of(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(values, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_kind_of_file_is_read_as_rgb(kind: str) -> None:
    photo = read_photo(file_of(Image.new("RGB", (40, 20), (200, 30, 90)), kind))
    assert photo.shape == (20, 40, 3)
    assert photo.dtype == np.uint8
    assert np.abs(photo.astype(int) - [200, 30, 90]).max() <= 6  # JPEG and WebP are lossy


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_form_of_colour_is_read(mode: str) -> None:
    white: Any = {"CMYK": (0, 0, 0, 0), "I;16": 65535}.get(mode, "white")
    picture = Image.new(mode, (9, 9), white)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert (read_photo(file_of(picture, kind)) >= 254).all()


def test_what_is_transparent_is_white() -> None:
    assert (read_photo(file_of(Image.new("RGBA", (5, 5), (0, 0, 0, 0)), "PNG")) == 255).all()


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "L", "P", "RGBA", "I;16")),
        *(("JPEG", mode) for mode in ("RGB", "L")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
    ],
)
@pytest.mark.parametrize("size", [(60, 20), (3000, 1000)])
def test_a_photo_taken_sideways_stands_upright(kind: str, mode: str, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, size[0] // 2, size[1]))  # the left half, that is to be on top
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
    picture = picture.convert(mode)
    exif = picture.getexif()
    exif[0x0112] = 6  # the camera was turned a quarter
    photo = read_photo(file_of(picture, kind, exif=exif))
    assert photo.shape[0] == 3 * photo.shape[1] == min(size[0], 480)
    assert photo[: photo.shape[0] // 3].max() < 20
    assert photo[-photo.shape[0] // 3 :].min() > 235


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_a_colour_that_means_transparent_is_white(mode: str) -> None:
    picture = Image.new("RGB", (2000, 10), "black").convert(mode)
    key = picture.getpixel((0, 0))
    assert (read_photo(file_of(picture, "PNG", transparency=key)) == 255).all()


def test_a_large_photo_is_made_small() -> None:
    photo = read_photo(file_of(Image.new("RGB", (3000, 1500), "red"), "JPEG"))
    assert max(photo.shape[:2]) <= 480
    assert abs(photo.shape[1] / photo.shape[0] - 2) < 0.02


def png_bomb(side: int) -> bytes:
    """A small PNG that says it is side × side pixels, all black."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [4_001, 8_000, 12_000, 30_000, 2**31 - 1])
def test_a_picture_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(PhotoError, match="16 million pixels"):
        read_photo(png_bomb(side))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_with_a_very_long_edge_is_refused(kind: str) -> None:
    with pytest.raises(PhotoError, match="longer than 10,000"):
        read_photo(file_of(Image.new("L", (10_001, 1)), kind))


# Prints by how many MiB the memory of this process grew at most while it read a bomb, five times
# at once.
_MEASURE = """
import io, resource, sys, threading
from PIL import Image
from playground.drawing.photo import PhotoError, read_photo

def read():
    try:
        read_photo(contents)
    except PhotoError:
        pass

def at_most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

file = io.BytesIO()
Image.new("RGB", (900, 900)).save(file, "PNG")
contents = file.getvalue()
read()
before = at_most()
contents = sys.stdin.buffer.read()
readers = [threading.Thread(target=read) for _ in range(5)]
for reader in readers:
    reader.start()
for reader in readers:
    reader.join()
print(at_most() - before)
"""


def bomb(kind: str, mode: str, side: int, **options: Any) -> bytes:
    picture = Image.new(mode, (side, side))
    contents = file_of(picture, kind, **options)
    assert len(contents) < 800_000
    return contents


@pytest.mark.engine
@pytest.mark.parametrize(
    ("kind", "mode", "side", "options"),
    [
        ("PNG", "RGB", 4_000, {"optimize": True}),
        ("PNG", "P", 4_000, {}),
        ("PNG", "I;16", 4_000, {}),
        ("PNG", "L", 7_000, {}),
        ("JPEG", "CMYK", 4_000, {}),
        ("WEBP", "RGBA", 4_000, {"lossless": True}),
    ],
)
def test_picture_bombs_take_little_memory_also_many_at_once(
    kind: str, mode: str, side: int, options: dict[str, Any]
) -> None:
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        input=bomb(kind, mode, side, **options),
        stdout=subprocess.PIPE,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert float(measured.stdout) < 256


def test_who_waits_too_long_for_others_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.drawing.photo._PATIENCE_SECONDS", 0.01)
    with _unpacking, pytest.raises(PhotoError, match="Try again in a moment"):
        read_photo(file_of(Image.new("L", (9, 9)), "PNG"))
    assert read_photo(file_of(Image.new("L", (9, 9)), "PNG")).shape == (9, 9, 3)


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        file_of(Image.new("RGB", (9, 9)), "GIF"),
        file_of(Image.new("RGB", (9, 9)), "BMP"),
        file_of(Image.new("RGB", (9, 9)), "TIFF"),
    ],
)
def test_another_kind_of_file_is_refused_whatever_its_name(contents: bytes) -> None:
    with pytest.raises(PhotoError, match="not a PNG, JPEG or WebP"):
        read_photo(contents)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_damaged_picture_is_refused(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    contents = file_of(Image.fromarray(noise), kind)
    with pytest.raises(PhotoError):
        read_photo(contents[: int(share * len(contents))])


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(PhotoError, match="10 MB"):
        read_photo(bytes(MAX_BYTES + 1))


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(contents: bytes) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBPVP8 "):
        with pytest.raises(PhotoError):
            read_photo(head + contents)


@pytest.mark.parametrize("dark", [False, True])
def test_the_background_becomes_paper_and_the_item_ink(dark: bool) -> None:
    item = np.zeros((120, 160), bool)
    item[30:90, 60:100] = True
    values = table(dark)
    values[item] += 130 if dark else -130
    ink = item_ink(photo_of(values))
    assert (ink[item] > 150).mean() > 0.98
    assert (ink[:25] == 0).all()
    assert (ink > 0).sum() < item.sum() * 1.2


def test_a_pen_line_on_paper_stays_a_line() -> None:
    values = table()
    values[30:90, 60:62] -= 110
    values[30:32, 60:110] -= 110
    ink = item_ink(photo_of(values))
    assert ink[31:90, 60:62].min() > 120
    rows, columns = np.nonzero(ink)
    assert (rows.min(), columns.max()) == pytest.approx((30, 109), abs=2)
    assert (ink[45:, 70:] == 0).all()


def test_colour_alone_is_a_difference() -> None:
    values = np.full((80, 80, 3), [200.0, 120.0, 90.0])
    values[20:60, 30:50] = [110.0, 150.0, 120.0]
    assert (item_ink(photo_of(values))[22:58, 32:48] > 150).all()


@pytest.mark.parametrize("dark", [False, True])
def test_a_photo_of_nothing_has_no_ink(dark: bool) -> None:
    assert not item_ink(photo_of(table(dark))).any()


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(lambda s: arrays(np.uint8, (*s, 3)))
)
def test_any_photo_gives_ink_of_its_size(photo: NDArray[np.uint8]) -> None:
    ink = item_ink(photo)
    assert ink.shape == photo.shape[:2]
    assert ink.dtype == np.uint8


def test_otsus_threshold_parts_two_groups() -> None:
    values = np.concatenate([np.full(300, 20.0), np.full(100, 180.0)])
    assert 20 <= otsu(values) < 180


def test_otsus_threshold_makes_the_groups_most_alike() -> None:
    values = np.random.default_rng(2).gamma(2, 30, 4000).clip(0, 255).astype(int).astype(float)

    def within(threshold: int) -> float:
        low, high = values[values <= threshold], values[values > threshold]
        return float(low.var() * low.size + high.var() * high.size)

    best = min(range(int(values.min()), int(values.max())), key=within)
    assert otsu(values) == pytest.approx(best, abs=0.5)
