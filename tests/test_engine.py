"""The real engine: processes that train, that die, and a cluster that somebody else started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from playground.config import RunConfig
from playground.engine import compiled
from playground.engine.client import Engine
from playground.events import Command, Status
from playground.runs.crew import WORN_AT_LAST
from playground.runs.hub import Hub
from playground.runs.sketches import NewSketch
from playground.runs.store import Store
from tests.conftest import eventually

TINY = RunConfig(hidden_layers=(4,), train_images=200, epochs=2, stop=False)
LONG = RunConfig(hidden_layers=(4,), batch_size=1, epochs=200, stop=False)
PATIENCE = 90


@contextmanager
def _hub(folder: Path) -> Iterator[Hub]:
    hub = Hub(Store(folder), Engine(folder))
    hub.start()
    try:
        yield hub
    finally:
        hub.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_WORKERS", "2")
        patch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
        with _hub(tmp_path_factory.mktemp("engine")) as started:
            yield started


def _status(hub: Hub, run_id: str) -> Status:
    run = hub.run(run_id)
    assert run is not None
    return run.status


def _until(hub: Hub, run_id: str, status: Status) -> None:
    eventually(lambda: _status(hub, run_id) is status or _status(hub, run_id).ended, PATIENCE)
    assert _status(hub, run_id) is status, hub.run(run_id)


def _kinds(hub: Hub, run_id: str) -> list[str]:
    return [event.kind for event in hub.events(run_id)]


def _worker_pids(hub: Hub) -> dict[str, int]:
    client: Any = hub._engine._client  # type: ignore[attr-defined]
    pids: dict[str, int] = client.run(os.getpid)
    return pids


def test_replacing_a_worker_tidies_up_what_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "compiled" / "folder" / "old.pb"
    old.parent.mkdir(parents=True)
    old.write_bytes(bytes(10))
    monkeypatch.setattr(compiled, "MAX_BYTES", 5)
    engine = Engine(tmp_path)
    replaced: list[list[str]] = []
    engine._client = SimpleNamespace(
        restart_workers=lambda workers, timeout: replaced.append(workers)
    )
    engine._replace("worker")
    assert not old.exists()
    assert replaced == [["worker"]]


def test_an_event_that_comes_at_once_is_no_strays() -> None:
    heard: list[str] = []

    class Quick:
        """A cluster whose worker speaks before `submit` is back."""

        def submit(self, _task: Any, run_id: str, *_: Any, **__: Any) -> Any:
            engine._event((0.0, {"run_id": run_id, "worker": "w", "kind": "status", "data": {}}))
            return SimpleNamespace(add_done_callback=lambda _: None)

    engine = Engine()
    engine._client = Quick()
    engine._listener = SimpleNamespace(on_event=lambda run_id, *_: heard.append(run_id))
    engine.submit("a", TINY, "w")
    assert heard == ["a"]
    engine._event((0.0, {"run_id": "b", "worker": "w", "kind": "status", "data": {}}))
    assert engine._strays == {"b": "w"}


def test_after_a_failure_what_was_compiled_is_forgotten(tmp_path: Path) -> None:
    # A file cut short would let every run of that network fail.
    file = tmp_path / "compiled" / "machine" / "network.pb"
    file.parent.mkdir(parents=True)
    file.touch()
    ended: list[Status] = []
    engine = Engine(tmp_path)
    engine._listener = SimpleNamespace(on_done=lambda _, result: ended.append(result.status))

    def result() -> None:
        raise RuntimeError("Read less bytes than requested")

    engine._done("run", SimpleNamespace(result=result, status="error"))
    assert ended == [Status.FAILED]
    assert not file.exists()


def test_a_run_trains_in_a_process_of_its_own(hub: Hub) -> None:
    run = hub.submit("me", TINY)
    _until(hub, run, Status.FINISHED)
    kinds = _kinds(hub, run)
    assert kinds[:3] == ["status"] * 3  # Queued, Starting, Running
    assert kinds.count("epoch") == 2
    assert kinds[-3:] == ["test", "hooks", "status"]
    assert [event.seq for event in hub.events(run)] == list(range(1, len(kinds) + 1))
    network = hub.network(run)
    assert network is not None
    assert network.layers[0][0].shape == (784, 4)
    assert hub.model(run)
    assert hub.archive.epochs(run) == [0, 1, 2]
    assert "tensorflow" not in _modules_of_a_fresh_import()
    assert os.getpid() not in _worker_pids(hub).values()


def test_drawings_reach_the_worker(hub: Hub) -> None:
    rng = np.random.default_rng(0)
    sketches = [NewSketch(n % 10, rng.integers(0, 256, (28, 28), np.uint8)) for n in range(20)]
    hub.sketchbook.keep("anybody", sketches)
    run = hub.submit("me", TINY.model_copy(update={"sketchbook": 0.5}), sketches[0].item)
    _until(hub, run, Status.FINISHED)
    assert _kinds(hub, run).count("pinned") == 3


def _modules_of_a_fresh_import() -> list[str]:
    code = "import json, sys, playground.engine.client; print(json.dumps(list(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(found.stdout)
    return modules


def test_a_run_obeys_and_shows_its_weights_while_it_trains(hub: Hub) -> None:
    run = hub.submit("me", LONG)
    eventually(lambda: "progress" in _kinds(hub, run), PATIENCE)
    hub.command("me", run, Command("pause"))
    _until(hub, run, Status.PAUSED)
    assert hub.network(run) is not None
    hub.command("me", run, Command("learning_rate", 0.5))
    eventually(lambda: "learning_rate" in _kinds(hub, run), PATIENCE)
    hub.command("me", run, Command("resume"))
    _until(hub, run, Status.RUNNING)
    hub.command("me", run, Command("stop"))
    _until(hub, run, Status.STOPPED)
    assert _kinds(hub, run)[-3:] == ["test", "hooks", "status"]


def test_a_killed_worker_interrupts_its_run_alone_and_the_next_one_trains(hub: Hub) -> None:
    eventually(lambda: len(hub._crew.free) == 2, PATIENCE)
    doomed, other = hub.submit("a", LONG), hub.submit("b", LONG)
    waiting = hub.submit("c", TINY)
    eventually(lambda: all("progress" in _kinds(hub, run) for run in (doomed, other)), PATIENCE)
    assert hub.place(waiting) == 1
    worker = hub._crew.of(doomed)
    assert worker is not None
    os.kill(_worker_pids(hub)[worker], signal.SIGKILL)
    _until(hub, doomed, Status.INTERRUPTED)
    _until(hub, waiting, Status.FINISHED)
    assert _status(hub, other) is Status.RUNNING
    words = [e.data["status"] for e in hub.events(doomed) if e.kind == "status"]
    assert words == ["Queued", "Starting", "Running", "Interrupted"]  # not started again
    hub.command("b", other, Command("stop"))
    _until(hub, other, Status.STOPPED)


def test_a_worn_worker_gives_way_to_a_fresh_process(hub: Hub) -> None:
    eventually(lambda: len(hub._crew.free) == 2, PATIENCE)
    before = _worker_pids(hub)
    worn = hub._crew.free[0]
    hub._crew._runs[worn] = WORN_AT_LAST
    eventually(lambda: len(hub._crew.free) == 2 and worn not in hub._crew.free, PATIENCE)
    assert len(set(_worker_pids(hub).values()) - set(before.values())) == 1
    for _ in range(2):
        _until(hub, hub.submit("me", TINY), Status.FINISHED)


def test_a_cluster_started_by_dask_itself_serves_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    place = ["--scheduler-file", str(file), "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    environment.pop("DASK_SCHEDULER_ADDRESS", None)
    commands = (
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *place],
        [*dask, "worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", *place],
    )
    processes: list[subprocess.Popen[bytes]] = []
    output = (tmp_path / "output").open("wb")
    try:
        for command in commands:
            processes.append(
                subprocess.Popen(
                    command, cwd=tmp_path, env=environment, stdout=output, stderr=output
                )
            )
            eventually(lambda: file.exists() and file.stat().st_size, PATIENCE)
        address = json.loads(file.read_text())["address"]
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", address)
        with _hub(tmp_path / "home") as hub:
            run = hub.submit("me", TINY)
            _until(hub, run, Status.FINISHED)
            assert _kinds(hub, run).count("epoch") == 2
        # The server is gone, the cluster is not ours to end.
        assert all(process.poll() is None for process in processes), (
            tmp_path / "output"
        ).read_text()
    finally:
        for process in reversed(processes):
            process.kill()
        for process in processes:
            process.wait(30)
        output.close()


def test_the_engine_ends_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_WORKERS", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "playground.engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    assert process.stdout is not None
    assert process.stdout.readline().startswith("tcp://127.0.0.1:")
    process.communicate()  # closes stdin, as the death of the server does
    killer.cancel()
    assert process.returncode == 0
