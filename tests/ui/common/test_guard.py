"""Other web pages are kept out: by the host they ask for, and by what browsers are told."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.settings import settings
from playground.ui.common.guard import (
    MAX_MESSAGE_BYTES,
    BoundedMessages,
    KnownHosts,
    SecurityHeaders,
    TrustedProxies,
)
from playground.ui.common.owner import BrowserCookie

MIDDLEWARE = (TrustedProxies, SecurityHeaders, KnownHosts, BoundedMessages, BrowserCookie)
OWN = socket.gethostname().lower()
LAN = "192.168.1.20:8501"


async def page(_: Request) -> Response:
    response = HTMLResponse("<p>page</p>")
    response.set_cookie("_streamlit_xsrf", "x")
    return response


async def part(request: Request) -> Response:
    kind = {"css": "text/css", "woff2": "font/woff2", "svg": "image/svg+xml"}
    name = request.path_params["name"]
    return Response(b"1", media_type=kind.get(name.rpartition(".")[2], "text/javascript"))


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


async def count(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(str(len(await websocket.receive_bytes())))
    except WebSocketDisconnect:
        await websocket.send_text("one more")  # as a script does that has not heard of it yet


def app() -> Starlette:
    return Starlette(
        routes=[
            Route("/", page),
            Route("/assets/{name}", part),
            WebSocketRoute("/stream", stream),
            WebSocketRoute("/count", count),
        ],
        middleware=[Middleware(each) for each in MIDDLEWARE],
    )


def client() -> TestClient:
    return TestClient(app(), f"http://{LAN}")


def connect(host: str, origin: str | None = None) -> str:
    """What a websocket is told first, or why it is refused."""
    headers = {"host": host} | ({"origin": origin} if origin else {})
    try:
        with client().websocket_connect("/stream", headers=headers) as websocket:
            return websocket.receive_text()
    except WebSocketDenialResponse as refused:
        return f"{refused.status_code} {refused.text}"


def get(host: str) -> str:
    answer = client().get("/", headers={"host": host})
    return "hello" if answer.status_code == 200 else f"{answer.status_code} {answer.text}"


@pytest.fixture(params=[get, connect], ids=["http", "websocket"])
def ask(request: pytest.FixtureRequest) -> Callable[[str], str]:
    asking: Callable[[str], str] = request.param
    return asking


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8501", "LOCALHOST", "localhost.", "127.0.0.1:8501", LAN),
        *("[::1]:8501", "[fe80::1]", OWN, f"{OWN.partition('.')[0]}.local:8501"),
    ],
)
def test_addresses_in_figures_and_own_names_are_answered(
    host: str, ask: Callable[[str], str]
) -> None:
    assert ask(host) == "hello"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:8501",
            "localhost.evil.example",
            "192.168.1.20.nip.example",
        ),
        *("", "[::1", "evil.example:80@localhost", "playground"),
    ],
)
def test_a_name_that_a_stranger_can_own_is_refused_and_the_way_out_named(
    host: str, ask: Callable[[str], str]
) -> None:
    answer = ask(host)
    assert answer.startswith("421 ")
    assert "PLAYGROUND_ALLOWED_HOSTS" in answer


def test_names_in_the_settings_are_answered(
    ask: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_ALLOWED_HOSTS", "Play.School.org, other.school.org")
    settings.cache_clear()
    assert ask("play.school.org") == ask("OTHER.school.org:443") == "hello"
    assert ask("more.play.school.org").startswith("421 ")


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        (f"http://{LAN}", "hello"),
        (None, "hello"),  # no browser
        ("http://evil.example", "403 "),
        ("http://192.168.1.20:9999", "403 "),  # another program of the same machine
        ("http://localhost:3000", "403 "),
        ("null", "403 "),
        ("https://frontend.school.org", "hello"),  # a proxy that asks by another name
    ],
)
def test_only_our_own_pages_reach_the_websocket(
    origin: str | None, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_ALLOWED_HOSTS", "frontend.school.org")
    settings.cache_clear()
    assert connect(LAN, origin).startswith(answer)


def test_a_message_larger_than_any_page_sends_ends_the_connection() -> None:
    with client().websocket_connect("/count", headers={"host": LAN}) as websocket:
        # A drawing has at most 2 MB.
        for size in (0, 2_200_000, MAX_MESSAGE_BYTES):
            websocket.send_bytes(b"x" * size)
            assert websocket.receive_text() == str(size)
        websocket.send_bytes(b"x" * (MAX_MESSAGE_BYTES + 1))
        with pytest.raises(WebSocketDisconnect) as ended:
            websocket.receive_text()
        assert ended.value.code == 1009


def test_every_answer_says_what_a_page_may_do() -> None:
    for answer in (
        client().get("/"),
        client().get("/nothing"),
        client().get("/", headers={"host": "evil.example"}),
    ):
        policy = answer.headers["content-security-policy"]
        for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'self'"):
            assert part in policy.split("; ")
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        for source in scripts.split()[1:]:  # no inline script except Streamlit's own, no other host
            assert source in ("'self'", "blob:", "'unsafe-eval'") or source.startswith("'sha256-")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "camera=(self)" in answer.headers["permissions-policy"]


@pytest.mark.parametrize(
    ("name", "few"),
    [("a.js", True), ("a.css", True), ("a.woff2", True), ("worker.js", False), ("a.svg", False)],
)
def test_what_a_page_is_made_of_comes_without_the_headers_of_a_page(name: str, few: bool) -> None:
    headers = client().get(f"/assets/{name}").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert ("content-security-policy" not in headers) == few
    assert ("permissions-policy" not in headers) == few


def test_a_school_can_show_it_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_FRAME_ANCESTORS", "'self' https://moodle.school.org")
    settings.cache_clear()
    policy = client().get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://moodle.school.org" in policy.split("; ")


def cookies(base: str, asks: str = "10.0.0.7", **headers: str) -> list[str]:
    """The cookies that somebody at the address `asks` gets."""
    browser = TestClient(app(), base, client=(asks, 50000))
    return browser.get("/", headers=headers).headers.get_list("set-cookie")


FORWARDED = {"x-forwarded-proto": "https"}


def test_over_https_every_cookie_is_for_https_only() -> None:
    given = cookies(f"https://{LAN}")
    assert [c.partition("=")[0] for c in given] == ["_streamlit_xsrf", "playground_browser"]
    assert all(c.endswith("; Secure") for c in given)
    assert not any("secure" in c.lower() for c in cookies(f"http://{LAN}"))


@pytest.mark.parametrize(
    ("asks", "trusted", "believed"),
    [
        ("127.0.0.1", "", True),
        ("::1", "", True),
        ("::ffff:127.0.0.1", "", True),  # as a server that listens for IPv6, too, sees it
        ("10.0.0.7", "", False),
        ("::ffff:10.0.0.7", "", False),
        ("10.0.0.7", "10.0.0.0/24", True),
        ("::ffff:10.0.0.7", "10.0.0.0/24", True),
        ("127.0.0.1", "10.0.0.0/24", False),
    ],
)
def test_only_a_known_proxy_is_believed_that_it_speaks_https(
    asks: str, trusted: str, believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    settings.cache_clear()
    for cookie in cookies(f"http://{LAN}", asks, **FORWARDED):
        assert cookie.endswith("; Secure") == believed
