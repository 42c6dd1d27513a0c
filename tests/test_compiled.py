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
from playground.control import Control
from playground.dataset import load_data
from playground.training import train

config = RunConfig(hidden_layers=(4,), train_images=200, epochs=1, stop=False)
events = []
train(config, load_data(), lambda kind, data: events.append((kind, data)), Control())
print([data["loss"] for kind, data in events if kind in ("epoch", "test")])
"""


def _train(home: Path) -> str:
    environment = worker_environment(1)
    environment |= compiled.environment(home, environment["XLA_FLAGS"])
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _kept(home: Path) -> dict[str, int]:
    """Compiled networks in a folder, and when each was written."""
    return {f.name: f.stat().st_mtime_ns for f in home.glob("compiled/*/*.pb")}


def test_a_network_is_compiled_once_and_learns_the_same_from_the_file(tmp_path: Path) -> None:
    home = tmp_path / "a folder with spaces"
    first = _train(home)
    kept = _kept(home)
    assert len(kept) == 2  # a step of training, a step of testing
    assert _train(home) == first
    assert _kept(home) == kept


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


def test_forgetting_removes_every_file_also_where_there_is_none(tmp_path: Path) -> None:
    compiled.forget(tmp_path)
    compiled.environment(tmp_path, "")
    (compiled.folder(tmp_path, "") / "cut short.pb").touch()
    compiled.forget(tmp_path)
    assert not list(tmp_path.glob("compiled/*/*"))
