"""The server's life: what it starts it also stops."""

from __future__ import annotations

import gc
import logging

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit import config

from playground.runs import service
from playground.ui import navigation, server
from tests.conftest import run_async


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    monkeypatch.setattr(service, "start", lambda: made.append("start"))
    monkeypatch.setattr(service, "stop", lambda: made.append("stop"))
    monkeypatch.setattr(navigation, "import_pages", lambda: None)
    return made


async def live() -> None:
    async with server.lifespan(None):
        pass


def test_a_page_that_cannot_be_imported_keeps_nothing_from_being_stopped(
    calls: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise SyntaxError("draw.py is broken")

    monkeypatch.setattr(navigation, "import_pages", broken)
    with caplog.at_level(logging.ERROR):
        run_async(live())
    assert calls == ["start", "stop"]
    assert "is broken" in caplog.text


def test_a_server_that_fails_while_it_starts_is_stopped(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        calls.append("start")
        raise RuntimeError("no port is free")

    monkeypatch.setattr(service, "start", fails)
    with pytest.raises(RuntimeError):
        run_async(live())
    assert calls == ["start", "stop"]


def test_a_server_that_fails_while_it_runs_is_stopped(calls: list[str]) -> None:
    async def fails() -> None:
        async with server.lifespan(None):
            raise RuntimeError("something else of the server failed")

    with pytest.raises(RuntimeError, match="something else"):
        run_async(fails())
    assert calls == ["start", "stop"]


@pytest.mark.parametrize("query", ["", "?epochs=7&hidden_layers=33%2C16", "?run=//evil.example/"])
def test_the_name_of_the_default_page_leads_to_the_root_with_its_query(query: str) -> None:
    client = TestClient(Starlette(routes=server.parts()["routes"]), follow_redirects=False)
    answer = client.get(f"/train{query}")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/{query}")


def test_no_page_looks_through_all_modules_for_changes() -> None:
    assert config.get_option("server.fileWatcherType") == "none"


@pytest.mark.usefixtures("calls")
def test_what_the_server_has_imported_is_not_looked_through_for_garbage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    server._import_pages()
    assert frozen  # a server of another test may still be about it, too
