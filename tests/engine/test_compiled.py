"""What XLA has compiled is kept, and never stands in anybody's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.engine import compiled
from playground.engine.__main__ import worker_environment

_TRAIN = """
from playground.config import RunConfig
from playground.training.control import Control
from playground.dataset import load_data
from playground.training.train import train

config = RunConfig(hidden_layers=(4,), train_images=200, epochs=1, early_stop=False)
events = []
train(config, load_data(), events.append, Control())
print([data.loss for data in events if data.kind in ("epoch", "test")])
"""


def _train(home: Path) -> str:
    environment = worker_environment(1)
    environment |= compiled.environment(home, environment["XLA_FLAGS"])
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _kept(home: Path) -> dict[str, int]:
    """Compiled networks in a folder, and when each was written."""
    return {f.name: f.stat().st_mtime_ns for f in home.glob("compiled/*/*.pb")}


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "compiled").write_text("no folder")
    assert compiled.environment(tmp_path, "") == {}


def test_other_flags_and_other_processors_have_other_folders(tmp_path: Path) -> None:
    assert compiled.folder(tmp_path, "--a") != compiled.folder(tmp_path, "--b")
    assert compiled.folder(tmp_path, "--a") == compiled.folder(tmp_path, "--a")


def test_the_oldest_files_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MAX_BYTES", 25)
    for age in range(5):
        file = tmp_path / "compiled" / str(age % 2) / str(age)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(10))
        os.utime(file, (1000 - age, 1000 - age))
    compiled.prune(tmp_path)
    assert {file.name for file in tmp_path.glob("compiled/*/*")} == {"0", "1"}


def test_only_what_is_damaged_is_removed(tmp_path: Path) -> None:
    assert not compiled.forget_damaged(tmp_path, "")
    compiled.environment(tmp_path, "")
    folder = compiled.folder(tmp_path, "")
    whole = b"\x0a\x03key" + b"\x1a\xac\x02" + bytes(300)  # two fields of 3 and 300 bytes
    for size in (0, 1, 2, 4, 6, 7, 100, len(whole) - 1):
        (folder / f"cut at {size}.pb").write_bytes(whole[:size])
    (folder / "named.pb").write_bytes(whole)
    (folder / "whole.pb").write_bytes(whole)
    assert compiled.forget_damaged(tmp_path, "Can't parse /home/compiled/x/named.pb as binary")
    assert {file.name for file in folder.iterdir()} == {"whole.pb", ".writable"}
    assert not compiled.forget_damaged(tmp_path, "no name")


def test_files_that_another_run_removes_meanwhile_are_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, there = tmp_path / "compiled" / "x" / "gone.pb", tmp_path / "compiled" / "x" / "there.pb"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"\x0a\x03key")
    # The list of files is older than the files: two runs that end together, or two workers' starts.
    monkeypatch.setattr(Path, "glob", lambda *_: iter([gone, there]))
    compiled.prune(tmp_path)
    assert compiled.forget_damaged(tmp_path, "")
    assert there.exists()


@pytest.mark.slow
def test_a_network_is_compiled_once_learns_the_same_from_the_file_and_is_whole_until_it_is_cut(
    tmp_path: Path,
) -> None:
    home = tmp_path / "a folder with spaces"
    first = _train(home)
    assert not compiled.forget_damaged(home, "")
    kept = _kept(home)
    assert len(kept) == 3  # a step of training, of testing, of prediction
    for _ in range(3):
        found = _kept(home)
        assert _train(home) == first
        if _kept(home) == found:
            break
    else:  # once in a while, on a busy machine, the functions of a process have other numbers
        raise AssertionError("three processes did not find what was compiled")

    for file in home.glob("compiled/*/*.pb"):
        file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(AssertionError):
        _train(home)
    assert compiled.forget_damaged(home, "")
    assert _train(home) == first
    assert _kept(home).keys() >= kept.keys()
