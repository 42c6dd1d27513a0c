"""The charts of a class for a page that follows it without script runs."""

from __future__ import annotations

import json
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.classroom.codes import read_token
from playground.classroom.service import classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.events import EpochEnd
from playground.locales import SOURCE_LANGUAGE, english, languages, mark, speaking
from playground.runs import service
from playground.runs.stream.routes import MAX_TOKEN
from playground.store.runs import StoreError
from playground.ui.classroom.charts import charts, class_runs, judged_runs

CHARTS = "/api/class/charts"
_NOT_YOURS = mark("There is no such class, or its charts are not for this page.")


async def class_charts(request: Request) -> Response:
    """`GET /api/class/charts?class=TOKEN&lang=LANGUAGE`: for a teacher's or a projector's page.

    A token is as in the stream's `class`. The charts are made of the very view that its audience
    gets there.

    Returns:
        JSON: a list of charts with `name`, `title`, `caption` and `figure`. 404 or 503 with a
        sentence in English.
    """
    token = request.query_params.get("class", "")[:MAX_TOKEN]
    asked = request.query_params.get("lang", "")
    language = asked if asked in languages() else SOURCE_LANGUAGE

    def made() -> bytes | None:
        body = _view(token)
        return None if body is None else _drawn(body, language)

    try:
        answer = await run_in_threadpool(made)
    except StoreError as error:
        return PlainTextResponse(english(error), 503)
    if answer is None:
        return PlainTextResponse(_NOT_YOURS, 404)
    headers = {"Cache-Control": "no-store"}
    return Response(answer, media_type="application/json", headers=headers)


def _view(token: str) -> bytes | None:
    found = classes().attend(token)
    class_id, audience = read_token(token)
    if found is None or audience not in (TEACHER, SCREEN):
        return None
    body = classes().encoded(class_id, audience)
    return None if body == b"null" else body


# All of a teacher's devices ask for the same at once.
@lru_cache(maxsize=16)
def _drawn(view: bytes, language: str) -> bytes:
    seen = json.loads(view)
    runs = class_runs(seen) if seen["at"] else []
    counts = {run["id"]: run["epochs"] for run in runs if run["ended"] and not run["failed"]}
    if seen["at"]:
        counts |= {one["run"]: one["epochs"] for one in judged_runs(seen["at"])}
    ended = {run: _epochs(run, count) for run, count in counts.items()}
    with speaking(language):
        made = [chart.to_json() for chart in charts(seen, ended)]
    return json.dumps(made, separators=(",", ":")).encode()


@lru_cache(maxsize=1024)
def _epochs(run_id: str, count: int) -> tuple[EpochEnd, ...]:
    """The finished epochs of a run that has ended, `count` of them."""
    told = (event.data for event in service.hub().events(run_id))
    return tuple(data for data in told if isinstance(data, EpochEnd))[:count]
