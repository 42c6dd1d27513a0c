"""What "Look inside" costs a training: seconds an epoch with it, against those without.

    python -m tests.benchmarks.inside_cost [rounds; default 4] [epochs of a run; default 40]

The default network at batch 32 on all images, with the real app and engine, in three ways that
take turns, so that whatever else the machine does falls on all of them: "off"; "kept", with "Look
inside" on, as it is at first, so that weights are kept and fetched; "watched", with the section
"Inside the network" open, too, which computes its pictures every two seconds. The page is a session
without a browser, as in `session.py`: the pictures are made and sent, but not drawn. The first
epoch, in which the step is compiled, does not count in the seconds of an epoch. The processor's
seconds are those of the whole run and of all processes of the server; other work on the machine
changes them little.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psutil

from tests.benchmarks import command_line, machine
from tests.benchmarks.session import Session
from tests.e2e import server as app

WAYS = ("off", "kept", "watched")
_SECTION = "Inside the network"


async def run(url: str, way: str, epochs: int, seed: int) -> tuple[float, list[float]]:
    """Train once; returns the seconds of an epoch, and those of each making of the section."""
    inside = str(way != "off").lower()
    page = await Session.open(
        url, f"epochs={epochs}&early_stop=false&keep_snapshots={inside}&seed={seed}"
    )
    await page.rerun(press="Train")
    [run_id] = parse_qs(page.query.lstrip("?"))["run"]
    made: list[float] = []
    over = asyncio.Event()

    async def watch() -> None:
        page.opened.add(_SECTION)
        await page.rerun()
        [(section, every)] = page.fragments.items()
        while not over.is_set():
            made.append(await page.rerun(fragment=section))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), every)

    watching: asyncio.Task[None] | None = None
    ends: list[float] = []
    async for event in page.events(run_id):
        running = event["data"].get("status") == "Running"
        if way == "watched" and running and watching is None:
            watching = asyncio.create_task(watch())
        if event["kind"] == "epoch":
            ends.append(event["data"]["time"])
    over.set()
    if watching is not None:
        await watching
    await page.close()
    return (ends[-1] - ends[0]) / (len(ends) - 1), made


def processor_seconds(server: app.Server) -> float:
    """What the server and its engine have used of the processor up to now."""
    web = psutil.Process(server.process.pid)
    times = [process.cpu_times() for process in [web, *web.children(recursive=True)]]
    return float(sum(one.user + one.system for one in times))


def compared(laps: dict[str, list[float]]) -> dict[str, Any]:
    """Medians, and how many times those of "off" they are; the same of the least ones."""
    found: dict[str, Any] = {}
    for name, figure in (("median", statistics.median), ("least", min)):
        values = {way: figure(times) for way, times in laps.items()}
        found[name] = {way: round(value, 3) for way, value in values.items()}
        found[f"{name}, times off"] = {
            way: round(value / values["off"], 3) for way, value in values.items()
        }
    return found


def main() -> None:
    """Print the figures."""
    options = command_line(__doc__, rounds=4, epochs=40).parse_args()
    rounds, epochs = options.rounds, options.epochs
    laps: dict[str, list[float]] = {way: [] for way in WAYS}
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    sections: list[float] = []
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), workers=1)
        try:
            asyncio.run(run(server.url, "watched", 2, 0))  # warms the engine and the pages
            for lap in range(rounds):
                for way in WAYS:
                    before = processor_seconds(server)
                    seconds, made = asyncio.run(run(server.url, way, epochs, lap + 1))
                    spent[way].append(processor_seconds(server) - before)
                    laps[way].append(seconds)
                    sections += made
                print({way: round(times[-1], 3) for way, times in laps.items()}, file=sys.stderr)
        finally:
            server.stop()
    figures: dict[str, Any] = {
        "rounds": rounds,
        "epochs of a run": epochs,
        "seconds of an epoch": compared(laps),
        "processor seconds of a run": compared(spent),
        "section made, times": len(sections),
        "section made, seconds, median": round(statistics.median(sections), 3),
        "machine": machine(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
