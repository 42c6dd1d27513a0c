"""How long an event takes from the worker to the browser's screen.

    python -m tests.benchmarks.event_latency [events, at least; default 100]

The real app, its real engine and a real Chromium on one machine, so on one clock. The span begins
with the worker's own stamp on the event, and ends when the board's `board:drawn` says that the
charts show it. A network that is compiled trains before its board is on the page: so there are
figures of the events that came after the board had first drawn, and of the time from the press of
Train until then.
"""

from __future__ import annotations

import json
import re
import statistics
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.benchmarks import command_line, machine
from tests.e2e import server as app

# Keeps up to which event the board had drawn, and when; and when something was pressed. An early
# version of the board said so before there were charts.
_LISTEN = """
  window.drawnAt = [];
  window.pressedAt = [];
  addEventListener("click", () => window.pressedAt.push(Date.now()), true);
  addEventListener("board:drawn", ({detail}) => {
    const drawn = document.querySelector(".live-board [data-testid=chart-loss] .main-svg");
    if (drawn) window.drawnAt.push([detail.seq, detail.at]);
  });
"""


def figures(milliseconds: list[float]) -> dict[str, float]:
    """Median, p95 and greatest, in ms with one decimal."""
    ordered = sorted(milliseconds)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max": round(ordered[-1], 1),
    }


def measure(page: Page, server: app.Server, wanted: int) -> dict[str, Any]:
    """Watch runs until at least `wanted` events are drawn."""
    page.add_init_script(_LISTEN)
    latencies: list[float] = []
    live: list[float] = []
    first: list[float] = []
    runs = 0
    while len(latencies) < wanted:
        runs += 1
        app.train(page, server, f"epochs=5&early_stop=false&seed={runs}")
        expect(app.status(page)).to_contain_text("Finished", timeout=app.TRAINED)
        expect(page).to_have_url(re.compile("run="), timeout=app.SOON)
        found = re.search(r"run=(\w+)", page.url)
        assert found is not None
        drawn: list[list[float]] = page.evaluate("window.drawnAt")
        latencies += run_latencies(server, found[1], drawn)
        live += run_latencies(server, found[1], drawn, since=drawn[0][1])
        pressed = page.evaluate("window.pressedAt.at(-1)")
        first.append(round(drawn[0][1] - pressed, 1))
    return {
        "runs": runs,
        "events": len(latencies),
        "milliseconds": figures(latencies),
        "milliseconds, once the board is drawn": figures(live),
        "milliseconds from Train to the first drawing": first,
    }


def run_latencies(
    server: app.Server, run_id: str, drawn: list[list[float]], since: float = 0
) -> list[float]:
    """Milliseconds from worker to screen for each event of a run that has ended.

    Args:
        server: the app.
        run_id: the run's id.
        drawn: up to which event the board had drawn, and when.
        since: earlier events do not count; milliseconds since 1970.
    """
    with urllib.request.urlopen(f"{server.url}api/runs/{run_id}/events", timeout=30) as stream:
        lines = stream.read().decode().splitlines()
    events = [json.loads(line[5:]) for line in lines if line.startswith("data:")]
    latencies = []
    for event in events:
        shown = [at for seq, at in drawn if seq >= event["seq"]]
        happened = event["data"].get("time", 0) * 1000
        if happened > since and shown:
            latencies.append(min(shown) - happened)
    return latencies


def main() -> None:
    """Print the figures."""
    wanted = command_line(__doc__, events=100).parse_args().events
    with tempfile.TemporaryDirectory() as home, app.browser() as chromium:
        server = app.Server(Path(home), workers=1)
        try:
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            result = measure(page, server, wanted)
        finally:
            server.stop()
    print(json.dumps({**result, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
