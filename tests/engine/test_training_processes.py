"""The real engine: processes that train, that die, and a cluster that somebody else started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from playground.config import RunConfig
from playground.drawing.sketches import NewSketch
from playground.engine.client import Engine
from playground.events import Command, Progress, Status, StatusChange, data_of
from playground.runs.dispatch import background
from playground.runs.dispatch.crew import WORN_AT_LAST
from playground.runs.hub import Hub
from playground.runs.ready_made import ready_made
from playground.settings import settings
from playground.store.runs import Store
from tests.conftest import eventually
from tests.e2e.server import share_compiled

TINY = RunConfig(hidden_layers=(4,), train_images=200, epochs=2, early_stop=False)
LONG = RunConfig(hidden_layers=(4,), batch_size=1, epochs=200, early_stop=False)
PATIENCE = 90


@contextmanager
def _hub(folder: Path) -> Iterator[Hub]:
    hub = Hub(Store(folder), Engine(folder))
    share_compiled(folder)
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
        settings.cache_clear()  # a test before may have read them with other values
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
    connection: Any = hub._engine._supervisor.connection  # type: ignore[attr-defined]
    pids: dict[str, int] = connection._client.run(os.getpid)
    return pids


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
    assert hub.archive.model(run)
    assert hub.archive.epochs(run) == [0, 1, 2]
    assert "tensorflow" not in _modules_of_a_fresh_import()
    assert os.getpid() not in _worker_pids(hub).values()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each begins by itself")
def test_workers_are_copies_of_a_process_that_has_tensorflow(hub: Hub) -> None:
    parents = {psutil.Process(pid).ppid() for pid in _worker_pids(hub).values()}
    assert len(parents) == 1
    assert "forkserver" in " ".join(psutil.Process(*parents).cmdline())
    maps = Path(f"/proc/{parents.pop()}/maps").read_text()
    assert "tensorflow" in maps


def test_drawings_reach_the_worker(hub: Hub) -> None:
    rng = np.random.default_rng(0)
    sketches = [NewSketch(n % 10, rng.integers(0, 256, (28, 28), np.uint8)) for n in range(20)]
    hub.sketchbook.add("anybody", sketches)
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
    hub.portraits.look(run, lambda: None)
    eventually(lambda: hub.portraits.newest(run, 1)[1], PATIENCE)
    hub.command("me", run, Command("pause"))
    _until(hub, run, Status.PAUSED)
    network, watch = hub.network(run), hub.portraits.choice(run)
    assert network is not None
    assert watch is not None

    def position() -> float:
        return float(json.loads(hub.portraits.newest(run, 0)[1])["position"])

    newest = data_of(hub.events(run), Progress)[-1].epoch
    eventually(lambda: position() == newest, PATIENCE)
    shown = json.loads(hub.portraits.newest(run, 0)[1])
    assert shown == json.loads(watch.portrait(network, newest))
    hub.portraits.look_away(run, print)
    hub.command("me", run, Command("learning_rate", 0.5))
    eventually(lambda: "learning_rate" in _kinds(hub, run), PATIENCE)
    hub.command("me", run, Command("resume"))
    _until(hub, run, Status.RUNNING)
    hub.command("me", run, Command("stop"))
    _until(hub, run, Status.STOPPED)
    assert _kinds(hub, run)[-3:] == ["test", "hooks", "status"]


def test_a_killed_worker_interrupts_its_run_alone_and_the_next_one_trains(hub: Hub) -> None:
    eventually(lambda: len(hub._standings._crew.free) == 2, PATIENCE)
    doomed, other = hub.submit("a", LONG), hub.submit("b", LONG)
    waiting = hub.submit("c", TINY)
    eventually(lambda: all("progress" in _kinds(hub, run) for run in (doomed, other)), PATIENCE)
    assert hub.queue_position(waiting) == 1
    worker = hub._standings._crew.of(doomed)
    assert worker is not None
    os.kill(_worker_pids(hub)[worker], signal.SIGKILL)
    _until(hub, doomed, Status.INTERRUPTED)
    _until(hub, waiting, Status.FINISHED)
    assert _status(hub, other) is Status.RUNNING
    words = [change.status.value for change in data_of(hub.events(doomed), StatusChange)]
    assert words == ["Queued", "Starting", "Running", "Interrupted"]  # not started again
    hub.command("b", other, Command("stop"))
    _until(hub, other, Status.STOPPED)


def test_the_ready_made_network_gives_way_at_once_and_is_finished_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("READY_MADE", "1"), ("WORKERS", "1")):
        monkeypatch.setenv(f"PLAYGROUND_{name}", value)
    settings.cache_clear()
    monkeypatch.setattr(background, "CALM_SECONDS", 0.0)
    # Long enough to be interrupted in its second epoch, and short enough to be finished.
    long = RunConfig(hidden_layers=(4,), batch_size=16, epochs=3, twins=0.05, early_stop=False)
    monkeypatch.setattr(ready_made, "CONFIG", long)
    with _hub(tmp_path) as hub:
        ready_made.make(hub)
        made = ready_made.find(hub)
        assert made is not None
        eventually(lambda: 1 < newest(hub, made.id) < 2, PATIENCE)
        run = hub.submit("me", TINY)
        _until(hub, run, Status.FINISHED)
        _until(hub, made.id, Status.FINISHED)
        words = [change.status.value for change in data_of(hub.events(made.id), StatusChange)]
        assert words[:3] == ["Queued", "Starting", "Starting"]
        assert words.count("Queued") == 2
        positions = [progress.epoch for progress in data_of(hub.events(made.id), Progress)]
        assert positions == sorted(set(positions))
        whole = hub.submit("me", long)
        _until(hub, whole, Status.FINISHED)
        once, both = (hub.archive.checkpoint(run_id) for run_id in (whole, made.id))
        assert once is not None
        assert both is not None
        for (weights, _), (others, _) in zip(once.layers, both.layers, strict=True):
            np.testing.assert_array_equal(weights, others)  # as if nothing had been in between


def newest(hub: Hub, run_id: str) -> float:
    """How far a run is, in epochs."""
    return max((event.epoch for event in data_of(hub.events(run_id), Progress)), default=0.0)


def test_a_worn_worker_gives_way_to_a_fresh_process(hub: Hub) -> None:
    eventually(lambda: len(hub._standings._crew.free) == 2, PATIENCE)
    before = _worker_pids(hub)
    worn = hub._standings._crew.free[0]
    hub._standings._crew._compiled[worn] = WORN_AT_LAST
    eventually(
        lambda: len(hub._standings._crew.free) == 2 and worn not in hub._standings._crew.free,
        PATIENCE,
    )
    assert len(set(_worker_pids(hub).values()) - set(before.values())) == 1
    for _ in range(2):
        _until(hub, hub.submit("me", TINY), Status.FINISHED)
