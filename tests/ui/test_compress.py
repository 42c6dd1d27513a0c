"""What browsers load once is compressed once."""

from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

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
        got = client.get("/static/a.js", headers={"accept-encoding": "gzip, br"})
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
