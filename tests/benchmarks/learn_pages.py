"""How long one waits for the first figure of each Learn page, with a warm and idle server.

    python -m tests.benchmarks.learn_pages [rounds; default 5]

The real app and a real Chromium on one machine. For each page: the first visit of all, by its
address; by its address again, with all of the app that a browser has to load and start; and from
the menu, as one comes to it from the Train page. A small run is trained first: two of the pages
show one's own runs.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.benchmarks import command_line, machine
from tests.e2e import server as app

PAGES = {
    "The data": "the-data",
    "Feature scaling": "feature-scaling",
    "Flatten": "flatten",
    "Dense": "dense",
    "Activation functions": "activation-functions",
    "compile()": "compile",
    "evaluate() and the three sets": "evaluate",
    "Callback": "callback",
    "Batch and mini-batch": "batch",
}
_RUN = "train_images=2000&epochs=2&early_stop=false"

# A figure in the page's body: a drawn chart, or an image that has been read.
_FIGURE = """
  (title) => document.querySelector("[data-testid=stMain] h1")?.textContent === title &&
    [...document.querySelectorAll("[data-testid=stMain] :is(.main-svg, img)")]
      .some((one) => one.matches("img") ? one.complete && one.naturalWidth
        : one.querySelector(".trace, .hm, .xy image"))
"""


def by_address(page: Page, server: app.Server, title: str) -> float:
    """Seconds from the address to the figure."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(server.url + PAGES[title], wait_until="commit")
    return _seen(page, title, began)


def by_menu(page: Page, server: app.Server, title: str) -> float:
    """Seconds from the press on the menu's line to the figure."""
    app.open_train(page, server)
    page.get_by_text("Learn", exact=True).click()
    line = page.get_by_role("menuitem", name=title)
    expect(line).to_be_visible(timeout=app.SOON)
    began = time.perf_counter()
    line.click()
    return _seen(page, title, began)


def _seen(page: Page, title: str, began: float) -> float:
    page.wait_for_function(_FIGURE, arg=title, polling="raf", timeout=app.SOON)
    return time.perf_counter() - began


def measure(page: Page, server: app.Server, rounds: int) -> dict[str, Any]:
    """Seconds of each page's first visit, and medians and maxima of later ones."""
    found: dict[str, Any] = {}
    for title in PAGES:
        first = by_address(page, server, title)
        ways = {"by address": by_address, "by menu": by_menu}
        times = {
            way: [visit(page, server, title) for _ in range(rounds)] for way, visit in ways.items()
        }
        found[title] = {"first visit": round(first, 2)} | {
            way: {"median": round(statistics.median(s), 2), "max": round(max(s), 2)}
            for way, s in times.items()
        }
        print(title, found[title], file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Print the figures."""
    rounds = command_line(__doc__, rounds=5).parse_args().rounds
    with tempfile.TemporaryDirectory() as home, app.browser() as chromium:
        server = app.Server(Path(home), workers=1)
        try:
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            app.train(page, server, _RUN)
            expect(app.status(page)).to_contain_text("Finished", timeout=app.TRAINED)
            result = measure(page, server, rounds)
        finally:
            server.stop()
    figures = {"rounds": rounds, "seconds to the first figure": result, "machine": machine()}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
