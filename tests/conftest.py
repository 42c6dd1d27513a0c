"""What several test files share: stores, and a stand-in for the cluster of the hub tests."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import numpy as np
import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

from playground.config import RunConfig
from playground.engine.protocol import Job, Listener, Result
from playground.events import Command, EpochEnd, EventData, Progress, Status, StatusChange
from playground.network.network import Network
from playground.network.portrait import Watch
from playground.runs import service
from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.database import FILE, open_database
from playground.store.rows import READY_MADE
from playground.store.runs import Store

# No test asserts a time: the machine may have other work.
hypothesis.settings.register_profile("playground", deadline=None)
hypothesis.settings.load_profile("playground")


TESTS = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Have `--dist loadfile` keep the order of files that is made here."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests have the tier of their folder; files whose tests are long are among the others."""
    for item in items:
        for tier in {"e2e", "engine"} & {*item.path.relative_to(TESTS).parts}:
            item.add_marker(tier)
        if item.get_closest_marker("e2e"):
            # Two browsers on two busy cores: what was only late passes, and the summary names it.
            item.add_marker(pytest.mark.flaky(reruns=1))
    place = _places(items)
    items.sort(key=lambda item: place[item.path])


def _places(items: list[pytest.Item]) -> dict[Path, float]:
    """Where each file comes: the long ones among the first of the others, which have most tests.

    Two browsers at once wait for each other's processors, and for a long file that came last
    everybody would wait.
    """
    counts = Counter(item.path for item in items)
    tiers = ("e2e", "engine")
    long = {item.path for item in items if any(map(item.get_closest_marker, tiers))}
    others = [file for file, _ in counts.most_common() if file not in long]
    places = {file: i / len(others) for i, file in enumerate(others)}
    return places | {
        file: 0.6 * i / len(long) for i, file in enumerate(one for one in counts if one in long)
    }


T = TypeVar("T")


@pytest.fixture(scope="session", autouse=True)
def _quick_pages() -> Iterator[None]:
    """Spare each of a thousand runs of a page what costs a server nothing.

    Where Keras is imported, as it never is in the web process, Streamlit resets it after every run
    of a script, with a full garbage collection; and each AppTest looks through all that is
    installed for components.
    """
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new store begins with a copy of an empty database: to make its tables takes 40 ms."""
    folder = tmp_path_factory.mktemp("store")
    Store(folder).close()
    empty = (folder / FILE).read_bytes()

    def opened(folder: Path, url: str | None) -> sa.Engine:
        if not url and folder.is_dir() and not (folder / FILE).exists():
            (folder / FILE).write_bytes(empty)
        return open_database(folder, url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("playground.store.runs.open_database", opened)
        yield


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Homes that may come to be; few tests have anything on disk, and a folder each takes time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch the data of whoever runs it."""
    monkeypatch.setenv("PLAYGROUND_HOME", str(next(_homes)))
    monkeypatch.delenv("PLAYGROUND_DATABASE_URL", raising=False)
    monkeypatch.setenv("PLAYGROUND_READY_MADE", "0")  # it would train beside what is tested
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _no_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's AppTest has a stand-in for a browser's cookies that is no text."""
    monkeypatch.setattr(type(st.context), "cookies", {})


def eventually(happened: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so; fail if it is not in time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` in a thread: a browser test may have left this one a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def settle(hub: Hub) -> None:
    """Wait until the dispatcher has done all that it has been told."""
    own = hub.dispatcher
    for _ in range(2):  # an errand may lead to another one
        for errands in (own._inbox, own._clerk, own._messenger, own._inbox):
            done = threading.Event()
            errands.do(done.set)
            assert done.wait(10)


def postgres_url() -> str:
    """The PostgreSQL database for tests, one for each process of them; in CI there must be one."""
    url = os.environ.get("PLAYGROUND_TEST_POSTGRES_URL")
    if url is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must set PLAYGROUND_TEST_POSTGRES_URL")
        pytest.skip("PLAYGROUND_TEST_POSTGRES_URL is not set, so PostgreSQL is not tested")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return _database_of(worker, url) if worker else url


@cache
def _database_of(worker: str, url: str) -> str:
    own = sa.make_url(url)
    own = own.set(database=f"{own.database}_{worker}")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{own.database}"'))
    engine.dispose()
    return own.render_as_string(hide_password=False)


def empty(engine: sa.Engine) -> None:
    """Take all tables out of a database."""
    tables = sa.MetaData()
    tables.reflect(engine)
    tables.drop_all(engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    url = None
    if request.param == "postgresql":
        url = postgres_url()
        engine = sa.create_engine(url)
        empty(engine)
        engine.dispose()
    opened = Store(tmp_path / "store", url)
    yield opened
    opened.close()


def progress(epoch: float = 0.1, **fields: Any) -> Progress:
    """A chunk of an epoch."""
    usual = {"epochs": 3, "step": 1, "steps": 10, "loss": 0.5, "accuracy": 0.8}
    steps = {"step_epochs": (epoch,), "step_losses": (0.5,)}
    unknown = {"images_per_second": None, "seconds_left": None}
    return Progress(**{"epoch": epoch, **usual, **unknown, **steps, **fields})


def epoch_end(epoch: int = 1, **fields: Any) -> EpochEnd:
    """An epoch that has been trained and validated."""
    losses = {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.7}
    usual = {"confusion": np.eye(10, dtype=int).tolist(), "seconds": 1.5, "learning_rate": 0.001}
    return EpochEnd(**{"epoch": epoch, **losses, **usual, **fields})


def status(status: Status, reason: str = "") -> StatusChange:
    """Where a run stands."""
    return StatusChange(status=status, reason=reason)


def report(hub: Hub, run_id: str, *happened: EventData) -> None:
    """Report what has happened, as a worker does."""
    for data in happened:
        hub.dispatcher.on_event(run_id, data.kind, data.to_json())


class FakeCluster:
    """The hub's side of an engine, in memory: remembers what it was asked, says what it is told.

    The real engine and its processes are in test_engine.py.
    """

    def __init__(self) -> None:
        self.listener: Listener
        self.submitted: list[tuple[str, RunConfig, str]] = []
        self.jobs: dict[str, Job] = {}
        self.commands: list[tuple[str, str, Command]] = []
        self.watches: list[tuple[str, str, str, bool]] = []
        self.forgotten: list[str] = []
        self.restarted: list[str] = []
        self.weights: bytes | None = None
        self.kept: dict[int, bytes] = {}
        self.stands: bytes | None = None
        self.closed = threading.Event()

    def start(self, listener: Listener, usual: Sequence[RunConfig]) -> None:
        """Keep the listener; tests speak to it."""
        self.listener, self.usual = listener, usual

    def close(self) -> None:
        """Remember it."""
        self.closed.set()

    def submit(self, job: Job, worker: str) -> None:
        """Remember it."""
        self.submitted.append((job.run_id, job.config, worker))
        self.jobs[job.run_id] = job

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Remember it."""
        self.commands.append((run_id, worker, command))

    def watch(self, run_id: str, worker: str, watch: Watch, *, fresh: bool) -> None:
        """Remember it."""
        self.watches.append((run_id, worker, watch.key, fresh))

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The weights a test has put here."""
        return self.weights

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        """Those a test has put here."""
        return {epoch: content for epoch, content in self.kept.items() if epoch > after}

    def checkpoint(self, run_id: str, worker: str) -> bytes | None:
        """The one a test has put here."""
        return self.stands

    def forget(self, run_id: str) -> None:
        """Remember it."""
        self.forgotten.append(run_id)

    def restart(self, worker: str) -> None:
        """Remember it."""
        self.restarted.append(worker)


NETWORK = Network(
    "relu", 1 / 255, 0.0, ((np.zeros((784, 10), np.float32), np.eye(10, dtype=np.float32)[1] * 9),)
)


class OneWorker:
    """An engine without training: what a run's weights are, the test says."""

    newest: Network | None = None

    def start(self, listener: Listener, usual: Sequence[RunConfig]) -> None:
        listener.on_workers(frozenset({"worker"}))

    def close(self) -> None: ...
    def submit(self, job: Job, worker: str) -> None: ...
    def command(self, run_id: str, worker: str, command: Command) -> None: ...
    def watch(self, run_id: str, worker: str, watch: Watch, *, fresh: bool) -> None: ...
    def forget(self, run_id: str) -> None: ...
    def restart(self, worker: str) -> None: ...

    def network(self, run_id: str, worker: str) -> bytes | None:
        return self.newest.to_bytes() if self.newest else None

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        return {}

    def checkpoint(self, run_id: str, worker: str) -> bytes | None:
        return None


class Place:
    """A hub with a real store, whose thread is this test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = OneWorker()
        self.hub = Hub(Store(folder), self.engine)
        self.hub.start()
        service.use(self.hub)

    def run(self, owner: str = "me", **settings: Any) -> str:
        """A run that has a worker."""
        run_id = self.hub.submit(owner, RunConfig(**settings))
        self.tell(lambda: report(self.hub, run_id, status(Status.RUNNING)))
        return run_id

    def finished(self, owner: str = "me", network: Network = NETWORK, **settings: Any) -> str:
        run_id = self.run(owner, **settings)
        result = Result(Status.FINISHED, "", None, network.to_bytes())
        self.tell(lambda: self.end(run_id, result))
        return run_id

    def ready_made(self) -> str:
        """The run that the server trains by itself, on the one worker."""
        background = self.hub._standings._background
        background._on, background._busy_until = True, -float("inf")
        return self.run(READY_MADE, twins=1.0)

    def end(self, run_id: str, result: Result) -> None:
        """A worker says how a run ended."""
        self.hub.dispatcher.on_done(run_id, result)

    def tell(self, report: Callable[[], None]) -> None:
        """Report to the hub, and wait until it has taken it in."""
        report()
        settle(self.hub)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A hub that pages find, without workers that train."""
    st.cache_data.clear()
    st.cache_resource.clear()
    made = Place(tmp_path)
    yield made
    made.hub.close()
    service.use(None)
