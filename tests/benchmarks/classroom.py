"""A class at once: thirty sessions press Train at the same moment.

    python -m tests.benchmarks.classroom [sessions; default 30] [workers; default 2] [--same-shape]

Each has a configuration of its own, 10 epochs at batch 32, an event stream, and a hand that turns
a knob every two seconds meanwhile. With `--same-shape` only learning rate and seed differ, and the
same runs train a second time, pressed in the same way, while nobody turns or watches anything: what
their epochs take alone. The real app and engine; sessions as in `session.py`. The seconds of epochs
are those that the workers say of each epoch, shared out among the workers.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psutil

from tests.benchmarks import command_line, machine
from tests.benchmarks.session import Session
from tests.e2e import server as app

_UNITS = ("128", "64", "256", "128,64", "none", "64,64,64")
_ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "elu")
_OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad", "adamw")


def query(student: int, same_shape: bool = False) -> str:
    """A configuration that no other of thirty has."""
    choose: dict[str, Any] = {
        "learning_rate": 0.0005 * (1 + student % 6),
        "seed": student,
        "early_stop": "false",
    }
    if not same_shape:
        choose = {
            "hidden_layers": _UNITS[student % len(_UNITS)],
            "activation": _ACTIVATIONS[student % len(_ACTIVATIONS)],
            "optimizer": _OPTIMIZERS[student // len(_UNITS) % len(_OPTIMIZERS)],
            "seed": student,
            "early_stop": "false",
        }
    return "&".join(f"{name}={value}" for name, value in choose.items())


async def student(session: Session, began: float, pause: random.Random) -> dict[str, Any]:
    """Press Train, watch to the end, and turn a knob every one to three seconds meanwhile."""
    pressed = await session.rerun(press="Train")
    [run_id] = parse_qs(session.query.lstrip("?"))["run"]
    reruns = [pressed]
    over = asyncio.Event()

    async def turn_knobs() -> None:
        while not over.is_set():
            try:
                await asyncio.wait_for(over.wait(), pause.uniform(1, 3))
            except asyncio.TimeoutError:
                reruns.append(await session.rerun(Epochs=11 + len(reruns) % 2))

    hand = asyncio.create_task(turn_knobs())
    seqs: list[int] = []
    first = started = None
    last: dict[str, Any] = {}
    epochs = 0.0
    async for event in session.events(run_id):
        if event["seq"]:
            seqs.append(event["seq"])
        if event["kind"] == "status" and event["data"]["status"] == "Starting":
            started = time.perf_counter() - began
        if event["kind"] == "progress" and first is None:
            first = time.perf_counter() - began
        if event["kind"] == "epoch":
            epochs += event["data"]["seconds"]
        last = event
    ended = time.perf_counter() - began
    over.set()
    await hand
    replayed = [event["seq"] async for event in session.events(run_id) if event["seq"]]
    return {
        "status": last["data"]["status"],
        "started": started,
        "first": first,
        "ended": ended,
        "epochs": epochs,
        "reruns": reruns,
        "lost": len(set(replayed) - set(seqs)),
        "doubled": sum(count - 1 for count in Counter(seqs).values()),
        "events": len(seqs),
    }


async def classroom(url: str, sessions: int, same_shape: bool) -> list[dict[str, Any]]:
    """Open all pages, then press Train on all of them."""
    pages = [await Session.open(url, query(number, same_shape)) for number in range(sessions)]
    began = time.perf_counter()
    results = await asyncio.gather(
        *(student(page, began, random.Random(i)) for i, page in enumerate(pages))
    )
    for page in pages:
        await page.close()
    return list(results)


async def epochs_alone(url: str, sessions: int) -> float:
    """Seconds of the epochs of such runs of one network, when only they take the processor."""
    runs = []
    for number in range(sessions):
        page = await Session.open(url, query(number, same_shape=True))
        await page.rerun(press="Train")
        runs += parse_qs(page.query.lstrip("?"))["run"]
        await page.close()
    seconds = 0.0
    for run_id in runs:  # one stream at a time is open, from the run's first event on
        async for event in page.events(run_id):
            if event["kind"] == "epoch":
                seconds += event["data"]["seconds"]
    return seconds


class Memory:
    """Samples, twice a second, the memory of a process and all below it, in MiB.

    It is the proportional set size where there is one: pages that processes share count once.
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self.peak = 0.0
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def now(self) -> dict[int, float]:
        """By process."""
        found = {}
        for process in [self._root, *_below(self._root)]:
            try:
                info = process.memory_full_info()
            except psutil.Error:
                continue
            found[process.pid] = getattr(info, "pss", info.rss) / 2**20
        return found

    def _sample(self) -> None:
        while not self._over.wait(0.5):
            self.peak = max(self.peak, sum(self.now().values()))

    def cores(self) -> dict[str, float]:
        """Seconds of a core spent so far: by the web process, by the engine, by the students."""
        engine = sum(map(_spent, _below(self._root)))
        return {"web": _spent(self._root), "engine": engine, "students": _spent(psutil.Process())}

    def stop(self) -> None:
        """No more samples."""
        self._over.set()
        self._thread.join()


def _below(root: psutil.Process) -> list[psutil.Process]:
    """All processes below one; none once it has ended."""
    try:
        found: list[psutil.Process] = root.children(recursive=True)
    except psutil.Error:
        return []
    return found


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def seconds(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 3),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 3),
        "max": round(ordered[-1], 3),
    }


def main() -> None:
    """Print the figures."""
    parser = command_line(__doc__, sessions=30, workers=2)
    parser.add_argument("--same-shape", action="store_true")
    options = parser.parse_args()
    sessions, workers, same_shape = options.sessions, options.workers, options.same_shape
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), workers)
        try:
            memory = Memory(server.process.pid)
            asyncio.run(
                classroom(server.url, 1, same_shape)
            )  # as the teacher does before the lesson
            before = memory.cores()
            results = asyncio.run(classroom(server.url, sessions, same_shape))
            spent = {name: after - before[name] for name, after in memory.cores().items()}
            memory.stop()
            alone = asyncio.run(epochs_alone(server.url, sessions)) if same_shape else None
        finally:
            server.stop()
    last_end = max(result["ended"] for result in results)
    figures = {
        "sessions": sessions,
        "same shape": same_shape,
        "workers": workers,
        "ended": dict(Counter(result["status"] for result in results)),
        "seconds to the last end": round(last_end, 1),
        "seconds that their epochs took, shared out among the workers": round(
            sum(result["epochs"] for result in results) / workers, 1
        ),
        "seconds that they take alone": alone and round(alone / workers, 1),
        "times as long as alone": alone and round(last_end / (alone / workers), 2),
        "seconds from admission to the first live point": seconds(
            [result["first"] - result["started"] for result in results]
        ),
        "seconds of a page rerun meanwhile": seconds([s for r in results for s in r["reruns"]]),
        "page reruns": sum(len(result["reruns"]) for result in results),
        "seconds of a core": {name: round(value, 1) for name, value in spent.items()},
        "events": sum(result["events"] for result in results),
        "events lost": sum(result["lost"] for result in results),
        "events doubled": sum(result["doubled"] for result in results),
        "peak memory of all processes, MiB": round(memory.peak),
        "load of the machine, a minute's mean": os.getloadavg()[0],
        "machine": machine(),
    }
    print(json.dumps(figures, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
