"""How soon Pause, Resume and Stop act, at small and large batches and networks.

    python -m tests.benchmarks.commands

The real app and its engine. The span is from the press of the button, as a browser sends it, to
the event that says that training obeys, as the browser gets it.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.benchmarks import command_line, machine
from tests.benchmarks.session import Session
from tests.e2e import server as app

ROUNDS = 5
RUNS = (
    "batch_size=1",
    "batch_size=32",
    "batch_size=8192",
    "batch_size=full",
    "hidden_layers=1024,1024,1024,1024,1024&batch_size=1",
    "hidden_layers=1024,1024,1024,1024,1024&batch_size=32",
    "hidden_layers=1024,1024,1024,1024,1024&batch_size=full",
)


async def until(events: asyncio.Queue[dict[str, Any]], status: str, reason: str = "") -> float:
    """When that status came."""
    while True:
        event = await asyncio.wait_for(events.get(), 60)
        data = event["data"]
        if event["kind"] == "status" and data["status"] == status and reason in data["reason"]:
            return time.perf_counter()


async def one_run(url: str, query: str) -> dict[str, Any]:
    """Milliseconds of each command in one run."""
    page = await Session.open(url, f"{query}&epochs=200&early_stop=false")
    await page.rerun(press="Train")
    [run_id] = parse_qs(page.query.lstrip("?"))["run"]
    events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def listen() -> None:
        async for event in page.events(run_id):
            events.put_nowait(event)

    listening = asyncio.create_task(listen())
    taken: dict[str, list[float]] = {"pause": [], "resume": [], "stop": []}

    async def press(name: str, status: str, reason: str = "") -> None:
        while not events.empty():
            events.get_nowait()
        began = time.perf_counter()
        obeyed = asyncio.create_task(until(events, status, reason))
        await page.rerun(press=name)
        taken[name.lower()].append(1000 * (await obeyed - began))
        await page.rerun()

    await until(events, "Running")
    for _ in range(ROUNDS):
        while (await events.get())["kind"] != "progress":  # in mid-training
            pass
        await page.rerun()
        await press("Pause", "Paused")
        await press("Resume", "Running")
    await press("Stop", "Running", "Training is over")
    await listening
    await page.close()
    every = [ms for command in taken.values() for ms in command]
    return {
        "run": query,
        "median_ms": {name: round(statistics.median(ms)) for name, ms in taken.items()},
        "greatest_ms": round(max(every)),
    }


async def measure(url: str) -> list[dict[str, Any]]:
    """Every kind of run, one after the other."""
    return [await one_run(url, query) for query in RUNS]


def main() -> None:
    """Measure and print."""
    command_line(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = app.Server(Path(folder), workers=1)
        try:
            runs = asyncio.run(measure(server.url))
        finally:
            server.stop()
    print(json.dumps({"machine": machine(), "runs": runs}, indent=2))


if __name__ == "__main__":
    main()
