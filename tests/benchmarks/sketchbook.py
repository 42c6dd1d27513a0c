"""What files and views of the sketchbook cost: processor seconds, and other people's waits.

    python -m tests.benchmarks.sketchbook [drawings in the book; default 10,000]

In one process, without browser and training: scripts run as Streamlit runs them. "beside an
import" is what others wait for the page while 1,000 drawings are being imported again and again.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from streamlit.testing.v1 import AppTest

from playground.drawing.quickdraw import read_ndjson, to_ndjson
from playground.drawing.sketches import NewSketch
from playground.network.network import Network
from playground.runs import service
from playground.store.sketchbook import Sketchbook
from playground.ui.sketch.files import read_sketches
from tests.benchmarks import command_line, machine
from tests.conftest import Place
from tests.ui.pages.test_sketchbook import script

_FILE = 1_000
_PEOPLE = 20


def by_hand(count: int, seed: int) -> str:
    """A file of wobbly outlines with some lines inside, about 45 points each, as hands draw."""
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(count):
        corners = np.sort(rng.uniform(0, 2 * np.pi, 12))
        ring = np.stack([np.cos(corners), np.sin(corners)]) * rng.uniform(60, 125, 12) + 128
        ring = np.concatenate([ring, ring[:, :1]], axis=1).repeat(2, axis=1)
        strokes = [ring + rng.normal(0, 2, ring.shape)]
        strokes += [rng.uniform(60, 200, (2, 6)) for _ in range(3)]
        drawing = [np.rint(stroke).astype(int).tolist() for stroke in strokes]
        lines.append(json.dumps({"word": "bag", "drawing": drawing}))
    return "\n".join(lines)


def saws(size: int) -> str:
    """A file of lines that split off one tooth at a time, each of as many points as may be."""
    xs = np.linspace(0, 255, 2_000).astype(int).tolist()
    ys = [(i % 2) * (255 - i * 255 // 2_000) for i in range(2_000)]
    line = json.dumps({"word": "bag", "drawing": [[xs, ys]]}) + "\n"
    return line * (size // len(line))


def dots(size: int) -> str:
    """A file of dots all over the paper, each with its loose ends."""
    rng = np.random.default_rng(0)
    lines: list[str] = []
    while sum(len(line) for line in lines) < size - 2_000:
        places = rng.integers(0, 256, (60, 2)).tolist()
        drawing = [[[x, x + 4], [y, y]] for x, y in places]
        lines.append(json.dumps({"word": "bag", "drawing": drawing}) + "\n")
    return "".join(lines)


def processor(work: Callable[[], object]) -> float:
    """Seconds of a core that this process takes for it."""
    began = time.process_time()
    work()
    return round(time.process_time() - began, 2)


def views(count: int) -> dict[str, float]:
    """Seconds of new visitors' first views of the page."""
    times = []
    for _ in range(count):
        app = AppTest.from_function(script, default_timeout=600)
        began = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - began)
        assert not app.exception
    return {
        "first": round(times[0], 2),
        "median": round(statistics.median(times), 2),
        "max": round(max(times), 2),
    }


def fill(book: Sketchbook, count: int) -> None:
    """Keep so many drawings of several people; their items are noise, which costs no time."""
    rng = np.random.default_rng(3)
    drawings, _ = read_ndjson(by_hand(count, 4).splitlines())
    items = rng.integers(0, 256, (count, 28, 28), np.uint8)
    sketches = [
        NewSketch(n % 10, item, drawing.strokes)
        for n, (item, drawing) in enumerate(zip(items, drawings, strict=True))
    ]
    for person in range(_PEOPLE):
        book.add(f"person {person}", sketches[person::_PEOPLE], imported=True)


def beside_imports(book: Sketchbook) -> dict[str, float]:
    """Views while a file is read and kept, again and again."""
    ended = threading.Event()
    text = by_hand(_FILE, 77)

    def work() -> None:
        while not ended.is_set():
            book.add("importer", read_sketches(text)[0], imported=True)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        return views(10)
    finally:
        ended.set()
        thread.join()


def measure(place: Place, count: int) -> dict[str, Any]:
    """All figures, with so many drawings in the book."""
    book = place.hub.sketchbook
    file = by_hand(_FILE, 10**6)
    found: dict[str, Any] = {
        "import of 1,000 drawings, core seconds": processor(
            lambda: book.add("me", read_sketches(file)[0], imported=True)
        )
    }
    for name, made in (("saws", saws), ("dots", dots)):
        text = made(2 * 2**20)
        found[f"reading 2 MiB of {name}, core seconds"] = processor(lambda t=text: read_sketches(t))  # type: ignore[misc]
    fill(book, count - _FILE)
    rng = np.random.default_rng(0)
    layers = tuple(
        (rng.normal(0, 0.05, (inputs, units)).astype(np.float32), np.zeros(units, np.float32))
        for inputs, units in ((784, 1024), (1024, 10))
    )
    place.finished(network=Network("relu", 1 / 255, 0.0, layers))
    found["drawings"] = book.summary().total
    found["a view, seconds"] = views(10)
    found["export, core seconds"] = processor(lambda: to_ndjson(book.drawings()))
    book.clear("me")
    fill(book, 2_000)
    found["a view with 2,000 drawings, seconds"] = views(10)
    found["the same beside an import, seconds"] = beside_imports(book)
    return found


def main() -> None:
    """Print the figures."""
    count = command_line(__doc__, drawings=10_000).parse_args().drawings
    owner = patch("playground.ui.pages.sketchbook.current_owner", lambda: "me")
    with tempfile.TemporaryDirectory() as home, owner:
        place = Place(Path(home))
        try:
            result = measure(place, count)
        finally:
            place.hub.close()
            service.use(None)
    print(json.dumps({**result, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
