"""How soon a run begins while the server trains the ready-made network on its only worker.

    python -m tests.benchmarks.gives_way

The real hub and engine. Each span is from the submission of a small run to its start, and to its
end. The last figure is the time from the first start of the ready-made network to its end, with
all that others took of it.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playground.config import RunConfig
from playground.engine.client import Engine
from playground.events import Progress, Status, data_of
from playground.runs.dispatch import background
from playground.runs.hub import Hub
from playground.runs.ready_made import ready_made
from playground.store.runs import Store
from tests.benchmarks import command_line, machine

SMALL = RunConfig(hidden_layers=(8,), train_images=2_000, epochs=1, early_stop=False)
# After so many epochs a run is submitted; at 0 the sketch twins are still being made.
POSITIONS = (0.0, 0.3, 1.5, 3.95, 6.5)
SECONDS = 600


def until(happened: Callable[[], object]) -> float:
    """When it happened."""
    end = time.monotonic() + SECONDS
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.005)
    return time.monotonic()


def measure(hub: Hub) -> dict[str, Any]:
    """Submit a run at each position, then wait for the end."""
    ready_made.make(hub)
    [made] = hub.runs()

    def status(run_id: str) -> Status:
        run = hub.run(run_id)
        return run.status if run else Status.FAILED

    def reason(run_id: str) -> str:
        run = hub.run(run_id)
        return run.reason if run else ""

    def position() -> float:
        events = data_of(hub.events(made.id), Progress)
        return max((progress.epoch for progress in events), default=0.0)

    began = until(lambda: status(made.id).active)
    waits = []
    for wanted in POSITIONS:
        if wanted:
            until(lambda: status(made.id) is Status.RUNNING and position() > wanted)  # noqa: B023
        else:
            until(lambda: "twins" in reason(made.id))
        submitted = time.monotonic()
        run = hub.submit("somebody", SMALL)
        starts = until(lambda: status(run) is not Status.QUEUED)  # noqa: B023
        ends = until(lambda: status(run).ended)  # noqa: B023
        waits.append(
            {
                "epoch": wanted,
                "begins_after": round(starts - submitted, 3),
                "ends_after": round(ends - submitted, 3),
            }
        )
    ended = until(lambda: status(made.id).ended)
    last = hub.run(made.id)
    return {
        "runs": waits,
        "test_accuracy": last.summary.test_accuracy if last else None,
        "seconds": round(ended - began, 1),
    }


def main() -> None:
    """Measure on an empty data folder."""
    command_line(__doc__).parse_args()
    os.environ |= {"PLAYGROUND_WORKERS": "1", "PLAYGROUND_READY_MADE": "1"}
    background.CALM_SECONDS = 3.0  # else it waits for most of the time
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Store(Path(folder)), Engine(Path(folder)))
        hub.start()
        try:
            found = measure(hub)
        finally:
            hub.close()
    print(json.dumps({"machine": machine(), "load": os.getloadavg(), **found}, indent=2))


if __name__ == "__main__":
    main()
