"""The one hub of the process: a store that could not be opened is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.runs import service
from playground.runs.store import StoreError
from tests.conftest import FakeCluster


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(service, "Engine", FakeCluster)
    service.use(None)
    yield
    service.stop()


def test_without_a_start_there_is_none() -> None:
    with pytest.raises(StoreError, match="only just starting"):
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
