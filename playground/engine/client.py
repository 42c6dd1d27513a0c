"""The web process's side of the engine: starts it, keeps in touch, submits and commands.

With `DASK_SCHEDULER_ADDRESS` set, that cluster is used and none is started. No TensorFlow here.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from distributed import TimeoutError as NoAnswer

from playground.config import RunConfig
from playground.engine import compiled, tasks
from playground.engine.connection import ANSWER_SECONDS, Connection
from playground.engine.protocol import Job, Listener
from playground.engine.supervisor import Supervisor
from playground.events import Command
from playground.locales import lazy
from playground.network.portrait import Watch
from playground.settings import settings

# Snapshots and checkpoints are up to 64 MiB.
_SNAPSHOTS_SECONDS = 15
_log = logging.getLogger(__name__)
T = TypeVar("T")


class Engine:
    """A connection to a dask cluster that is made again whenever it breaks.

    Args:
        folder: where our own cluster keeps what is compiled; by default where all data lives.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or settings().home
        self._listener: Listener
        self._supervisor: Supervisor | None = None

    def start(self, listener: Listener, usual: Sequence[RunConfig] = ()) -> None:
        """Begin to connect, in the background.

        Args:
            listener: is told.
            usual: runs of networks that workers compile before their first run.
        """
        self._listener = listener
        self._supervisor = Supervisor(listener, self._folder, settings().scheduler, usual)
        self._supervisor.start()

    def close(self) -> None:
        """End the connection, and the cluster if it is our own; the listener hears no more."""
        if self._supervisor:
            self._supervisor.close()

    def submit(self, job: Job, worker: str) -> None:
        """Have a worker train a run; never raises, the listener is told how it ends."""
        if self._supervisor:
            self._supervisor.submit(job, worker)

    def command(self, run_id: str, worker: str, command: Command) -> None:
        """Pass a command to the run on that worker.

        Raises:
            ConnectionError: the worker does not answer.
        """
        self._call(worker, tasks.send_command, run_id, command)

    def watch(self, run_id: str, worker: str, watch: Watch, *, fresh: bool) -> None:
        """Have the run on that worker make portraits for half a minute; the listener gets them.

        Args:
            run_id: the run.
            worker: its worker.
            watch: what they show.
            fresh: whether one is wanted also if nothing has changed.

        Raises:
            ConnectionError: the worker does not answer.
        """
        self._call(worker, tasks.watch, run_id, watch, fresh)

    def network(self, run_id: str, worker: str) -> bytes | None:
        """The newest weights (.npz) of the run on that worker; None if there are none yet.

        Raises:
            ConnectionError: the worker does not answer.
        """
        return self._call(worker, tasks.newest_network, run_id)

    def snapshots(self, run_id: str, worker: str, after: int) -> dict[int, bytes]:
        """The snapshots of epochs later than `after`, by epoch; that worker drops all others.

        Raises:
            ConnectionError: the worker does not answer.
        """
        return self._call(worker, tasks.snapshots, run_id, after, seconds=_SNAPSHOTS_SECONDS)

    def checkpoint(self, run_id: str, worker: str) -> bytes | None:
        """Where the run on that worker stood after its last epoch; None if it has finished none.

        Raises:
            ConnectionError: the worker does not answer.
        """
        return self._call(worker, tasks.checkpoint, run_id, seconds=_SNAPSHOTS_SECONDS)

    def forget(self, run_id: str) -> None:
        """Let go of a run that is over, or whose worker is gone."""
        if self._supervisor:
            self._supervisor.forget(run_id)

    def restart(self, worker: str) -> None:
        """Have a fresh process take the place of an idle worker, in the background."""
        threading.Thread(target=self._restart, args=(worker,), daemon=True).start()

    def _restart(self, worker: str) -> None:
        with contextlib.suppress(OSError):  # a file that went meanwhile; there is a next time
            compiled.prune(self._folder)
        try:
            self._connected().restart(worker)
        except Exception:  # no nanny, or no connection: an old worker is better than none
            if not (self._supervisor and self._supervisor.closing):
                _log.warning("worker %s could not be restarted", worker, exc_info=True)
                self._listener.on_not_restarted(worker)

    def _call(
        self,
        worker: str,
        function: Callable[..., T],
        *args: object,
        seconds: float = ANSWER_SECONDS,
    ) -> T:
        connection = self._connected()
        try:
            return connection.call(worker, function, *args, seconds=seconds)
        except NoAnswer as error:
            raise ConnectionError(
                lazy("The worker that trains this run does not answer now. Try again in a moment.")
            ) from error
        except Exception as error:  # dask raises many kinds when a worker goes away
            raise ConnectionError(
                lazy(
                    "The worker that trains this run cannot be reached now. Try again in a moment."
                )
            ) from error

    def _connected(self) -> Connection:
        connection = self._supervisor.connection if self._supervisor else None
        if connection is None:
            raise ConnectionError(
                lazy(
                    "The connection to the worker that trains this run is lost now. Try again in a "
                    "moment."
                )
            )
        return connection
