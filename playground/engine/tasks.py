"""What runs inside a dask worker. Importing this module does not import TensorFlow."""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

from distributed import WorkerPlugin, get_worker

from playground.additions import Labelled
from playground.config import RunConfig
from playground.control import Control
from playground.dataset import load_data
from playground.events import Command

TOPIC = "playground"

# One training at a time per process: Keras' state belongs to the whole process.
_training = threading.Lock()
_controls: dict[str, Control] = {}


def run_training(
    run_id: str, config: dict[str, Any], sketches: Any = None, pinned: Any = None
) -> dict[str, Any]:
    """Train one run, logging its events under `TOPIC`.

    Args:
        run_id: the run.
        config: its configuration, as JSON values.
        sketches, pinned: see `playground.engine.client.Engine.submit`.

    Returns:
        status and reason of its end; the bytes of `model` (.keras) and `network` (.npz), both
        None if the run failed; and the `snapshots` that nobody has fetched.

    Raises:
        pydantic.ValidationError: the configuration is not valid.
        playground.dataset.DatasetError: the data files are not as they should be.
    """
    from playground.training import train

    worker = get_worker()
    control = _controls.setdefault(run_id, Control())

    def emit(kind: str, data: dict[str, Any]) -> None:
        data = {**data, "time": time.time()}
        message = {"run_id": run_id, "worker": worker.address, "kind": kind, "data": data}
        worker.log_event(TOPIC, message)

    try:
        with _training:
            outcome = train(
                RunConfig.model_validate(config),
                load_data(),
                emit,
                control,
                sketches and Labelled(*sketches),
                pinned,
            )
    finally:
        del _controls[run_id]
    return {
        "status": outcome.status.value,
        "reason": outcome.reason,
        "model": outcome.model,
        "network": outcome.network and outcome.network.to_bytes(),
        "snapshots": control.snapshots(),
    }


def send_command(run_id: str, name: Any, value: float | None) -> None:
    """Pass a command to a run of this worker, also to one that is only about to start."""
    _controls.setdefault(run_id, Control()).send(Command(name, value))


def newest_network(run_id: str) -> bytes | None:
    """The newest weights of a run of this worker; None if there are none (yet)."""
    control = _controls.get(run_id)
    network = control.network if control else None
    return network.to_bytes() if network else None


def snapshots(run_id: str, after: int) -> dict[int, bytes]:
    """A run's snapshots of epochs later than `after`; those before are not needed any more."""
    control = _controls.get(run_id)
    return control.snapshots(after) if control else {}


class WarmUp(WorkerPlugin):  # type: ignore[misc]
    """While the worker is idle: imports TensorFlow, loads the data, compiles the usual network."""

    name = "playground-warm-up"

    def setup(self, worker: Any) -> None:
        """Called by dask in the worker's event loop, which must not wait."""
        threading.Thread(target=self._warm_up, daemon=True).start()

    @staticmethod
    def _warm_up() -> None:
        with _training:
            from playground.training import train

            # A first training takes half a second longer than any other. It is that of the default
            # settings, which then need not be compiled when somebody presses Train.
            control = Control()

            def stop_soon(kind: str, _data: Any) -> None:
                if kind == "progress":
                    control.send(Command("stop"))

            train(RunConfig(), load_data(), stop_soon, control)
            # What is there now stays: the garbage collections between runs need not look at it.
            gc.collect()
            gc.freeze()
