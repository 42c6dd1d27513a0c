"""Our own cluster: processes that only we may use, that stop, that are told to end, that die."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import Client, Security

from playground.config import RunConfig
from playground.engine import client, process
from playground.engine.client import Engine
from playground.engine.connection import ClosedIfItFails, Connection
from playground.engine.process import client_security
from playground.engine.protocol import Job
from playground.events import Command, Status
from playground.settings import settings
from tests.conftest import eventually
from tests.e2e.server import share_compiled
from tests.engine import PATIENCE, Heard

TINY = RunConfig(hidden_layers=(4,), train_images=200, epochs=2, early_stop=False)
LONG = RunConfig(hidden_layers=(4,), train_images=2000, batch_size=1, epochs=200, early_stop=False)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Heard]]:
    """One worker, for as long as these tests run."""
    home = tmp_path_factory.mktemp("engine")
    share_compiled(home)
    engine, heard = Engine(home), Heard()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_WORKERS", "1")
        patch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        settings.cache_clear()
        engine.start(heard)
        heard.worker()
    yield engine, heard
    engine.close()


def _connection(engine: Engine) -> Connection:
    assert engine._supervisor is not None
    eventually(lambda: engine._supervisor and engine._supervisor.connection, PATIENCE)
    assert engine._supervisor.connection is not None
    return engine._supervisor.connection


def _processes(engine: Engine) -> tuple[psutil.Process, psutil.Process]:
    """The engine's and the worker's."""
    assert engine._supervisor is not None
    started = engine._supervisor._own._process
    assert started is not None
    [worker] = _connection(engine)._client.run(os.getpid).values()
    return psutil.Process(started.pid), psutil.Process(worker)


def test_pages_and_browsers_come_before_it(running: tuple[Engine, Heard]) -> None:
    engine, _ = running
    worker = _processes(engine)[1]
    assert worker.nice() >= 10
    group = Path("/proc/self/autogroup")
    if group.exists() and group.read_text().startswith("/autogroup"):
        # Nice counts within a session only: among sessions, its own number does.
        of_worker = Path(f"/proc/{worker.pid}/autogroup").read_text()
        assert of_worker.split()[0] != group.read_text().split()[0]
        assert of_worker.split()[-1] == "6"


def test_only_who_has_the_key_may_use_it(running: tuple[Engine, Heard]) -> None:
    engine, heard = running
    assert heard.worker().startswith("tls://127.0.0.1:")
    address = _connection(engine)._client.scheduler.address
    assert engine._supervisor is not None
    assert engine._supervisor._loop is not None
    loop = engine._supervisor._loop.loop
    strangers: list[tuple[str, Any]] = [
        (address, Security.temporary()),
        (address, None),
        (address.replace("tls://", "tcp://"), None),
        (heard.worker(), Security.temporary()),
    ]
    for where, security in strangers:
        with pytest.raises((OSError, TypeError, RuntimeError)):
            ClosedIfItFails(where, security=security, timeout=2, set_as_default=False, loop=loop)
    left = {each.status for each in gc.get_objects() if isinstance(each, ClosedIfItFails)}
    assert left <= {"closed", "running"}  # the engine's own runs
    _, security = engine._supervisor._own.address()
    for each in _processes(engine):
        shown = " ".join([*each.cmdline(), *each.environ().values()])
        assert "PRIVATE KEY" not in shown
        assert not any(
            "PRIVATE" in Path(f.path).read_text("utf8", "replace")
            for f in each.open_files()
            if f.path.endswith((".pem", ".crt"))
        )
    with Client(address, security=security, set_as_default=False, loop=loop) as ours:
        assert len(ours.nthreads()) == 1


def test_a_stopped_worker_holds_up_no_page(
    running: tuple[Engine, Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, heard = running
    monkeypatch.setattr(client, "_SNAPSHOTS_SECONDS", 1)
    worker = heard.worker()
    engine.submit(Job("stopped", LONG), worker)
    eventually(lambda: heard.epochs("stopped"), PATIENCE)
    _, stopped = _processes(engine)
    stopped.suspend()
    try:
        for ask in (
            lambda: engine.command("stopped", worker, Command("pause")),
            lambda: engine.network("stopped", worker),
            lambda: engine.snapshots("stopped", worker, 0),
        ):
            with pytest.raises(ConnectionError, match="does not answer now"):
                ask()
    finally:
        stopped.resume()
    seen = len(heard.epochs("stopped"))
    eventually(lambda: len(heard.kinds("stopped")) > 0 and engine.network("stopped", worker), 90)
    engine.command("stopped", worker, Command("stop"))
    assert heard.end("stopped")[0] is Status.STOPPED
    assert len(heard.epochs("stopped")) >= seen
    assert not heard.problem


def test_what_tells_all_processes_to_end_ends_no_run(running: tuple[Engine, Heard]) -> None:
    engine, heard = running
    engine.submit(Job("told", LONG), heard.worker())
    eventually(lambda: heard.epochs("told"), PATIENCE)
    for each in _processes(engine):
        each.terminate()
        each.send_signal(signal.SIGINT)
    seen = len(heard.epochs("told"))
    eventually(lambda: len(heard.epochs("told")) > seen + 2, PATIENCE)
    engine.command("told", heard.worker(), Command("stop"))
    assert heard.end("told")[0] is Status.STOPPED


def test_a_killed_worker_is_said_to_have_ended(running: tuple[Engine, Heard]) -> None:
    engine, heard = running
    worker = heard.worker()
    engine.submit(Job("killed", LONG), worker)
    eventually(lambda: heard.epochs("killed"), PATIENCE)
    _processes(engine)[1].kill()
    status, reason = heard.end("killed")
    assert status is Status.INTERRUPTED
    assert "worker process that trained this run ended unexpectedly" in reason
    eventually(lambda: heard.workers - {worker}, PATIENCE)


@pytest.mark.slow
def test_an_engine_that_dies_is_said_at_once_and_started_again(
    running: tuple[Engine, Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_WORKERS", "1")
    engine, heard = running
    engine.submit(Job("orphan", LONG), heard.worker())
    eventually(lambda: heard.epochs("orphan"), PATIENCE)
    former, _ = _processes(engine)
    former.kill()
    status, reason = heard.end("orphan")
    assert status is Status.INTERRUPTED
    assert "The part of this server that trains ended unexpectedly" in reason
    eventually(lambda: heard.problem, PATIENCE)
    assert heard.problem.startswith("Training is not available: the part of this server")
    eventually(lambda: heard.workers, PATIENCE)
    assert not heard.problem
    engine.submit(Job("next", TINY), heard.worker())
    assert heard.end("next")[0] is Status.FINISHED


def test_an_engine_that_cannot_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "sys", type("", (), {"executable": "/bin/false"}))
    engine, heard = Engine(tmp_path), Heard()
    engine.start(heard)
    eventually(lambda: heard.problem, PATIENCE)
    engine.close()
    assert "could not be started" in heard.problem


@pytest.mark.parametrize("trains", [False, True], ids=["idle", "while a run trains"])
def test_the_engine_ends_with_the_server_and_with_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trains: bool
) -> None:
    monkeypatch.setenv("PLAYGROUND_WORKERS", "1")
    started = subprocess.Popen(
        [sys.executable, "-m", "playground.engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    killer = threading.Timer(PATIENCE, started.kill)
    killer.start()
    assert started.stdout is not None
    told = json.loads(started.stdout.readline())
    assert told["address"].startswith("tls://127.0.0.1:")
    security = client_security(told["certificate"], told["key"])
    with Client(told["address"], security=security, set_as_default=False) as beside:
        [worker] = beside.run(os.getpid).values()
        if trains:
            busy = beside.submit(time.sleep, 600)
            eventually(lambda: any(beside.processing().values()))
            assert busy.status == "pending"
    started.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(0.5)
    started.communicate()  # closes stdin, as the death of the server does
    killer.cancel()
    assert started.returncode == 0
    eventually(lambda: not psutil.pid_exists(worker), PATIENCE)
