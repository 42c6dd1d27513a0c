"""A student who presses Train, and the board of a run: what it was told, and what is kept of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2

from playground.events import Status
from playground.store.runs import Store
from tests.benchmarks.session import Session
from tests.chaos.report import Report

# Trains on and on, several epochs a second, and one that is over in a moment.
LONG = "epochs=200&early_stop=false&hidden_layers=none&batch_size=256"
BRIEF = "epochs=1&early_stop=false&hidden_layers=none&batch_size=256&train_images=6000"
PATIENCE = 150.0  # seconds, for whatever has to happen


class Board:
    """A run as a board has it, connecting again whenever it is cut off, as a browser does.

    Attributes:
        run_id: the run.
        events: those that are kept, in the order in which they came.
        status: as last told.
        reason: of the status.
        notice: what is said above the charts, as when events cannot be saved just now.
        wrong: sentences, of events that were missing or came twice.
    """

    def __init__(self, session: Session, run_id: str) -> None:
        self._session, self.run_id = session, run_id
        self.events: list[dict[str, Any]] = []
        self.status, self.reason, self.notice = Status.QUEUED, "", ""
        self.wrong: list[str] = []
        self._listening = asyncio.create_task(self._listen())

    @property
    def epochs(self) -> int:
        """How many have been told of."""
        return sum(event["kind"] == "epoch" for event in self.events)

    async def _listen(self) -> None:
        while not self.status.ended:
            last = self.events[-1]["seq"] if self.events else 0
            with suppress(httpx2.HTTPError, OSError):
                async for event in self._session.events(self.run_id, last):
                    self._take(event)
            await asyncio.sleep(0.2)

    def _take(self, event: dict[str, Any]) -> None:
        if event["kind"] == "status":
            self.status, self.reason = Status(event["data"]["status"]), event["data"]["reason"]
        elif event["kind"] == "notice":
            self.notice = event["data"]["message"]
        if event["seq"]:
            if event["seq"] != len(self.events) + 1:
                self.wrong.append(f"Event {event['seq']} came after {len(self.events)}.")
            self.events.append(event)

    async def until(self, holds: Callable[[Board], object]) -> None:
        """Wait until something is so.

        Raises:
            AssertionError: it is not in time; the message says what was told last.
        """
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not holds(self):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(
                    f"Run {self.run_id} waits in vain: {self.status.value}, {self.reason} "
                    f"{self.notice} {self.events[-1:]}"
                )
            await asyncio.sleep(0.05)

    async def until_epoch(self, count: int) -> None:
        """Wait until so many epochs have been told of."""
        await self.until(lambda board: board.epochs >= count)

    async def until_ended(self) -> None:
        """Wait until the run has ended."""
        await self.until(lambda board: board.status.ended)

    def ended_as(self, report: Report, status: Status, words: str = "") -> None:
        """Have it judged how the run ended, and whether this board was told of each event once."""
        report.expect(
            self.status is status and words in self.reason,
            f"A run that was to end as {status.value} ended as {self.status.value}: {self.reason}",
        )
        for sentence in self.wrong[:3]:
            report.expect(False, sentence)

    def close(self) -> None:
        """Listen no more."""
        self._listening.cancel()


async def train(session: Session) -> Board:
    """Press Train on the page, and watch the run."""
    await session.rerun(press="Train")
    return Board(session, run_of(session))


def run_of(session: Session) -> str:
    """The run that the page's address names."""
    [run_id] = parse_qs(session.query.lstrip("?"))["run"]
    return run_id


@asynccontextmanager
async def training(url: str, query: str = LONG) -> AsyncIterator[tuple[Session, Board]]:
    """A student, a browser of their own, who has pressed Train."""
    session = await Session.open(url, query)
    board = await train(session)
    try:
        yield session, board
    finally:
        board.close()
        await session.close()


def check_kept(
    report: Report, home: Path, boards: list[Board], database: str | None = None
) -> None:
    """Have it judged whether the store has all that boards were told, once; no server runs now."""
    store = Store(home, database)
    try:
        for board in boards:
            saved = [
                {"seq": event.seq, "kind": event.kind, "data": event.data.to_json()}
                for event in store.events(board.run_id)
            ]
            seqs = [event["seq"] for event in saved]
            report.expect(
                seqs == list(range(1, len(seqs) + 1)), "A run's events in the store have gaps."
            )
            lost = [event for event in board.events if event not in saved]
            report.expect(
                not lost, f"{len(lost)} events were told and are not in the store: {lost[:1]}"
            )
    finally:
        store.close()
