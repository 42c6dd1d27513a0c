"""What the web process does while many look, each at a run of their own.

    python -m tests.benchmarks.many_watched [watchers; default 30]

A machine that trains 30 runs at once has 30 cores; this one need not. So the hub, its connection to
the engine, and the event route are real, and one worker sends the portraits of all runs without
training them: `PER_SECOND` of each, of the default network. Alone, the same server with the same
messages, and nobody who looks.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks import command_line, machine

PER_SECOND = 5
SECONDS = 20


def produce(run_ids: list[str], portrait: bytes, dask_worker: Any) -> None:
    """In the worker: send portraits for as long as it lives."""
    from playground.engine.tasks import PORTRAITS

    def send() -> None:
        while True:
            began = time.monotonic()
            for run_id in run_ids:
                dask_worker.log_event(PORTRAITS, {"run_id": run_id, "portrait": portrait})
                time.sleep(0.5 / PER_SECOND / len(run_ids))  # not all at one moment
            time.sleep(max(0.0, 1 / PER_SECOND - (time.monotonic() - began)))

    threading.Thread(target=send, daemon=True).start()


def serve(folder: str, port: int, runs: int) -> None:
    """The web process: prints the runs' ids, then serves."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Route

    from playground.config import RunConfig
    from playground.engine.client import Engine
    from playground.engine.supervisor import Supervisor
    from playground.network.gradients import initial_network
    from playground.runs import service
    from playground.runs.dispatch.watching import usual_watch
    from playground.runs.hub import Hub
    from playground.runs.stream.routes import events
    from playground.store.runs import Store

    class Idle(Engine):
        """Runs are handed to it and stay where they are."""

        def submit(self, job: Any, worker: str) -> None: ...

    def pass_on(self: Supervisor, message: Any) -> None:
        self._listener.on_portrait(message["run_id"], message["portrait"])

    Supervisor.on_portrait = pass_on  # type: ignore[method-assign]
    engine = Idle(Path(folder))
    hub = Hub(Store(Path(folder)), engine)
    hub.start()
    service.use(hub)
    while not hub._standings._crew.free:
        time.sleep(0.1)
    [worker] = hub._standings._crew.free
    hub.portraits._worker_of = lambda _: worker
    run_ids = [hub.submit(f"owner {n}", RunConfig()) for n in range(runs)]
    portrait = usual_watch(RunConfig()).portrait(initial_network((128,), "relu", 1), 1.25)
    engine._connected().call(worker, produce, run_ids, portrait, seconds=30)
    print(json.dumps({"runs": run_ids, "bytes": len(portrait)}), flush=True)
    app = Starlette(routes=[Route("/api/events", events)])
    uvicorn.run(app, port=port, log_level="error")


async def look(port: int, run_id: str, came: list[float]) -> None:
    """Look at a run, and note when its portraits came, until this is cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        writer.write(
            f"GET /api/events?portrait={run_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        )
        while line := await reader.readline():
            if b'"portrait":' in line:
                came.append(time.perf_counter())
    finally:
        writer.close()


async def watch(port: int, run_ids: list[str], web: psutil.Process) -> tuple[float, float]:
    """All look; returns the web process's share of a core, and the updates a second of each."""
    came: list[float] = []
    tasks = [asyncio.create_task(look(port, run_id, came)) for run_id in run_ids]
    await asyncio.sleep(3)
    came.clear()
    share = await asyncio.to_thread(share_of_core, web)
    rate = len(came) / SECONDS / len(run_ids)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return share, rate


def share_of_core(web: psutil.Process) -> float:
    """What a process uses of a core, for so many seconds."""
    before = sum(web.cpu_times()[:2])
    time.sleep(SECONDS)
    return float((sum(web.cpu_times()[:2]) - before) / SECONDS)


def measure(watchers: int) -> dict[str, Any]:
    """The web process's share of a core, alone and watched."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["serve", folder, str(port), str(watchers)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.many_watched", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PLAYGROUND_HOME": folder, "PLAYGROUND_WORKERS": "1"},
        )
        web = psutil.Process(process.pid)
        try:
            assert process.stdout is not None
            made = json.loads(process.stdout.readline())
            time.sleep(3)
            alone = share_of_core(web)
            watched, rate = asyncio.run(watch(port, made["runs"], web))
        finally:
            family = [*web.children(recursive=True), web]
            for one in family:
                one.kill()
            process.wait(10)
    return {
        "watchers, each of a run": watchers,
        "updates a second of each": round(rate, 2),
        "bytes an update": made["bytes"],
        "share of a core, nobody looks": round(alone, 3),
        "share of a core, all look": round(watched, 3),
    }


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        return
    given = command_line(__doc__, watchers=30).parse_args()
    print(json.dumps({"web": measure(given.watchers), "machine": machine()}, indent=1))


if __name__ == "__main__":
    main()
