"""Processes that end, or stand still: worker, engine, server, a cluster that others run."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from playground.engine.outcome import ENGINE_ENDED
from playground.engine.protocol import WORKER_ENDED
from playground.events import Status
from tests.chaos.report import Report, serving
from tests.chaos.student import BRIEF, Board, check_kept, train, training
from tests.e2e import server as app
from tests.engine import DaskCluster

_RESTARTED = "The server was restarted while this run trained."
_SHUT_DOWN = "The server was shut down while this run trained."


def worker(short: bool) -> Report:
    """A worker is stopped for a while, and then one is killed in the middle of a run."""
    report = Report("worker")
    with serving() as server:
        asyncio.run(_stop_and_kill(report, server))
    return report


async def _stop_and_kill(report: Report, server: app.Server) -> None:
    async with training(server.url) as (page, first), training(server.url, BRIEF) as (_, other):
        await first.until_epoch(2)
        trainer = server.busiest_worker()
        await page.rerun()  # it trains now: Pause is no longer off
        trainer.suspend()
        took = await page.rerun(press="Pause")
        report.limit("the page that presses Pause answers, seconds", took, 8)
        report.expect("does not answer" in " ".join(page.said), f"It says: {page.said}")
        trainer.resume()
        told = len(first.events)
        await first.until(lambda board: len(board.events) > told)
        trainer.kill()
        await page.rerun()  # the address still has LONG; what follows is another run of the owner
        own = await train(page)
        await first.until_ended()
        first.ended_as(report, Status.INTERRUPTED, WORKER_ENDED)
        await other.until_ended()
        other.ended_as(report, Status.FINISHED)
        await own.until_epoch(1)
        report.measured["epochs kept of the run that was killed"] = first.epochs
        server.stop()
        check_kept(report, server.home, [first, other, own])
        own.close()


def engine(short: bool) -> Report:
    """The process that keeps scheduler and workers is killed."""
    report = Report("engine")
    with serving() as server:
        asyncio.run(_kill_engine(report, server))
    return report


async def _kill_engine(report: Report, server: app.Server) -> None:
    async with training(server.url) as (_, first), training(server.url, BRIEF) as (_, other):
        await first.until_epoch(2)
        [process] = [
            child
            for child in psutil.Process(server.process.pid).children()
            if "playground.engine" in child.cmdline()
        ]
        began = time.monotonic()
        process.kill()
        await first.until_ended()
        report.limit("the run reads Interrupted, seconds", time.monotonic() - began, 10)
        first.ended_as(report, Status.INTERRUPTED, ENGINE_ENDED)
        await other.until_ended()
        report.limit("the next one has trained, seconds", time.monotonic() - began, 60)
        other.ended_as(report, Status.FINISHED)
        server.stop()
        check_kept(report, server.home, [first, other])


def _kill(server: app.Server) -> None:
    server.kill()


def _tell(server: app.Server) -> None:
    server.process.terminate()
    server.process.wait(60)


def _tell_all(server: app.Server) -> None:
    """As a terminal that is closed, or systemd, does: everybody is told at once."""
    root = psutil.Process(server.process.pid)
    for process in [root, *root.children(recursive=True)]:
        process.terminate()
    server.process.wait(60)


def server(short: bool) -> Report:
    """The server is killed, told to end, and told together with all its processes; each time it
    starts again, and its boards connect again by themselves."""
    report = Report("server")
    with serving() as running:
        ways = ((_kill, _RESTARTED), (_tell, _SHUT_DOWN), (_tell_all, _SHUT_DOWN))
        boards = [
            board
            for way, words in (ways[::2] if short else ways)
            for board in asyncio.run(_end_server(report, running, way, words))
        ]
        running.stop()
        check_kept(report, running.home, boards)
    return report


async def _end_server(
    report: Report, server: app.Server, way: Callable[[app.Server], None], words: str
) -> list[Board]:
    name = way.__name__.strip("_").replace("_", " ")
    async with training(server.url) as (_, first), training(server.url, BRIEF) as (_, other):
        await first.until_epoch(2)
        family = psutil.Process(server.process.pid).children(recursive=True)
        began = time.monotonic()
        await asyncio.to_thread(way, server)
        report.limit(f"{name}: the server has ended, seconds", time.monotonic() - began, 20)
        left = (await asyncio.to_thread(psutil.wait_procs, family, timeout=30))[1]
        report.expect(not left, f"{name}: {len(left)} processes of the engine are left.")
        await asyncio.to_thread(server.start)
        await first.until_ended()
        first.ended_as(report, Status.INTERRUPTED, words)
        await other.until_ended()
        other.ended_as(report, Status.FINISHED)
        return [first, other]


def cluster(short: bool) -> Report:
    """A scheduler that others run stands still for a while, and then starts again."""
    report = Report("cluster")
    with tempfile.TemporaryDirectory() as folder, DaskCluster(Path(folder)) as dask:
        dask.start_scheduler()
        dask.start_worker()
        with serving(DASK_SCHEDULER_ADDRESS=dask.address) as server:
            asyncio.run(_restart_scheduler(report, server, dask))
    return report


async def _restart_scheduler(report: Report, server: app.Server, dask: DaskCluster) -> None:
    async with training(server.url) as (_, first), training(server.url, BRIEF) as (_, other):
        await first.until_epoch(2)
        scheduler = dask.processes[0]
        scheduler.send_signal(signal.SIGSTOP)
        await asyncio.sleep(5)
        scheduler.send_signal(signal.SIGCONT)
        seen = first.epochs
        await first.until_epoch(seen + 2)
        epochs = [event["data"]["epoch"] for event in first.events if event["kind"] == "epoch"]
        report.expect(epochs == list(range(1, len(epochs) + 1)), f"Epochs are missing: {epochs}")
        report.expect("are lost" not in server.log(), "Messages of the worker were lost.")
        report.expect(not first.status.ended, f"The run ended: {first.reason}")
        await asyncio.to_thread(dask.kill)
        await asyncio.to_thread(dask.start_scheduler)
        began = time.monotonic()
        dask.start_worker()
        await other.until(lambda board: board.status is not Status.QUEUED)
        report.limit("its workers are used again, seconds", time.monotonic() - began, 30)
        await first.until_ended()
        first.ended_as(report, Status.INTERRUPTED, "cluster")
        await other.until_ended()
        other.ended_as(report, Status.FINISHED)
        await asyncio.to_thread(server.stop)
        check_kept(report, server.home, [first, other])
