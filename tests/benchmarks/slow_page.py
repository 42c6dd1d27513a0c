"""How usable Train is on an old phone: four times as slow, 1 Mbit/s, 40 ms away, nothing cached.

    python -m tests.benchmarks.slow_page [visits; default 1]

A server that has shown the page before, has packed its files since, and whose engine is warm; a
browser with an empty cache, slowed down by its own tools.
"first_visit": seconds from the request to the first paint, and until Train can be pressed; the
bytes that had come by then (the websocket's as unpacked), of what kind they are, and the largest.
"second_visit": the same with all that the browser kept. "live": a run of 40 epochs; how far behind
its newest event the board is: milliseconds from an event's happening until it is drawn, of all and
of the last one.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import BrowserContext, Page, expect

from tests.benchmarks import command_line, machine
from tests.benchmarks.event_latency import figures, run_latencies
from tests.e2e import server as app

SLOWER = 4
BYTES_PER_SECOND = 1_000_000 / 8
LATENCY_MS = 40
BUSY_PERCENT = 10  # of a core
_LARGEST = 12
_WATCH = """
  const look = () => {
    const button = document.querySelector('.st-key-train_button button');
    if (!button || button.disabled || window.usableAt) return;
    window.usableAt = performance.now() / 1000;
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
  window.drawnAt = [];
  addEventListener("board:drawn", ({detail}) => {
    const drawn = document.querySelector(".live-board [data-testid=chart-loss] .main-svg");
    if (drawn) window.drawnAt.push([detail.seq, detail.at]);
  });
"""


class Traffic:
    """What has come over the network, in bytes as they were sent, by path."""

    def __init__(self, page: Page) -> None:
        self.bytes: Counter[str] = Counter()
        paths: dict[str, str] = {}
        tools = page.context.new_cdp_session(page)
        tools.send("Network.enable")
        # It starts at the process: what a shared worker loads is not slowed down.
        tools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BYTES_PER_SECOND,
                "uploadThroughput": BYTES_PER_SECOND,
            },
        )
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

        def sent(event: dict[str, Any]) -> None:
            paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

        def came(event: dict[str, Any]) -> None:
            self.bytes[paths.get(event["requestId"], "other")] += int(event["encodedDataLength"])

        def framed(event: dict[str, Any]) -> None:
            # Base64, and as it was before it was compressed.
            self.bytes["websocket"] += len(event["response"]["payloadData"]) * 3 // 4

        tools.on("Network.requestWillBeSent", sent)
        tools.on("Network.loadingFinished", came)
        tools.on("Network.webSocketFrameReceived", framed)


def kind(path: str) -> str:
    """Whose a resource is."""
    if path.startswith("/static/") or path == "/":
        return "Streamlit's"
    if path.endswith("/plotly.min.js"):
        return "plotly.js"
    return "modules" if path.startswith("/assets/") else path.strip("/").split("/")[0]


def visit(context: BrowserContext, server: app.Server) -> tuple[Page, dict[str, Any]]:
    """Open Train in a new page, slowly."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    traffic = Traffic(page)
    page.goto(f"{server.url}?epochs=40&early_stop=false", wait_until="commit")
    page.wait_for_function("() => window.usableAt", timeout=app.TRAINED)
    came = traffic.bytes.copy()
    kinds: Counter[str] = Counter()
    for path, size in came.items():
        kinds[kind(path)] += size
    paint = page.evaluate(
        '() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime / 1000'
    )
    found = {
        "paint": paint and round(paint, 2),
        "usable": round(page.evaluate("window.usableAt"), 2),
        "bytes": came.total(),
        "kinds": dict(kinds.most_common()),
        "largest": dict(came.most_common(_LARGEST)),
    }
    return page, found


def live(page: Page, server: app.Server) -> dict[str, Any]:
    """Train on a page that is open."""
    app.train_button(page).click()
    expect(app.status(page)).to_contain_text("Finished", timeout=app.TRAINED)
    expect(page).to_have_url(re.compile("run="), timeout=app.SOON)
    page.wait_for_timeout(3000)  # whatever is behind shows itself
    run = re.search(r"run=(\w+)", page.url)
    assert run is not None
    drawn = page.evaluate("window.drawnAt")
    late = run_latencies(server, run[1], drawn, since=drawn[0][1])
    return {"events": len(late), "milliseconds": figures(late), "last": round(late[-1], 1)}


def wait_for_packed(page: Page) -> None:
    """Return when the server sends the scripts of a page that is open as small as it can."""
    came = page.evaluate(
        """() => performance.getEntriesByType("resource")
          .map(({name, decodedBodySize}) => [name, decodedBodySize])"""
    )
    left = [url for url, size in came if url.endswith("js") and size > 500]
    deadline = time.monotonic() + 60
    while left:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)
        left = [url for url in left if not _is_packed(url)]


def _is_packed(url: str) -> bool:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request) as answer:
        return bool(answer.headers["Content-Encoding"] == "br")


def wait_for_idle(server: app.Server) -> None:
    """Return when the server's processes have done next to nothing for two seconds."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        web = psutil.Process(server.process.pid)
        processes = [web, *web.children(recursive=True)]
        for process in processes:
            process.cpu_percent()  # from here on
        time.sleep(2)
        if sum(process.cpu_percent() for process in processes) < BUSY_PERCENT:
            return
    raise AssertionError("the server has no rest")


def main() -> None:
    """Print the figures."""
    given = command_line(__doc__, visits=1).parse_args()
    found: dict[str, Any] = {"first_visit": [], "second_visit": [], "live": []}
    with tempfile.TemporaryDirectory() as home, app.browser() as chromium:
        server = app.Server(Path(home), workers=1)
        try:
            before = chromium.new_page()
            app.open_train(before, server)
            wait_for_packed(before)
            before.close()
            wait_for_idle(server)
            for _ in range(given.visits):
                context = chromium.new_context(viewport={"width": 1280, "height": 800})
                page, first = visit(context, server)
                found["first_visit"].append(first)
                page.wait_for_load_state("networkidle")
                page.close()
                page, second = visit(context, server)
                found["second_visit"].append(second)
                found["live"].append(live(page, server))
                context.close()
        finally:
            server.stop()
    print(json.dumps({**found, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
