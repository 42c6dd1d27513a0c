"""The network for drawings that the server trains by itself, as browsers see it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.runs.dispatch.background import CALM_SECONDS
from playground.store.rows import READY_MADE
from playground.store.runs import Store
from tests.e2e.server import SOON, TRAINED, Server, open_train, status, train_button

# It begins, and goes on, when nobody has trained for a while.
CALM = 1000 * CALM_SECONDS + TRAINED
# It begins with its twins, which take longest; to its end it is trained in tests/engine/.
AT_WORK = re.compile("Making .* sketch twins|Running")
NAME = re.compile("^Ready-made for drawings")


@pytest.fixture
def making(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A fresh server that makes it."""
    running = Server(tmp_path_factory.mktemp("making"), workers=1, PLAYGROUND_READY_MADE="1")
    yield running
    running.stop()


@pytest.fixture
def student(chromium: Browser) -> Iterator[Page]:
    """A page in a browser of somebody's own."""
    with chromium.new_context() as context:
        yield context.new_page()


@pytest.mark.slow
def test_it_appears_by_itself_gives_way_to_a_run_and_goes_on_after_it(
    page: Page, student: Page, making: Server
) -> None:
    page.goto(f"{making.url}draw")
    network = page.get_by_role("combobox", name="Network")
    expect(network).to_have_value(NAME, timeout=3 * SOON)
    page.goto(f"{making.url}runs")
    table = page.get_by_test_id("runs-table")
    expect(table).to_contain_text("Ready-made for drawings", timeout=3 * SOON)
    open_train(student, making, "epochs=1&hidden_layers=none&early_stop=false")

    [run] = [run for run in Store(making.home).runs() if run.owner == READY_MADE]
    page.goto(f"{making.url}?run={run.id}")
    expect(status(page)).to_contain_text(AT_WORK, timeout=CALM)
    train_button(student).click()
    expect(status(page)).to_contain_text("Queued", timeout=SOON)
    expect(status(page)).to_contain_text("It trains while nobody else trains or waits")
    expect(status(student)).to_contain_text("Finished", timeout=TRAINED)
    expect(status(page)).to_contain_text(AT_WORK, timeout=CALM)
