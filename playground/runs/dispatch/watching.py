"""Who looks at which run, and what they see: portraits that workers make while somebody looks."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.config import RunConfig
from playground.dataset import DatasetError, load_data
from playground.engine.protocol import Cluster
from playground.network.layers import one_of_each
from playground.network.portrait import MOST_BYTES, MOST_SHOWN, Watch
from playground.store.runs import RunInfo

# A worker shows a run for half a minute: one renewal may be lost.
RENEW_SECONDS = 10.0
# So often it is asked until its first portrait is there, or one of another choice.
FIRST_SECONDS = 1.0
# So often this looks whether a run that is looked at has got a worker.
LOOK_SECONDS = 0.2
# Choices of runs that nobody looks at any more.
MOST_CHOICES = 256
_log = logging.getLogger(__name__)

# Called with nothing, from any thread, when there is a new portrait; returns at once.
Wake = Callable[[], None]


@dataclass
class _Scene:
    """A run that somebody looks at.

    Attributes:
        wakes: of those who look.
        newest: how many portraits have come, and the last one, JSON; empty before the first one.
        due: the time of the next renewal, in seconds of `clock`.
    """

    wakes: set[Wake] = field(default_factory=set)
    newest: tuple[int, bytes] = (0, b"")
    due: float = 0.0


class Watching:
    """Turns portraits on in a run's worker while somebody looks, and passes them on, newest only.

    Every method may be called from any thread. None waits, except for a lock that is held for
    moments; `newest` takes none.

    Args:
        engine: asks the workers.
        run: a run; None if there is none of that id.
        worker_of: the worker that trains a run.
        clock: seconds.
    """

    def __init__(
        self,
        engine: Cluster,
        run: Callable[[str], RunInfo | None],
        worker_of: Callable[[str], str | None],
        clock: Callable[[], float],
    ) -> None:
        self._engine, self._run, self._worker_of, self._clock = engine, run, worker_of, clock
        self._changed = threading.Condition()  # guards what follows
        self._scenes: dict[str, _Scene] = {}
        self._choices: dict[str, Watch] = {}
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="watching", daemon=True)

    def start(self) -> None:
        """Begin to ask workers."""
        self._thread.start()

    def close(self) -> None:
        """Ask no more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def choose(self, owner: str, run_id: str, watch: Watch) -> None:
        """Show this of a run from now on; from anybody but its owner it does nothing.

        Args:
            owner: who asks.
            run_id: the run.
            watch: what is to be seen.

        Raises:
            ValueError: the run's network has no such neurons.
        """
        run = self._run(run_id)
        if run is None or run.owner != owner:
            return
        if not watch.fits(run.config):
            raise ValueError("This run's network has no such neurons.")
        with self._changed:
            before = self._choices.pop(run_id, None)
            self._choices[run_id] = watch
            while len(self._choices) > MOST_CHOICES:
                del self._choices[next(iter(self._choices))]
            scene = self._scenes.get(run_id)
            if scene is not None and (before is None or before.key != watch.key):
                scene.due, scene.newest = 0.0, (scene.newest[0], b"")
                self._changed.notify_all()

    def choice(self, run_id: str) -> Watch | None:
        """What is shown of a run; None if there is no such run, or no data set.

        Until its owner chooses, the first test image and the first neurons of each layer.
        """
        with self._changed:
            chosen = self._choices.get(run_id)
        run = self._run(run_id)
        if chosen is not None or run is None:
            return chosen
        with contextlib.suppress(DatasetError):
            return usual_watch(run.config)
        return None

    def look(self, run_id: str, wake: Wake) -> None:
        """Have `wake` called whenever there is a new portrait, until `look_away`."""
        with self._changed:
            self._scenes.setdefault(run_id, _Scene()).wakes.add(wake)
            self._changed.notify_all()

    def look_away(self, run_id: str, wake: Wake) -> None:
        """Undo `look`; nothing happens if that is done."""
        with self._changed:
            scene = self._scenes.get(run_id)
            if scene is not None:
                scene.wakes.discard(wake)
                if not scene.wakes:
                    del self._scenes[run_id]

    def newest(self, run_id: str, after: int) -> tuple[int, bytes]:
        """The number of the newest portrait and its JSON, which is empty if it is not after."""
        scene = self._scenes.get(run_id)
        number, portrait = scene.newest if scene else (0, b"")
        return (number, portrait) if number > after else (after, b"")

    def arrived(self, run_id: str, portrait: bytes) -> None:
        """A worker shows a run; the portrait before it is forgotten."""
        fits = isinstance(portrait, bytes) and len(portrait) <= MOST_BYTES
        if not fits or b"\n" in portrait or b"\r" in portrait:
            _log.error("a portrait of run %s cannot be used", run_id)
            return
        with self._changed:
            scene = self._scenes.get(run_id)
            if scene is None:
                return
            scene.newest = (scene.newest[0] + 1, portrait)
            for wake in list(scene.wakes):
                wake()

    # What the thread does

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._closing:
                    return
                waits = LOOK_SECONDS if self._scenes else None
                due = self._due()
                if not due:
                    self._changed.wait(waits)
                    continue
            for run_id, fresh in due:
                try:
                    self._renew(run_id, fresh=fresh)
                except Exception:  # whatever it was, others are looked at, too
                    _log.exception("run %s cannot be shown", run_id)

    def _due(self) -> list[tuple[str, bool]]:
        """The runs to renew now, and whether a portrait is missing; each is put off."""
        now, found = self._clock(), []
        for run_id, scene in self._scenes.items():
            if now >= scene.due and self._worker_of(run_id) is not None:
                missing = not scene.newest[1]
                scene.due = now + (FIRST_SECONDS if missing else RENEW_SECONDS)
                found.append((run_id, missing))
        return found

    def _renew(self, run_id: str, *, fresh: bool) -> None:
        worker, watch = self._worker_of(run_id), self.choice(run_id)
        if worker is None or watch is None:
            return
        try:
            self._engine.watch(run_id, worker, watch, fresh=fresh)
        except ConnectionError as error:
            _log.info("run %s cannot be shown now: %s", run_id, error)


def usual_watch(config: RunConfig) -> Watch:
    """What is shown of a run until its owner chooses.

    Raises:
        DatasetError: the data set cannot be read.
    """
    data = load_data()
    items = data.x_test[[0, *one_of_each(data.y_test)]]
    return Watch(items, tuple(tuple(range(min(n, MOST_SHOWN))) for n in config.hidden_layers))
