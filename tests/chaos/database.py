"""What keeps runs: a database that goes, a file that is deleted, a folder for two, a full disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import sqlalchemy as sa

from playground.events import Status
from tests.benchmarks.session import Session
from tests.chaos.report import LeftOut, Report, serving
from tests.chaos.student import BRIEF, Board, check_kept, train, training
from tests.conftest import empty
from tests.e2e import server as app

_TMPFS_MIB = 96


class Postgres:
    """A PostgreSQL server of its own in this folder, by Debian's programs; not as root.

    Raises:
        LeftOut: there are no such programs.
    """

    def __init__(self, folder: Path) -> None:
        versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        found = sorted(versions, key=lambda path: float(path.parts[-3]))
        if not found:
            raise LeftOut("PostgreSQL is not installed (Debian's package postgresql).")
        self._programs, self._folder = found[-1].parent, folder
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "--no-sync").wait()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.start()

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                cwd=self._folder,
                user=self._user,
                stdout=log,
                stderr=log,
            )

    def start(self) -> None:
        """Start it, again if it was killed; returns when it answers."""
        place = ("-D", "data", "-p", str(self.port), "-h", "127.0.0.1", "-k", str(self._folder))
        self._process = self._run("postgres", *place)
        ready = ("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
        while self._run(*ready).wait():
            if self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text("utf-8", "replace"))
            time.sleep(0.1)

    def kill(self) -> None:
        """End it and all its processes as a crash does."""
        root = psutil.Process(self._process.pid)
        family = [root, *root.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        psutil.wait_procs(family[1:], timeout=30)

    @property
    def url(self) -> str:
        """Its address, for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"


@contextmanager
def _postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory() as folder:
        running = Postgres(Path(folder))
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def _any_postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL database: the one for tests, else one of our own."""
    url = os.environ.get("PLAYGROUND_TEST_POSTGRES_URL")
    if url is None:
        with _postgres() as running:
            yield running.url
        return
    database = sa.create_engine(url)
    empty(database)
    database.dispose()
    yield url


class Cut:
    """Passes connections on to PostgreSQL, and cuts one between a COMMIT and its answer.

    Args:
        url: of the database.

    Attributes:
        url: the database's by way of this, after `start`.
        armed: how many of the next commits lose their answer.
        cuts: how many have.
    """

    def __init__(self, url: str) -> None:
        self._to = sa.make_url(url)
        self.url = ""
        self.armed = self.cuts = 0

    async def start(self) -> None:
        """Listen from now on."""
        listening = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        self.url = self._to.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)

    async def _pass_on(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection(self._to.host, self._to.port)
        cut = asyncio.Event()

        async def questions() -> None:
            while asked := await near.read(2**16):
                if self.armed and b"COMMIT\0" in asked:
                    self.armed -= 1
                    cut.set()
                forth.write(asked)

        async def answers() -> None:
            while answer := await far.read(2**16):
                if cut.is_set():  # it has committed, and nobody will know
                    self.cuts += 1
                    return
                back.write(answer)

        both = [asyncio.create_task(questions()), asyncio.create_task(answers())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in both:
            task.cancel()
        back.transport.abort()
        forth.transport.abort()


def postgres(short: bool) -> Report:
    """PostgreSQL is killed while a run trains, and comes back."""
    report = Report("postgres")
    with _postgres() as database, serving(PLAYGROUND_DATABASE_URL=database.url) as server:
        asyncio.run(_kill_database(report, server, database))
    return report


async def _kill_database(report: Report, server: app.Server, database: Postgres) -> None:
    async with training(server.url) as (page, first):
        await first.until_epoch(2)
        await asyncio.to_thread(database.kill)
        seen = first.epochs
        await first.until_epoch(seen + 3)
        await first.until(lambda board: board.notice)
        took = await page.rerun(press="Train")
        report.limit("the page that presses Train without a database answers, seconds", took, 10)
        report.expect("could not be started" in " ".join(page.said), f"It says: {page.said}")
        await asyncio.to_thread(database.start)
        await first.until(lambda board: not board.notice)
        await page.rerun(press="Stop")
        await first.until_ended()
        first.ended_as(report, Status.STOPPED)
        report.measured["events"] = len(first.events)
        await asyncio.to_thread(server.stop)
        check_kept(report, server.home, [first], database.url)


def commit(short: bool) -> Report:
    """A connection to PostgreSQL breaks between a COMMIT and its answer, again and again."""
    report = Report("commit")
    with _any_postgres() as url:
        asyncio.run(_cut_commits(report, url, 2 if short else 6))
    return report


async def _cut_commits(report: Report, url: str, times: int) -> None:
    cut = Cut(url)
    await cut.start()
    with ExitStack() as stack:  # in another thread: what the server asks passes through this one
        served = serving(PLAYGROUND_DATABASE_URL=cut.url)
        server = await asyncio.to_thread(stack.enter_context, served)
        page = await Session.open(server.url, BRIEF)
        cut.armed = 1  # the new run itself
        boards = [await train(page)]
        await boards[0].until_ended()
        async with training(server.url) as (other, first):
            for count in range(1, times + 1):
                seen = first.epochs
                cut.armed = 1
                await first.until(lambda _, count=count: cut.cuts > count)  # type: ignore[misc]
                await first.until_epoch(seen + 2)
            await first.until(lambda board: not board.notice)
            await other.rerun(press="Stop")
            await first.until_ended()
            first.ended_as(report, Status.STOPPED)
            boards[0].ended_as(report, Status.FINISHED)
            boards.append(first)
            report.measured |= {"answers cut off": cut.cuts, "events": len(first.events)}
            await asyncio.to_thread(server.stop)
        await page.close()
        check_kept(report, server.home, boards, url)


def files(short: bool) -> Report:
    """The SQLite file is deleted while a run trains, and a second server takes the same folder."""
    report = Report("files")
    with serving() as server, tempfile.TemporaryDirectory() as elsewhere:
        second = app.Server(Path(elsewhere), 1, PLAYGROUND_HOME=str(server.home))
        try:
            asyncio.run(_take_files(report, server, second))
        finally:
            second.stop()
    return report


async def _take_files(report: Report, server: app.Server, second: app.Server) -> None:
    async with training(server.url) as (page, first):
        await first.until_epoch(2)
        guest = await Session.open(second.url, "")
        process = f"process {server.process.pid}"
        report.expect(process in " ".join(guest.said), f"The second server says: {guest.said}")
        await guest.close()
        for file in server.home.glob("playground.sqlite*"):  # with its log
            file.unlink()
        await first.until_epoch(first.epochs + 5)
        await page.rerun(press="Stop")
        await first.until_ended()
        first.ended_as(report, Status.STOPPED)
        report.expect("was deleted" in server.log(), "The log does not say what was deleted.")
        report.measured["events"] = len(first.events)
        await asyncio.to_thread(second.stop)
        await asyncio.to_thread(server.stop)
        check_kept(report, server.home, [first])


def disk(short: bool) -> Report:
    """The disk with the data is full for a while; before that, it is nearly full."""
    report = Report("disk")
    with tempfile.TemporaryDirectory() as folder, _small_disk(report, Path(folder)) as small:
        least = _TMPFS_MIB // 3 if small else 2**40
        with serving(PLAYGROUND_HOME=folder, PLAYGROUND_MIN_FREE_MIB=str(least)) as server:
            asyncio.run(_fill(report, server, Path(folder)) if small else _refused(report, server))
    return report


@contextmanager
def _small_disk(report: Report, folder: Path) -> Iterator[bool]:
    """A disk of its own in this folder; whether there is one, which needs root."""
    options = ("-t", "tmpfs", "-o", f"size={_TMPFS_MIB}m", "tmpfs", str(folder))
    mount = shutil.which("mount")
    done = mount and subprocess.run([mount, *options], capture_output=True)
    small = bool(done and done.returncode == 0)
    if not small:
        report.measured["left out"] = "the full disk: a tmpfs could not be mounted here"
    try:
        yield small
    finally:
        if small:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def _refused(report: Report, server: app.Server) -> None:
    page = await Session.open(server.url, BRIEF)
    await _press_train_in_vain(report, page)
    await page.close()


async def _press_train_in_vain(report: Report, page: Session) -> None:
    await page.rerun(press="Train")
    said = " ".join(page.said)
    report.expect("could not be started" in said and "disk" in said, f"It says: {page.said}")


async def _fill(report: Report, server: app.Server, folder: Path) -> None:
    async with training(server.url) as (page, first):
        await first.until_epoch(2)
        _write(folder / "nearly", 2 * _TMPFS_MIB // 3)
        await _press_train_in_vain(report, page)
        _write(folder / "full", _TMPFS_MIB)
        seen = first.epochs
        await first.until_epoch(seen + 3)
        await first.until(lambda board: board.notice)
        report.expect("disk" in first.notice, f"The board says: {first.notice}")
        (folder / "full").unlink()
        (folder / "nearly").unlink()
        await first.until(lambda board: not board.notice)
        await page.rerun(press="Stop")
        await first.until_ended()
        first.ended_as(report, Status.STOPPED)
        next_one: Board = await train(page)
        await next_one.until_epoch(1)
        report.measured["events"] = len(first.events)
        await asyncio.to_thread(server.stop)
        next_one.close()
        check_kept(report, folder, [first, next_one])


def _write(path: Path, mebibytes: int) -> None:
    """A file of this size, or as large as the disk takes."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for _ in range(mebibytes):
            file.write(b"x" * 2**20)
