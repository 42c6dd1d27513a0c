"""What browsers load once, compressed once: Streamlit's own files, plotly.js and our modules.

Streamlit sends its files as they are, 3 MB for the first page, and compresses all others again for
each browser: a tenth of a second for plotly.js, in which nobody else gets an answer.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLACES = ("/static/", "/assets/")
_TEXT = ("text/", "application/javascript", "application/json", "application/wasm", "image/svg")
# All of Streamlit's files are 8 MB, compressed. An address that does not exist gets a page of HTML.
_MOST_BYTES = 24_000_000
_LEAST_BYTES = 500
_LEVEL = 9


class _Kept(NamedTuple):
    headers: list[tuple[bytes, bytes]]
    body: bytes


class CompressedFiles:
    """ASGI middleware that keeps the files of a page compressed, and answers with these.

    It may keep what is the same for everybody and never changes while the server runs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a compressed file, or let the app answer."""
        path = _path(scope)
        if path is None:
            await self.app(scope, receive, send)
        elif path in self._kept:
            await _answer(self._kept[path], send)
        else:
            await self._fetch(path, scope, receive, send)

    async def _fetch(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the app answer, and send and keep its answer compressed if it is such a file."""
        start: Message | None = None
        body = bytearray()
        passes = False  # it is none: the answer goes on as it comes

        async def take(message: Message) -> None:
            nonlocal start, passes
            if message["type"] == "http.response.start" and _is_file(message):
                start = message
            elif start is None or passes:
                passes = True
                await send(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        # With no extensions, the server does not ask for a file's path in place of its bytes.
        headers = list(_without(scope["headers"], b"accept-encoding"))
        plain = {**scope, "headers": headers, "extensions": {}}
        await self.app(plain, receive, take)
        if start is None or passes:
            return
        kept = await run_in_threadpool(_compressed, start, bytes(body))
        if path not in self._kept and self._bytes + len(kept.body) <= _MOST_BYTES:
            self._kept[path] = kept
            self._bytes += len(kept.body)
        await _answer(kept, send)


def _path(scope: Scope) -> str | None:
    """The file that is asked for; None if it is none, or the browser wants it as it is."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    headers = Headers(scope=scope)
    takes = "gzip" in headers.get("accept-encoding", "") and "range" not in headers
    # Whether it has changed, the app knows.
    asks = "if-none-match" in headers or "if-modified-since" in headers
    return path if takes and not asks and path.startswith(_PLACES) else None


def _is_file(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    content = headers.get("content-type", "")
    size = int(headers.get("content-length", "0"))
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and "set-cookie" not in headers
        and "immutable" in headers.get("cache-control", "")
        and content.startswith(_TEXT)
        and size >= _LEAST_BYTES
    )


def _compressed(start: Message, body: bytes) -> _Kept:
    small = gzip.compress(body, _LEVEL, mtime=0)
    headers = MutableHeaders(raw=list(_without(start["headers"], b"content-length")))
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(small))
    headers.add_vary_header("Accept-Encoding")
    return _Kept(headers.raw, small)


async def _answer(kept: _Kept, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
    await send({"type": "http.response.body", "body": kept.body})


def _without(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> Iterable[tuple[bytes, bytes]]:
    return (header for header in headers if header[0].lower() != name)
