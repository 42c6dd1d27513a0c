from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.dataset import CLASS_NAMES
from tests.e2e.server import SOON, TRAINED, Server, status, train

# The outline of a pair of trousers, as shares of the paper.
TROUSERS = [(0.35, 0.1), (0.65, 0.1), (0.68, 0.9), (0.55, 0.9), (0.5, 0.35), (0.45, 0.9)]
TROUSERS += [(0.32, 0.9), (0.35, 0.1)]


@pytest.fixture(scope="module")
def trained(chromium: Browser, server: Server) -> str:
    """The id of a finished run."""
    context = chromium.new_context()
    page = context.new_page()
    train(page, server, "epochs=2&stop=false")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(page).to_have_url(re.compile("run="), timeout=SOON)
    run = re.search(r"run=(\w+)", page.url)
    context.close()
    assert run is not None
    return run[1]


def draw(page: Page, outline: list[tuple[float, float]]) -> None:
    """One stroke of the mouse along an outline."""
    paper = page.get_by_test_id("sketchpad")
    paper.scroll_into_view_if_needed(timeout=SOON)
    box = paper.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in outline]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 400])
def test_drawn_trousers_are_judged(page: Page, server: Server, trained: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{server.url}draw?run={trained}")
    expect(page.get_by_test_id("sketchpad")).to_be_visible(timeout=3 * SOON)
    draw(page, TROUSERS)
    answer = page.get_by_role("heading", name="The network says:")
    expect(answer).to_be_visible(timeout=SOON)
    expect(answer).to_contain_text("Trouser", timeout=SOON)
    table = page.get_by_role("table", name="Probability of each label")
    expect(table.get_by_role("row")).to_have_count(10)
    expect(table.get_by_role("rowheader")).to_have_text(list(CLASS_NAMES))
    expect(page.get_by_alt_text("Your drawing as the network gets it")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
