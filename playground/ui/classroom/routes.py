"""The charts of a class for a page that follows it without script runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.classroom.codes import read_token
from playground.classroom.service import classes
from playground.classroom.views.audiences import SCREEN, TEACHER
from playground.classroom.views.shared import Trained
from playground.config import RunConfig
from playground.events import EpochEnd
from playground.locales import SOURCE_LANGUAGE, english, languages, mark, speaking
from playground.runs import service
from playground.runs.stream.routes import MAX_TOKEN
from playground.store.runs import StoreError
from playground.ui.classroom.charts import charts, class_runs, judged_runs

CHARTS = "/api/class/charts"
_MOST_KNOWN = 1024
_known: dict[tuple[str, int], tuple[EpochEnd, ...]] = {}
_lock = threading.Lock()  # guards what is known
_NOT_YOURS = mark("There is no such class, or its charts are not for this page.")


async def class_charts(request: Request) -> Response:
    """`GET /api/class/charts?class=TOKEN&lang=LANGUAGE&setting=NAME`: for teacher or projector.

    A token is as in the stream's `class`. The charts are made of the very view that its audience
    gets there, the teacher's points of all runs beside.

    Returns:
        JSON: a list of charts with `name`, `title`, `caption` and `figure`, which is null for the
        points of all settings but the one that is named, or the first. 404 or 503 with a
        sentence in English.
    """
    token = request.query_params.get("class", "")[:MAX_TOKEN]
    asked = request.query_params.get("lang", "")
    language = asked if asked in languages() else SOURCE_LANGUAGE
    setting = request.query_params.get("setting", "")
    chosen = setting if setting in RunConfig.model_fields else ""

    def made() -> bytes | None:
        body = _view(token)
        if body is None:
            return None
        class_id, audience = read_token(token)
        points = classes().trained(class_id) if audience == TEACHER else ()
        return _drawn(body, points, chosen, language)

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
def _drawn(view: bytes, trained: tuple[Trained, ...], setting: str, language: str) -> bytes:
    seen = json.loads(view)
    runs = class_runs(seen)
    counts = {run["id"]: run["epochs"] for run in runs if run["ended"] and not run["failed"]}
    counts |= {one["run"]: one["epochs"] for one in judged_runs(seen["at"])}
    ended = _epochs(counts)
    with speaking(language):
        made = [chart.to_json() for chart in charts(seen, ended, trained, setting)]
    return json.dumps(made, separators=(",", ":")).encode()


def _epochs(counts: Mapping[str, int]) -> dict[str, tuple[EpochEnd, ...]]:
    """So many finished epochs of each of some runs; one query reads all that are new here."""
    with _lock:
        found = {run: _known[run, count] for run, count in counts.items() if (run, count) in _known}
    if missing := counts.keys() - found.keys():
        read = service.hub().epochs(missing)
        found |= {run: epochs[: counts[run]] for run, epochs in read.items()}
        with _lock:
            _known.update({(run, counts[run]): found[run] for run in missing})
            while len(_known) > _MOST_KNOWN:
                del _known[next(iter(_known))]
    return found
