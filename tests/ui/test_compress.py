"""What browsers load once is compressed once."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from playground.ui import compress
from playground.ui.compress import CompressedFiles

TEXT = b"export const answer = 42;\n" * 100
FOR_EVER = "public, immutable, max-age=31536000"


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def client(asked: list[str]) -> TestClient:
    async def answer(request: Request) -> Response:
        asked.append(request.headers.get("accept-encoding", ""))
        name = request.path_params["name"]
        if name == "missing.js":
            return PlainTextResponse("no" * 1000, 404, headers={"cache-control": FOR_EVER})
        cache = "no-cache" if name == "index.html" else FOR_EVER
        kind = "font/woff2" if name == "font.woff2" else "text/javascript"
        small = name == "small.js"
        return Response(
            b"1;" if small else TEXT, media_type=kind, headers={"cache-control": cache, "etag": "e"}
        )

    routes = [Route(f"{place}{{name}}", answer) for place in ("/static/", "/assets/", "/api/")]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(CompressedFiles)]))


def test_a_file_is_compressed_once_for_all_who_take_it(
    client: TestClient, asked: list[str]
) -> None:
    for _ in range(3):
        got = client.get("/static/a.js", headers={"accept-encoding": "gzip, deflate"})
        assert got.content == TEXT
        assert got.headers["content-encoding"] == "gzip"
        assert int(got.headers["content-length"]) == len(gzip.compress(TEXT, 9, mtime=0))
        assert got.headers["content-type"].startswith("text/javascript")
        assert got.headers["cache-control"] == FOR_EVER
        assert "accept-encoding" in got.headers["vary"].lower()
    assert asked == [""]  # nobody below compresses it first


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/a.js", {"accept-encoding": "identity"}),
        ("/static/a.js", {"accept-encoding": "br"}),
        ("/static/a.js", {"accept-encoding": "gzip;q=0, br;q=0.0"}),
        ("/static/a.js", {"accept-encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/font.woff2", {"accept-encoding": "gzip"}),
        ("/static/index.html", {"accept-encoding": "gzip"}),
        ("/static/small.js", {"accept-encoding": "gzip"}),
        ("/api/a.js", {"accept-encoding": "gzip"}),
    ],
)
def test_all_else_comes_as_the_app_sends_it(
    client: TestClient, asked: list[str], path: str, headers: dict[str, str]
) -> None:
    for _ in range(2):
        got = client.get(path, headers=headers)
        assert got.content == (b"1;" if "small" in path else TEXT)
        assert "content-encoding" not in got.headers
    assert len(asked) == 2


def test_what_is_not_there_is_not_kept(client: TestClient, asked: list[str]) -> None:
    for _ in range(2):
        assert client.get("/static/missing.js").status_code == 404
    assert len(asked) == 2


@pytest.mark.parametrize("sent", [b"", TEXT[:1000]])
def test_a_file_whose_browser_has_gone_is_not_kept_for_others(sent: bytes) -> None:
    """An empty module is a valid one: Streamlit's page would break for all who come later."""
    bodies = [sent, TEXT]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"content-length": str(len(TEXT)), "cache-control": FOR_EVER}
        response = Response(media_type="text/javascript", headers=headers)
        await send({"type": "http.response.start", "status": 200, "headers": response.raw_headers})
        await send({"type": "http.response.body", "body": bodies.pop(0)})

    client = TestClient(CompressedFiles(app), raise_server_exceptions=False)
    client.get("/static/a.js", headers={"accept-encoding": "gzip"})
    for _ in range(2):
        assert client.get("/static/a.js", headers={"accept-encoding": "gzip"}).content == TEXT


def coding(client: TestClient, accepted: str, path: str = "/static/a.js") -> str:
    got = client.get(path, headers={"accept-encoding": accepted})
    assert got.content == TEXT
    assert "accept-encoding" in got.headers["vary"].lower()
    return str(got.headers["content-encoding"])


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.005)
    pytest.fail("it does not come")


def test_brotli_comes_later_for_browsers_that_take_it(
    client: TestClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    may = threading.Event()
    small: bytes = brotli.compress(TEXT)

    def packed(text: bytes, *, quality: int) -> bytes:
        assert (text, quality) == (TEXT, 10)
        assert may.wait(10)
        return small

    monkeypatch.setattr(brotli, "compress", packed)
    # Nobody waits for it.
    assert [coding(client, "gzip, deflate, br") for _ in range(3)] == ["gzip"] * 3
    may.set()
    until(lambda: coding(client, "gzip, br;q=0.5") == "br")
    got = client.get("/static/a.js", headers={"accept-encoding": "gzip, br"})
    assert int(got.headers["content-length"]) == len(small)
    assert got.headers["vary"].lower().count("accept-encoding") == 1
    assert coding(client, "gzip, br;q=0") == coding(client, "gzip") == "gzip"
    assert len(asked) == 1


def test_without_a_browser_that_takes_brotli_nothing_is_compressed_again(
    client: TestClient,
) -> None:
    before = [each.name for each in threading.enumerate()].count("brotli")
    assert [coding(client, "gzip"), coding(client, "gzip, br;q=0")] == ["gzip", "gzip"]
    assert [each.name for each in threading.enumerate()].count("brotli") == before


def test_what_is_kept_has_a_limit(
    client: TestClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One file both ways, and the second one with gzip only.
    zipped, packed = len(gzip.compress(TEXT, 9, mtime=0)), len(brotli.compress(TEXT))
    monkeypatch.setattr(compress, "_MOST_BYTES", 2 * zipped + packed)
    until(lambda: coding(client, "gzip, br") == "br")
    for _ in range(3):
        assert coding(client, "gzip, br", "/static/b.js") == "gzip"
    assert len(asked) == 2
    for _ in range(3):
        assert coding(client, "gzip, br", "/static/c.js") == "gzip"
    assert len(asked) == 5  # it is compressed for each
