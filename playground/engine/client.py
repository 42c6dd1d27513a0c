"""The web process's side of the engine: starts it, keeps in touch, submits and commands.

With `DASK_SCHEDULER_ADDRESS` set, that cluster is used and none is started. No TensorFlow here.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from distributed import Client, Future
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import DatasetError
from playground.engine import compiled, tasks
from playground.events import Command, Kind, Status
from playground.settings import settings

# Images (n, 28, 28) and labels (n,).
Pictures = tuple[NDArray[np.uint8], NDArray[np.uint8]]

_HEARTBEAT_SECONDS = 0.5
_CONNECT_SECONDS = 10
_REPLACE_SECONDS = 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """How a run ended, and what it left: `model` (.keras) and `network` (.npz) as bytes.

    `snapshots` are those not fetched yet, by epoch; see `playground.snapshot`.
    """

    status: Status
    reason: str
    model: bytes | None = field(default=None, repr=False)
    network: bytes | None = field(default=None, repr=False)
    snapshots: dict[int, bytes] = field(default_factory=dict, repr=False)


class Listener(Protocol):
    """What the engine tells the hub; called from threads of its own, must return at once."""

    def on_event(self, run_id: str, kind: Kind, data: dict[str, Any]) -> None:
        """A worker reported something."""

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over, well or badly."""

    def on_workers(self, workers: frozenset[str]) -> None:
        """These workers are there now; told again and again."""

    def on_not_replaced(self, worker: str) -> None:
        """This worker was to be replaced, and could not be."""


class Engine:
    """A connection to a dask cluster that is made again whenever it breaks.

    Args:
        folder: where our own cluster keeps what is compiled; by default where all data lives.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or settings().home
        self._client: Client | None = None
        self._process: subprocess.Popen[str] | None = None
        self._futures: dict[str, Future] = {}
        self._ours: set[str] = set()
        self._strays: dict[str, str] = {}
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listener: Listener) -> None:
        """Begin to connect, in the background."""
        self._listener = listener
        self._thread = threading.Thread(target=self._keep_connected, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the connection, and the cluster if it is our own."""
        self._closing.set()
        if self._thread:
            self._thread.join(_CONNECT_SECONDS)
        self._disconnect()
        if self._process:
            _end(self._process)

    def submit(
        self,
        run_id: str,
        config: RunConfig,
        worker: str,
        sketches: Pictures | None = None,
        pinned: NDArray[np.uint8] | None = None,
    ) -> None:
        """Train on that worker; what happens is told to the listener.

        Args:
            run_id: the run.
            config: its configuration.
            worker: its address.
            sketches: the sketchbook's training drawings (n, 28, 28) and labels (n,).
            pinned: a drawing (28, 28) to judge before training and after every epoch.
        """
        client = self._client
        if client is None:
            self._listener.on_done(run_id, Result(Status.INTERRUPTED, _LOST))
            return
        self._ours.add(run_id)  # before its first event can come, which would look like a stray's
        future = client.submit(
            tasks.run_training,
            run_id,
            config.model_dump(mode="json"),
            sketches,
            pinned,
            key=f"train-{run_id}",
            workers=[worker],
            retries=0,
            pure=False,
        )
        self._futures[run_id] = future
        future.add_done_callback(lambda done: self._done(run_id, done))

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Pass a command to the run on that worker.

        Raises:
            ConnectionError: the worker cannot be reached.
        """
        self._call(worker, tasks.send_command, run_id, command.name, command.value)

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The newest weights (.npz) of the run on that worker; None if there are none yet.

        Raises:
            ConnectionError: the worker cannot be reached.
        """
        return self._call(worker, tasks.newest_network, run_id)  # type: ignore[no-any-return]

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        """The snapshots of epochs later than `after`, by epoch; that worker drops all others.

        Raises:
            ConnectionError: the worker cannot be reached.
        """
        found: dict[int, bytes] = self._call(worker, tasks.snapshots, run_id, after)
        return found

    def forget(self, run_id: str) -> None:
        """Let go of a run that is over, or whose worker is gone."""
        self._ours.discard(run_id)
        future = self._futures.pop(run_id, None)
        if future is not None and self._client is not None:
            future.cancel()

    def replace(self, worker: str) -> None:
        """Have a fresh process take the place of an idle worker, in the background."""
        threading.Thread(target=self._replace, args=(worker,), daemon=True).start()

    def _replace(self, worker: str) -> None:
        with contextlib.suppress(OSError):  # a file that went meanwhile; there is a next time
            compiled.prune(self._folder)
        try:
            assert self._client is not None
            self._client.restart_workers([worker], timeout=_REPLACE_SECONDS)
        except Exception:  # no nanny, or no connection: an old worker is better than none
            _log.warning("worker %s could not be replaced", worker, exc_info=True)
            self._listener.on_not_replaced(worker)

    def _call(self, worker: str, function: Callable[..., Any], *args: Any) -> Any:
        client = self._client
        if client is None:
            raise ConnectionError(_LOST)
        try:
            return client.run(function, *args, workers=[worker])[worker]
        except Exception as error:  # dask raises many kinds when a worker goes away
            raise ConnectionError(_LOST) from error

    def _done(self, run_id: str, future: Future) -> None:
        try:
            answer = future.result()
            result = Result(Status(answer.pop("status")), **answer)
        except DatasetError as error:
            result = Result(Status.FAILED, str(error))
        except MemoryError:
            result = Result(
                Status.FAILED, "The worker ran out of memory. Choose fewer units or images."
            )
        except Exception as error:  # whatever it was, the run has ended and says why
            # In case it was a file cut short: the next run of that network is to train.
            compiled.forget(self._folder)
            if future.status == "error" and type(error).__name__ != "KilledWorker":
                _log.exception("run %s failed", run_id)
                result = Result(Status.FAILED, f"The worker failed: {error}")
            else:
                result = Result(Status.INTERRUPTED, _LOST)
        self._listener.on_done(run_id, result)

    def _keep_connected(self) -> None:
        while not self._closing.is_set():
            try:
                if self._client is None:
                    self._client = self._connect()
                workers = frozenset(self._client.nthreads())
                self._stop_strays()
            except Exception:  # any broken connection: say so, and make a new one
                if not self._closing.is_set():
                    _log.warning("no connection to the engine, trying again", exc_info=True)
                self._disconnect()
                workers = frozenset()
            self._listener.on_workers(workers)
            self._closing.wait(_HEARTBEAT_SECONDS)

    def _connect(self) -> Client:
        address = settings().scheduler or self._own_cluster()
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
        # A run whose worker died is Interrupted, not silently started again.
        client.run_on_scheduler(_allow_no_failures)
        client.subscribe_topic(tasks.TOPIC, self._event)
        client.register_plugin(tasks.WarmUp())
        return client

    def _own_cluster(self) -> str:
        if self._process:
            _end(self._process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "playground.engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PLAYGROUND_HOME": str(self._folder)},
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().strip()
        if not address:
            raise ConnectionError("the engine ended before it could start")
        return address

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        self._futures.clear()
        self._ours.clear()
        if client is not None:
            client.close(timeout=1)

    def _event(self, event: tuple[float, dict[str, Any]]) -> None:
        message = event[1]
        if message["run_id"] in self._ours:
            self._listener.on_event(message["run_id"], message["kind"], message["data"])
        else:
            self._strays[message["run_id"]] = message["worker"]

    def _stop_strays(self) -> None:
        """Runs that a cluster goes on training although the server lost them when it ended."""
        while self._strays:
            run_id, worker = self._strays.popitem()
            self.command(run_id, worker, Command("stop"))


_LOST = "The worker process that trained this run ended unexpectedly. Press Train to start again."


def _allow_no_failures(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
