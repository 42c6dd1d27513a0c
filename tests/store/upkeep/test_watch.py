"""A database that is deleted while the server runs is there again, and nothing is lost."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from playground.config import RunConfig
from playground.events import Event, Status
from playground.store.runs import RunInfo, Store, StoreError
from tests.conftest import epoch_end, eventually


def _run(run_id: str) -> RunInfo:
    return RunInfo(run_id, "me", RunConfig(), Status.QUEUED, "", datetime.now(timezone.utc))


def _epoch(seq: int) -> Event:
    return Event("a", seq, epoch_end(seq))


def _file(folder: Path) -> None:
    (folder / "playground.sqlite").unlink()


def _all_three(folder: Path) -> None:
    for path in folder.glob("playground.sqlite*"):
        path.unlink()


def _another(folder: Path) -> None:
    """Somebody puts another database in its place."""
    made = sqlite3.connect(folder / "another")
    made.execute("CREATE TABLE theirs (x)")
    made.close()
    (folder / "another").replace(folder / "playground.sqlite")


@pytest.mark.parametrize("delete", [_file, _all_three, shutil.rmtree, _another])
def test_a_deleted_database_is_written_again_with_everything(
    tmp_path: Path, delete: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    store = Store(folder)
    store.add_run(_run("a"))
    store.append([_epoch(1)])
    delete(folder)
    with caplog.at_level(logging.ERROR):
        store.append([_epoch(2)])
    assert "was deleted or replaced while the server ran" in caplog.text
    store.add_run(_run("b"))
    store.save_artefact("b", "network.npz", b"123")
    store.close()
    # What a server finds that starts now.
    again = Store(folder)
    assert [run.id for run in again.runs()] == ["a", "b"]
    assert again.events("a") == [_epoch(1), _epoch(2)]
    again.close()
    if delete is _another:
        (found,) = folder.glob("*found*")
        with sqlite3.connect(found) as connection:
            assert connection.execute("SELECT count(*) FROM theirs").fetchone() == (0,)


def test_a_database_that_is_deleted_last_is_written_at_the_end(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_run(_run("a"))
    _all_three(tmp_path)
    store.close()
    again = Store(tmp_path)
    assert [run.id for run in again.runs()] == ["a"]
    again.close()


def test_whoever_writes_meanwhile_loses_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add_run(_run("a"))
    kept: list[int] = []
    ending = threading.Event()

    def write() -> None:
        while not ending.is_set():
            try:
                store.append([_epoch(len(kept) + 1)])
            except StoreError:  # as the journal does: it tries again
                continue
            kept.append(len(kept) + 1)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        before = len(kept)
        eventually(lambda before=before: len(kept) > before + 5)  # type: ignore[misc]
        _all_three(tmp_path)
    before = len(kept)
    eventually(lambda: len(kept) > before + 5)
    ending.set()
    writer.join()
    assert store.last_seqs(["a"]) == {"a": len(kept)}
    assert len(store.events("a")) == len(kept)
    store.close()


def test_where_it_cannot_be_written_again_that_is_said_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    store = Store(folder)
    store.add_run(_run("a"))
    shutil.rmtree(folder)
    folder.write_text("no folder")
    for _ in range(2):
        with pytest.raises(StoreError, match="again"):
            store.append([_epoch(1)])
    folder.unlink()
    store.append([_epoch(1)])
    assert store.events("a") == [_epoch(1)]
    store.close()
