"""Backup and restore: the commands, also while somebody writes, and what they refuse."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import threading
from datetime import datetime, timezone
from pathlib import Path

import pytest

from playground.config import RunConfig
from playground.events import Event, Status
from playground.store.runs import RunInfo, Store
from playground.store.upkeep.folder import DataFolder
from tests.conftest import eventually, postgres_url, status

ROOT = Path(__file__).parents[3]


pytestmark = pytest.mark.engine


def _command(home: Path, *words: str, url: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "playground.store.upkeep.backup", *words],
        cwd=ROOT,
        env={**os.environ, "PLAYGROUND_HOME": str(home), "PLAYGROUND_DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )


def _add(store: Store, run_id: str) -> None:
    now = datetime.now(timezone.utc)
    store.add_run(RunInfo(run_id, "me", RunConfig(), Status.QUEUED, "", now))
    store.save_artefact(run_id, "network.npz", run_id.encode() * 100)
    store.append([Event(run_id, 1, status(Status.FINISHED))])


def test_a_backup_that_was_made_while_somebody_writes_is_whole(tmp_path: Path) -> None:
    home, file, new = tmp_path / "home", tmp_path / "backup.tar", tmp_path / "new"
    folder, store = DataFolder(home), Store(home)  # as a server has them
    written: list[str] = []
    ending = threading.Event()

    def write() -> None:
        while not ending.is_set():
            _add(store, f"run{len(written)}")
            written.append(f"run{len(written)}")

    writer = threading.Thread(target=write)
    writer.start()
    eventually(lambda: len(written) > 20)
    before = list(written)
    saved = _command(home, "save", str(file))
    after = len(written)
    ending.set()
    writer.join()
    store.close()
    folder.release()
    assert saved.returncode == 0, saved.stderr
    assert after > len(before)  # it went on meanwhile
    assert file.stat().st_mode & 0o077 == 0

    restored = _command(new, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    opened = Store(new)
    runs = [run.id for run in opened.runs()]
    assert runs[: len(before)] == before
    assert runs == written[: len(runs)]
    for run in opened.runs():
        # What the database speaks of is there.
        if run.status is Status.FINISHED:
            assert opened.artefact(run.id, "network.npz") == run.id.encode() * 100
            assert len(opened.events(run.id)) == 1
    opened.close()
    for path in (new, new / "artefacts", new / "playground.sqlite"):
        assert path.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".backup*"))
    assert not list(new.glob("restore-*"))


def test_a_folder_with_data_is_not_overwritten_and_moved_aside_if_told(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "backup.tar"
    store = Store(home)
    _add(store, "old")
    store.close()
    assert _command(home, "save", str(file)).returncode == 0
    store = Store(home)
    _add(store, "new")
    store.close()

    refused = _command(home, "restore", str(file))
    assert refused.returncode == 1
    assert "holds data already" in refused.stderr
    assert "Traceback" not in refused.stderr
    store = Store(home)
    assert [run.id for run in store.runs()] == ["old", "new"]
    store.close()

    done = _command(home, "restore", str(file), "--replace")
    assert done.returncode == 0, done.stderr
    store = Store(home)
    assert [run.id for run in store.runs()] == ["old"]
    assert store.artefact("new", "network.npz") is None
    store.close()
    (aside,) = home.glob("before-*")
    assert str(aside) in done.stdout
    store = Store(aside)
    assert [run.id for run in store.runs()] == ["old", "new"]
    assert store.artefact("new", "network.npz")
    store.close()


def test_a_folder_that_a_server_uses_is_refused(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "backup.tar"
    folder, store = DataFolder(home), Store(home)
    assert _command(home, "save", str(file)).returncode == 0
    refused = _command(home, "restore", str(file), "--replace")
    assert refused.returncode == 1
    assert f"process {os.getpid()}" in refused.stderr
    store.close()
    folder.release()


@pytest.mark.parametrize("content", ["nothing", "text", "another", "damaged"])
def test_what_is_no_backup_is_refused_in_words_and_changes_nothing(
    tmp_path: Path, content: str
) -> None:
    file, home = tmp_path / "backup.tar", tmp_path / "home"
    part = tmp_path / "part"
    part.write_bytes(b"This is no database. " * 1000)
    if content == "text":
        file.write_text("no archive")
    elif content != "nothing":
        with tarfile.open(file, "w") as tar:
            tar.add(part, {"another": "notes.txt", "damaged": "playground.sqlite"}[content])
    refused = _command(home, "restore", str(file))
    assert refused.returncode == 1
    assert "backup.tar" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert {path.name for path in home.iterdir()} <= {"server.lock", "server.json"}


def test_a_file_that_is_there_is_not_overwritten_and_no_data_is_named(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    nothing = _command(tmp_path / "elsewhere", "save", str(file))
    assert nothing.returncode == 1
    assert "PLAYGROUND_HOME" in nothing.stderr
    Store(tmp_path / "home").close()
    file.write_text("precious")
    assert "there already" in _command(tmp_path / "home", "save", str(file)).stderr
    assert file.read_text() == "precious"


def test_of_another_database_the_files_are_kept_and_that_is_said(tmp_path: Path) -> None:
    url = postgres_url()
    home, file, new = tmp_path / "home", tmp_path / "backup.tar", tmp_path / "new"
    (home / "artefacts" / "a").mkdir(parents=True)
    (home / "artefacts" / "a" / "model.keras").write_bytes(b"123")
    for done in (
        _command(home, "save", str(file), url=url),
        _command(new, "restore", str(file), url=url),
    ):
        assert done.returncode == 0, done.stderr
        assert "pg_dump" in done.stdout
    assert (new / "artefacts" / "a" / "model.keras").read_bytes() == b"123"
