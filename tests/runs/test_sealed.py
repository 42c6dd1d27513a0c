"""A sealed run has no test figure, and nothing that the app gives says one.

What would be a figure is computed here by Keras, from the model that the run leaves.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import streamlit as st
from google.protobuf.message import Message  # type: ignore[import-untyped]
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from playground.classroom.export.tables import runs_table
from playground.classroom.export.whole import class_json
from playground.classroom.rules import acts
from playground.classroom.service import classes
from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import Evaluation, HookCalls, Status, data_of
from playground.network.metrics import confusion_matrix
from playground.runs import service
from playground.runs.gate import OpenGate, Stamp
from playground.runs.hub import Hub
from playground.script import notebook, script
from playground.settings import settings
from playground.store.runs import RunInfo
from playground.ui import navigation, server, state
from playground.ui.address import to_query
from playground.ui.inside.inside import VIEWS
from playground.ui.network.items import faces
from playground.ui.runs.files import csv_of, json_of
from playground.ui.runs.tensorboard import logs_of
from tests.classroom.conftest import activity
from tests.conftest import Place, report, settle, status
from tests.training import Log

MAIN = Path(__file__).resolve().parents[2] / "playground/main.py"
CONFIG = RunConfig(
    hidden_layers=(12,), train_images=1_500, epochs=2, learning_rate=0.01, early_stop=False
)
ME = f"browser:{hashlib.sha256(b'me').hexdigest()}"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


class Figures(NamedTuple):
    """What nobody may know: as fractions, as counts, as rows of a matrix."""

    exact: set[float]
    written: set[str]
    counts: set[str]
    rows: set[tuple[int, ...]]

    def found_in(self, text: str, *, counts: bool = True) -> list[str]:
        """What of it stands in a text.

        Args:
            text: what the app gives.
            counts: whether whole numbers are looked for; some routes give indices of images.
        """
        numbers = set(_NUMBER.findall(text))
        found = [number for number in numbers if number in self.written]
        found += [number for number in numbers if counts and number in self.counts]
        for number in numbers:
            value = float(number.replace(",", "") or "nan")
            if "." in number and any(abs(value - one) < 1e-6 * one for one in self.exact):
                found.append(number)
        squeezed = re.sub(r"\s", "", text)
        return found + [str(row) for row in self.rows if ",".join(map(str, row)) in squeezed]


def _figures(model: bytes, folder: Path) -> Figures:
    """By Keras, from the `.keras` file."""
    import keras

    path = folder / "oracle.keras"
    path.write_bytes(model)
    loaded, data = keras.saving.load_model(path), load_data()
    probabilities = loaded.predict(data.x_test, batch_size=1000, verbose=0).astype(float)
    called = probabilities.argmax(axis=1)
    right = int((called == data.y_test).sum())
    loss = float(-np.log(probabilities[np.arange(len(called)), data.y_test]).mean())
    accuracy = right / 10_000
    matrix = confusion_matrix(data.y_test, called.astype(np.uint8))
    shares = {accuracy, round(1 - accuracy, 4)}
    exact = shares | {round(100 * share, 2) for share in shares}
    written = {f"{share:.4f}" for share in shares} | {f"{100 * share:.2f}" for share in shares}
    written |= {f"{loss:.{digits}f}" for digits in (4, 5, 6)}
    counts = {f"{n:{sign}}" for n in (right, 10_000 - right) for sign in ("d", ",")}
    return Figures(exact, written, counts, {tuple(map(int, row)) for row in matrix})


class Sealing(OpenGate):
    """Seals every run of one owner."""

    @contextmanager
    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> Iterator[Stamp]:
        """Stamp it."""
        yield Stamp(sealed=owner == ME)


def _sealed_class() -> str:
    """A class at a sealed activity, with one member."""
    all_classes = classes()
    class_id = all_classes.start_class("browser:teacher")
    all_classes.join(all_classes.code(class_id), ME, "")
    sealed = activity(sealed=True, free=list(RunConfig.model_fields))
    all_classes.act(class_id, acts.open_activity, "browser:teacher", sealed)
    return class_id


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ForwardMsg]:
    """All that is sent to the browser, whose owner is `ME`."""
    messages: list[ForwardMsg] = []
    enqueue = ForwardMsgQueue.enqueue

    def record(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        messages.append(message)
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", record)
    monkeypatch.setattr(type(st.context), "cookies", {"playground_browser": "me"})
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", "correct horse")
    settings.cache_clear()
    return messages


def _train(place: Place, owner: str) -> tuple[str, bytes]:
    """Train a run as its worker does; returns its id and its model."""
    from playground.training.train import train

    run_id = place.hub.submit(owner, CONFIG, load_data().x_test[0])
    settle(place.hub)
    run = place.hub.run(run_id)
    assert run is not None
    log = Log()
    job = place.hub._job(run)
    made = train(CONFIG, load_data(), log, log.control, None, job.pinned, None, sealed=job.sealed)
    assert (made.status, made.model is None, made.network is None) == (
        Status.FINISHED,
        False,
        False,
    )
    report(place.hub, run_id, status(Status.STARTING), *log.events)
    control = log.control
    checkpoint = control.checkpoint.to_bytes() if control.checkpoint else None
    network = made.network.to_bytes() if made.network else None
    left = control.snapshots(), checkpoint
    result = Result(made.status, made.reason, made.model, network, *left)
    place.tell(lambda: place.hub.dispatcher.on_done(run_id, result))
    return run_id, made.model or b""


def _texts(message: Message) -> Iterator[str]:
    """All of a message as text, its tables too."""
    yield str(message)
    for field, value in message.ListFields():
        for each in value if field.is_repeated else [value]:
            if isinstance(each, Message):
                yield from _tables(each)


def _tables(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name == "data" and isinstance(value, bytes):
            yield convert_arrow_bytes_to_pandas_df(value).to_csv()
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else [value]:
                yield from _tables(each)


def _pages(
    run_id: str, other: str, sent: list[ForwardMsg], entries: Sequence[navigation.Entry]
) -> Iterator[tuple[str, str]]:
    """Pages, with the run on them wherever one can be."""
    AppTest.from_file(str(MAIN), default_timeout=60).run()
    hashes = next(m.navigation.app_pages for m in sent if m.WhichOneof("type") == "navigation")
    names = {page.url_pathname: page.page_script_hash for page in hashes}
    opened = dict.fromkeys((state.MORE, state.CODE, state.REFERENCES, state.INSIDE), True)
    for entry in entries:
        visits: list[dict[str, Any]] = [{}]
        if entry is navigation.TRAIN:
            visits = [{**opened, state._REMEMBERED: {state.INSIDE_VIEW: view}} for view in VIEWS]
        if entry is navigation.RUNS:
            visits = [{"runs_test": True}, {"runs_test": True, "compare": True}]
        for session in visits:
            sent.clear()
            app = AppTest.from_file(str(MAIN), default_timeout=60)
            app._page_hash = names.get(entry.path, "")
            app.query_params["run"] = [run_id, other] if session.pop("compare", 0) else run_id
            app.query_params["test"] = "true"
            if isinstance(app.query_params["run"], list) and len(app.query_params["run"]) > 1:
                app.query_params["compare"] = "true"
            for name, value in to_query(CONFIG).items():
                app.query_params[name] = value
            for name, value in session.items():
                app.session_state[name] = value
            app.run()
            assert not app.exception, app.exception
            text = "\n".join(t for m in sent if m.WhichOneof("type") == "delta" for t in _texts(m))
            yield f"{entry.path} {session}", text


def _api() -> list[Any]:
    return [route for route in server.parts()["routes"] if "/api/" in getattr(route, "path", "")]


def _routes(run_id: str) -> Iterator[tuple[str, str]]:
    one, two, three, *_ = faces().tolist()
    steps = f"step?batches={one},{two};{three}"
    with TestClient(Starlette(routes=_api())) as client:
        for query in (f"portrait?item=test-{three}", "exciting?layer=0&neuron=1", steps):
            answer = client.get(f"/api/runs/{run_id}/{query}")
            assert answer.status_code == 200, query
            yield query, answer.text
        yield "events", client.get(f"/api/runs/{run_id}/events").text


def _files(hub: Hub, run_id: str, folder: Path) -> Iterator[tuple[str, str]]:
    run = hub.run(run_id)
    assert run is not None
    named = {run_id: "mine"}
    yield "csv", csv_of([run], named, test=True)
    yield "json", json_of(hub, [run], named)
    with zipfile.ZipFile(io.BytesIO(logs_of(hub, [run], named, test=True))) as logs:
        yield "tensorboard", "\n".join(logs.namelist())
    yield "script", script(CONFIG, sealed=run.sealed)
    yield "notebook", notebook(CONFIG, sealed=run.sealed)
    with sqlite3.connect(folder / "playground.sqlite") as database:
        yield "database", "\n".join(database.iterdump())


def _of_class(class_id: str) -> Iterator[tuple[str, str]]:
    """What the class gives: its views, and its files for the teacher."""
    all_classes = classes()
    known = all_classes.state(class_id)
    assert known is not None
    runs = all_classes.runs(class_id)
    for owner in ("browser:teacher", ME):
        yield f"view of {owner}", json.dumps(all_classes.view(class_id, owner))
    yield "class as JSON", class_json(known, runs)
    yield "class as a table", runs_table(known, runs)


@pytest.mark.engine
def test_nothing_that_the_app_gives_of_a_sealed_run_says_a_test_figure(
    place: Place, sent: list[ForwardMsg], tmp_path: Path
) -> None:
    class_id = _sealed_class()
    run_id, model = _train(place, ME)
    other = place.finished(ME, seed=7)
    figures = _figures(model, tmp_path)
    events = place.hub.events(run_id)
    assert not data_of(events, Evaluation)
    assert data_of(events, HookCalls)
    entries = (*navigation._WORK, *navigation._LEARN)
    everything = [
        *((name, text, True) for name, text in _files(place.hub, run_id, place.folder)),
        *((name, text, False) for name, text in _routes(run_id)),
        *((name, text, True) for name, text in _of_class(class_id)),
        *((name, text, True) for name, text in _pages(run_id, other, sent, entries)),
    ]
    said = {
        name: seen
        for name, text, counts in everything
        if (seen := figures.found_in(text, counts=counts))
    }
    assert not said
    texts = {name: text for name, text, _ in everything}
    assert not any("/test" in name for name in texts["tensorboard"].splitlines())
    for name in ("script", "notebook", *(name for name in texts if name.startswith("train "))):
        assert "x_val" in texts[name], name
        assert "x_test" not in texts[name], name

    # What is looked for would be found: the same run, not sealed, says it at every turn.
    classes().act(class_id, acts.end, "browser:teacher")
    open_id, model = _train(place, ME)
    figures = _figures(model, tmp_path)
    evaluating = [entry for entry in navigation._LEARN if entry.path == "evaluate"]
    given = (
        *_files(place.hub, open_id, place.folder),
        *_routes(open_id),
        *_pages(open_id, other, sent, evaluating),
    )
    found = {name for name, text in given if figures.found_in(text, counts=False)}
    assert found == {"csv", "json", "database", "events", "evaluate {}"}


def test_a_worker_that_tests_a_sealed_run_all_the_same_is_not_heard(hub: Hub) -> None:
    hub.gate = Sealing()
    sealed, open_ = hub.submit(ME, CONFIG), hub.submit("you", CONFIG)
    hub.dispatcher.on_workers(frozenset({"a", "b"}))
    settle(hub)
    tested = Evaluation(accuracy=0.5, loss=1.0, confusion=[[0] * 10] * 10)
    report(hub, sealed, tested)
    report(hub, open_, tested)
    settle(hub)
    assert not data_of(hub.events(sealed), Evaluation)
    assert data_of(hub.events(open_), Evaluation) == [tested]


def test_the_mistakes_of_a_sealed_run_cannot_be_counted_one_by_one(hub: Hub) -> None:
    hub.gate = Sealing()
    sealed, open_ = hub.submit(ME, CONFIG), hub.submit("you", CONFIG)
    service.use(hub)
    with TestClient(Starlette(routes=_api())) as client:
        face, *_ = faces().tolist()
        other = next(index for index in range(100) if index not in faces())
        asked = {"after-0": 400, "hardest-3": 400, f"test-{face}": 200, f"test-{other}": 400}
        for item, expected in asked.items():
            assert client.get(f"/api/runs/{sealed}/portrait?item={item}").status_code == expected
            assert client.get(f"/api/runs/{open_}/portrait?item={item}").status_code == 200
    service.use(None)
