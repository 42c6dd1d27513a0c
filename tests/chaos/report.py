"""What a scenario says, and what several need: a page's answer times, a server's memory."""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.session import Session
from tests.e2e import server as app

Figure = float | int | str


class LeftOut(Exception):
    """A scenario needs something that this computer does not have; the message says what."""


@dataclass
class Report:
    """The figures of one scenario.

    Attributes:
        scenario: its name.
        measured: figures by what they are; a name that ends in "seconds" is a time.
        ceilings: the most that a figure may be.
        wrong: sentences, of what went wrong beside figures.
    """

    scenario: str
    measured: dict[str, Figure] = field(default_factory=dict)
    ceilings: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def limit(self, figure: str, value: float, ceiling: float) -> None:
        """One figure and the most that it may be."""
        self.measured[figure] = round(value, 3)
        self.ceilings[figure] = ceiling

    def expect(self, holds: object, sentence: str) -> None:
        """What must be so, and what is said if it is not."""
        if not holds:
            self.wrong.append(sentence)

    def over(self, *, times: bool) -> list[str]:
        """The figures above their ceilings, with or without times."""
        return [
            figure
            for figure, ceiling in self.ceilings.items()
            if float(self.measured[figure]) > ceiling and (times or not figure.endswith("seconds"))
        ]

    def line(self, *, times: bool) -> str:
        """It as JSON."""
        over = self.over(times=times)
        data: dict[str, Any] = {
            "scenario": self.scenario,
            "holds": not over and not self.wrong,
            "measured": self.measured,
            "ceilings": self.ceilings,
        }
        if over:
            data["over"] = over
        if self.wrong:
            data["wrong"] = self.wrong
        return json.dumps(data, ensure_ascii=False)


@contextmanager
def serving(workers: int = 1, **environment: str) -> Iterator[app.Server]:
    """A server in a folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), workers, **environment)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def quiet(report: Report, server: app.Server) -> Iterator[None]:
    """Within, the server may print no traceback."""
    before = len(server.log())
    yield
    new = server.log()[before:]
    report.expect("Traceback" not in new, new[new.find("Traceback") :][-2_000:])


def memory(server: app.Server) -> float:
    """What the web process holds, MiB."""
    return float(psutil.Process(server.process.pid).memory_info().rss) / 2**20


class Peak:
    """Within, the most that the web process holds; afterwards `more`, MiB above what it held."""

    def __init__(self, server: app.Server) -> None:
        self._server, self._over = server, threading.Event()
        self.more = 0.0

    def __enter__(self) -> Peak:
        self._before = memory(self._server)
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.02):
            self.more = max(self.more, memory(self._server) - self._before)


@asynccontextmanager
async def somebody_else(url: str) -> AsyncIterator[list[float]]:
    """Another user, who turns a knob again and again meanwhile: the seconds of each answer."""
    session = await Session.open(url, "")
    await session.rerun(Epochs=11)
    seconds: list[float] = []
    over = asyncio.Event()

    async def turn_knobs() -> None:
        while not over.is_set():
            seconds.append(await session.rerun(Epochs=10 + len(seconds) % 2))
            await asyncio.sleep(0.1)

    hand = asyncio.create_task(turn_knobs())
    try:
        yield seconds
    finally:
        over.set()
        await hand
        await session.close()
