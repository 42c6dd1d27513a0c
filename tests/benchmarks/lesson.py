"""A lesson: thirty members, five of them in real browsers, a teacher and a projector.

    python -m tests.benchmarks.lesson [members; default 30] [browsers among them; default 5]

Each member has a page (its websocket), the class's event stream and, in the browsers, all that a
browser does with them. The real app and engine, on one machine, so on one clock. In this order:

1. all join at once, as when the code has just been shown;
2. the teacher pauses everyone and lets them go on, six times, while nobody trains, and again while
   two runs train: when each screen obeys;
3. a jigsaw of thirty cells: everybody predicts, locks and trains at once; when the grid is full;
   then the answers are revealed, and everyone is paused six times more;
4. a lesson of three activities. Its waits are waits only, and left out: what would take 45
   minutes takes one or two. In it the server is restarted, a worker is killed, and ten connections
   are lost. Then the class's log and the runs are compared with what every member has done.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
from playwright.async_api import Browser, Page, async_playwright, expect
from playwright.async_api import TimeoutError as TooLong

from playground.classroom.activities import Number, dump, load, ready, to_link
from playground.classroom.codes import sign
from playground.events import Status
from playground.ui.common.labels import plain
from tests.benchmarks import command_line, machine
from tests.benchmarks.classroom import Memory, seconds
from tests.benchmarks.session import Session
from tests.e2e import server as app

LEVERS = 6
_CLASS = "class"
# Notes when the curtain falls and rises, and when a button is pressed, by the clock of all.
_WATCH = """
  window.curtain = [];
  window.pressed = [];
  addEventListener("click", () => window.pressed.push(Date.now()), true);
  const look = () => {
    const down = Boolean(document.querySelector(".class-curtain[open]"));
    if (down !== window.curtain.at(-1)?.[0]) window.curtain.push([down, Date.now()]);
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["open"],
  });
"""
_ACTIVITY = """
id: bench-{number}
title: {{en: "Activity {number}", ko: "활동 {number}"}}
minutes: 15
text: {{en: "How well will it do?", ko: "얼마나 잘할까요?"}}
settings: {{epochs: 2, train_images: 5000, early_stop: false}}
free: [learning_rate, seed]
prediction:
  kind: number
  question: {{en: "Your guess {number}", ko: "예측 {number}"}}
  low: 0
  high: 1
  of: val_accuracy
runs: 2
question: {{en: "Why?", ko: "왜요?"}}
"""


class Member:
    """One who learns, without a browser: the page Class and the class's stream.

    Attributes:
        views: what came, each with the time of its arrival in seconds.
        lost: how many connections were cut.
    """

    def __init__(self, session: Session, nickname: str) -> None:
        self.session, self.nickname = session, nickname
        self.views: list[tuple[float, dict[str, Any]]] = []
        self.lost = 0
        self._token = ""
        self._following: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str, nickname: str) -> Member:
        """Open the page Class."""
        session = await Session.open(url, "")
        session.page = _CLASS
        await session.rerun()
        return cls(session, nickname)

    async def join(self, code: str) -> None:
        """Give code and nickname, and press Join."""
        fields = {"Join code": code, "Nickname": self.nickname}
        await self.session.rerun(press="Join", **fields)

    def follow(self, token: str) -> None:
        """Get the class's views from now on, also after the connection is lost."""
        self._token = token
        self._following = asyncio.create_task(self._follow())

    async def lose(self) -> None:
        """Lose both connections, as when the Wi-Fi goes, and come back."""
        self.lost += 1
        await self.leave()
        self.session = await Session.open(self.session.url, "", self.session.cookie)
        self.session.page = _CLASS
        await self.session.rerun()
        self.follow(self._token)

    async def leave(self) -> None:
        """Close everything."""
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
        with contextlib.suppress(Exception):
            await self.session.close()

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                async for view in self._stream():
                    self.views.append((time.time(), view))
            await asyncio.sleep(1)  # as the browser tries again

    async def _stream(self) -> AsyncIterator[dict[str, Any]]:
        address = f"{self.session.url}api/events"
        async with (
            httpx2.AsyncClient(timeout=None) as client,
            client.stream("GET", address, params={"class": self._token}) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data:") and (view := json.loads(line[5:])["view"]):
                    yield view

    def curtain_after(self, moment: float, down: bool) -> float | None:
        """When the curtain was down, or up, for the first time after a moment."""
        later = (at for at, view in self.views if at > moment and view["curtain"] is down)
        return next(later, None)


class Class:
    """The whole of it: server, teacher, members."""

    def __init__(self, server: app.Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.members: list[Member] = []
        self.pages: list[Page] = []
        self.code = self.id = ""

    async def start(self) -> None:
        """The teacher starts a class, and opens the projector's view."""
        self.teacher = await self._page()
        await self.teacher.goto(self.server.url + _CLASS)
        await self.teacher.get_by_role("button", name="Start a class").click(timeout=60_000)
        code = self.teacher.get_by_test_id("join-code").first
        await expect(code).to_be_visible(timeout=30_000)
        self.code = (await code.inner_text()).strip()
        self.id, self.keys = self._stored()
        self.projector = await self._page(1920, 1080)
        await self.projector.goto(f"{self.server.url}{_CLASS}?key={self.keys['screen']}")

    async def _page(self, width: int = 1280, height: int = 800) -> Page:
        context = await self.browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        await page.add_init_script(_WATCH)
        return page

    def _stored(self) -> tuple[str, dict[str, str]]:
        with sqlite3.connect(self.server.home / "playground.sqlite") as database:
            [[class_id, keys]] = database.execute("SELECT id, secrets FROM classes").fetchall()
        return class_id, json.loads(keys)

    def log(self) -> list[tuple[str, dict[str, Any]]]:
        """Kind and data of all that has happened in the class."""
        with sqlite3.connect(self.server.home / "playground.sqlite") as database:
            rows = database.execute("SELECT kind, data FROM class_events ORDER BY seq").fetchall()
        return [(kind, json.loads(data)) for kind, data in rows]

    def numbers(self) -> dict[str, int]:
        """The members' numbers by their nicknames."""
        joined = [data for kind, data in self.log() if kind == "member_joined"]
        return {data["nickname"]: data["member"] for data in joined}

    # 1

    async def join(self, members: int, browsers: int) -> dict[str, float]:
        """All open the page; then, when the code is shown, all join at once."""
        light = [f"M{number}" for number in range(members - browsers)]
        self.members = [await Member.open(self.server.url, name) for name in light]
        self.pages = [await self._page(400, 800) for _ in range(browsers)]
        shown = time.perf_counter()

        async def in_browser(page: Page, name: str) -> float:
            await page.goto(f"{self.server.url}{_CLASS}?code={self.code}", timeout=60_000)
            await page.get_by_role("textbox", name="Nickname").fill(name, timeout=60_000)
            submit = page.get_by_test_id("stFormSubmitButton").get_by_role("button")
            await submit.click(timeout=60_000)
            await expect(page.get_by_test_id("class-live")).to_be_visible(timeout=60_000)
            return time.perf_counter() - shown

        async def without(member: Member) -> float:
            await member.join(self.code)
            return time.perf_counter() - shown

        took = await asyncio.gather(
            *(without(member) for member in self.members),
            *(in_browser(page, f"B{number}") for number, page in enumerate(self.pages)),
        )
        numbers = self.numbers()
        for member in self.members:
            audience = f"member-{numbers[member.nickname]}"
            member.follow(sign(self.keys["key"], self.id, audience))
        assert len(numbers) == members
        return seconds(took)

    # 2

    async def levers(self) -> dict[str, Any]:
        """Pause everyone and let them go on; seconds until each screen obeys."""
        delays: list[float] = []
        missed = 0
        for turn in range(2 * LEVERS):
            down = turn % 2 == 0
            await asyncio.sleep(random.uniform(0.6, 1.2))
            said = "Pause everyone" if down else "Go on, everyone"
            await self.teacher.get_by_role("button", name=said).click(timeout=30_000)
            pressed = (await self.teacher.evaluate("window.pressed.at(-1)")) / 1000
            await asyncio.sleep(1.5)
            found = [member.curtain_after(pressed, down) for member in self.members]
            for page in self.pages:
                seen = await page.evaluate(
                    "([at, down]) => window.curtain.find(([d, t]) => t > at && d === down)?.[1]",
                    [1000 * pressed, down],
                )
                found.append(seen / 1000 if seen else None)
            delays += [at - pressed for at in found if at is not None]
            missed += sum(at is None for at in found)
        return {**seconds(delays), "screens": len(self.members) + len(self.pages), "late": missed}

    async def open(self, text: str) -> int:
        """The teacher opens an activity; returns which one of the class it is."""
        cookies = await self.teacher.context.cookies()
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in cookies)
        desk = await Session.open(self.server.url, "", cookie)
        desk.page = _CLASS
        await desk.rerun()
        await desk.rerun(**{"Or from a link": to_link(load(text))})
        await desk.rerun(press="Open this one")
        await desk.close()
        return sum(kind == "activity_opened" for kind, _ in self.log())

    # 3 and 4

    async def play(self, question: str, guess: Callable[[str], float]) -> Counter[str]:
        """Everybody predicts, locks and trains; returns how many did each of it.

        Args:
            question: the label of the number that is predicted.
            guess: what a member with this nickname predicts.
        """
        done: Counter[str] = Counter()

        async def without(member: Member) -> None:
            page = member.session
            await page.rerun()
            # As Streamlit has it: a label is Markdown.
            predicted: dict[str, Any] = {plain(question): guess(member.nickname)}
            await page.rerun(**predicted)
            done["predicted"] += 1
            await page.rerun(press="Lock my prediction")
            done["locked"] += 1
            await page.rerun(press="Train")
            done["trained"] += 1

        async def in_browser(page: Page, name: str) -> None:
            field = page.get_by_role("textbox", name=question).or_(
                page.get_by_role("spinbutton", name=question)
            )
            # The line at the top says that there is something new; a page that comes back from a
            # restart shows it by itself, maybe in this moment.
            end = time.perf_counter() + 60
            while not await field.first.is_visible() and time.perf_counter() < end:
                with contextlib.suppress(TooLong, AssertionError):
                    await page.locator(".class-show:visible").click(timeout=1000)
                    # Pressed again at once, it would begin again.
                    await expect(field.first).to_be_visible(timeout=20_000)
            await field.first.fill(str(guess(name)), timeout=60_000)
            await field.first.press("Enter")
            done["predicted"] += 1
            lock = page.get_by_role("button", name="Lock my prediction")
            await expect(lock).to_be_enabled(timeout=30_000)
            await lock.click()
            done["locked"] += 1
            train = page.get_by_test_id("stButton").get_by_role("button").filter(has_text="Train")
            await train.first.click(timeout=60_000)
            done["trained"] += 1

        await asyncio.gather(
            *(without(member) for member in self.members),
            *(in_browser(page, f"B{number}") for number, page in enumerate(self.pages)),
        )
        return done

    def runs(self, opening: int) -> list[tuple[str, str, str]]:
        """Id, owner and status of the runs of an activity."""
        with sqlite3.connect(self.server.home / "playground.sqlite") as database:
            return database.execute(
                "SELECT id, owner, status FROM runs WHERE classroom = ? OR classroom LIKE ?",
                (f"{self.id}/{opening}", f"{self.id}/{opening}/%"),
            ).fetchall()

    async def until_ended(
        self, opening: int, count: int, limit: float = 300, *, finished: bool = False
    ) -> float | None:
        """Seconds until so many runs of an activity have ended; None if it takes too long.

        Args:
            opening: the activity.
            count: how many runs.
            limit: seconds to wait at most.
            finished: whether a run that a fault has ended does not count.
        """
        began = time.perf_counter()
        good = {"Finished"} if finished else {one.value for one in Status if one.ended}
        while time.perf_counter() - began < limit:
            if sum(status in good for _, _, status in self.runs(opening)) >= count:
                return time.perf_counter() - began
            await asyncio.sleep(0.25)
        return None

    async def until_begun(self, opening: int, count: int, limit: float = 30) -> None:
        """Wait until so many runs of an activity are in the store, or it takes too long."""
        end = time.perf_counter() + limit
        while len(self.runs(opening)) < count and time.perf_counter() < end:
            await asyncio.sleep(0.25)

    async def jigsaw(self) -> dict[str, Any]:
        """Thirty cells, dealt out, predicted and trained."""
        activity = next(one for one in ready() if one.jigsaw is not None)
        assert isinstance(activity.prediction, Number)
        opening = await self.open(dump(activity))
        began = time.perf_counter()
        question = activity.prediction.question.en
        playing = asyncio.create_task(self.play(question, lambda _: 0.5))
        cells = len(self.members) + len(self.pages)
        filled = await self.until_ended(opening, cells, finished=True)
        done = await playing
        return {
            "cells": cells,
            "seconds until all are filled": None if filled is None else round(filled, 1),
            "seconds until all had pressed Train": round(time.perf_counter() - began, 1)
            if filled is None
            else None,
            **done,
        }

    async def faults(self) -> list[str]:
        """A restart of the server, a killed worker, ten lost connections, one after the other."""
        told = []
        for member in random.sample(self.members, min(10, len(self.members))):
            await member.lose()
        told.append("ten lost connections")
        workers = await asyncio.to_thread(self.server.engine_workers)
        if workers:
            workers[0].send_signal(signal.SIGKILL)
            told.append("a killed worker")
        return told

    async def restart(self) -> None:
        """The server ends and comes again; pages come back by themselves, members reopen theirs."""
        await asyncio.to_thread(self.server.stop)
        await asyncio.to_thread(self.server.start)
        await asyncio.gather(*(member.lose() for member in self.members))

    async def whole(self) -> dict[str, Any]:
        """Three activities with faults in them; what was done is compared with what is kept."""
        expected: dict[tuple[int, str], float] = {}
        openings = []
        faults: list[str] = []
        names = [member.nickname for member in self.members]
        names += [f"B{number}" for number in range(len(self.pages))]
        for number in (1, 2, 3):
            opening = await self.open(_ACTIVITY.format(number=number))
            openings.append(opening)
            guesses = {name: round(random.uniform(0.3, 0.95), 2) for name in names}
            expected |= {(opening, name): guess for name, guess in guesses.items()}
            await self.play(f"Your guess {number}", guesses.__getitem__)
            # A press in a browser is not waited for; one that never reached a server is no run.
            await self.until_begun(opening, len(names))
            if number == 1:
                faults += await self.faults()
            if number == 2:
                await self.restart()
                faults.append("a restart of the server")
            await self.until_ended(opening, len(names), 120)
        return {"faults": faults, **self._compared(openings, expected)}

    def _compared(
        self, openings: list[int], expected: dict[tuple[int, str], float]
    ) -> dict[str, Any]:
        nicknames = {number: name for name, number in self.numbers().items()}
        kept: dict[tuple[int, str], float] = {}
        locked: Counter[tuple[int, str]] = Counter()
        for kind, data in self.log():
            if kind == "predicted" and data["opening"] in openings:
                kept[data["opening"], nicknames[data["member"]]] = data["answer"]["number"]
            if kind == "prediction_locked" and data["opening"] in openings:
                locked[data["opening"], nicknames[data["member"]]] += 1
        runs = [run for opening in openings for run in self.runs(opening)]
        owners = Counter((opening, run[1]) for opening in openings for run in self.runs(opening))
        return {
            "predictions made": len(expected),
            "predictions lost or changed": sum(kept.get(k) != v for k, v in expected.items()),
            "predictions locked twice or not": sum(locked[key] != 1 for key in expected),
            "runs pressed": len(expected),
            "runs lost": len(expected) - len(owners),
            "runs doubled": sum(count - 1 for count in owners.values()),
            "runs by how they ended": dict(Counter(status for _, _, status in runs)),
        }


async def lesson(server: app.Server, members: int, browsers: int) -> dict[str, Any]:
    """All four parts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=app.chromium(), args=app.FLAGS)
        room = Class(server, browser)
        memory = Memory(server.process.pid)
        await room.start()
        figures: dict[str, Any] = {
            "seconds until one has joined": await room.join(members, browsers)
        }
        figures["seconds until a screen obeys, nobody trains"] = await room.levers()
        trainers = [
            await Session.open(server.url, "epochs=40&batch_size=32&early_stop=false")
            for _ in range(2)
        ]
        for trainer in trainers:
            await trainer.rerun(press="Train")
        figures["seconds until a screen obeys, two runs train"] = await room.levers()
        for trainer in trainers:
            await trainer.rerun()
            await trainer.rerun(press="Stop")
            await trainer.close()
        figures["jigsaw"] = await room.jigsaw()
        await room.teacher.get_by_role("button", name="Reveal answers").click(timeout=30_000)
        figures["seconds until a screen obeys, answers and grid are shown"] = await room.levers()
        figures["memory of the web process, MiB"] = round(memory.now()[server.process.pid])
        memory.stop()  # it watches one process, which is about to be restarted
        figures["lesson with faults"] = await room.whole()
        figures["memory of the web process after the restart, MiB"] = round(
            Memory(server.process.pid).now()[server.process.pid]
        )
        await asyncio.gather(*(member.leave() for member in room.members))
        await browser.close()
        return figures


def main() -> None:
    """Print the figures."""
    options = command_line(__doc__, members=30, browsers=5).parse_args()
    with tempfile.TemporaryDirectory() as home:
        server = app.Server(Path(home), 2)
        try:
            figures = asyncio.run(lesson(server, options.members, options.browsers))
        finally:
            server.stop()
    figures |= {"load of the machine, a minute's mean": os.getloadavg()[0], "machine": machine()}
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
