"""The parts of the app beside its pages: start and end of the server, routes, middleware.

`app.py` builds the app of these parts.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

# Before NumPy is loaded: for products as small as a page's, two threads take longer than one, and
# they take time from training.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from playground.classroom.service import classes, close_classes
from playground.runs import service
from playground.runs.stream.routes import events, run_events
from playground.settings import SettingsError, settings
from playground.store.runs import StoreError
from playground.ui import assets, navigation
from playground.ui.classroom.routes import CHARTS, class_charts
from playground.ui.common.guard import BoundedMessages, KnownHosts, SecurityHeaders, TrustedProxies
from playground.ui.common.owner import BrowserCookie
from playground.ui.compress import CompressedFiles
from playground.ui.network import items
from playground.ui.network.exciting import run_exciting, settings_exciting
from playground.ui.network.routes import run_portrait, settings_portrait
from playground.ui.network.steps import run_step, settings_step

SCRIPT = Path(__file__).parents[1] / "main.py"

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Start the hub and its engine with the server, and end them with it."""
    try:
        await run_in_threadpool(service.start)
        await run_in_threadpool(_open_classes)
        pages = asyncio.create_task(run_in_threadpool(_import_pages))
        yield
        await pages
    finally:
        await run_in_threadpool(close_classes)
        await run_in_threadpool(service.stop)


def _open_classes() -> None:
    """Pages that were open before a restart come back at once, before any script runs."""
    try:
        classes()
    except StoreError:  # what there is to say of it, every page says
        _log.warning("the classes could not be read; the next page tries again")


def _import_pages() -> None:
    """Import all pages while the first browser loads: importing them takes half a second.

    What there is then stays: Python need not look through all of it for garbage again and again,
    a quarter of a second in which no page is answered.
    """
    try:
        navigation.import_pages()
        items.typical()  # and with it the data, which the first picture needs
    except Exception:  # it happens again, and is shown, when the page is opened
        _log.exception("the pages could not be imported before the first browser came")
    gc.freeze()


def open_default_page(request: Request) -> RedirectResponse:
    """The default page at its name, too: Streamlit knows it at the root only."""
    return RedirectResponse(request.url.replace(scheme="", netloc="", path="/"))


def parts() -> dict[str, Any]:
    """The arguments of `streamlit.App` beside the script.

    Raises:
        SystemExit: an environment variable cannot be used; the message says which and why.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("playground").setLevel(logging.INFO)
    try:
        settings()
    except SettingsError as error:
        sys.exit(str(error))
    guards = (TrustedProxies, SecurityHeaders, KnownHosts, BoundedMessages, BrowserCookie)
    own = (*guards, assets.SmallFonts, CompressedFiles)
    return {
        "lifespan": lifespan,
        "routes": [
            Route(f"/{navigation.TRAIN.path}", open_default_page),
            Route("/api/runs/{id}/events", run_events),
            Route("/api/runs/{id}/portrait", run_portrait),
            Route("/api/portrait", settings_portrait),
            Route("/api/runs/{id}/exciting", run_exciting),
            Route("/api/exciting", settings_exciting),
            Route("/api/runs/{id}/step", run_step),
            Route("/api/step", settings_step),
            Route(assets.ROUTE, assets.serve),
            Route(assets.FONTS, assets.serve_font),
            Route("/api/events", events),
            Route(CHARTS, class_charts),
        ],
        "middleware": [Middleware(each) for each in own],
    }
