from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import server as app


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if app.chromium() is None:
        message = "there is no Chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with app.browser() as running:
        yield running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[app.Server]:
    """A server for all tests that leave it as they found it."""
    running = app.Server(tmp_path_factory.mktemp("home"), workers=2)
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a browser of its own, 1280 px wide."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
