"""A sweep in a browser: its cells fill by themselves, also when workers are killed meanwhile."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button, open_train, status

TINY = "hidden_layers=8&train_images=1000&epochs=2&early_stop=false"


def test_nine_cells_fill_live_and_a_killed_worker_leaves_no_hole(
    page: Page, server: Server
) -> None:
    open_train(page, server, TINY)
    button(page, "Sweep").click()
    expect(page.get_by_text(re.compile("^9 runs: about"))).to_be_visible(timeout=SOON)
    button(page, "Start the sweep").click()
    cells = page.get_by_test_id("sweep-cells").get_by_role("button")
    expect(cells).to_have_count(9, timeout=SOON)
    results = page.locator("[data-testid=sweep-cells] [data-state=result]")
    expect(results.first).to_be_visible(timeout=TRAINED)
    killed = server.engine_workers()
    for worker in killed:
        worker.kill()
    expect(results).to_have_count(9, timeout=TRAINED)
    assert {worker.pid for worker in server.engine_workers()}.isdisjoint(w.pid for w in killed)
    expect(page.get_by_text("Done, 9 of 9 runs have ended")).to_be_visible(timeout=SOON)
    page.reload()
    expect(results).to_have_count(9, timeout=SOON)
    cells.first.click()
    expect(status(page)).to_contain_text("Finished", timeout=SOON)
