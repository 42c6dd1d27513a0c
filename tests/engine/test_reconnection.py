"""A cluster that somebody else runs: its connection breaks, it restarts, it is away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client

from playground.config import RunConfig
from playground.engine import supervisor
from playground.engine.client import Engine
from playground.engine.connection import Connection
from playground.engine.protocol import Job
from playground.events import Command, Status
from playground.settings import settings
from tests.conftest import eventually
from tests.engine import PATIENCE, Cable, DaskCluster, Heard

TINY = RunConfig(hidden_layers=(4,), train_images=200, epochs=2, early_stop=False)
# About a tenth of a second an epoch.
LONG = RunConfig(hidden_layers=(4,), train_images=2000, batch_size=1, epochs=200, early_stop=False)


@contextmanager
def _engine(
    address: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Engine, Heard]]:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
    settings.cache_clear()
    engine, heard = Engine(home), Heard()
    engine.start(heard)
    try:
        yield engine, heard
    finally:
        engine.close()


def _connection(engine: Engine) -> Connection | None:
    assert engine._supervisor is not None
    return engine._supervisor.connection


def _vanish(engine: Engine) -> None:
    """As a server that is killed: nothing is said to the cluster."""
    supervisor = engine._supervisor
    assert supervisor is not None
    supervisor._closing.set()
    assert supervisor.connection is not None
    supervisor.connection.close()
    supervisor.connection = None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path_factory.mktemp("dask")) as cluster:
        cluster.start_scheduler()
        cluster.start_worker()
        yield cluster


def test_a_run_goes_on_while_the_connection_is_broken_and_each_event_comes_once(
    running: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cable = Cable(running.port)
    with _engine(cable.address, tmp_path, monkeypatch) as (engine, heard):
        worker = heard.worker()
        heard.told.clear()
        engine.submit(Job("goes-on", LONG), worker)
        eventually(lambda: len(heard.epochs("goes-on")) > 2, PATIENCE)
        before = _connection(engine)
        cable.cut()
        eventually(lambda: _connection(engine) is None, PATIENCE)
        seen = len(heard.epochs("goes-on"))
        # A run that is submitted meanwhile waits for the connection.
        engine.submit(Job("waits", TINY), worker)
        with pytest.raises(ConnectionError, match="lost now"):
            engine.command("goes-on", worker, Command("pause"))
        cable.restore()
        eventually(lambda: len(heard.epochs("goes-on")) > seen + 2, PATIENCE)
        eventually(lambda: _connection(engine) is not None, PATIENCE)
        assert _connection(engine) is not before
        engine.command("goes-on", worker, Command("stop"))
        assert heard.end("goes-on")[0] is Status.STOPPED
        assert heard.done["goes-on"].model
        epochs = heard.epochs("goes-on")
        assert epochs == list(range(1, len(epochs) + 1))
        assert heard.end("waits")[0] is Status.FINISHED
        assert all(workers and not problem for workers, problem in heard.told)
        # The scheduler keeps nothing of what is over.
        connection = _connection(engine)
        assert connection is not None
        eventually(lambda: not connection.published, PATIENCE)


def test_a_run_that_ended_while_the_connection_was_broken_ends_well(
    running: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much it has said meanwhile: these are 2,200 messages."""
    cable = Cable(running.port)
    config = TINY.model_copy(update={"epochs": 200})
    with (
        _engine(cable.address, tmp_path, monkeypatch) as (engine, heard),
        Client(running.address, set_as_default=False) as beside,
    ):
        engine.submit(Job("ends", config), heard.worker())
        eventually(lambda: heard.epochs("ends"), PATIENCE)
        cable.cut()
        beside.get_dataset("playground-run-ends").result(timeout=PATIENCE)
        cable.restore()
        assert heard.end("ends")[0] is Status.FINISHED
        assert heard.epochs("ends") == list(range(1, 201))
        assert heard.kinds("ends")[-1] == "hooks"


def test_what_is_not_taken_up_in_time_is_interrupted_and_then_stopped(
    running: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 1)
    cable = Cable(running.port)
    with _engine(cable.address, tmp_path, monkeypatch) as (engine, heard):
        worker = heard.worker()
        engine.submit(Job("lost", LONG), worker)
        eventually(lambda: heard.epochs("lost"), PATIENCE)
        engine.command("lost", worker, Command("pause"))  # so that it says nothing any more
        cable.cut()
        status, reason = heard.end("lost")
        assert (status, "connection to the cluster was lost" in reason) == (
            Status.INTERRUPTED,
            True,
        )
        eventually(lambda: heard.problem, PATIENCE)
        assert heard.problem.startswith(
            f"Training is not available: the cluster at {cable.address} cannot be reached."
        )
        cable.restore()
        eventually(lambda: heard.workers, PATIENCE)
        assert heard.problem == ""
        engine.submit(Job("next", TINY), worker)
        assert heard.end("next")[0] is Status.FINISHED


def test_a_run_that_a_server_left_paused_makes_way(
    running: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _engine(running.address, tmp_path, monkeypatch) as (engine, heard):
        worker = heard.worker()
        engine.submit(Job("left", LONG), worker)
        eventually(lambda: heard.epochs("left"), PATIENCE)
        engine.command("left", worker, Command("pause"))
        _vanish(engine)
    with _engine(running.address, tmp_path, monkeypatch) as (engine, heard):
        engine.submit(Job("next", TINY), heard.worker())
        assert heard.end("next")[0] is Status.FINISHED
        connection = _connection(engine)
        assert connection is not None
        assert "left" not in connection.published


def test_a_server_that_closes_leaves_nothing_behind(
    running: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _engine(running.address, tmp_path, monkeypatch) as (engine, heard):
        engine.submit(Job("closed", LONG), heard.worker())
        eventually(lambda: heard.epochs("closed"), PATIENCE)
    assert not heard.done  # who closes it says why the run ended
    with Client(running.address, set_as_default=False) as beside:
        assert not beside.list_datasets()
        eventually(lambda: not any(beside.run(_trains).values()), PATIENCE)


def _trains() -> bool:
    from playground.engine import tasks

    return bool(tasks._controls)


@pytest.mark.slow
def test_a_cluster_that_restarts_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dask").mkdir()
    with (
        DaskCluster(tmp_path / "dask") as cluster,
        _engine(cluster.address, tmp_path, monkeypatch) as (engine, heard),
    ):
        eventually(lambda: heard.problem, PATIENCE)
        assert "cannot be reached" in heard.problem
        cluster.start_scheduler()
        eventually(lambda: "no worker has joined" in heard.problem, PATIENCE)
        cluster.start_worker()
        worker = heard.worker()
        engine.submit(Job("lost", LONG), worker)
        eventually(lambda: heard.epochs("lost"), PATIENCE)
        cluster.kill()
        eventually(lambda: _connection(engine) is None, PATIENCE)
        engine.submit(Job("waits", LONG), worker)
        cluster.start_scheduler()
        status, reason = heard.end("lost")
        assert status is Status.INTERRUPTED
        assert "it was restarted, or" in reason
        status, reason = heard.end("waits")
        assert status is Status.INTERRUPTED
        assert "before this run could begin" in reason
        eventually(lambda: not heard.workers, PATIENCE)
        cluster.start_worker()
        engine.submit(Job("next", TINY), heard.worker())
        assert heard.end("next")[0] is Status.FINISHED
        assert heard.epochs("next") == [1, 2]
        assert heard.problem == ""


def test_failing_to_connect_costs_no_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Cable(1)
    closed.cut()
    monkeypatch.setattr("playground.engine.connection.CONNECT_SECONDS", 0.1)
    with _engine(closed.address, tmp_path, monkeypatch) as (_, heard):
        eventually(lambda: len(heard.told) > 1)
        threads = threading.active_count()
        told = len(heard.told)
        eventually(lambda: len(heard.told) > told + 1)
        assert threading.active_count() <= threads
