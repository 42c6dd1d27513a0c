from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e import server as app

# Notes what the browser did not let a page do, as the server tells it, with the page's address.
REFUSED = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${location.pathname}: ${event.effectiveDirective} ${event.blockedURI}`));
"""


# Streamlit asks Google's server for the icon of a page that it shows before our own has come.
_ICONS = "img-src https://fonts.gstatic.com/s/i/short-term/release/materialsymbolsrounded/"


def refused(page: Page) -> list[str]:
    """What this page was refused since it was loaded, beside icons that are not for us to load."""
    found: list[str] = page.evaluate("window.refused ?? []")
    return [what for what in found if _ICONS not in what]


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


@pytest.fixture(scope="session")
def _context(chromium: Browser) -> Iterator[BrowserContext]:
    """Tests share a browser's cache: loading Streamlit again takes seconds of a core."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.add_init_script(REFUSED)
        yield context


@pytest.fixture
def page(_context: BrowserContext) -> Iterator[Page]:
    """A page of somebody who was never here, 1280 px wide; it wants nothing that is refused."""
    page = _context.new_page()
    yield page
    wanted = [what for each in _context.pages for what in refused(each)]
    for each in _context.pages:
        _forget(_context, each)
        each.close()
    _context.clear_cookies()
    assert wanted == []


def _forget(context: BrowserContext, page: Page) -> None:
    """Remove what a page has stored in the browser, beside cookies."""
    scheme, host, *_ = urlsplit(page.url)
    if host:
        context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin",
            {"origin": f"{scheme}://{host}", "storageTypes": "local_storage"},
        )
