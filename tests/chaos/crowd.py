"""Many at once, and much: watchers, nonsense in addresses, a year of runs, a full queue."""

from __future__ import annotations

import asyncio
import json
import random
import string
import sys
import time
from asyncio.subprocess import PIPE
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx2

from playground.config import RunConfig
from playground.events import EpochEnd, Event, EventData, Progress, Status, StatusChange
from playground.settings import settings
from playground.store.runs import RunInfo, Store
from tests.benchmarks.session import Session
from tests.chaos.report import Report, memory, quiet, serving, somebody_else
from tests.chaos.student import BRIEF, training
from tests.e2e import server as app

_START = datetime(2026, 1, 1, tzinfo=timezone.utc)
_LONG = RunConfig(epochs=200, early_stop=False)


def _history(run_id: str, epochs: int) -> list[Event]:
    """The events of a finished run, as many and as large as a real one's."""
    events: list[Event] = []

    def append(data: EventData) -> None:
        events.append(Event(run_id, len(events) + 1, data))

    append(StatusChange(status=Status.QUEUED, reason=""))
    append(StatusChange(status=Status.RUNNING, reason=""))
    for epoch in range(epochs):
        for step in range(10):
            append(
                Progress(
                    epoch=epoch + step / 10,
                    epochs=epochs,
                    step=step,
                    steps=10,
                    loss=0.123456789,
                    accuracy=0.987654321,
                    images_per_second=123456.789,
                    seconds_left=12.3456789,
                    step_epochs=(epoch + step / 10,) * 10,
                    step_losses=(0.1234,) * 10,
                )
            )
        append(
            EpochEnd(
                epoch=epoch + 1,
                loss=0.123456789,
                accuracy=0.123456789,
                val_loss=0.123456789,
                val_accuracy=0.123456789,
                confusion=((100,) * 10,) * 10,
                seconds=1.5,
                learning_rate=0.001,
            )
        )
    append(StatusChange(status=Status.FINISHED, reason="All epochs are done."))
    return events


def stored(home: Path, runs: int, epochs: int, owners: int = 1) -> list[str]:
    """Runs that have finished, in the store of a server that has not started yet."""
    store = Store(home)
    ids = [f"run{number:06}" for number in range(runs)]
    for number, run_id in enumerate(ids):
        created = _START + timedelta(minutes=20 * number)
        owner = f"browser:{number % owners:064x}"
        store.add_run(RunInfo(run_id, owner, _LONG, Status.QUEUED, "", created))
        store.append(_history(run_id, epochs))
    store.close()
    return ids


def watchers(short: bool) -> Report:
    """Many open one run of 200 epochs at once; others' pages must not notice."""
    report = Report("watchers")
    count = 60 if short else 300
    with serving() as server:
        server.stop()
        [run_id] = stored(server.home, 1, 200)
        server.start()
        before = memory(server)
        seconds, pages = asyncio.run(_watch(server, run_id, count))
        report.measured |= {"watchers": count, "events": 2203}
        report.limit("all watchers have everything, seconds", seconds, 20)
        report.limit("another page's slowest answer meanwhile, seconds", max(pages), 0.5)
        report.limit("memory of the web process, MiB more", memory(server) - before, 300)
    return report


async def _watch(server: app.Server, run_id: str, count: int) -> tuple[float, list[float]]:
    async with somebody_else(server.url) as pages:
        command = [sys.executable, "-m", "tests.chaos.watch"]
        process = await asyncio.create_subprocess_exec(
            *(*command, f"{server.url}api/events?run={run_id}", str(count)), stdout=PIPE
        )
        output, _ = await process.communicate()
    found = json.loads(output)
    every = list(range(1, 2204))
    assert all(seqs == every for seqs in found["seqs"]), (
        "a watcher missed events, or got some twice"
    )
    return found["seconds"], pages


def addresses(short: bool) -> Report:
    """Addresses that nobody would write: each opens a page with the form as it should be."""
    report = Report("addresses")
    count = 100 if short else 1_000
    rng = random.Random(0)
    with serving() as server, quiet(report, server):
        before = memory(server)
        began = time.perf_counter()
        failures = asyncio.run(_open_all(server, [_nonsense(rng) for _ in range(count)]))
        report.measured["addresses"] = count
        report.limit("seconds", (time.perf_counter() - began) / count, 0.5)
        report.limit("memory of the web process, MiB more", memory(server) - before, 150)
        report.expect(not failures, f"{len(failures)} pages failed, the first: {failures[:1]}")
    return report


def _nonsense(rng: random.Random) -> str:
    names = [*RunConfig.model_fields, "run", "settings", "", "💥", "__proto__"]
    values = ["", "nan", "-inf", "1e999", "0x10", "NULL", "true", "[]", "😀" * 50, "1,2,3,4,5,6,7"]
    values += ["<script>alert(1)</script>", "'; DROP TABLE runs;--", "%00", "../../etc/passwd"]
    values += ["".join(rng.choices(string.printable, k=rng.randint(1, 300))) for _ in range(3)]
    pairs: list[Any] = [(rng.choice(names), rng.choice(values)) for _ in range(rng.randint(1, 30))]
    return str(httpx2.QueryParams(pairs))


async def _open_all(server: app.Server, queries: list[str]) -> list[str]:
    failures = []
    for query in queries:
        try:
            session = await Session.open(server.url, query)
            await session.close()
        except Exception as error:
            failures.append(f"{query}: {error!r}")
    return failures


def year(short: bool) -> Report:
    """A store with all that a school has trained in a year: it starts, and pages stay quick."""
    report = Report("year")
    count = 1_000 if short else 24_000
    with serving() as server:
        server.stop()
        empty = memory_of_start(server)
        ids = stored(server.home, count, 10, owners=100)
        began = time.perf_counter()
        server.start()
        started = time.perf_counter() - began
        pages = asyncio.run(_turn_knobs(server, ids[-1]))
        report.measured["runs"] = count
        report.limit("server starts, seconds", started, 15)
        report.limit("a page's slowest answer, seconds", max(pages), 0.5)
        report.limit("memory of the web process, MiB more", memory(server) - empty, 300)
    return report


def memory_of_start(server: app.Server) -> float:
    """What the web process holds with an empty store, MiB."""
    server.start()
    asyncio.run(_turn_knobs(server, None))
    held = memory(server)
    server.stop()
    return held


async def _turn_knobs(server: app.Server, run_id: str | None) -> list[float]:
    session = await Session.open(server.url, f"run={run_id}" if run_id else "")
    await session.rerun(Epochs=12)
    pages = [await session.rerun(Epochs=10 + number % 2) for number in range(20)]
    await session.close()
    return pages


def owners(short: bool) -> Report:
    """One owner presses Train again and again; the next owner to come is next."""
    report = Report("owners")
    with serving() as server:
        asyncio.run(_queue(report, server, 60 if short else 1_500))
    return report


async def _queue(report: Report, server: app.Server, count: int) -> None:
    most = settings().max_waiting_runs
    async with training(server.url, "epochs=200&early_stop=false&batch_size=1") as (page, first):
        await first.until(lambda board: board.status is Status.RUNNING)
        before = memory(server)
        began = time.perf_counter()
        refused = 0
        for _ in range(count):
            await page.rerun(press="Train")
            refused += "no more may wait at once" in " ".join(page.said)
        took = time.perf_counter() - began
        report.limit("a press of Train answers, seconds", took / count, 0.5)
        report.measured |= {"presses": count, "refused": refused}
        report.expect(refused == count - most, f"{refused} were refused, not {count - most}.")
        report.limit("memory of the web process, MiB more", memory(server) - before, 100)
        async with training(server.url, BRIEF) as (_, other):
            await other.until(lambda board: board.reason)
            report.expect(other.reason == "You are next.", f"The other one reads: {other.reason}")
            stopping = await Session.open(server.url, f"run={first.run_id}", page.cookie)
            await stopping.rerun(press="Stop")
            await stopping.close()
            await other.until_ended()
            other.ended_as(report, Status.FINISHED)
            first.ended_as(report, Status.STOPPED)
