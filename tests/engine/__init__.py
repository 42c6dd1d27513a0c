"""The engine: a listener that remembers, a cluster that somebody else started, a cable to cut."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from playground.engine.protocol import Result
from playground.events import EpochEnd, Event, Status, read_data
from tests.conftest import eventually

PATIENCE = 90


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.done: dict[str, Result] = {}
        self.portraits: list[tuple[str, bytes]] = []
        self.workers: frozenset[str] = frozenset()
        self.problem = ""
        self.told: list[tuple[frozenset[str], str]] = []

    def on_event(self, run_id: str, kind: str, data: object) -> None:
        self.events.append(Event(run_id, 0, read_data(kind, data)))

    def on_portrait(self, run_id: str, portrait: bytes) -> None:
        self.portraits.append((run_id, portrait))

    def on_done(self, run_id: str, result: Result) -> None:
        assert run_id not in self.done
        self.done[run_id] = result

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        self.workers, self.problem = workers, problem
        self.told.append((workers, problem))

    def on_not_restarted(self, worker: str) -> None:
        raise AssertionError(worker)

    def kinds(self, run_id: str) -> list[str]:
        return [event.kind for event in self.events if event.run_id == run_id]

    def epochs(self, run_id: str) -> list[int]:
        return [
            event.data.epoch
            for event in self.events
            if event.run_id == run_id and isinstance(event.data, EpochEnd)
        ]

    def worker(self) -> str:
        """One that is there, waited for."""
        eventually(lambda: self.workers, PATIENCE)
        return min(self.workers)

    def end(self, run_id: str) -> tuple[Status, str]:
        """How a run ended, waited for."""
        eventually(lambda: run_id in self.done, PATIENCE)
        return self.done[run_id].status, self.done[run_id].reason


class DaskCluster:
    """`dask scheduler` and `dask worker` as anybody would start them, on one port for good."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> DaskCluster:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()

    def start_scheduler(self) -> None:
        file = self._folder / "scheduler.json"
        file.unlink(missing_ok=True)
        place = ["--port", str(self.port), "--scheduler-file", str(file), "--no-dashboard"]
        self._start("scheduler", *place)
        eventually(lambda: file.exists() and file.stat().st_size, PATIENCE)
        assert json.loads(file.read_text())["address"] == self.address

    def start_worker(self) -> None:
        self._start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", self.address)

    def _start(self, *command: str) -> None:
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        environment.pop("DASK_SCHEDULER_ADDRESS", None)
        with (self._folder / "output").open("ab") as output:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command, "--host", "127.0.0.1"],
                    cwd=self._folder,
                    env=environment,
                    stdout=output,
                    stderr=output,
                )
            )

    def kill(self) -> None:
        """All of them, at once."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(30)
        self.processes.clear()


class Cable:
    """Passes TCP connections on to a port, until it is cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening: socket.socket
        self._open: list[socket.socket] = []
        self.port = 0
        self.restore()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection, and let none be made."""
        for each in [self._listening, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def restore(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near = listening.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(1 << 16):
            sink.sendall(received)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
