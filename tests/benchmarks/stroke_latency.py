"""From the end of a pen's stroke on Draw to the new answer on the screen, while a run trains.

python -m tests.benchmarks.stroke_latency [strokes; default 24]
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.benchmarks import command_line, machine
from tests.benchmarks.classroom import seconds
from tests.e2e import server as app

# The picture of the drawing as the network gets it changes together with the answer.
_WATCH = """() => {
  const pictures = () => [...document.querySelectorAll("img")].map((i) => i.src).join("|");
  window.waits = [];
  let up = null, before = "";
  document.addEventListener("pointerup", () => {
    up = performance.now();
    before = pictures();
  }, true);
  new MutationObserver(() => {
    if (up === null || pictures() === before) return;
    window.waits.push(performance.now() - up);
    up = null;
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""
_PAUSE = 900  # milliseconds between strokes


def measure(page: Page, url: str, strokes: int) -> list[float]:
    """Seconds from each stroke to its answer."""
    page.goto(f"{url}?epochs=200&early_stop=false")
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled(timeout=app.TRAINED)
    train.click()
    expect(page.get_by_test_id("run-status")).to_contain_text("Running", timeout=app.TRAINED)
    page.get_by_role("link", name="Draw").first.click()
    paper = page.locator("canvas").first
    expect(paper).to_be_visible(timeout=app.SOON)
    box = paper.bounding_box()
    assert box is not None

    def stroke(*places: tuple[float, float]) -> None:
        for number, (x, y) in enumerate(places):
            page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=6)
            if number == 0:
                page.mouse.down()
        page.mouse.up()

    stroke((0.3, 0.2), (0.7, 0.25))
    expect(page.get_by_text("The network says")).to_be_visible(timeout=app.SOON)
    page.wait_for_timeout(_PAUSE)
    page.evaluate(_WATCH)
    for number in range(strokes):
        across = 0.3 + 0.4 * number / strokes
        stroke((across, 0.3), (across + 0.02, 0.5 + 0.2 * number / strokes))
        page.wait_for_timeout(_PAUSE)
    return [wait / 1000 for wait in page.evaluate("window.waits")]


def main() -> None:
    """Print the figures."""
    strokes = command_line(__doc__, strokes=24).parse_args().strokes
    with tempfile.TemporaryDirectory() as home, app.browser() as browser:
        server = app.Server(Path(home), 2)
        try:
            waits = measure(browser.new_page(), server.url, strokes)
        finally:
            server.stop()
    figures = {"strokes": strokes, "answered": len(waits), "seconds": seconds(waits)}
    print(json.dumps({**figures, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
