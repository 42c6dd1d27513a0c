"""One connection to a scheduler. When it breaks, a new one takes its place."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from distributed import Client, Future, Security
from distributed import TimeoutError as NoAnswer
from distributed.protocol.pickle import dumps

from playground.config import RunConfig
from playground.engine import scheduler, tasks
from playground.engine.protocol import Job
from playground.engine.tasks import Message, PortraitMessage

# A scheduler or a worker that takes longer does not answer.
ANSWER_SECONDS = 5
CONNECT_SECONDS = 10
_REPLACE_SECONDS = 60
_PREFIX = "playground-run-"
_log = logging.getLogger(__name__)
T = TypeVar("T")


class ClosedIfItFails(Client):  # type: ignore[misc]
    """A client of Dask's that is closed if it cannot connect.

    Dask leaves some of them open, to be closed when they are collected as garbage; where that
    happens while another client starts, both wait for one lock for ever.
    """

    def start(self, **kwargs: object) -> None:
        """Connect.

        Raises:
            OSError, TypeError, RuntimeError: it cannot.
        """
        try:
            super().start(**kwargs)
        except BaseException:
            self.close()
            raise


class Connection:
    """A client of Dask's that has subscribed to what the workers report.

    When a connection breaks, the scheduler keeps the runs that are published here, and their
    messages; the next connection gets both.

    Args:
        address: the scheduler.
        security: the certificate, if it asks for one.
        loop: runs it; a client that fails leaves a loop of its own behind.
        on_message: called with every message, in order, from one thread.
        on_portrait: called with each portrait that arrives, from the same thread.
        runs: those that go on from an earlier connection, and for each the number of the last
            message that was passed on.
        usual: runs of networks that workers compile before their first run.

    Attributes:
        published: the runs that the scheduler keeps.

    Raises:
        OSError: the scheduler cannot be reached.
        NoAnswer: it does not answer.
    """

    def __init__(
        self,
        address: str,
        security: Security | None,
        loop: object,
        on_message: Callable[[Message], None],
        on_portrait: Callable[[PortraitMessage], None],
        runs: Mapping[str, int],
        usual: Sequence[RunConfig] = (),
    ) -> None:
        self._on_message, self._on_portrait = on_message, on_portrait
        self._client = ClosedIfItFails(
            address, timeout=CONNECT_SECONDS, set_as_default=False, security=security, loop=loop
        )
        # Dask's client connects again by itself. What it has missed meanwhile is lost, so this
        # connection is over; the next one gets all of it.
        self._stream = self._client.scheduler_comm
        # Messages that come before those of the past have been passed on.
        self._held: list[Message] | None = []
        try:
            self._client.subscribe_topic(tasks.TOPIC, self._heard)
            self._client.subscribe_topic(tasks.PORTRAITS, self._seen)
            past: list[Message] = self._client.run_on_scheduler(
                scheduler.subscribe, self._client.id, dict(runs), callback_timeout=ANSWER_SECONDS
            )
            self._client.sync(self._pass_on_past, past, callback_timeout=ANSWER_SECONDS)
            self.published = {
                name.removeprefix(_PREFIX)
                for name in self._client.list_datasets(callback_timeout=ANSWER_SECONDS)
                if isinstance(name, str) and name.startswith(_PREFIX)
            }
            with contextlib.suppress(NoAnswer):  # one worker may not answer
                self._client.run_on_scheduler(
                    scheduler.warm_up, dumps(tasks.WarmUp(usual)), callback_timeout=ANSWER_SECONDS
                )
        except BaseException:
            self.close()
            raise

    @property
    def broken(self) -> bool:
        """Whether the stream to the scheduler has ended."""
        client = self._client
        return client.status != "running" or client.scheduler_comm is not self._stream

    def workers(self) -> frozenset[str]:
        """The workers that there are.

        Raises:
            OSError, NoAnswer: the scheduler does not answer.
        """
        return frozenset(self._client.nthreads(callback_timeout=ANSWER_SECONDS))

    def submit(self, job: Job, worker: str) -> Future:
        """Have that worker train a run."""
        return self._client.submit(
            tasks.run_training,
            job,
            # Another one each time: Dask would answer with what a run left when it gave way.
            key=f"train-{job.run_id}-{secrets.token_hex(4)}",
            workers=[worker],
            retries=0,
            pure=False,
        )

    def publish(self, run_id: str, future: Future) -> None:
        """Have the scheduler keep a run, whatever happens to this connection."""
        self._client.sync(
            self._client._publish_dataset,
            future,
            name=_PREFIX + run_id,
            override=True,
            callback_timeout=ANSWER_SECONDS,
        )
        self.published.add(run_id)

    def find(self, run_id: str) -> Future | None:
        """A run that the scheduler keeps; None if it does not."""
        name = _PREFIX + run_id
        found: Future | None = self._client.get_dataset(
            name, default=None, callback_timeout=ANSWER_SECONDS
        )
        return found

    def unpublish(self, run_id: str) -> None:
        """Have the scheduler let go of it, and of its messages."""
        self._client.run_on_scheduler(scheduler.forget, run_id, callback_timeout=ANSWER_SECONDS)
        self._client.unpublish_dataset(_PREFIX + run_id, callback_timeout=ANSWER_SECONDS)
        self.published.discard(run_id)

    def call(self, worker: str, function: Callable[..., T], *args: object, seconds: float) -> T:
        """Call a function in that worker, beside what it trains.

        Raises:
            NoAnswer: it does not answer in time.
            Exception: Dask raises many kinds when a worker goes away.
        """
        answers: dict[str, T] = self._client.run(
            function, *args, workers=[worker], callback_timeout=seconds
        )
        return answers[worker]

    def stop_others(self, run_ids: Collection[str]) -> None:
        """Stop what the workers train, except these runs: a server that has ended left it."""
        with contextlib.suppress(NoAnswer):  # one worker may not answer
            self._client.run(
                tasks.stop_others,
                list(run_ids),
                on_error="ignore",
                callback_timeout=ANSWER_SECONDS,
            )

    def restart(self, worker: str) -> None:
        """Have a fresh process take the place of a worker.

        Raises:
            Exception: it has no nanny, or does not come back in time.
        """
        self._client.restart_workers([worker], timeout=_REPLACE_SECONDS)

    def close(self) -> None:
        """End the connection; it may be broken."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=1)

    # In the client's own event loop, so that nothing overtakes anything.

    def _heard(self, event: tuple[float, Message]) -> None:
        if self.broken:
            return
        if self._held is None:
            self._pass_on(event[1])
        else:
            self._held.append(event[1])

    def _seen(self, event: tuple[float, PortraitMessage]) -> None:
        try:
            self._on_portrait(event[1])
        except Exception:
            _log.exception("a portrait could not be passed on")

    async def _pass_on_past(self, past: list[Message]) -> None:
        held, self._held = self._held or [], None
        for message in [*past, *held]:
            self._pass_on(message)

    def _pass_on(self, message: Message) -> None:
        try:
            self._on_message(message)
        except Exception:  # one bad message must not end the stream
            _log.exception("a message of a worker could not be passed on")
