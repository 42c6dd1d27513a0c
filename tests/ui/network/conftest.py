"""A hub, and a browser that asks the routes of the living network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import Store
from playground.ui.network.exciting import run_exciting, settings_exciting
from playground.ui.network.routes import run_portrait, settings_portrait
from playground.ui.network.steps import run_step, settings_step
from tests.conftest import FakeCluster


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = Hub(Store(tmp_path), FakeCluster())
    made.start()
    service.use(made)
    yield made
    service.stop()


@pytest.fixture
def client() -> Iterator[TestClient]:
    routes = [
        Route("/api/runs/{id}/portrait", run_portrait),
        Route("/api/portrait", settings_portrait),
        Route("/api/runs/{id}/exciting", run_exciting),
        Route("/api/exciting", settings_exciting),
        Route("/api/runs/{id}/step", run_step),
        Route("/api/step", settings_step),
    ]
    with TestClient(Starlette(routes=routes)) as started:
        yield started
