"""The real app as a subprocess, and a real Chromium: for the tests here and the benchmarks."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    # A camera that every machine has, and that asks nobody.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
SOON = 20_000  # milliseconds, for what a page does by itself
TRAINED = 150_000  # milliseconds, for what needs training
ENDED = re.compile("Finished|Stopped|Failed|Interrupted")


def chromium() -> str | None:
    """Where the browser is; None if there is none. The one without windows needs less."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


class Server:
    """`streamlit run app.py` on a free port, with a home folder of its own.

    Args:
        home: the folder.
        workers: runs that train at once.
        environment: other variables.
    """

    folder = ROOT  # where it is run

    def __init__(self, home: Path, workers: int, **environment: str) -> None:
        self.home, self.workers, self.environment = home, workers, environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def command(self) -> list[str]:
        """What is run."""
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        return [sys.executable, "-m", "streamlit", "run", "app.py", *options]

    def start(self) -> None:
        """Start it, again if it has ended; returns when it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        if "PYTEST_CURRENT_TEST" in os.environ:
            share_compiled(self.home)
        kept_out = ("PLAYGROUND_", "DASK_")
        env = {k: v for k, v in os.environ.items() if not k.startswith(kept_out)}
        env |= {"PLAYGROUND_HOME": str(self.home), "PLAYGROUND_WORKERS": str(self.workers)}
        env["PLAYGROUND_READY_MADE"] = "0"  # it would train beside what is tested or measured
        env |= self.environment
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, env=env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(self.url + "_stcore/health", timeout=2):
                    return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(f"the server did not start:\n{self.log()}") from None
                time.sleep(0.1)

    def log(self) -> str:
        """What it has printed."""
        return (self.home / "server.log").read_text("utf-8", "replace")

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in an orderly way, and whatever is left of its engine."""
        try:
            left = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            left = []
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        for process in psutil.wait_procs(left, timeout=10)[1]:
            process.kill()

    def engine_workers(self) -> list[psutil.Process]:
        """The engine's worker processes."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [p for p in family if _is_worker(p)]

    def busiest_worker(self) -> psutil.Process:
        """The worker process that trains: the one of the engine's that works hardest now."""
        workers = self.engine_workers()
        for process in workers:
            process.cpu_percent()
        time.sleep(1)  # the span over which the use of the processor is measured
        return max(workers, key=lambda process: float(process.cpu_percent()))


def _is_worker(process: psutil.Process) -> bool:
    """Whether it trains: started by the engine, or a copy of the process that has TensorFlow."""
    named = [" ".join(one.cmdline()) for one in (process, process.parent()) if one]
    return "spawn_main" in named[0] or all("forkserver" in name for name in named)


def share_compiled(home: Path) -> None:
    """Let all tests' servers have one folder for compiled networks: each compiles for seconds."""
    shared = Path(tempfile.gettempdir()) / f"playground-compiled-{getpass.getuser()}"
    shared.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        (home / "compiled").symlink_to(shared)


def open_train(page: Page, server: Server, query: str = "") -> None:
    """Open the Train page; returns when the button can be pressed."""
    page.goto(f"{server.url}?{query}" if query else server.url)
    expect(train_button(page)).to_be_enabled(timeout=3 * SOON)


def train_button(page: Page) -> Locator:
    """The Train button."""
    return button(page, "Train")


def button(page: Page, name: str) -> Locator:
    """A button of the page's body by its name (its icon's name may stand before it)."""
    # A Material icon is text, too; and the navigation has links, not buttons.
    return page.get_by_test_id("stButton").get_by_role("button").filter(has_text=name)


def status(page: Page) -> Locator:
    """The status line."""
    return page.get_by_test_id("run-status")


def train(page: Page, server: Server, query: str = "") -> None:
    """Open the Train page and press Train."""
    open_train(page, server, query)
    train_button(page).click()
    expect(status(page)).to_be_visible(timeout=SOON)


def wait_for_epoch(page: Page, epoch: int) -> None:
    """Wait until this epoch is on the loss chart."""
    page.wait_for_function(
        "n => (document.querySelector('[data-testid=chart-loss]')?.data ?? [])"
        ".some(t => t.name?.startsWith('Validation') && t.x.at(-1) >= n)",
        arg=epoch,
        timeout=TRAINED,
    )


def traces(page: Page, chart: str) -> list[dict[str, Any]]:
    """The traces of a chart as Plotly has them: name, x, y and z; points without a place left out.

    A trace begins with such a point, which only brings its name into the legend. A chart comes
    after its place, when the page is idle.
    """
    found: list[dict[str, Any]] = page.wait_for_function(
        "c => document.querySelector(`[data-testid=chart-${c}]`)?.data"
        "?.map(({name, x, y, z}) => ({name, x, y, z}))",
        arg=chart,
        timeout=SOON,
    ).json_value()
    for trace in found:
        if chart in ("loss", "accuracy", "step-loss"):
            placed = [i for i, x in enumerate(trace["x"]) if x is not None]
            trace |= {axis: [trace[axis][i] for i in placed] for axis in ("x", "y")}
    return found
