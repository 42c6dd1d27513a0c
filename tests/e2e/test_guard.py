"""The real server keeps other pages out, and its own pages keep to what browsers are told."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.e2e.conftest import REFUSED, refused
from tests.e2e.server import ROOT, SOON, TRAINED, Server, status, train


def ask(server: Server, host: str, **headers: str) -> tuple[int, str, list[str]]:
    """Status, text and cookies of the page under this Host header."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/", headers={"Host": host} | headers)
    answer = connection.getresponse()
    cookies = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return answer.status, answer.read().decode(), cookies


def reach_websocket(server: Server, host: str, origin: str) -> int:
    """The HTTP status that a page at this origin gets from the websocket, 101 if it is in."""
    try:
        with (
            socket.create_connection(("127.0.0.1", server.port), 20) as connection,
            connect(
                f"ws://{host}/_stcore/stream",
                sock=connection,
                origin=Origin(origin),
                proxy=None,
            ),
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_a_page_that_took_our_address_for_its_name_reaches_nothing(server: Server) -> None:
    code, text, cookies = ask(server, f"evil.example:{server.port}")
    assert code == 421
    assert "PLAYGROUND_ALLOWED_HOSTS" in text
    assert cookies == []
    evil = f"evil.example:{server.port}"
    assert reach_websocket(server, evil, f"http://{evil}") == 421
    own = f"127.0.0.1:{server.port}"
    assert reach_websocket(server, own, f"http://{evil}") == 403
    assert reach_websocket(server, own, f"http://{own}") == 101
    lan = f"192.168.1.20:{server.port}"
    assert ask(server, lan)[0] == 200
    assert reach_websocket(server, lan, f"http://{lan}") == 101


def test_behind_a_proxy_with_https_every_cookie_is_for_https_only(server: Server) -> None:
    own = f"127.0.0.1:{server.port}"
    cookies = ask(server, own, **{"X-Forwarded-Proto": "https"})[2]
    assert any(cookie.startswith("playground_browser=") for cookie in cookies)
    assert [cookie for cookie in cookies if "; secure" not in cookie.lower()] == []
    assert not any("; secure" in cookie.lower() for cookie in ask(server, own)[2])


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Page]:
    """A page that notes what it was refused."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900},
        permissions=["camera"],
    )
    context.add_init_script(REFUSED)
    yield context.new_page()
    context.close()


def test_files_photos_and_the_camera_are_allowed_and_what_is_smuggled_in_is_refused(
    watched: Page, server: Server
) -> None:
    """All other pages are held to it by the fixture `page`."""
    page = watched
    train(page, server, "epochs=1&hidden_layers=none&batch_size=512&early_stop=false")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(page.get_by_test_id("test-accuracy")).to_be_visible(timeout=SOON)
    with page.expect_download():
        page.get_by_role("button", name="Model (.keras)").click()
    page.get_by_test_id("chart-loss").hover()
    with page.expect_download():
        page.get_by_test_id("chart-loss").locator("[data-title^=Download]").click()
    assert refused(page) == []
    photo_and_camera(page, server)
    assert refused(page) == []
    # And what could be smuggled into a page does nothing.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
    page.wait_for_function("window.refused.length > 0", timeout=SOON)
    assert refused(page) == ["/draw: script-src-attr inline"]


def photo_and_camera(page: Page, server: Server) -> None:
    page.goto(f"{server.url}draw")
    page.get_by_text("Photo", exact=True).click()
    page.locator("input[type=file]").set_input_files(ROOT / "docs" / "twins.png")
    expect(page.get_by_text("twins.png")).to_be_visible(timeout=SOON)
    page.get_by_text("Camera", exact=True).click()
    page.wait_for_function("document.querySelector('video')?.readyState >= 2", timeout=SOON)
    page.get_by_role("button", name="Take Photo").click()
    expect(page.get_by_role("button", name="Clear photo")).to_be_visible(timeout=SOON)
