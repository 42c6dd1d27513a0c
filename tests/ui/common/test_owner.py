"""A browser's own name: given once, and kept whatever other cookies there are."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.ui.common.owner import BrowserCookie, current_owner


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse("<p>page</p>")),
            Route("/data", lambda _: PlainTextResponse("data")),
        ],
        middleware=[Middleware(BrowserCookie)],
    )
    return TestClient(app)


def test_a_browser_gets_a_name_with_its_first_page_and_keeps_it(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/data").headers
    given = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert client.cookies["playground_browser"] in given
    assert "set-cookie" not in client.get("/").headers


def test_a_browser_that_has_the_page_and_no_cookie_gets_a_name() -> None:
    unchanged = Starlette(
        routes=[Route("/", lambda _: Response(status_code=304))],
        middleware=[Middleware(BrowserCookie)],
    )
    client = TestClient(unchanged)
    assert "set-cookie" not in client.get("/", headers={"accept": "*/*"}).headers
    assert "set-cookie" in client.get("/", headers={"accept": "text/html,*/*;q=0.8"}).headers


def test_no_two_browsers_get_the_same_name(client: TestClient) -> None:
    names = set()
    for _ in range(5):
        client.cookies.clear()
        client.get("/")
        names.add(client.cookies["playground_browser"])
    assert len(names) == 5


@pytest.mark.parametrize("other", ['settings={"x":1}', "a=b c", "words", "a[b]=1"])
def test_cookies_of_other_apps_do_not_hide_it(client: TestClient, other: str) -> None:
    headers = {"cookie": f"{other}; playground_browser=me"}
    assert "set-cookie" not in client.get("/", headers=headers).headers


def test_over_https_a_browser_gets_its_own_name_again(client: TestClient) -> None:
    # The cookie may be from a visit over http; `SecurityHeaders` makes this one for https only.
    client.get("/")
    name = client.cookies["playground_browser"]
    over_https = TestClient(client.app, "https://testserver", cookies={"playground_browser": name})
    assert over_https.get("/").headers["set-cookie"].startswith(f"playground_browser={name}; ")
    over_https.cookies.clear()
    for forged in ('"a\\073 Domain=b"', "x" * 300):
        headers = {"cookie": f"playground_browser={forged}"}
        assert "set-cookie" not in over_https.get("/", headers=headers).headers


def _owner_of(cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch, **user: object) -> str:
    monkeypatch.setattr(st, "user", user)
    monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies))
    monkeypatch.setattr(st, "session_state", {})
    return current_owner()


@pytest.mark.parametrize("token", ["abc", "x" * 3000, "ÿ\udc80\x00", ""])
def test_no_cookie_stands_in_an_owner_and_none_is_too_long(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = _owner_of({"playground_browser": token}, monkeypatch)
    assert re.fullmatch("browser:[0-9a-f]{64}", named)
    if token:
        assert token not in named
        assert named == _owner_of({"playground_browser": token}, monkeypatch)


def test_a_login_is_the_owner_however_long_its_name_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def login(name: str) -> str:
        return _owner_of({}, monkeypatch, is_logged_in=True, email=name)

    assert login("ada@example.org") == "user:ada@example.org"
    assert len(login("a" * 400)) <= 255
    assert login("a" * 400) != login("a" * 401)
