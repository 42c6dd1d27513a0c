"""The data folder: held by one process, said by which, freed by its end, closed to others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from playground.store.runs import StoreError
from playground.store.upkeep.folder import DataFolder, make_private

_HOLD = """
import sys
from pathlib import Path
from playground.store.upkeep.folder import DataFolder
held = DataFolder(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_which_one_has_the_folder_until_that_is_killed(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=rf"process {other.pid}, since \d\d .* UTC"):
            DataFolder(tmp_path)
        other.kill()
        other.wait()
        DataFolder(tmp_path).release()


def test_it_is_free_after_its_release(tmp_path: Path) -> None:
    first = DataFolder(tmp_path)
    with pytest.raises(StoreError, match=f"process {os.getpid()}"):
        DataFolder(tmp_path)
    first.release()
    DataFolder(tmp_path).release()


def test_a_folder_that_was_deleted_is_held_again(tmp_path: Path) -> None:
    held = DataFolder(tmp_path / "data")
    shutil.rmtree(tmp_path / "data")
    held.check()
    with pytest.raises(StoreError, match="Another server"):
        DataFolder(tmp_path / "data")
    held.release()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_an_open_folder_of_an_earlier_version_is_closed(tmp_path: Path) -> None:
    (tmp_path / "artefacts").mkdir(mode=0o755)
    for name in ("playground.sqlite", "playground.sqlite-wal"):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    DataFolder(tmp_path).release()
    assert _mode(tmp_path) == _mode(tmp_path / "artefacts") == 0o700
    assert _mode(tmp_path / "playground.sqlite") == 0o600
    assert _mode(tmp_path / "playground.sqlite-wal") == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_folder_that_many_use_on_purpose_stays_open(tmp_path: Path) -> None:
    (tmp_path / "artefacts").mkdir(mode=0o755)
    tmp_path.chmod(0o1777)
    make_private(tmp_path)
    assert _mode(tmp_path) == 0o777
    assert _mode(tmp_path / "artefacts") == 0o700
    tmp_path.chmod(0o700)
