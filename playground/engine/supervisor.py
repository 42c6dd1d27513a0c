"""The thread that keeps the cluster, and the runs it trains, in sight.

A run that the scheduler knows goes on while the connection is broken, and is taken up by the next.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from distributed import Future
from distributed.utils import LoopRunner

from playground.config import RunConfig
from playground.engine import tasks
from playground.engine.connection import ANSWER_SECONDS, CONNECT_SECONDS, Connection
from playground.engine.outcome import (
    CLUSTER_AWAY,
    CLUSTER_LOST_IT,
    ENGINE_ENDED,
    NOT_BEGUN,
    NOT_FETCHED,
    outcome,
)
from playground.engine.process import OwnCluster
from playground.engine.protocol import Job, Listener, Result
from playground.engine.tasks import Message, PortraitMessage
from playground.events import Command, Status
from playground.locales import english, lazy, mark

# After a connection broke, runs and queue wait so long for the next one.
GRACE_SECONDS = 30
_HEARTBEAT_SECONDS = 0.5
_RETRY_SECONDS = 3
_MOST_FETCHES = 3
_NEVER = -float("inf")
_log = logging.getLogger(__name__)

_NO_WORKER = mark(
    "Training is not available: there is no worker process. The server's log says why."
)
_ENDED = mark(
    "Training is not available: the part of this server that trains has ended, or could not be "
    "started. It is being started again; the server's log says why."
)


@dataclass
class _Run:
    """A run that the hub has submitted and that is not over.

    Attributes:
        worker: the address of the worker that trains it.
        job: what is to be submitted; None once it has been.
        future: None before, and while no connection knows it.
        number: of the last message that was passed on.
        fetches: how often its result could not be fetched over a connection that stood.
    """

    worker: str
    job: Job | None
    future: Future | None = None
    number: int = 0
    fetches: int = 0


class Supervisor:
    """Makes a connection, again whenever it breaks; submits runs and says how they end.

    All that concerns runs is asked of the cluster by its thread, which the other methods wake.

    Args:
        listener: is told.
        home: where our own cluster keeps what is compiled.
        external: the address of a cluster that somebody else runs; None for our own.
        usual: runs of networks that workers compile before their first run.

    Attributes:
        connection: the present one; None while there is none.
    """

    def __init__(
        self,
        listener: Listener,
        home: Path,
        external: str | None,
        usual: Sequence[RunConfig] = (),
    ) -> None:
        self._listener, self._home, self._external = listener, home, external
        self._usual = usual
        self._own = OwnCluster(home)
        self.connection: Connection | None = None
        # Each access is atomic; who removes a run says how it ended.
        self._runs: dict[str, _Run] = {}
        self._strays: dict[str, str] = {}
        # When the cluster and when a worker was last heard of.
        self._heard = self._manned = _NEVER
        self._wake, self._closing = threading.Event(), threading.Event()
        self._workers: frozenset[str] = frozenset()  # as they were a heartbeat ago
        self._loop: LoopRunner | None = None
        self._thread = threading.Thread(target=self._keep_connected, daemon=True)

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._thread.start()

    @property
    def closing(self) -> bool:
        """Whether the listener hears no more."""
        return self._closing.is_set()

    def close(self) -> None:
        """End the connection, and the cluster if it is our own."""
        self._closing.set()
        self._wake.set()
        self._thread.join(CONNECT_SECONDS)
        connection = self.connection
        if connection is not None and self._external:
            with contextlib.suppress(Exception):  # a cluster that is gone trains nothing
                connection.stop_others(())
                for run_id in list(connection.published):
                    connection.unpublish(run_id)
        self._disconnect()
        self._own.end()
        if self._loop is not None:
            self._loop.stop()

    def submit(self, job: Job, worker: str) -> None:
        """Have that worker train a run, as soon as there is a connection."""
        self._runs[job.run_id] = _Run(worker, job)
        self._wake.set()

    def forget(self, run_id: str) -> None:
        """Let go of a run."""
        run = self._runs.pop(run_id, None)
        if run is not None and run.future is not None:
            with contextlib.suppress(Exception):  # its connection is closed
                run.future.release()
        self._wake.set()

    # What the thread does

    def _keep_connected(self) -> None:
        while not self.closing:
            self._wake.wait(self.step())
            self._wake.clear()

    def step(self) -> float:
        """One heartbeat, whatever happens in it; returns the seconds until the next."""
        try:
            workers = self._round()
        except Exception as error:
            return self._in_trouble(error)
        self._tell_workers(workers)
        return _HEARTBEAT_SECONDS

    def _round(self) -> frozenset[str]:
        if self._own.ended or (self.connection is not None and self.connection.broken):
            raise ConnectionError("the connection to the cluster broke")
        if self.connection is None:
            self.connection = self._connect()
        connection = self.connection
        early = self._hand_over_early(connection)
        self._workers = workers = connection.workers()
        for run_id, run in early.items():
            if run.worker not in workers and run.future is not None:  # it has gone just now
                self._end(run_id, Result(Status.INTERRUPTED, NOT_BEGUN))
                run.future.release()
        for run_id, run in list(self._runs.items()):
            self._bring_forward(connection, run_id, run, workers)
        for run_id in connection.published - self._runs.keys():
            connection.unpublish(run_id)
        self._stop_strays(connection)
        self._heard = time.monotonic()
        return workers

    def _connect(self) -> Connection:
        if self._external:
            address, security = self._external, None
        else:
            address, security = self._own.address()
            if self._heard < 0:
                self._heard = time.monotonic()  # it has just started: the grace begins
        if self._loop is None:
            loop = LoopRunner()
            loop.start()
            self._loop = loop
        heard = {run_id: run.number for run_id, run in list(self._runs.items())}
        connection = Connection(
            *(address, security, self._loop.loop, self.on_message, self.on_portrait),
            *(heard, self._usual),
        )
        self._strays.clear()  # what was said before this connection
        connection.stop_others(self._runs)
        return connection

    def _hand_over_early(self, connection: Connection) -> dict[str, _Run]:
        """Submit the runs whose worker was there a heartbeat ago; returns them.

        To ask for the workers first takes 25 ms where the machine is busy, in which somebody who
        has pressed Train waits.
        """
        early = {}
        for run_id, run in list(self._runs.items()):
            known = run.worker in self._workers and run_id not in connection.published
            if run.job is not None and known:
                self._hand_over(connection, run, run.job)
                early[run_id] = run
        return early

    def _bring_forward(
        self, connection: Connection, run_id: str, run: _Run, workers: frozenset[str]
    ) -> None:
        """Submit a run, or take it up again, and have the scheduler keep it."""
        if run.job is not None and run.worker not in workers:
            self._end(run_id, Result(Status.INTERRUPTED, NOT_BEGUN))
        elif run.job is not None:
            if run_id in connection.published:  # it gave way, and begins again
                connection.unpublish(run_id)
            self._hand_over(connection, run, run.job)
        elif run.future is None:
            future = connection.find(run_id)
            if future is None:
                self._end(run_id, Result(Status.INTERRUPTED, CLUSTER_LOST_IT))
            else:
                self._watch(run_id, run, future)
        future = run.future
        if future is not None and run_id in self._runs and run_id not in connection.published:
            connection.publish(run_id, future)

    def _hand_over(self, connection: Connection, run: _Run, job: Job) -> None:
        try:
            future = connection.submit(job, run.worker)
        except Exception as error:
            if connection.broken:
                raise
            _log.exception("run %s could not be submitted", job.run_id)
            reason = english(lazy("The run could not be submitted: {error}", error=error))
            self._end(job.run_id, Result(Status.FAILED, reason))
        else:
            run.job = None
            self._watch(job.run_id, run, future)

    def _watch(self, run_id: str, run: _Run, future: Future) -> None:
        run.future = future
        if self._runs.get(run_id) is run:
            future.add_done_callback(partial(self._done, run_id))
        else:
            future.release()  # the hub has let go of it meanwhile

    def _stop_strays(self, connection: Connection) -> None:
        """Runs that a cluster goes on training although they are not ours, or no longer."""
        while self._strays:
            run_id, worker = self._strays.popitem()
            try:
                connection.call(
                    worker, tasks.send_command, run_id, Command("stop"), seconds=ANSWER_SECONDS
                )
            except Exception:  # its next message calls for it again
                _log.info("run %s on %s could not be stopped", run_id, worker, exc_info=True)

    def _tell_workers(self, workers: frozenset[str]) -> None:
        now = time.monotonic()
        if workers:
            self._manned = now
        if workers or now - self._manned < GRACE_SECONDS:
            self._tell(workers)
        elif self._external:
            problem = lazy(
                "Training is not available: no worker has joined the cluster at {address}. The "
                "person who runs this server can start one.",
                address=self._external,
            )
            self._tell(workers, english(problem))
        else:
            self._tell(workers, _NO_WORKER)

    def _tell(self, workers: frozenset[str], problem: str = "") -> None:
        try:
            if problem:
                self._listener.on_workers(workers, problem=problem)
            else:
                self._listener.on_workers(workers)
        except Exception:
            _log.exception("the workers could not be told")

    def _in_trouble(self, error: Exception) -> float:
        """Something failed; returns the seconds until the next try."""
        if self._closing.is_set():
            return 0.0
        _log.warning("no connection to the engine, trying again: %s", error, exc_info=True)
        if self.connection is not None and self.connection.broken:
            self._disconnect()
        if not self._own.ended and time.monotonic() - self._heard < GRACE_SECONDS:
            return _HEARTBEAT_SECONDS
        self._disconnect()
        self._give_up()
        return _RETRY_SECONDS

    def _give_up(self) -> None:
        """No run is waited for any longer, and users read why."""
        if self._external:
            reason = CLUSTER_AWAY
            problem = english(
                lazy(
                    "Training is not available: the cluster at {address} cannot be reached. The "
                    "person who runs this server can start it.",
                    address=self._external,
                )
            )
        else:
            reason = ENGINE_ENDED
            problem = _ENDED
            self._own.end()  # also one that is stuck: a fresh one takes its place
            self._heard = _NEVER
        for run_id in list(self._runs):
            self._end(run_id, Result(Status.INTERRUPTED, reason))
        self._tell(frozenset(), problem)

    def _disconnect(self) -> None:
        connection, self.connection = self.connection, None
        self._workers = frozenset()
        for run in list(self._runs.values()):
            run.future = None
        if connection is not None:
            connection.close()

    # What the cluster tells, from threads of Dask's

    def on_message(self, message: Message) -> None:
        """A worker reported something, perhaps not for the first time."""
        run_id, number = message["run_id"], message["number"]
        run = self._runs.get(run_id)
        if run is None:
            self._strays[run_id] = message["worker"]
        elif number > run.number and not self._closing.is_set():
            if number > run.number + 1:
                _log.warning(
                    "run %s: messages %d to %d are lost", run_id, run.number + 1, number - 1
                )
            run.number = number
            self._listener.on_event(run_id, message["kind"], message["data"])

    def on_portrait(self, message: PortraitMessage) -> None:
        """A worker shows a run."""
        if message["run_id"] in self._runs and not self._closing.is_set():
            self._listener.on_portrait(message["run_id"], message["portrait"])

    def _done(self, run_id: str, future: Future) -> None:
        run = self._runs.get(run_id)
        if run is None or run.future is not future:
            return  # forgotten, or another connection has taken it up
        result = outcome(future, self._home)
        if result is not None:
            self._end(run_id, result)
            return
        connection, run.future = self.connection, None
        if connection is not None and not connection.broken:
            run.fetches += 1
        if run.fetches >= _MOST_FETCHES:
            self._end(run_id, Result(Status.INTERRUPTED, NOT_FETCHED))
        self._wake.set()

    def _end(self, run_id: str, result: Result) -> None:
        """Say how a run ended, once; not while this engine is being closed."""
        if self._runs.pop(run_id, None) is None or self._closing.is_set():
            return
        try:
            self._listener.on_done(run_id, result)
        except Exception:
            _log.exception("the end of run %s could not be told", run_id)
        self._wake.set()
