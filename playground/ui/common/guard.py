"""What keeps other web pages out: the host names that are answered, and the security headers."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import socket
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from playground.locales import t
from playground.settings import settings

# The largest message that a page sends holds a drawing, at most 2 MB.
MAX_MESSAGE_BYTES = 3_000_000
OF_FILES = {"X-Content-Type-Options": "nosniff"}
_PARTS = ("text/javascript", "application/javascript", "text/css", "font/")
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?", re.ASCII)


class TrustedProxies:
    """ASGI middleware that believes a known proxy's `X-Forwarded-Proto` and `X-Forwarded-For`.

    It repeats what uvicorn does: Streamlit listens for IPv6 and IPv4 at once, so that uvicorn takes
    a proxy at 127.0.0.1 for the unknown ::ffff:127.0.0.1.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = ProxyHeadersMiddleware(app, settings().proxies)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the client's address and the scheme."""
        if scope.get("client"):
            host, port = scope["client"]
            scope["client"] = (host.removeprefix("::ffff:"), port)
        await self.app(scope, receive, send)  # type: ignore[arg-type]


class KnownHosts:
    """ASGI middleware that answers only to host names which another web page cannot own.

    A web page can make its own host name point to this server (DNS rebinding); to the browser the
    two are then one, and the page could use the playground as the person at the screen. A numeric
    address cannot point elsewhere, and a stranger cannot use the names of this machine. Streamlit's
    `server.allowedHosts` knows only fixed names and guards only the websocket.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request to an unknown host, and a websocket from another page."""
        refusal = _refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await refusal(scope, receive, send)  # to a websocket, too, as ASGI's denial response


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """The answer instead of the app's; None if the app may answer."""
    if scope["type"] not in ("http", "websocket"):
        return None
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name = _hostname(host)
    if not is_known_host(name):
        refused = t("The playground does not answer to the name “{name}”.", name=name[:100])
        advice = t(
            "Open it at the server’s numeric address, such as http://192.168.1.20:8501. Or ask the "
            "person who runs the server to add this name to the environment variable "
            "PLAYGROUND_ALLOWED_HOSTS and to start the server again."
        )
        return PlainTextResponse(f"{refused}\n\n{advice}\n", 421)
    origin = headers.get("origin")
    if scope["type"] == "websocket" and origin is not None:
        asking = urlsplit(origin)
        if asking.netloc != host and asking.hostname not in settings().allowed_hosts:
            refused = t("A page from another address may not connect to this server.")
            return PlainTextResponse(refused, 403)
    return None


def _hostname(host: str) -> str:
    """The name in a Host header, without port and brackets; "" if it is not one."""
    parts = _HOST.fullmatch(host)
    return (parts[1] or parts[2]).lower().rstrip(".") if parts else ""


def is_known_host(name: str) -> bool:
    """Whether a name, in lower case and without a port, can only mean this server."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in _own_names() or name in settings().allowed_hosts
    return True


@lru_cache
def _own_names() -> frozenset[str]:
    own = socket.gethostname().lower()
    return frozenset({"localhost", own, f"{own.partition('.')[0]}.local"})


class BoundedMessages:
    """ASGI middleware that ends a websocket which sends more than a page ever does.

    Streamlit reads a message before a page can look at it, and everybody waits meanwhile: over a
    second for 10 MB of a forged drawing. Its `server.maxMessageSize` limits both directions, and
    the server may send larger messages.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass messages on, up to the first that is too large."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        ended = False

        async def receive_bounded() -> Message:
            nonlocal ended
            message = await receive()
            if message["type"] == "websocket.receive" and _size(message) > MAX_MESSAGE_BYTES:
                ended = True
                await send({"type": "websocket.close", "code": 1009, "reason": "too large"})
                return {"type": "websocket.disconnect", "code": 1009}
            return message

        async def send_until_ended(message: Message) -> None:
            if not ended:
                await send(message)

        await self.app(scope, receive_bounded, send_until_ended)


def _size(message: Message) -> int:
    return len(message.get("bytes") or message.get("text") or "")


class SecurityHeaders:
    """ASGI middleware that tells browsers what a page of the playground never does.

    Every answer gets the headers, so that none is forgotten; but what a page is made of needs only
    the one that speaks of files: a first visit asks for a hundred, and on a slow line 40 KB of
    headers take a third of a second. Over https every cookie is for https only, also Streamlit's
    cookie of a login behind a proxy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app, self._headers = app, security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to what the app answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(OF_FILES if _is_part(scope, headers) else self._headers)
                if scope["scheme"] == "https":
                    message["headers"] = [_for_https_only(*h) for h in message["headers"]]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_part(scope: Scope, headers: Headers) -> bool:
    """Whether it is a script, a style sheet or a font. A worker obeys the headers of its script."""
    return headers.get("content-type", "").startswith(_PARTS) and not scope["path"].endswith(
        "/worker.js"
    )


def _for_https_only(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value


def security_headers() -> dict[str, str]:
    """The security headers of every answer.

    No script from another server runs, and within the page only Streamlit's own. Beyond that it
    allows what Streamlit 1.67 does: it imports components from blobs, Protobuf compiles a
    WebAssembly module, Emotion and Plotly write styles into the page, fonts and icons are data, and
    the camera's image is fetched as data. Scripts that run already may evaluate text; with blobs
    they could do the same. Programs that drive a browser, such as our tests, wait for a page that
    way.
    """
    return {
        "Content-Security-Policy": "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' blob: 'unsafe-eval' {_inline_scripts()}",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                "connect-src 'self' data:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                f"frame-ancestors {settings().frame_ancestors}",
            )
        ),
        **OF_FILES,
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    }


def _inline_scripts() -> str:
    """The scripts within Streamlit's page, as hashes: no other one may run."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = (b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in hashes)
