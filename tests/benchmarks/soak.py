"""Many runs one after another: does the memory of server and engine stay where it was?

    python -m tests.benchmarks.soak [runs; default 300] [workers; default 2]

Each run is short, with a configuration unlike the last one's. The memory after the first tenth of
the runs is compared with that at the end.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.benchmarks import command_line, machine
from tests.benchmarks.classroom import Memory, query, seconds
from tests.benchmarks.session import Session
from tests.e2e import server as app


async def one_run(url: str, number: int) -> float:
    """Open a page, train to the end, close it; returns the seconds from Train to the end."""
    page = await Session.open(url, f"{query(number)}&train_images=3000&epochs={1 + number % 3}")
    began = time.perf_counter()
    await page.rerun(press="Train")
    [run_id] = parse_qs(page.query.lstrip("?"))["run"]
    status = None
    async for event in page.events(run_id):
        status = event["data"].get("status", status)
    await page.close()
    if status != "Finished":
        raise RuntimeError(f"run {number} ended as {status}")
    return time.perf_counter() - began


def main() -> None:
    """Print the figures."""
    options = command_line(__doc__, runs=300, workers=2).parse_args()
    runs, workers = options.runs, options.workers
    curve: list[dict[str, Any]] = []
    took: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), workers)
        try:
            memory = Memory(server.process.pid)
            for number in range(1, runs + 1):
                took.append(asyncio.run(one_run(server.url, number)))
                if number % max(1, runs // 10) == 0:
                    now = memory.now()
                    web = now.pop(server.process.pid)
                    curve.append({"runs": number, "web": web, "engine": sum(now.values())})
            memory.stop()
        finally:
            server.stop()
    figures = {
        "runs": runs,
        "workers": workers,
        "seconds of a run": seconds(took),
        "MiB": [{name: round(value) for name, value in point.items()} for point in curve],
        "end / after the first tenth": {
            name: round(curve[-1][name] / curve[0][name], 3) for name in ("web", "engine")
        },
        "machine": machine(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
