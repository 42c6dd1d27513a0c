"""What runs inside a Dask scheduler: it keeps what workers report of runs that are not over."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from distributed import Scheduler, SchedulerPlugin

from playground.engine.tasks import PORTRAITS, TOPIC, Message, WarmUp

# A run of 200 epochs has 2,200 messages, about 3 KiB each in memory.
MOST_MESSAGES = 50_000


class Reports(SchedulerPlugin):  # type: ignore[misc]
    """The messages of all runs, in order, until `forget`.

    Dask itself keeps only the last 1,000 of a topic: a fast run says more than that while a
    connection is away for half a minute.
    """

    name = "playground-reports"

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.messages: deque[Message] = deque(maxlen=MOST_MESSAGES)

    def log_event(self, topic: str, msg: Message) -> None:
        """Called by Dask with every event."""
        if topic == TOPIC:
            self.messages.append(msg)
        elif topic == PORTRAITS:  # Dask would keep 1,000 of them
            self._scheduler._broker.truncate(PORTRAITS)

    def forget_others(self, runs: Mapping[str, int]) -> list[Message]:
        """Drop what is of other runs; returns the messages after these numbers, by run."""
        kept = [message for message in self.messages if message["run_id"] in runs]
        self.messages = deque(kept, MOST_MESSAGES)
        return [message for message in kept if message["number"] > runs[message["run_id"]]]

    def forget(self, run_id: str) -> None:
        """Drop what is of this run."""
        kept = (message for message in self.messages if message["run_id"] != run_id)
        self.messages = deque(kept, MOST_MESSAGES)


def subscribe(client: str, runs: Mapping[str, int], dask_scheduler: Scheduler) -> list[Message]:
    """Send a client all messages from now on; returns those up to now, none missing between.

    Args:
        client: its id.
        runs: those of this client, and for each the number of the last message that it has.
    """
    # A run whose worker died is Interrupted, not silently started again.
    dask_scheduler.allowed_failures = 0
    dask_scheduler.subscribe_topic(TOPIC, client)
    return _reports(dask_scheduler).forget_others(runs)


def forget(run_id: str, dask_scheduler: Scheduler) -> None:
    """Drop the messages of a run that is over."""
    _reports(dask_scheduler).forget(run_id)


async def warm_up(plugin: bytes, dask_scheduler: Scheduler) -> None:
    """Have all workers warm up that have not yet, and all that will come."""
    await dask_scheduler.register_worker_plugin(
        None, plugin=plugin, name=WarmUp.name, idempotent=True
    )


def _reports(scheduler: Scheduler) -> Reports:
    if Reports.name not in scheduler.plugins:
        scheduler.add_plugin(Reports(scheduler), name=Reports.name)
    reports: Reports = scheduler.plugins[Reports.name]
    return reports
