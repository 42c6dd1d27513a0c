"""Who is at the screen: a logged-in user where the server has `st.login`, otherwise a browser."""

from __future__ import annotations

import hashlib
import re
import secrets

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.ui import state

_COOKIE = "playground_browser"
_OURS = re.compile(r"[\w-]{22}", re.ASCII)  # as `secrets.token_urlsafe(16)` makes them
_LONGEST = 255  # as the database keeps it
_YEAR_SECONDS = 365 * 24 * 3600


def login_is_set_up() -> bool:
    """Whether `.streamlit/secrets.toml` says how people log in."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def current_owner() -> str:
    """The owner of what this session makes, in at most 255 characters."""
    if st.user.get("is_logged_in"):
        owner = f"user:{st.user.get('email') or st.user.get('sub')}"
        return owner if len(owner) <= _LONGEST else f"user:{_hashed(owner)}"
    # A browser that refuses cookies owns its runs for as long as the tab stays open.
    token = st.context.cookies.get(_COOKIE) or st.session_state.setdefault(
        state.OWNER, secrets.token_urlsafe(16)
    )
    return f"browser:{_hashed(token)}"


def _hashed(token: str) -> str:
    """What is stored instead of a token: a reader of the database cannot take over the cookie."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class BrowserCookie:
    """ASGI middleware that gives each browser its own random name, in a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the cookie to the page itself, if the browser has none yet."""
        # Starlette reads cookies as browsers do: a malformed one of another app on this host hides
        # no other cookie.
        has = HTTPConnection(scope).cookies.get(_COOKIE) if scope["type"] == "http" else None
        # Over https a browser gets its name once more: its cookie may be from a visit over http,
        # and would be sent over http again.
        again = has is not None and scope["scheme"] == "https" and _OURS.fullmatch(has)
        if scope["type"] != "http" or (has is not None and not again):
            await self.app(scope, receive, send)
            return
        name = has or secrets.token_urlsafe(16)
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A browser may have the page and no cookie: without one, a reload would lose runs.
                kept = message["status"] == 304 and wants_page
                if kept or headers.get("content-type", "").startswith("text/html"):
                    headers.append(
                        "set-cookie",
                        f"{_COOKIE}={name}; Path=/; Max-Age={_YEAR_SECONDS}; "
                        "HttpOnly; SameSite=Lax",
                    )
            await send(message)

        await self.app(scope, receive, send_with_cookie)
