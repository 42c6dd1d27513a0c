"""How long one waits for the app: at its start, and after Train; and what memory it takes.

    python -m tests.benchmarks.startup

The real app, its real engine and a real Chromium on one machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.benchmarks import command_line, machine
from tests.benchmarks.classroom import seconds
from tests.e2e import server as app

_QUERIES = {
    "default": "",
    "batch 1": "batch_size=1",
    "batch 8192": "batch_size=8192",
    "softmax regression": "hidden_layers=none",
    "5 × 1024 gelu": "hidden_layers=1024,1024,1024,1024,1024&activation=gelu",
}
_AGAIN = 4
_TURNS = _NEW_PAGES = 40
_REST = 1500  # milliseconds, in which somebody looks at what there is

# In the page: from the press itself until the loss chart of the run's own board shows a figure.
_FROM_PRESS = """() => {
  const before = document.querySelector(".live-board");
  window.firstPoint = 0;
  addEventListener("click", () => {
    const pressed = performance.now();
    const look = () => {
      const board = document.querySelector(".live-board");
      const chart = board === before ? null : board?.querySelector("[data-testid=chart-loss]");
      const drawn = chart?.querySelector(".main-svg");
      if (drawn && chart.data.some((trace) => trace.x?.some((x) => x > 0))) {
        window.firstPoint = (performance.now() - pressed) / 1000;
      } else requestAnimationFrame(look);
    };
    look();
  }, {capture: true, once: true});
}"""


def seconds_to_first_point(page: Page, server: app.Server, query: str) -> float:
    """From the press of Train on a new page to the first training figure on the loss chart."""
    app.open_train(page, server, query)
    page.wait_for_timeout(_REST)
    return _press(page)


def seconds_after_a_turn(page: Page, key: str) -> float:
    """The same on a page that has trained, after a turn of its learning rate by a key."""
    page.get_by_role("slider", name="Learning rate").press(key)
    page.wait_for_timeout(_REST)
    return _press(page)


def _press(page: Page) -> float:
    """Press Train; returns the seconds to the first point, once the run has been stopped."""
    page.evaluate(_FROM_PRESS)
    app.train_button(page).hover()
    page.wait_for_timeout(_REST / 3)
    app.train_button(page).click()
    page.wait_for_timeout(_REST)  # who asks the page meanwhile takes its time
    page.wait_for_function("() => window.firstPoint", timeout=app.TRAINED)
    took = float(page.evaluate("window.firstPoint"))
    stop = app.button(page, "Stop")
    with contextlib.suppress(NotInTime):  # a quick run has ended by itself
        stop.click(timeout=_REST)
    expect(app.status(page)).to_contain_text(app.ENDED, timeout=app.TRAINED)
    return took


def memory(server: app.Server) -> dict[str, Any]:
    """Resident MB of the web process and of the greatest worker."""
    web = psutil.Process(server.process.pid)
    workers = [p.memory_info().rss for p in server.engine_workers()]
    return {
        "web": round(web.memory_info().rss / 1e6),
        "worker": round(max(workers, default=0) / 1e6),
    }


def main() -> None:
    """Print the figures."""
    command_line(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as home, app.browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        began = time.monotonic()
        server = app.Server(Path(home), workers=1)
        try:
            app.open_train(page, server)
            usable = time.monotonic() - began
            seconds_to_first_point(page, server, "")  # warms the engine
            waits: dict[str, Any] = {}
            known: list[float] = []
            for name, query in _QUERIES.items():
                first, *again = (
                    seconds_to_first_point(page, server, f"{query}&learning_rate=0.00{n}&seed={n}")
                    for n in range(1, 2 + _AGAIN)
                )
                waits[name] = {"first": round(first, 2), "again": seconds(again)}
                known += again
            waits["all again"] = seconds(known)
            few = "epochs=2&early_stop=false"
            waits["default, each on a new page"] = seconds(
                [
                    seconds_to_first_point(page, server, f"{few}&learning_rate=0.00{1 + n % 9}")
                    for n in range(_NEW_PAGES)
                ]
            )
            app.open_train(page, server, few)
            _press(page)
            keys = ("ArrowRight", "ArrowLeft")
            turns = [seconds_after_a_turn(page, keys[turn % 2]) for turn in range(_TURNS)]
            waits["default, on the same page, after a turn of the learning rate"] = seconds(turns)
            result = {
                "seconds from server start to a usable Train page": round(usable, 2),
                f"seconds from Train to the first point, warm; again {_AGAIN} times, with other "
                "rates and seeds": waits,
                "load of the machine, a minute's mean": os.getloadavg()[0],
                "resident memory, MB": memory(server),
                "machine": machine(),
            }
        finally:
            server.stop()
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
