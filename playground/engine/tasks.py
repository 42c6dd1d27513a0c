"""What runs inside a dask worker. Importing this module does not import TensorFlow."""

from __future__ import annotations

import gc
import itertools
import logging
import threading
import time
from collections.abc import Collection, Sequence
from typing import TypedDict

from distributed import Worker, WorkerPlugin, get_worker
from pydantic import JsonValue

from playground.config import RunConfig
from playground.dataset import DatasetError, load_data
from playground.engine.protocol import Compiled, Job, Result
from playground.events import Command, EventData, Status
from playground.locales import english, lazy, mark
from playground.network.checkpoint import Checkpoint
from playground.network.portrait import Watch
from playground.training.control import Control

TOPIC = "playground"
# What passes: nobody keeps it.
PORTRAITS = "playground-portraits"

# Runs that have been told something and have not begun: one a thread of the worker is the rule.
MOST_EARLY = 16

# One training at a time per process: Keras' state belongs to the whole process.
_training = threading.Lock()
_controls: dict[str, Control] = {}
# Commands to runs that have not begun. A run that is over never will, so only the last are kept.
_early: dict[str, Control] = {}
_watches: dict[str, Watch] = {}  # of runs that have not begun: what those who look at them see
# Guards all three: no command may fall between them.
_both = threading.Lock()
_log = logging.getLogger(__name__)


class Message(TypedDict):
    """What a worker reports of a run.

    Attributes:
        number: 1, 2, 3, … within the run.
        worker: its address.
        kind, data: an event's, as JSON values.
    """

    run_id: str
    number: int
    worker: str
    kind: str
    data: dict[str, JsonValue]


class PortraitMessage(TypedDict):
    """What those who look at a run are shown: JSON, see `playground.network.portrait`."""

    run_id: str
    portrait: bytes


def run_training(job: Job) -> Result:
    """Train one run, logging its events under `TOPIC`.

    An exception stays here: to read it, the web process would have to import TensorFlow.
    """
    run_id = job.run_id
    with _both:
        control = _controls[run_id] = _early.pop(run_id, Control())
        watch = _watches.pop(run_id, None)
    if watch is not None:
        control.watch(watch, fresh=True)
    try:
        return _train(job, control)
    except DatasetError as error:
        reason = english(error)
    except Exception as error:
        _log.exception("run %s failed", run_id)
        problem = f"{type(error).__name__}: {english(error)}"
        reason = english(lazy("The worker failed: {error}", error=problem))
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            reason = mark("The worker ran out of memory. Choose fewer units or images.")
    finally:
        with _both:
            del _controls[run_id]
    return Result(Status.FAILED, reason)


def _train(job: Job, control: Control) -> Result:
    from playground.training.prepare import networks
    from playground.training.train import train

    worker = get_worker()
    numbers = itertools.count(1)

    def emit(data: EventData) -> None:
        message: Message = {
            "run_id": job.run_id,
            "number": next(numbers),
            "worker": worker.address,
            "kind": data.kind,
            "data": {**data.to_json(), "time": time.time()},
        }
        worker.log_event(TOPIC, message)

    def show(portrait: bytes) -> None:
        message: PortraitMessage = {"run_id": job.run_id, "portrait": portrait}
        worker.log_event(PORTRAITS, message)

    control.on_portrait = show
    start = None if job.start is None else Checkpoint.from_bytes(job.start)
    with _training:
        given = job.sketches, job.pinned, start, job.sealed
        outcome = train(job.config, load_data(), emit, control, *given)
        compiled = Compiled(networks.compiled, frozenset(networks.keys))
    return Result(
        outcome.status,
        outcome.reason,
        outcome.model,
        outcome.network.to_bytes() if outcome.network else None,
        control.snapshots(),
        control.checkpoint.to_bytes() if control.checkpoint else None,
        compiled,
    )


def send_command(run_id: str, command: Command) -> None:
    """Pass a command to a run of this worker, also to one that is only about to start."""
    with _both:
        control = _controls.get(run_id) or _early.setdefault(run_id, Control())
        while len(_early) > MOST_EARLY:
            del _early[next(iter(_early))]
    control.send(command)


def watch(run_id: str, watch: Watch, fresh: bool) -> None:
    """Somebody looks at a run of this worker, also at one that is only about to start.

    Args:
        run_id: the run.
        watch: what its portraits show.
        fresh: whether one is wanted also if nothing has changed.
    """
    with _both:
        control = _controls.get(run_id)
        if control is None:
            _watches[run_id] = watch
            while len(_watches) > MOST_EARLY:
                del _watches[next(iter(_watches))]
            return
    control.watch(watch, fresh=fresh)


def stop_others(run_ids: Collection[str]) -> None:
    """Stop all that this worker trains, except these runs."""
    with _both:
        others = [control for run_id, control in _controls.items() if run_id not in run_ids]
    for control in others:
        control.send(Command("stop"))


def newest_network(run_id: str) -> bytes | None:
    """The newest weights of a run of this worker; None if there are none (yet)."""
    control = _controls.get(run_id)
    network = control.network if control else None
    return network.to_bytes() if network else None


def snapshots(run_id: str, after: int) -> dict[int, bytes]:
    """A run's snapshots of epochs later than `after`; those before are not needed any more."""
    control = _controls.get(run_id)
    return control.snapshots(after) if control else {}


def checkpoint(run_id: str) -> bytes | None:
    """Where a run of this worker stood after its last epoch; None if it has finished none."""
    control = _controls.get(run_id)
    held = control.checkpoint if control else None
    return held.to_bytes() if held else None


class WarmUp(WorkerPlugin):  # type: ignore[misc]
    """While the worker is idle: imports TensorFlow, loads the data, compiles usual networks.

    Args:
        usual: runs of networks that are used much, besides the default.
    """

    name = "playground-warm-up"

    def __init__(self, usual: Sequence[RunConfig] = ()) -> None:
        self._usual = tuple(usual)

    def setup(self, worker: Worker) -> None:
        """Called by dask in the worker's event loop, which must not wait."""
        threading.Thread(target=self._warm_up, daemon=True).start()

    def _warm_up(self) -> None:
        with _training:
            # A first training takes half a second longer than any other. It is that of the default
            # settings, which then need not be compiled when somebody presses Train.
            _train_a_moment(RunConfig())
            # What is there now stays: the garbage collections between runs need not look at it.
            gc.collect()
            gc.freeze()
        for config in self._usual:
            if _controls:  # who has pressed Train does not wait
                return
            with _training:
                _train_a_moment(config)


def _train_a_moment(config: RunConfig) -> None:
    """Train until the network has been compiled and its first chunk is done."""
    from playground.training.train import train

    control = Control()

    def stop_soon(data: EventData) -> None:
        if data.kind == "progress":
            control.send(Command("stop"))

    train(config, load_data(), stop_soon, control)
