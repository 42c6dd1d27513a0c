"""What is deleted, what is kept and for how long, and how full the disk may get."""

from __future__ import annotations

import logging
import os
import shutil
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from playground.config import RunConfig
from playground.events import Event, Status, StatusChange
from playground.settings import settings
from playground.store.rows import READY_MADE
from playground.store.runs import RunInfo, Store, StoreError
from playground.store.upkeep import housekeeping
from playground.store.upkeep.folder import DataFolder
from playground.store.upkeep.housekeeping import Housekeeping, tidy
from tests.conftest import epoch_end, eventually

_NOW = datetime.now(timezone.utc)


def _add(
    store: Store,
    run_id: str,
    days: float = 0,
    status: Status = Status.FINISHED,
    owner: str = "me",
) -> None:
    """A run of some days ago with two events and three files."""
    created = _NOW - timedelta(days=days)
    store.add_run(RunInfo(run_id, owner, RunConfig(), Status.QUEUED, "", created))
    store.append(
        [
            Event(run_id, 1, StatusChange(status=status, reason="")),
            Event(run_id, 2, epoch_end(1)),
        ]
    )
    for name in ("pinned", "model.keras", "epoch-0001.npz"):
        store.save_artefact(run_id, name, b"x" * 1000)


def _count(store: Store, table: str) -> int:
    with store.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _files(store: Store) -> set[str]:
    root = store._folder / "artefacts"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_deleted_run_leaves_nothing(store: Store) -> None:
    _add(store, "a")
    _add(store, "b")
    store.delete_run("a")
    store.delete_run("a")
    assert [run.id for run in store.runs()] == ["b"]
    assert store.events("a") == []
    assert _count(store, "events") == 2
    assert all(name.startswith("b/") for name in _files(store))
    # A snapshot that was on its way.
    store.save_artefact("a", "epoch-0002.npz", b"late")
    store.sweep()
    assert not (store._folder / "artefacts" / "a").exists()
    assert _count(store, "deleted_runs") == 0


def test_files_that_cannot_be_deleted_now_go_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    _add(store, "a")
    monkeypatch.setattr(shutil, "rmtree", in_use)
    store.delete_run("a")
    assert store.runs() == []
    assert _files(store)
    monkeypatch.undo()
    store.sweep()
    assert not _files(store)


def test_half_written_files_go_at_the_next_start(tmp_path: Path) -> None:
    first = Store(tmp_path)
    _add(first, "a")
    folder = tmp_path / "artefacts" / "a"
    (folder / "network.partial").write_bytes(b"half, by an earlier version")
    (folder / "model.keras.0123456789abcdef.partial").write_bytes(b"half")
    (tmp_path / "playground.sqlite.0123.partial").write_bytes(b"half")
    first.close()
    second = Store(tmp_path)
    writing = folder / f"network.npz.{second.files._token}01234567.partial"
    writing.write_bytes(b"not half-written, but being written now")
    second.sweep()
    assert [path.name for path in folder.glob("*.partial")] == [writing.name]
    assert not list(tmp_path.glob("*.partial"))
    assert second.artefacts("a") == ["epoch-0001.npz", "model.keras", "pinned"]
    second.close()


def test_files_of_runs_that_the_database_does_not_know_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # As when a damaged database was moved away: it may come back.
    first = Store(tmp_path)
    _add(first, "a")
    first.close()
    (tmp_path / "playground.sqlite").unlink()
    second = Store(tmp_path)
    # What a run leaves that could not be queued goes, once it is certain that it will not be.
    for name, age in (("old", 48 * 3600), ("new", 0)):
        second.save_artefact(name, "pinned", b"x")
        then = time.time() - age
        os.utime(tmp_path / "artefacts" / name, (then, then))
    second.sweep()
    assert second.artefacts("a") == ["epoch-0001.npz", "model.keras", "pinned"]
    assert second.artefacts("new") == ["pinned"]
    assert not (tmp_path / "artefacts" / "old").exists()
    assert "2 folders" in caplog.text
    second.close()


def test_models_of_old_runs_go_and_their_history_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _add(store, "old", 31)
    _add(store, "young", 29)
    _add(store, "training", 31, Status.RUNNING)
    _add(store, "ready", 31, owner=READY_MADE)
    before = store.runs()
    tidy(store)  # by default all is kept
    assert len(store.artefacts("old")) == 3
    monkeypatch.setenv("PLAYGROUND_KEEP_MODELS_DAYS", "30")
    settings.cache_clear()
    with caplog.at_level(logging.INFO):
        tidy(store)
    assert store.artefacts("old") == ["pinned"]
    assert {len(store.artefacts(run)) for run in ("young", "training", "ready")} == {3}
    assert store.runs() == before
    assert len(store.events("old")) == 2
    assert "1 runs older than 30 days" in caplog.text
    assert "MiB are free" in caplog.text


def test_what_is_used_is_known(store: Store) -> None:
    _add(store, "a")
    usage = store.usage()
    assert usage.artefacts == 3000
    assert usage.database > 10_000
    assert usage.free > 0


def test_on_a_disk_that_is_nearly_full_runs_go_on_and_none_begins(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(store, "a", status=Status.RUNNING)
    monkeypatch.setenv("PLAYGROUND_MIN_FREE_MIB", str(10**9))
    settings.cache_clear()
    new = replace(store.runs()[0], id="b")
    with pytest.raises(StoreError, match=r"nearly full: .* MiB are free"):
        store.add_run(new)
    store.append([Event("a", 3, StatusChange(status=Status.FINISHED, reason=""))])
    store.save_artefact("a", "network.npz", b"123")
    assert [(run.id, run.status) for run in store.runs()] == [("a", Status.FINISHED)]


def test_a_database_that_is_deleted_while_nobody_looks_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "CHECK_SECONDS", 0.05)
    home = tmp_path / "data"
    folder, store = DataFolder(home), Store(home)
    _add(store, "a")
    keeping = Housekeeping(folder, store)
    keeping.start()
    home.rename(tmp_path / "gone")  # at once: it is looked at all the time
    shutil.rmtree(tmp_path / "gone")
    eventually((home / "playground.sqlite").exists)
    eventually((home / "server.lock").exists)
    keeping.close()
    # As a server finds it that starts after a crash of this one.
    again = Store(home)
    assert [run.id for run in again.runs()] == ["a"]
    for opened in (again, store):
        opened.close()
    folder.release()
