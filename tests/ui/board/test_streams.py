"""The stream that all tabs of a browser share: its JavaScript by itself, and how it is served."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.ui.board.streams import stream_worker


def test_the_shared_stream() -> None:
    node = compute_driver_executable()[0]  # the Node.js that Playwright brings
    tests = Path(__file__).with_name("stream_worker.test.mjs")
    done = subprocess.run([node, "--test", tests], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_worker_is_served_as_javascript_and_asked_for_again() -> None:
    client = TestClient(Starlette(routes=[Route("/worker.js", stream_worker)]))
    answer = client.get("/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "SharedWorkerGlobalScope" in answer.text
