"""Every page in the language of tests, in which every string of ours changes: no plain English."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest, element_tree

from playground.classroom.activities import Choice, Curve, Number, ready, to_link
from playground.classroom.gate import stamp
from playground.classroom.rules import acts
from playground.classroom.rules.log import PHASES, Answer, SnapshotAdded
from playground.classroom.service import classes
from playground.config import RunConfig
from playground.dataset import load_data
from playground.drawing.sketches import NewSketch
from playground.engine import supervisor
from playground.engine.protocol import Result
from playground.events import Kind, Status
from playground.experiments.axes import Choices
from playground.experiments.sweep import Draws, Grid
from playground.locales import (
    SOURCE_LANGUAGE,
    catalogue,
    choose_language_by,
    from_english,
    sentences,
    translate,
)
from playground.locales.pseudo import PSEUDO
from playground.locales.update import as_text, template
from playground.network.gradients import initial_network
from playground.network.metrics import confusion_matrix
from playground.network.snapshot import Snapshot
from playground.runs.sweeps.trials import SweepState
from playground.settings import settings
from playground.ui import navigation, state
from playground.ui.inside.inside import VIEWS
from playground.ui.pages.teacher import owner_name
from tests.conftest import Place, epoch_end, report, settle, status
from tests.runs.sweeps.test_feeder import fed
from tests.ui.pages.test_draw import drawn
from tests.visible import plain_english, visible

MAIN = Path(__file__).resolve().parents[2] / "playground/main.py"
ENTRIES = (*navigation._WORK, *navigation._LEARN)
CONFIG = RunConfig(
    hidden_layers=(12,), train_images=1_000, epochs=2, twins=0.5, dropout=0.1, label_noise=0.1
)
ANOTHER = "browser:another"
NOBODYS, NO_SETTING = "nobodys", "colour"


@pytest.fixture(scope="module")
def _language_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Its catalogue, made of the messages as they are now."""
    file = tmp_path_factory.mktemp("locales") / "playground.pot"
    file.write_bytes(as_text(template()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "TEMPLATE", file)
        yield from _forget()
    choose_language_by(lambda: SOURCE_LANGUAGE)


def _forget() -> Iterator[None]:
    cached = (
        *(catalogue.translations, catalogue.browser, catalogue.sentences, catalogue._catalogue),
        translate._patterns,
    )
    for cache in cached:
        cache.cache_clear()
    yield
    for cache in cached:
        cache.cache_clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[ForwardMsg]:
    """All that is sent to the browser."""
    messages: list[ForwardMsg] = []
    enqueue = ForwardMsgQueue.enqueue

    def record(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        messages.append(message)
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", record)
    return messages


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> str:
    """The owner that this browser is, a teacher's who can log in."""
    monkeypatch.setattr(type(st.context), "cookies", {"playground_browser": "me"})
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", "correct horse")
    settings.cache_clear()
    monkeypatch.setattr("playground.ui.common.owner.login_is_set_up", lambda: True)
    monkeypatch.setattr("playground.ui.navigation._WORK", _with_login())
    return f"browser:{hashlib.sha256(b'me').hexdigest()}"


def _with_login() -> tuple[navigation.Entry, ...]:
    return tuple(entry._replace(there=lambda: True) for entry in navigation._WORK)


def _snapshot(epoch: int, seed: int) -> bytes:
    """Of a real network, another one for each epoch and seed."""
    network = initial_network(CONFIG.hidden_layers, CONFIG.activation, seed + epoch)
    images = load_data().x_train[CONFIG.fit_photos : CONFIG.train_images]
    called = network.predict(images).argmax(axis=1) if epoch else np.array([])
    return Snapshot(network, called.astype(np.uint8)).to_bytes()


def _events() -> list[tuple[Kind, dict[str, Any]]]:
    """What a worker says of a run with two epochs."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, (2, 100))
    confusion = confusion_matrix(labels[0], labels[1]).tolist()
    told: list[tuple[Kind, dict[str, Any]]] = []
    for epoch in (1, 2):
        both = {"loss": 1 / epoch, "accuracy": 0.5 * epoch}
        told += [
            (
                "progress",
                {
                    **{"epoch": float(epoch), "epochs": 2, "step": 26, "steps": 26, **both},
                    **{"images_per_second": 900.0, "seconds_left": 3.0},
                    **{"step_epochs": [epoch - 0.5, epoch], "step_losses": [1.0, 0.5]},
                },
            ),
            (
                "epoch",
                {
                    **{"epoch": epoch, **both, "val_loss": 1.0, "val_accuracy": 0.5},
                    **{"confusion": confusion, "seconds": 1.0, "learning_rate": 0.001},
                },
            ),
        ]
    hooks = ("on_train_begin", "on_epoch_begin", "on_train_batch_begin", "on_epoch_end")
    calls = [[hook, 1, 0.1 * i, 0.1 * i + 0.05, 1] for i, hook in enumerate(hooks)]
    measured = {"loss": 0.9, "accuracy": 0.6, "train_loss": 0.8, "train_accuracy": 0.7}
    return [
        *told,
        ("threshold", {"epoch": 2, "metric": "accuracy", "value": 1.0, "threshold": 0.9}),
        ("hooks", {"calls": calls, "stop": {"hook": "on_epoch_end", "epoch": 2}}),
        ("test", {**measured, "confusion": confusion}),
    ]


def _finished(place: Place, owner: str, config: RunConfig = CONFIG) -> str:
    """A run that has left all that a run can leave."""
    run_id = place.hub.submit(owner, config, load_data().x_test[0])
    running = {"status": "Running", "reason": ""}
    place.tell(lambda: place.hub.dispatcher.on_event(run_id, "status", running))
    for told in _events():
        place.hub.dispatcher.on_event(run_id, *told)
    kept = {epoch: _snapshot(epoch, config.seed) for epoch in (0, 1, 2)}
    network = initial_network(CONFIG.hidden_layers, CONFIG.activation, 1).to_bytes()
    result = Result(Status.FINISHED, "", b"a model", network, kept)
    place.tell(lambda: place.hub.dispatcher.on_done(run_id, result))
    return run_id


class Visit:
    """One way to open a page: what the session and the address hold."""

    def __init__(self, session: dict[str, Any] | None = None, **query: str | list[str]) -> None:
        self.session, self.query = session or {}, query


def _page_hash(entry: navigation.Entry, sent: list[ForwardMsg]) -> str:
    """The name by which Streamlit opens a page of the navigation; empty for the first."""
    AppTest.from_file(str(MAIN), default_timeout=60).run()
    pages = next(m.navigation.app_pages for m in sent if m.WhichOneof("type") == "navigation")
    sent.clear()
    names: dict[str, str] = {page.url_pathname: page.page_script_hash for page in pages}
    return names.get(entry.path, "")


def _open(page_hash: str, visit: Visit, spoken: str = PSEUDO) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app._page_hash = page_hash
    app.query_params["lang"] = spoken
    for name, value in visit.query.items():
        app.query_params[name] = value
    for name, value in visit.session.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def _choose_everything(app: AppTest) -> None:
    """Show each view of a page: turn its switches, choose every one of a few options."""
    for kind in ("button_group", "radio", "toggle", "selectbox"):
        for i in range(len(getattr(app, kind))):
            if str(getattr(app, kind)[i].key).startswith("language_"):
                continue  # the page would be in another language
            values: list[Any] = [True, False]
            if kind != "toggle":
                values = getattr(app, kind)[i].options
            for value in range(min(len(values), 4)):
                if i >= len(getattr(app, kind)):
                    break  # the page has other controls now
                widget = getattr(app, kind)[i]
                if kind == "selectbox":
                    widget.select_index(value)
                else:
                    widget.set_value(values[value])
                # AppTest finds the option by its name, as a browser with this page does.
                choose_language_by(lambda: PSEUDO)
                app.run()
                assert not app.exception, app.exception


def _visits(entry: navigation.Entry, run: str, others: str, waiting: str) -> list[Visit]:
    """How a page is opened where there are runs: one's own, somebody else's, one that waits."""
    if entry is navigation.TRAIN:
        folds = (state.MORE, state.CODE, state.TWINS, state.REFERENCES, state.INSIDE)
        opened = dict.fromkeys(folds, True)
        pinned = {state._PINNED: load_data().x_test[0]}
        return [
            *(
                Visit({**opened, state._REMEMBERED: {state.INSIDE_VIEW: view}}, run=run)
                for view in VIEWS
            ),
            Visit({state.TEACHER: True, **pinned}, run=others, optimizer="sgd", batch_size="full"),
            Visit(pinned, run=waiting, hidden_layers="none"),
            Visit(None, **{"run": waiting, "learning_rate": "999", NO_SETTING: "1"}),
            Visit(run=NOBODYS),
        ]
    if entry is navigation.DRAW:
        sources = ("Sketchpad", "Photo", "Camera")
        return [
            *(Visit({state._REMEMBERED: {state.SOURCE: source}}) for source in sources),
            Visit({state.DRAWING: drawn(), state.XRAY: True}, run=run),
            Visit({state.DRAWING: drawn(), state._PINNED: load_data().x_test[0]}, run=others),
        ]
    if entry is navigation.RUNS:
        views: list[dict[str, str]] = [
            {},
            {"run": run, "setting": "epochs"},
            {"run": NOBODYS, "find": NO_SETTING},
        ]
        return [Visit({"runs_test": True}, **view) for view in views]
    if entry.path == "teacher":
        return [Visit(), Visit({state.TEACHER: True})]
    return [Visit()]


def _as_it_comes(
    entry: navigation.Entry, place: Place, me: str, run: str, names: list[str]
) -> Iterator[Visit]:
    """Visits of a page between which something happens.

    Args:
        entry: the page.
        place: where.
        me: who opens it.
        run: one of them.
        names: gets what is no word of ours.
    """
    workers = frozenset({"worker", "another", "free"})  # what has waited takes one of them
    place.tell(lambda: place.hub.dispatcher.on_workers(workers))
    if entry is navigation.CLASS:
        yield from chain(_played(place, me), _taught(place, me, names))
    elif entry is navigation.RUNS:
        yield from _compared(place, me, run)
    elif entry is navigation.SWEEPS:
        yield from _swept(place, me)
    elif entry.path in ("draw", "sketchbook"):
        damaged = _end(place, place.hub.submit(me, CONFIG), 0.5)
        yield Visit({state.DRAWING: drawn()}, run=damaged)


def _played(place: Place, me: str) -> Iterator[Visit]:
    """The page Class for one who plays alone: each kind of prediction, each step, as it comes."""
    curve = Answer(curve=tuple(2.0 - 0.01 * i for i in range(41)))
    answers = (Answer(choice=0), Answer(number=0.5), curve)
    for answer, kind in zip(answers, (Choice, Number, Curve), strict=True):
        activity = next(one for one in ready() if isinstance(one.prediction, kind))
        room = classes().play_alone(me, activity)
        yield Visit(alone=room)
        classes().act(room, acts.predict, me, 1, answer)
        classes().act(room, acts.lock_prediction, me, 1)
        yield Visit(alone=room)
        run = place.hub.submit(me, activity.config(), classroom=stamp(room, 1))
        report(place.hub, run, status(Status.RUNNING), epoch_end())
        place.end(run, Result(Status.FINISHED, "", None, None))
        settle(place.hub)
        for step in PHASES:
            yield Visit({state._REMEMBERED: {f"class_{room}_1_1_step": step}}, alone=room)
        classes().act(room, acts.reveal, me, 1)
        yield Visit({state._REMEMBERED: {f"class_{room}_1_1_step": "compare"}}, alone=room)


def _taught(place: Place, me: str, names: list[str]) -> Iterator[Visit]:
    """The page Class for a teacher: before and after somebody joins, answers, trains, explains.

    Args:
        place: where.
        me: the teacher.
        names: gets what is no word of ours: the code, the secrets, addresses, values.
    """
    everything = classes()
    room = everything.start_class(me, "7")
    names += [
        everything.code(room),
        *everything.links(room, me).values(),
        "/class",
        "activity=",
        ": accuracy",
    ]
    chosen = {state._REMEMBERED: {state.CLASS: room}}
    yield Visit(chosen)
    activity = next(one for one in ready() if isinstance(one.prediction, Choice))
    for letters in (to_link(activity), "A"):
        yield Visit(chosen, activity=letters)
    for number in ("11", ""):
        everything.join(everything.code(room), f"browser:{number}", number)
    everything.act(room, acts.open_activity, me, activity)
    for owner in ("browser:11", "browser:"):
        everything.act(room, acts.predict, owner, 1, Answer(choice=0))
        everything.act(room, acts.lock_prediction, owner, 1)
    everything.act(room, acts.explain, "browser:11", 1, "42")
    run = place.hub.submit("browser:11", activity.config(), classroom=stamp(room, 1))
    report(place.hub, run, status(Status.RUNNING), epoch_end())
    kept = SnapshotAdded(what="answer", opening=1, member=1)
    everything.act(room, acts.add_snapshot, me, kept)
    everything.act(room, acts.remove, me, 2)
    everything.act(room, acts.set_curtain, me, True)
    yield Visit(chosen)
    yield Visit(chosen, view="projector")
    everything.act(room, acts.reveal, me, 1)
    everything.act(room, acts.hide_names, me, True)
    everything.act(room, acts.present, me, 1)
    yield Visit(chosen)
    yield Visit(chosen, view="projector")
    everything.act(room, acts.end, me)
    yield Visit(chosen)


def _end(place: Place, run_id: str, accuracy: float | None) -> str:
    """A run ends with this validation accuracy and a damaged network, or fails."""
    result = Result(Status.FAILED, "The worker failed: 7")
    if accuracy is not None:
        report(place.hub, run_id, status(Status.RUNNING), epoch_end(1, val_accuracy=accuracy))
        result = Result(Status.FINISHED, "", None, b"damaged")
    place.tell(lambda: place.end(run_id, result))
    return run_id


def _compared(place: Place, me: str, run: str) -> Iterator[Visit]:
    """The page Runs for chosen runs: side by side, two of them in detail, and the verdicts."""

    def ended(accuracy: float | None, **changes: object) -> str:
        config = CONFIG.model_copy(update=changes)
        return _end(place, place.hub.submit(me, config), accuracy)

    ones = [ended(accuracy, seed=i) for i, accuracy in enumerate((0.8, 0.81, 0.8, None))]
    twos = [ended(0.85, seed=i, learning_rate=0.01) for i in range(4)]
    others = [ended(0.5, epochs=epochs) for epochs in (3, 4)]
    apart = ended(0.5, train_images=2_000)
    whole = _finished(place, me, CONFIG.model_copy(update={"seed": 7}))
    yield Visit(run=[run, whole], compare="true")
    yield Visit(run=[*ones[:2], whole, *others], compare="true", axis="steps", images="both")
    yield Visit(run=[apart, ones[0]], compare="true")
    yield Visit(run=[ones[0], twos[0]], verdict="true")
    yield Visit(run=[twos[0], ones[0], others[0]], verdict="true")
    yield Visit(run=[ones[0]], verdict="true")
    yield Visit(run=[apart, ones[0]], verdict="true")


def _swept(place: Place, me: str) -> Iterator[Visit]:
    """The page Sweeps: the form, a curve, a map and draws, as far as each may be."""
    sweeps = place.hub.sweeps
    rates, sizes = Choices("learning_rate", (0.001, 0.01)), Choices("batch_size", (32, "full"))
    yield Visit({state._REMEMBERED: {"sweep_kind": "draws"}})
    yield Visit({state._REMEMBERED: {"sweep_values_learning_rate": "0.1, 99"}})
    curve = sweeps.create(me, Grid(CONFIG, (rates,), (1, 2)))
    fed(place.hub)
    runs = [run.id for run in reversed(place.hub.runs(me)) if run.sweep == curve]
    for run_id, accuracy in zip(runs, (0.8, 0.7, None), strict=False):
        _end(place, run_id, accuracy)
    yield Visit(sweep=curve)
    plane = sweeps.create(me, Grid(CONFIG, (rates, sizes), (1,)))
    fed(place.hub)
    for now in (SweepState.PAUSED, SweepState.STOPPED):
        sweeps._set(plane, now)
        yield Visit(sweep=plane)
    optimizers = Choices("optimizer", ("adam", "sgd"))
    draws = sweeps.create(me, Draws(CONFIG, (rates, optimizers), (1,), 4))
    yield Visit(sweep=draws)
    unread = replace(sweeps._sweeps[draws], plan=None, state=SweepState.STOPPED)
    sweeps._sweeps[draws] = unread  # as one of another version is read
    yield Visit(sweep=draws)
    yield Visit(sweep=NOBODYS)


@pytest.mark.usefixtures("_language_of_tests")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_a_page_has_no_plain_english(
    entry: navigation.Entry,
    place: Place,
    me: str,
    sent: list[ForwardMsg],
) -> None:
    page = _page_hash(entry, sent)
    _open(page, Visit())  # while there is nothing
    run, others = _finished(place, me), _finished(place, ANOTHER)
    place.run(ANOTHER)
    waiting = place.hub.submit(me, CONFIG)
    item = load_data().x_test[0]
    place.hub.sketchbook.add(me, [NewSketch(1, item, ())])
    for visit in _visits(entry, run, others, waiting):
        app = _open(page, visit)
    secrets: list[str] = []
    for visit in _as_it_comes(entry, place, me, run, secrets):
        _open(page, visit)
    if entry in navigation._LEARN:
        _choose_everything(app)
    elif entry is not navigation.DRAW:
        place.tell(lambda: place.hub.dispatcher.on_workers(frozenset(), supervisor._NO_WORKER))
        _open(page, Visit({state.TEACHER: True}))
    names = [*secrets, *(owner_name(owner).split()[-1] for owner in (me, ANOTHER))]
    names += [name for one in place.hub.runs() for name in (one.id, one.id[:4])]
    found = {
        text: words
        for message in sent
        if message.WhichOneof("type") in ("delta", "navigation", "page_config_changed")
        for text in visible(message)
        if (words := plain_english(text, [*names, NOBODYS, NO_SETTING]))
    }
    report = [f"{', '.join(words)}  in  {text[:300]!r}" for text, words in found.items()]
    assert not report, f"{len(report)} texts of {entry.title} are English:\n" + "\n".join(report)


# Elements in which somebody chooses or writes something, as AppTest calls them.
_CHOICES = (
    *("selectbox", "radio", "button_group", "multiselect", "select_slider", "slider"),
    *("toggle", "checkbox", "number_input", "text_input", "text_area"),
)
# What a key has beside a name: a form, a class, a run, the language.
_APART = re.compile(r"(?<=setting_)[0-9a-f]{8}_|-?\d{9,}|_(?:en|ko)(?=$|_)")


def _choices(app: AppTest) -> dict[str, Any]:
    """All of a page's, by the name in the key; "Language" itself is none."""
    found = [one for kind in _CHOICES for one in getattr(app, kind)]
    unkeyed = [f"{one.type} {one.label}" for one in found if one.key is None]
    assert not unkeyed, "without a key another language makes it another one, with no choice"
    named = {_APART.sub("", one.key): one for one in found if "language_" not in one.key}
    assert len(named) == len(found) - 1
    return named


class _Shown(str):
    """An option as it is shown, which AppTest is not to format once more."""


@pytest.fixture
def _as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    formatted = element_tree._format_value_for_widget
    monkeypatch.setattr(
        element_tree,
        "_format_value_for_widget",
        lambda how, value: value if isinstance(value, _Shown) else formatted(how, value),
    )


def _choose_another(one: Any) -> None:
    """Choose something else than what is chosen, as far as there is something else."""
    if one.type in ("selectbox", "radio", "button_group"):
        if one.options:
            one.set_value(_Shown(one.options[-1]))
    elif one.type == "select_slider":
        one.set_value(type(one.value)(one.options[-1]))
    elif one.type == "multiselect":
        one.set_value([_Shown(option) for option in one.options[-2:]])
    elif one.type in ("toggle", "checkbox"):
        one.set_value(not one.value)
    elif one.type in ("slider", "number_input"):
        one.set_value(one.min if one.value != one.min else one.max)


@pytest.mark.usefixtures("_as_shown")
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_another_language_keeps_every_choice(
    entry: navigation.Entry, place: Place, me: str, sent: list[ForwardMsg]
) -> None:
    page = _page_hash(entry, sent)
    run, others = _finished(place, me), _finished(place, ANOTHER)
    waiting = place.hub.submit(me, CONFIG)
    place.hub.sketchbook.add(me, [NewSketch(1, load_data().x_test[0], ())])
    visits: Iterable[Visit] = _visits(entry, run, others, waiting)
    if entry is navigation.CLASS:
        visits = _as_it_comes(entry, place, me, run, [])
    for visit in visits:
        app = _open(page, visit, SOURCE_LANGUAGE)
        for one in _choices(app).values():
            if not one.disabled:
                _choose_another(one)
        app.run()
        assert not app.exception, app.exception
        before = _choices(app)
        values = {name: one.value for name, one in before.items() if not one.disabled}
        app.selectbox(key="language_en").select("ko").run()
        assert not app.exception, app.exception
        after = _choices(app)
        assert {name: one.value for name, one in after.items() if not one.disabled} == values
        words = {
            name
            for name, one in before.items()
            if getattr(one, "options", None) != getattr(after[name], "options", None)
        }
        stale = [name for name in words if before[name].key == after[name].key]
        assert not stale, "under the same key a browser goes on showing the old language's word"


@pytest.mark.usefixtures("_language_of_tests")
def test_what_workers_and_the_server_say_in_english_is_found_again() -> None:
    choose_language_by(lambda: PSEUDO)
    for message in sentences(PSEUDO):
        said = re.sub(r"\{\w+(:[^{}]*)?\}", "7", message)
        assert not plain_english(from_english(said)), from_english(said)


def _everything() -> None:
    import pandas as pd
    import plotly.graph_objects as go
    import streamlit as st

    st.title("one title", help="one help")
    st.selectbox("two label", ["two option"], placeholder="two placeholder", help="two help")
    st.markdown("three `code` $formula$")
    st.dataframe(pd.DataFrame({"four column": ["four cell"]}))
    st.table([{"five column": "five cell"}])
    st.html('<img alt="six alt"><b title="six title">six text</b>')
    st.plotly_chart(go.Figure(go.Scatter(x=[1], y=[1], name="seven name")))
    st.toast("eight toast")
    with st.expander("nine box"):
        st.error("nine error")
    st.code("x = 1  # ten comment", language="python")
    st.radio("eleven label", ["eleven option"], captions=["eleven caption"])
    st.metric("twelve label", 1, help="twelve help")
    with st.popover("thirteen box", help="thirteen help"):
        st.file_uploader("thirteen label", help="fourteen help")
    component = st.components.v2.component("fifteen", html='<i aria-label="fifteen label">')
    component(data={"words": ["fifteen text"]}, key="fifteen")


def test_all_that_a_person_sees_is_looked_at(sent: list[ForwardMsg]) -> None:
    AppTest.from_function(_everything).run()
    texts = [text for m in sent if m.WhichOneof("type") == "delta" for text in visible(m)]
    words = {word for text in texts for word in plain_english(text)}
    expected = (
        "title label option placeholder help column cell alt text name toast box error comment"
    )
    assert words >= {*expected.split(), "caption"}
    assert not {"code", "formula"} & words
    numbers = "one two three four five six seven eight nine ten eleven twelve thirteen fifteen"
    assert words >= {*numbers.split()}
