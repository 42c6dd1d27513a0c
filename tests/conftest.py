"""What several test files share: stores, and a stand-in for the cluster of the hub tests."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from playground.config import RunConfig
from playground.engine.client import Listener
from playground.events import Command
from playground.runs.store import Store


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch the data of whoever runs it."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLAYGROUND_DATABASE_URL", raising=False)


def eventually(happened: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so; fail if it is not in time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def postgres_url() -> str:
    """The PostgreSQL database for tests; in CI there must be one."""
    url = os.environ.get("PLAYGROUND_TEST_POSTGRES_URL")
    if url is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must set PLAYGROUND_TEST_POSTGRES_URL")
        pytest.skip("PLAYGROUND_TEST_POSTGRES_URL is not set, so PostgreSQL is not tested")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    url = None
    if request.param == "postgresql":
        url = postgres_url()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            tables = "events, runs, sketches, sketchbook_owner"
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {tables}"))
        engine.dispose()
    opened = Store(tmp_path / "store", url)
    yield opened
    opened.close()


class FakeCluster:
    """The hub's side of an engine, in memory: remembers what it was asked, says what it is told.

    The real engine and its processes are in test_engine.py.
    """

    def __init__(self) -> None:
        self.listener: Listener
        self.submitted: list[tuple[str, RunConfig, str]] = []
        self.pictures: dict[str, tuple[Any, Any]] = {}
        self.commands: list[tuple[str, str, Command]] = []
        self.forgotten: list[str] = []
        self.replaced: list[str] = []
        self.weights: bytes | None = None
        self.closed = threading.Event()

    def start(self, listener: Listener) -> None:
        """Keep the listener; tests speak to it."""
        self.listener = listener

    def close(self) -> None:
        """Remember it."""
        self.closed.set()

    def submit(
        self, run_id: str, config: RunConfig, worker: str, sketches: Any = None, pinned: Any = None
    ) -> None:
        """Remember it."""
        self.submitted.append((run_id, config, worker))
        self.pictures[run_id] = (sketches, pinned)

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Remember it."""
        self.commands.append((run_id, worker, command))

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The weights a test has put here."""
        return self.weights

    def forget(self, run_id: str) -> None:
        """Remember it."""
        self.forgotten.append(run_id)

    def replace(self, worker: str) -> None:
        """Remember it."""
        self.replaced.append(worker)
