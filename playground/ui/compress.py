"""What browsers load once, compressed once: Streamlit's own files, plotly.js and our modules.

Streamlit sends its files as they are, 3 MB for the first page, and compresses all others again for
each browser: a tenth of a second for plotly.js, in which nobody else gets an answer.

Brotli makes them a sixth smaller than gzip, but takes seconds: it comes later, in a thread of its
own. Browsers take it over https and from their own machine.
"""

from __future__ import annotations

import gzip
import queue
import re
import threading
from collections.abc import Iterable
from typing import NamedTuple

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLACES = ("/static/", "/assets/")
_TEXT = ("text/", "application/javascript", "application/json", "application/wasm", "image/svg")
# All of Streamlit's files are 15 MB, compressed both ways. An address that does not exist gets a
# page of HTML.
_MOST_BYTES = 24_000_000
_LEAST_BYTES = 500
_LEVEL = 9
# A page's scripts take 2 seconds, plotly.js a half. The best quality (11) takes 4 and 9, which a
# run that trains would miss, for 2 % of a page's bytes.
_GOOD, _QUICK = 10, 9
_LARGE = 2_000_000  # bytes
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


class _Kept(NamedTuple):
    headers: list[tuple[bytes, bytes]]
    body: bytes


class CompressedFiles:
    """ASGI middleware that keeps the files of a page compressed, and answers with these.

    It may keep what is the same for everybody and never changes while the server runs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._gzip: dict[str, _Kept] = {}
        self._brotli: dict[str, _Kept] = {}
        self._bytes = 0
        self._lock = threading.Lock()
        self._wanted: set[str] = set()
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a compressed file, or let the app answer."""
        path, codings = _asked(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        kept = self._gzip.get(path)
        if "br" in codings:
            kept = self._brotli.get(path, kept)
        if kept is None:
            await self._fetch(path, scope, receive, send)
        else:
            await _answer(kept, send)
        if "br" in codings:
            self._want_brotli(path)

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
        # Of a file whose browser has gone meanwhile, the app sends a part, or nothing at all.
        if start is None or passes or len(body) != _length(start):
            return
        kept = await run_in_threadpool(_compressed, start, bytes(body))
        self._keep(self._gzip, path, kept)
        await _answer(kept, send)

    def _keep(self, where: dict[str, _Kept], path: str, kept: _Kept) -> None:
        with self._lock:
            if path not in where and self._bytes + len(kept.body) <= _MOST_BYTES:
                where[path] = kept
                self._bytes += len(kept.body)

    def _want_brotli(self, path: str) -> None:
        """Have a file compressed again, once, in its turn."""
        if path not in self._gzip or path in self._wanted:
            return
        if not self._wanted:
            # The end of the server waits for no such thread.
            threading.Thread(target=self._compress_again, name="brotli", daemon=True).start()
        self._wanted.add(path)
        self._waiting.put(path)

    def _compress_again(self) -> None:
        while True:
            path = self._waiting.get()
            self._keep(self._brotli, path, _smaller(self._gzip[path]))


def _asked(scope: Scope) -> tuple[str | None, set[str]]:
    """The file that is asked for, and the codings that the browser takes.

    There is no path if it is no such file, or the browser wants it as it is.
    """
    if scope["type"] != "http" or scope["method"] != "GET":
        return None, set()
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    headers = Headers(scope=scope)
    codings = _codings(headers.get("accept-encoding", ""))
    takes = "gzip" in codings and "range" not in headers
    # Whether it has changed, the app knows.
    asks = "if-none-match" in headers or "if-modified-since" in headers
    return (path if takes and not asks and path.startswith(_PLACES) else None), codings


def _codings(accepted: str) -> set[str]:
    """The codings that `Accept-Encoding` names and does not refuse."""
    parts = (part.partition(";") for part in accepted.lower().split(","))
    return {name.strip() for name, _, weight in parts if not _REFUSED.fullmatch(weight.strip())}


def _is_file(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    content = headers.get("content-type", "")
    return (
        start["status"] == 200
        and "content-encoding" not in headers
        and "set-cookie" not in headers
        and "immutable" in headers.get("cache-control", "")
        and content.startswith(_TEXT)
        and _length(start) >= _LEAST_BYTES
    )


def _length(start: Message) -> int:
    """Bytes of the answer, as it says itself."""
    return int(Headers(raw=start["headers"]).get("content-length", "0"))


def _compressed(start: Message, body: bytes) -> _Kept:
    headers = MutableHeaders(raw=list(start["headers"]))
    headers.add_vary_header("Accept-Encoding")
    return _kept(headers.raw, gzip.compress(body, _LEVEL, mtime=0), "gzip")


def _smaller(kept: _Kept) -> _Kept:
    body = gzip.decompress(kept.body)
    quality = _GOOD if len(body) < _LARGE else _QUICK
    return _kept(kept.headers, brotli.compress(body, quality=quality), "br")


def _kept(raw: list[tuple[bytes, bytes]], body: bytes, coding: str) -> _Kept:
    headers = MutableHeaders(raw=list(raw))
    headers["Content-Encoding"] = coding
    headers["Content-Length"] = str(len(body))
    return _Kept(headers.raw, body)


async def _answer(kept: _Kept, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
    await send({"type": "http.response.body", "body": kept.body})


def _without(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> Iterable[tuple[bytes, bytes]]:
    return (header for header in headers if header[0].lower() != name)
