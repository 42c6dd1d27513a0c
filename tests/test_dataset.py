"""The data set: the published one, or an error in words."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from playground.config import CLASSES
from playground.dataset import CLASS_NAMES, DATA, DatasetError, Label, load_data

LABELS = "t10k-labels-idx1-ubyte.gz"
FILES = sorted(path.name for path in DATA.glob("*.gz"))


def test_the_data_set_has_the_published_shapes_and_figures() -> None:
    data = load_data()
    assert data.x_train.shape == (60_000, 28, 28)
    assert data.y_train.shape == (60_000,)
    assert data.x_test.shape == (10_000, 28, 28)
    assert data.y_test.shape == (10_000,)
    assert all(array.dtype == np.uint8 and not array.flags.writeable for array in data)
    assert data.x_train.mean() / 255 == pytest.approx(0.2860, abs=5e-5)
    assert data.x_train.std() / 255 == pytest.approx(0.3530, abs=5e-5)
    assert np.bincount(data.y_train).tolist() == [6_000] * 10
    assert np.bincount(data.y_test).tolist() == [1_000] * 10
    assert data.y_train[0] == Label.ANKLE_BOOT


def test_labels_are_the_numbers_of_the_data_set_and_have_its_names() -> None:
    assert [int(label) for label in Label] == list(range(CLASSES))
    names = [name.upper().replace("-", "_").replace(" ", "_") for name in CLASS_NAMES]
    assert all(name.startswith(label.name) for label, name in zip(Label, names, strict=True))
    assert json.dumps([Label.BAG]) == "[8]"


@pytest.mark.parametrize(
    ("name", "md5"),
    [
        ("train-labels-idx1-ubyte.gz", "9018921c3c673c538a1fc5bad174d6f9"),
        ("t10k-labels-idx1-ubyte.gz", "15d484375f8d13e6eb1aabb0c3f46965"),
    ],
)
def test_the_label_files_are_the_published_ones(name: str, md5: str) -> None:
    assert hashlib.md5(gzip.decompress((DATA / name).read_bytes())).hexdigest() == md5


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).symlink_to(DATA / name)
    return tmp_path


def _load(folder: Path) -> None:
    load_data.__wrapped__(folder)


def test_a_missing_file_is_named(copies: Path) -> None:
    (copies / LABELS).unlink()
    with pytest.raises(DatasetError, match=rf"{LABELS} is missing\. .*again"):
        _load(copies)


def test_a_truncated_file_is_named(copies: Path) -> None:
    whole = (copies / LABELS).read_bytes()
    for length in (0, 5, len(whole) // 2, len(whole) - 1):
        (copies / LABELS).unlink()
        (copies / LABELS).write_bytes(whole[:length])
        with pytest.raises(DatasetError, match=LABELS):
            _load(copies)


def test_a_damaged_file_is_named(copies: Path) -> None:
    whole = bytearray((copies / LABELS).read_bytes())
    for place in (0, 20, len(whole) // 2, len(whole) - 6):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        (copies / LABELS).unlink()
        (copies / LABELS).write_bytes(damaged)
        with pytest.raises(DatasetError, match=LABELS):
            _load(copies)


def test_another_file_in_its_place_is_named(copies: Path) -> None:
    (copies / LABELS).unlink()
    shutil.copy(DATA / "train-labels-idx1-ubyte.gz", copies / LABELS)
    with pytest.raises(DatasetError, match=f"{LABELS} is not the original one"):
        _load(copies)
