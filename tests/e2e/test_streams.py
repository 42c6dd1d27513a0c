"""Live boards in many tabs: one stream of events a browser, none for hidden pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import eventually
from tests.e2e import server as app
from tests.e2e.relay import Relay
from tests.e2e.server import (
    SOON,
    TRAINED,
    Server,
    button,
    open_train,
    status,
    traces,
    train_button,
    wait_for_epoch,
)

LONG = "epochs=200&early_stop=false&hidden_layers=none&batch_size=256"
# A page whose goodbye is lost counts as gone after a minute and a quarter.
SECONDS = 100
HIDE = """state => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one worker, so that a second run has to wait."""
    running = app.Server(tmp_path_factory.mktemp("single"), workers=1)
    yield running
    running.stop()


@pytest.fixture
def relay(single: Server) -> Iterator[Relay]:
    between = Relay(single.port)
    yield between
    between.close()


def start(page: Page, url: str, query: str) -> str:
    """Train over this address; returns the address of the run."""
    page.goto(f"{url}?{query}")
    expect(train_button(page)).to_be_enabled(timeout=3 * SOON)
    train_button(page).click()
    page.wait_for_url("**run=**", timeout=SOON)
    return page.url


def epochs(page: Page) -> list[float]:
    """The epochs that the board shows."""
    return next((t["x"] for t in traces(page, "loss") if t["name"] == "Training"), [])


@pytest.mark.slow
def test_eight_live_boards_and_a_ninth_page_in_one_browser(page: Page, relay: Relay) -> None:
    running = start(page, relay.url, LONG)
    wait_for_epoch(page, 1)
    # While eight pages load: eight boards that are drawn all the time are slow to open.
    button(page, "Pause").click()
    expect(status(page)).to_contain_text("Paused", timeout=SOON)
    pages = [page, *(page.context.new_page() for _ in range(7))]
    waiting = start(pages[1], relay.url, f"{LONG}&seed=7")
    for number, other in enumerate(pages[2:]):
        other.goto((running, waiting)[number % 2])
    for number, each in enumerate(pages):
        expect(status(each)).to_contain_text(("Paused", "Queued")[number % 2], timeout=3 * SOON)
    shown = int(epochs(page)[-1])
    button(page, "Resume").click()
    for each in pages[::2]:
        wait_for_epoch(each, shown + 2)
    assert len(relay.streams) == 1

    ninth = page.context.new_page()
    ninth.goto(relay.url)
    expect(train_button(ninth)).to_be_enabled(timeout=3 * SOON)
    ninth.close()

    # A seventh tab that could not send would not stop its run.
    button(pages[-1], "Stop").click()
    button(pages[-2], "Stop").click()
    for each in pages:
        expect(status(each)).to_contain_text("Stopped", timeout=SOON)
    eventually(lambda: not relay.streams, SECONDS)
    newest = epochs(page)
    assert newest == list(range(1, len(newest) + 1))
    for each in pages[2::2]:
        wait_for_epoch(each, len(newest))
        assert epochs(each) == newest


def test_a_hidden_page_holds_no_stream_and_misses_nothing(page: Page, relay: Relay) -> None:
    start(page, relay.url, LONG)
    wait_for_epoch(page, 1)
    assert len(relay.streams) == 1
    page.evaluate(HIDE, "hidden")
    eventually(lambda: not relay.streams, SECONDS)
    # What had come before the stream ended may be drawn a moment later; then nothing comes.
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_epoch(other, int(epochs(page)[-1]) + 3)
    before = epochs(page)
    wait_for_epoch(other, int(before[-1]) + 3)
    assert epochs(page) == before
    page.evaluate(HIDE, "visible")
    wait_for_epoch(page, int(before[-1]) + 3)
    seen = epochs(page)
    assert seen == list(range(1, len(seen) + 1))
    other.close()
    eventually(lambda: len(relay.streams) == 1, SECONDS)
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("Stopped", timeout=SOON)
    eventually(lambda: not relay.streams, SECONDS)


@pytest.mark.slow
def test_closed_tabs_leave_no_stream(page: Page, relay: Relay) -> None:
    one = start(page, relay.url, LONG)
    other = page.context.new_page()
    two = start(other, relay.url, f"{LONG}&seed=7")
    eventually(lambda: len(relay.streams) == 1 and relay.streams[0].count("run=") == 2, SECONDS)
    other.close(run_before_unload=True)
    eventually(lambda: len(relay.streams) == 1 and relay.streams[0].count("run=") == 1, SECONDS)
    wait_for_epoch(page, 1)
    for url in (two, one):
        page.goto(url)
        button(page, "Stop").click()
        expect(status(page)).to_contain_text("Stopped", timeout=SOON)
    eventually(lambda: not relay.streams, SECONDS)


def test_an_open_board_reads_on_after_the_server_has_come_back(page: Page, single: Server) -> None:
    open_train(page, single, LONG)
    train_button(page).click()
    wait_for_epoch(page, 2)
    single.kill()
    expect(page.get_by_text("Connection lost, trying again…")).to_be_visible(timeout=SOON)
    single.start()
    expect(status(page)).to_contain_text("Interrupted", timeout=TRAINED)
    expect(page.get_by_text("Connection lost, trying again…")).to_be_hidden(timeout=SOON)
    seen = epochs(page)
    assert seen == list(range(1, len(seen) + 1)) != []
