"""What it costs to look at runs that train.

    python -m tests.benchmarks.watched [pairs; default 4] [watchers; default 30]

"training": the default network with the real app and engine, watched and alone, in pairs one after
the other, so that whatever else the machine does falls on both; the first epoch, in which the step
is compiled, does not count. The ratios are those of the seconds an epoch, and of the processor's
seconds of all processes of the server. "web": see `many_watched.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.benchmarks import command_line, machine, many_watched
from tests.benchmarks.inside_cost import processor_seconds
from tests.benchmarks.session import Session
from tests.e2e import server as app

# Epochs that take some four seconds.
EPOCHS = {32: 12, 512: 24}


class Looking(threading.Thread):
    """Looks at a run until it is over, and notes when portraits came and how large they were."""

    def __init__(self, url: str, run_id: str) -> None:
        super().__init__(daemon=True)
        self._address = f"{url}api/events?portrait={run_id}"
        self.times: list[float] = []
        self.sizes: list[int] = []

    def run(self) -> None:
        """Read to the end."""
        with urllib.request.urlopen(self._address, timeout=300) as stream:
            for line in stream:
                if b'"portrait":' in line:
                    self.times.append(time.perf_counter())
                    self.sizes.append(len(line))


async def train(url: str, batch: int, seed: int, *, watched: bool) -> tuple[float, Looking | None]:
    """Train once; returns the seconds of an epoch."""
    query = f"epochs={EPOCHS[batch]}&early_stop=false&batch_size={batch}&seed={seed}"
    page = await Session.open(url, query)
    await page.rerun(press="Train")
    [run_id] = parse_qs(page.query.lstrip("?"))["run"]
    looking = Looking(url, run_id) if watched else None
    if looking is not None:
        looking.start()
    ends = [
        event["data"]["time"] async for event in page.events(run_id) if event["kind"] == "epoch"
    ]
    await page.close()
    if looking is not None:
        looking.join(30)
    return (ends[-1] - ends[0]) / (len(ends) - 1), looking


def training(pairs: int) -> dict[str, Any]:
    """Each batch size, watched and alone."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), workers=1)
        try:
            asyncio.run(train(server.url, 512, 0, watched=True))  # TensorFlow is loaded
            for batch in EPOCHS:
                found[str(batch)] = _pairs(server, batch, pairs)
        finally:
            server.stop()
    return found


def _pairs(server: app.Server, batch: int, pairs: int) -> dict[str, Any]:
    seconds: list[float] = []
    processor: list[float] = []
    rates: list[float] = []
    sizes: list[int] = []
    for seed in range(1, pairs + 1):
        laps, used = {}, {}
        for watched in (True, False) if seed % 2 else (False, True):
            before = processor_seconds(server)
            laps[watched], looking = asyncio.run(train(server.url, batch, seed, watched=watched))
            used[watched] = processor_seconds(server) - before
            if looking is not None and len(looking.times) > 1:
                rates.append((len(looking.times) - 1) / (looking.times[-1] - looking.times[0]))
                sizes += looking.sizes
            print(batch, watched, round(laps[watched], 4), file=sys.stderr)
        seconds.append(laps[True] / laps[False])
        processor.append(used[True] / used[False])
    return {
        "seconds an epoch, watched / alone": _spread(seconds),
        "processor, watched / alone": _spread(processor),
        "updates a second": _spread(rates),
        "bytes an update": _spread(sizes),
    }


def _spread(values: list[float] | list[int]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
    }


def main() -> None:
    """Print the figures."""
    given = command_line(__doc__, pairs=4, watchers=30).parse_args()
    load = os.getloadavg()
    figures = {
        "training": training(given.pairs),
        "web": many_watched.measure(given.watchers),
        "load before and after": [load[0], os.getloadavg()[0]],
        "machine": machine(),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
