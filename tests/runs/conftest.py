"""The hub of the tests of runs, and a hub whose limits are a test's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.runs import Store
from tests.conftest import FakeCluster


@pytest.fixture
def cluster() -> FakeCluster:
    return FakeCluster()


@pytest.fixture
def hub(tmp_path: Path, cluster: FakeCluster) -> Iterator[Hub]:
    started = Hub(Store(tmp_path), cluster)
    started.start()
    yield started
    started.close()


@pytest.fixture
def limited(tmp_path: Path, cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub whose minutes are as short as a test's, and that gives an owner two workers."""
    for name, value in (("RUN_MINUTES", "1000"), ("WAIT_MINUTES", "10"), ("ACTIVE_RUNS", "2")):
        monkeypatch.setenv(f"PLAYGROUND_MAX_{name}", value)
    settings.cache_clear()
    started = Hub(Store(tmp_path), cluster)
    started.start()
    yield started
    started.close()
