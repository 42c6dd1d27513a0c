"""How fast Train feels: the first paint and the first picture, long tasks while it trains, a knob.

    python -m tests.benchmarks.felt_speed [loads; default 5] [turns; default 10]

"first_visit" is a fresh server and a browser with an empty cache, "warm" the loads after it: the
seconds from the request to the first contentful paint, to the Train button and to the network's
picture.
"live": in 15 s of a default run, the tasks of the browser's main thread that take over 50 ms; and
seconds from a press of an arrow key on the learning rate until the settings below Train name it.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.benchmarks import command_line, machine
from tests.benchmarks.classroom import seconds
from tests.e2e import server as app

_WATCH_SECONDS = 15
# The first moments: of the paint, by the browser; of the others, by looking at each change.
_FIRST = """() => {
  const found = (window.found = {});
  const look = () => {
    const now = performance.now() / 1000;
    const button = document.querySelector(".st-key-train_button button");
    if (button && !("button" in found)) found.button = now;
    const drawn = document.querySelector('[data-testid="network-view"][data-epoch]');
    if (drawn && !("picture" in found)) found.picture = now;
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
}"""
_PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000"""
_LONG_TASKS = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration / 1000);
  }).observe({ type: "longtask" });
}"""
# The chip that names what the rate is now: the script has run with it.
_TURN = """() => {
  const chips = () => document.querySelector(".st-key-train_changes")?.textContent;
  const before = chips(), start = performance.now();
  window.answered = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (chips() === before) return;
      observer.disconnect();
      resolve((performance.now() - start) / 1000);
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}"""


def load(page: Page, url: str) -> dict[str, float]:
    """Seconds to the moments of one load."""
    page.goto(url)
    page.wait_for_function("() => window.found && 'picture' in window.found", timeout=app.TRAINED)
    return {"paint": page.evaluate(_PAINT), **page.evaluate("window.found")}


def live(page: Page, url: str, turns: int) -> dict[str, object]:
    """Long tasks and the knob's answers while a run trains."""
    page.goto(f"{url}?epochs=200&early_stop=false")
    app.train_button(page).click()
    expect(app.status(page)).to_contain_text("Running", timeout=app.TRAINED)
    app.wait_for_epoch(page, 1)
    page.evaluate(_LONG_TASKS)
    page.wait_for_timeout(1000 * _WATCH_SECONDS)
    tasks = page.evaluate("window.tasks")
    rate = page.locator('[class*="_learning_rate"]').get_by_role("slider").first
    answers = []
    for turn in range(turns):
        page.evaluate(_TURN)
        rate.press("ArrowRight" if turn % 4 < 2 else "ArrowLeft")
        answers.append(float(page.evaluate("window.answered")))
        page.wait_for_timeout(700)
    app.button(page, "Stop").click()
    return {
        "long_tasks": len(tasks),
        "over_200_ms": sum(task > 0.2 for task in tasks),
        "longest": max(tasks, default=0.0),
        "knob": seconds(answers),
    }


def main() -> None:
    """Print the figures."""
    parser = command_line(__doc__, loads=5, turns=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, app.browser() as browser:
        server = app.Server(Path(home), 1)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(f"({_FIRST})()")
            first = load(page, server.url)
            warm = [load(page, server.url) for _ in range(given.loads)]
            running = live(page, server.url, given.turns)
        finally:
            server.stop()
    figures = {
        "first_visit": first,
        "warm": {name: seconds([one[name] for one in warm]) for name in first},
        "live": running,
    }
    print(json.dumps({**figures, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
