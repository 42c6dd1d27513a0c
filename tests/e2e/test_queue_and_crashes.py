"""One worker: a queue that two browsers share, and what is left when a process is killed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import eventually
from tests.e2e import server as app
from tests.e2e.server import (
    SOON,
    TRAINED,
    Server,
    button,
    open_train,
    status,
    traces,
    train,
    wait_for_epoch,
)

LONG = "epochs=200&early_stop=false&hidden_layers=none&batch_size=256"


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one worker, so that a second run has to wait."""
    running = app.Server(tmp_path_factory.mktemp("single"), workers=1)
    yield running
    running.stop()


@pytest.fixture
def other(chromium: Browser) -> Iterator[Page]:
    """A page in another browser: somebody else's."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.slow
def test_two_browsers_share_one_queue(page: Page, other: Page, single: Server) -> None:
    train(page, single, LONG)
    expect(status(page)).to_contain_text("Running", timeout=TRAINED)
    expect(button(page, "Stop")).to_be_visible(timeout=SOON)

    train(other, single, "epochs=1")
    expect(status(other)).to_contain_text("Queued", timeout=SOON)
    expect(status(other)).to_contain_text("You are next", timeout=SOON)
    expect(button(other, "Stop")).to_be_enabled(timeout=SOON)
    button(other, "Stop").click()
    expect(status(other)).to_contain_text("Stopped", timeout=SOON)

    expect(page).to_have_url(re.compile("run="), timeout=SOON)
    open_train(other, single, page.url.partition("?")[2])
    expect(status(other)).to_contain_text("Running", timeout=SOON)
    expect(other.get_by_text("somebody else")).to_be_visible(timeout=SOON)
    for name in ("Pause", "Stop"):
        expect(button(other, name)).to_have_count(0)

    button(page, "Stop").click()
    for each in (page, other):
        expect(status(each)).to_contain_text("Stopped", timeout=SOON)


def test_after_a_crash_of_the_server_a_run_goes_on(page: Page, single: Server) -> None:
    train(page, single, "epochs=8&early_stop=false&hidden_layers=8&batch_size=32")
    wait_for_epoch(page, 1)
    [run_id] = re.findall(r"[?&]run=(\w+)", page.url)
    # Otherwise the run goes on from its start, which shows nothing.
    eventually(lambda: list(single.home.rglob(f"{run_id}/checkpoint-*.npz")), SOON / 1000)
    single.kill()
    single.start()
    page.goto(page.url)
    expect(status(page)).to_contain_text("Interrupted", timeout=3 * SOON)
    expect(status(page)).to_contain_text("Press Go on")
    expect(button(page, "Stop")).to_have_count(0)
    button(page, "Go on").click()
    goes_on = page.get_by_text("Goes on from")
    expect(goes_on).to_be_visible(timeout=SOON)
    expect(goes_on).not_to_contain_text("epoch 0")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    names = ("Training", "Validation")

    def curves() -> list[list[float]]:
        return [trace["x"] for trace in traces(page, "loss") if trace["name"] in names]

    # Those before the crash, too; the curve's last point may come after the status.
    eventually(lambda: curves() == [list(range(1, 9))] * 2, SOON / 1000)


def test_told_to_end_the_server_ends_although_a_board_listens(page: Page, single: Server) -> None:
    train(page, single, LONG)
    expect(status(page)).to_contain_text("Running", timeout=SOON)
    # As a service manager does it: all processes at once, the workers first.
    family = psutil.Process(single.process.pid).children(recursive=True)
    for process in [*reversed(family), single.process]:
        process.terminate()
    single.process.wait(60)  # the run itself would take longer
    single.start()
    page.goto(page.url)
    expect(status(page)).to_contain_text("Interrupted", timeout=3 * SOON)
    expect(status(page)).to_contain_text("The server was shut down", timeout=SOON)
