"""The one hub of the process: a store that could not be opened is tried again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from playground.config import RunConfig
from playground.runs import service
from playground.settings import settings
from playground.store.rows import READY_MADE
from playground.store.runs import StoreError
from playground.store.upkeep.folder import DataFolder
from tests.conftest import FakeCluster


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(service, "Engine", FakeCluster)
    service.use(None)
    yield
    service.stop()


def test_without_a_start_there_is_none() -> None:
    with pytest.raises(StoreError, match="still starting"):
        service.hub()


def test_a_store_that_can_be_opened_again_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "data"
    monkeypatch.setenv("PLAYGROUND_HOME", str(home))
    home.write_text("no folder")
    service.start()
    for _ in range(2):
        with pytest.raises(StoreError, match="again"):
            service.hub()
    home.unlink()
    found = service.hub()
    assert found is service.hub()
    assert found.runs() == []


def test_a_folder_that_another_server_uses_is_left_alone_until_that_ends() -> None:
    other = DataFolder(settings().home)
    service.start()
    with pytest.raises(StoreError, match=f"Another server .*process {os.getpid()}"):
        service.hub()
    assert not (settings().home / "playground.sqlite").exists()
    other.release()
    assert service.hub().runs() == []
    with pytest.raises(StoreError, match="Another server"):
        DataFolder(settings().home)
    service.stop()
    DataFolder(settings().home).release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_what_the_server_writes_is_nobody_elses_to_read() -> None:
    before = os.umask(0o022)
    try:
        service.start()
        service.hub().submit("me", RunConfig(), np.zeros((28, 28), np.uint8))
        home = settings().home
        for path in (home, *home.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
    finally:
        os.umask(before)


def test_the_network_that_is_ready_made_is_queued_once(monkeypatch: pytest.MonkeyPatch) -> None:
    service.start()
    assert service.hub().runs() == []
    service.stop()
    monkeypatch.setenv("PLAYGROUND_READY_MADE", "1")
    settings.cache_clear()
    found = []
    for _ in range(2):
        service.start()
        found.append([(run.id, run.owner) for run in service.hub().runs()])
        service.stop()
    assert found[0] == found[1]
    assert [owner for _, owner in found[0]] == [READY_MADE]
