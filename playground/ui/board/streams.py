"""One stream of events a browser: what a component with live boards needs in its JavaScript."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse

# The worker's script is in the page, too, for browsers without shared workers.
SCRIPTS = ("board/stream_worker.js", "board/streams.js")


async def stream_worker(_request: Request) -> FileResponse:
    """`GET /assets/stream_worker.js`: the worker that all tabs of a browser share."""
    return FileResponse(
        Path(__file__).with_name("stream_worker.js"),
        # Said here: on some machines Python's table knows another type, and browsers refuse it.
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )
