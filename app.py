"""The playground: `streamlit run app.py`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

# Before NumPy is loaded: two threads for products as small as a page's take longer than one, and
# take it from training.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import plotly
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from playground.runs import service
from playground.runs.routes import events, run_events
from playground.settings import SettingsError, settings
from playground.ui.owner import BrowserCookie

try:
    settings()
except SettingsError as error:
    sys.exit(str(error))


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """The hub and its engine live as long as the server."""
    await run_in_threadpool(service.start)
    # While the first browser loads: its script run would import them, and wait half a second.
    pages = asyncio.create_task(run_in_threadpool(import_module, "playground.ui.pages.draw"))
    yield
    await pages
    await run_in_threadpool(service.stop)


app = st.App(
    Path(__file__).parent / "playground/main.py",
    lifespan=lifespan,
    routes=[
        Route("/api/runs/{id}/events", run_events),
        Route("/api/events", events),
        Mount("/vendor", StaticFiles(directory=Path(plotly.__file__).parent / "package_data")),
    ],
    middleware=[Middleware(BrowserCookie)],
)
