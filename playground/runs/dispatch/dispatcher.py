"""The dispatcher: hands runs to workers, and hears from the engine how they go."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from playground.engine.protocol import Cluster, Job, Result
from playground.events import Command, Evaluation, EventData, Status, read_data
from playground.locales import english, mark
from playground.runs.archive import Archive
from playground.runs.dispatch.crew import usual
from playground.runs.dispatch.errands import Errands
from playground.runs.dispatch.standings import Standings
from playground.runs.dispatch.watching import Watching
from playground.runs.journal import Journal
from playground.store.runs import RunInfo, StoreError

_log = logging.getLogger(__name__)

_CLOSE_SECONDS = 5
_RESTARTED = mark(
    "The server was restarted while this run trained. Its finished epochs are kept. "
    "Press Go on to train the rest."
)
_SHUT_DOWN = mark(
    "The server was shut down while this run trained. Its finished epochs are kept. "
    "Press Go on to train the rest."
)
_NOT_BEGUN = mark("This run could not begin. Press Train again.")


class Dispatcher:
    """The engine's listener. Every method may be called from any thread.

    One thread handles what the engine tells, in order, and waits for nothing. A second one, the
    clerk, does what waits for disk or database. A third one, the messenger, commands workers: one
    that does not answer may hold it for seconds.

    Args:
        standings: where the runs stand.
        engine: trains them.
        journal: gets what is no event.
        archive: gets what runs leave.
        job: a run with all that its worker needs; may wait for disk and database, and raise
            StoreError or ValueError with a message for the owner.
        turned: called whenever runs may have begun or ended; returns at once.

    Attributes:
        watching: who looks at which run.
    """

    def __init__(
        self,
        standings: Standings,
        engine: Cluster,
        journal: Journal,
        archive: Archive,
        job: Callable[[RunInfo], Job],
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self._standings, self._engine = standings, engine
        self._journal, self._archive, self._job = journal, archive, job
        self._turned = turned
        self.watching = Watching(engine, standings.get, standings.worker_of, time.monotonic)
        self._inbox = Errands("dispatcher")
        self._clerk = Errands("clerk")
        self._messenger = Errands("messenger")

    def start(self) -> None:
        """Interrupt what the last server trained, and start the engine."""
        self._standings.interrupt_all(_RESTARTED)
        for errands in (self._inbox, self._clerk, self._messenger):
            errands.start()
        self.watching.start()
        self._engine.start(self, usual(run.config for run in self._standings.all()))

    def close(self) -> None:
        """Interrupt what trains, and end the engine."""
        self._standings.interrupt_all(_SHUT_DOWN)
        self.watching.close()
        self._engine.close()
        self._inbox.close(_CLOSE_SECONDS)
        self._messenger.close(_CLOSE_SECONDS)
        self._clerk.close()

    def submit(self, run: RunInfo, history: Sequence[EventData] = ()) -> None:
        """Queue a new run; `history` is what has happened in those that it goes on from."""
        self._standings.add(run, history)
        self._inbox.do(self._admit)

    def look(self) -> None:
        """See whose turn it is: others may wait for one now."""
        self._inbox.do(self._admit)

    def command(self, run_id: str, command: Command, *, teacher: bool) -> None:
        """Have a run obey, or leave the queue. One that has ended stays as it is.

        Args:
            run_id: the run.
            command: what it is to do.
            teacher: whether it is not the owner who asks.

        Raises:
            ConnectionError: its worker cannot be reached.
        """
        if command.name == "stop":
            worker = self._standings.stop(run_id, teacher=teacher)
        else:
            worker = self._standings.worker_of(run_id)
        if worker is not None:
            self._send(run_id, worker, command)

    def _send(self, run_id: str, worker: str, command: Command) -> None:
        try:
            self._engine.command(run_id, worker, command)
        except ConnectionError:
            if command.name == "stop":
                self._standings.not_stopped(run_id)
            raise

    # What the engine tells

    def on_event(self, run_id: str, kind: str, data: object) -> None:
        """A worker reported something."""
        self._inbox.do(self._on_event, run_id, kind, data)

    def on_portrait(self, run_id: str, portrait: bytes) -> None:
        """A worker shows a run; it waits behind nothing, and nothing behind it."""
        self.watching.arrived(run_id, portrait)

    def on_done(self, run_id: str, result: Result) -> None:
        """A run is over."""
        self._inbox.do(self._on_done, run_id, result)

    def on_workers(self, workers: frozenset[str], problem: str = "") -> None:
        """These workers are there; `problem` says why nothing can be trained, if it cannot."""
        self._inbox.do(self._on_workers, workers, problem)

    def on_not_restarted(self, worker: str) -> None:
        """This worker has to go on."""
        self._inbox.do(self._standings.retain, worker)

    def _on_event(self, run_id: str, kind: str, values: object) -> None:
        try:
            data = read_data(kind, values)
        except ValueError as error:  # the run goes on without it
            self._clerk.do(self._journal.set_aside, run_id, kind, values, str(error))
            return
        if isinstance(data, Evaluation):
            run = self._standings.get(run_id)
            if run is not None and run.sealed:  # no worker of this version says it
                return
        assigned = self._standings.record(run_id, data)
        if assigned and data.kind in ("status", "epoch"):
            self._archive.fetch(assigned.run, assigned.worker)

    def _on_done(self, run_id: str, result: Result) -> None:
        self._standings.result_arrived(run_id, result.compiled)
        self._clerk.do(self._save, run_id, result)

    def _on_workers(self, workers: frozenset[str], problem: str) -> None:
        for run_id in self._standings.see(workers, problem):
            self._clerk.do(self._engine.forget, run_id)
        for run, worker in self._standings.overdue():
            # If it does not arrive, the next heartbeat tries again.
            self._messenger.do(self._send, run.id, worker, Command("stop"))
        self._admit()

    def _end(self, run_id: str, status: Status, reason: str) -> None:
        self._standings.end(run_id, status, reason)
        self._clerk.do(self._engine.forget, run_id)
        self._admit()

    def _admit(self) -> None:
        """Give waiting runs to free workers, and tell the others their positions."""
        if worn_out := self._standings.worn_out():
            self._engine.restart(worn_out)
        for run, worker in self._standings.admit():
            self._clerk.do(self._begin, run, worker)
        for run, worker in self._standings.to_give_way():
            self._messenger.do(self._send, run.id, worker, Command("give_way"))
        self._standings.tell_queue_positions()
        self._turned()

    # What the clerk does

    def _begin(self, run: RunInfo, worker: str) -> None:
        """Give a run what it needs, and to its worker."""
        try:
            job = self._job(run)
        except (StoreError, ValueError) as error:
            self._inbox.do(self._end, run.id, Status.FAILED, english(error))
        except Exception:
            _log.exception("run %s could not begin", run.id)
            self._inbox.do(self._end, run.id, Status.FAILED, _NOT_BEGUN)
        else:
            self._engine.submit(job, worker)

    def _save(self, run_id: str, result: Result) -> None:
        """Save what a run has left; whatever happens, it has ended."""
        reason = result.reason
        try:
            reason = self._archive.save_result(run_id, result)
        finally:
            self._inbox.do(self._end, run_id, result.status, reason)
