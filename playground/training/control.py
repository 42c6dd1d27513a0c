"""What a run has been told to do, and how long it will take. No Keras here."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.events import Command
from playground.network.checkpoint import Checkpoint
from playground.network.network import Network
from playground.network.portrait import Watch
from playground.network.snapshot import Snapshot

# A watch that is not renewed ends: who looked may be gone without a word.
WATCH_SECONDS = 30.0
# So long there is no other portrait. With chunks of 0.25 s or less four come a second, or more.
PORTRAIT_SECONDS = 0.125
_log = logging.getLogger(__name__)


class Stopped(Exception):
    """The owner pressed Stop. It leaves `fit` as an exception: a stopped epoch is no epoch."""


class Control:
    """What a run has been told to do. The callback reads it; any thread may write it.

    Attributes:
        network: its newest weights.
        checkpoint: where it stood after its last finished epoch.
        gives_way: whether it was stopped for others, to go on later.
        on_portrait: is given each portrait as JSON, while somebody looks; must return at once.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stop = False
        self.gives_way = False
        self._hold = False
        self._hold_at_epoch_end = False
        self._learning_rate: float | None = None
        self._snapshots: dict[int, Snapshot] = {}
        self.network: Network | None = None
        self.checkpoint: Checkpoint | None = None
        self.on_portrait: Callable[[bytes], None] = lambda _: None
        self._watch: Watch | None = None
        self._watched_until = self._portrayed = 0.0
        self._portrait_is_due = False

    def send(self, command: Command) -> None:
        """Take a command; it acts at the end of the chunk that is being trained."""
        with self._changed:
            if command.name == "stop":
                self._stop, self.gives_way = True, False
            elif command.name == "give_way":
                self._stop, self.gives_way = True, self.gives_way or not self._stop
            elif command.name == "learning_rate":
                self._learning_rate = command.value
            else:
                self._hold = command.name == "pause"
                self._hold_at_epoch_end = command.name == "step"
            self._changed.notify_all()

    def watch(self, watch: Watch, *, fresh: bool) -> None:
        """Somebody looks: make portraits of what `watch` says, for `WATCH_SECONDS` from now.

        Args:
            watch: what to show from now on.
            fresh: whether one is wanted also if nothing has changed.
        """
        with self._changed:
            changed = self._watch is None or self._watch.key != watch.key
            self._watch, self._watched_until = watch, time.monotonic() + WATCH_SECONDS
            self._portrait_is_due = self._portrait_is_due or changed or fresh
            self._changed.notify_all()

    @property
    def rested(self) -> bool:
        """Whether the last portrait is old enough for the next one."""
        return time.monotonic() - self._portrayed >= PORTRAIT_SECONDS

    def portray(self, network: Network, position: float, *, due: bool) -> None:
        """Make a portrait if somebody looks; whatever happens, training goes on.

        Args:
            network: as it is now.
            position: of its weights, in epochs.
            due: whether one is to be made also if none has been asked for.
        """
        with self._changed:
            watch, due = self._watch, due or self._portrait_is_due
            self._portrait_is_due = False
            began = time.monotonic()
            if began > self._watched_until:
                self._watch = watch = None
        if watch is None or not due:
            return
        self._portrayed = began
        try:
            self.on_portrait(watch.portrait(network, position))
        except Exception:
            _log.exception("a portrait could not be made")
            with self._changed:  # until the next renewal
                self._watched_until = 0.0

    def take_learning_rate(self) -> float | None:
        """The learning rate that was asked for since the last call, if any."""
        with self._changed:
            rate, self._learning_rate = self._learning_rate, None
            return rate

    def hold_snapshot(self, epoch: int, snapshot: Snapshot) -> None:
        """Hold the snapshot of an epoch until it has been fetched."""
        with self._changed:
            self._snapshots[epoch] = snapshot

    def snapshots(self, after: int = -1) -> dict[int, bytes]:
        """The held snapshots by epoch; those of epoch `after` and before are dropped first.

        They become bytes only here: of a large network, training would wait a tenth of a second.
        """
        with self._changed:
            for epoch in [epoch for epoch in self._snapshots if epoch <= after]:
                del self._snapshots[epoch]
            held = dict(self._snapshots)
        return {epoch: snapshot.to_bytes() for epoch, snapshot in held.items()}

    def epoch_ended(self) -> None:
        """An epoch has ended: hold if the command was to train this one epoch only."""
        with self._changed:
            self._hold = self._hold or self._hold_at_epoch_end
            self._hold_at_epoch_end = False

    @property
    def held(self) -> bool:
        """Whether training should wait."""
        return self._hold

    def check(self) -> None:
        """Raise `Stopped` if Stop was pressed."""
        if self._stop:
            raise Stopped

    def wait(self) -> None:
        """Wait until there is something to do: resume, step, stop, a new rate, a portrait."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    not self._hold
                    or self._stop
                    or self._learning_rate is not None
                    or self._portrait_is_due
                )
            )


class Clock:
    """Speed and time left of a run, pauses and the first, compiling chunk left out.

    Args:
        epochs: how many epochs there are in all.
    """

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._start: tuple[float, float] | None = None
        self._now = (0.0, 0.0)

    def tick(self, position: float) -> None:
        """Training has come to `position`, in epochs."""
        self._now = (time.perf_counter(), position)
        if self._start is None:
            self._start = self._now

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Time inside this context does not count."""
        before = time.perf_counter()
        yield
        if self._start is not None:
            self._start = (self._start[0] + time.perf_counter() - before, self._start[1])

    @property
    def epochs_per_second(self) -> float | None:
        """Mean speed so far; None before the second tick."""
        if self._start is None or self._now[0] <= self._start[0]:
            return None
        return (self._now[1] - self._start[1]) / (self._now[0] - self._start[0])

    @property
    def seconds_left(self) -> float | None:
        """At the mean speed so far; None before the second tick."""
        speed = self.epochs_per_second
        return (self._epochs - self._now[1]) / speed if speed else None
