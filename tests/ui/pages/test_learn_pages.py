"""Every page of Learn, without runs and with a real one, and with every control moved."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from scipy.interpolate import RegularGridInterpolator
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.protocol import Result
from playground.events import EpochEnd, Evaluation, EventData, HookStop, Status
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import Store
from playground.training.control import Control
from playground.training.train import Outcome, train
from playground.ui.pages.learn.training import batches
from playground.ui.pages.learn.training.callbacks import who_stopped
from tests.conftest import FakeCluster, eventually, report

PAGES = (
    "the_data",
    "feature_scaling",
    "flatten",
    "dense",
    "activation_functions",
    "training.compiling",
    "training.evaluating",
    "training.callbacks",
    "training.batches",
    "training.chance",
)
CONFIG = RunConfig(hidden_layers=(8,), train_images=600, epochs=2, early_stop=False)
OWNER = f"browser:{hashlib.sha256(b'me').hexdigest()}"
Recording = tuple[list[EventData], Outcome]


def script(name: str) -> None:
    import importlib

    importlib.import_module(f"playground.ui.pages.learn.{name}").page()


@pytest.fixture(scope="module")
def recording() -> Recording:
    """A real training: its events and its outcome."""
    events: list[EventData] = []
    outcome = train(CONFIG, load_data(), events.append, Control())
    return events, outcome


class Place:
    """A hub with a real store; its one worker replays a real training when told to."""

    def __init__(self, folder: Path) -> None:
        self.cluster = FakeCluster()
        self.hub = Hub(Store(folder), self.cluster)
        self.hub.start()
        service.use(self.hub)

    def train(self, recording: Recording, config: RunConfig = CONFIG, owner: str = OWNER) -> str:
        """Put a run into the hub and let it end as the recorded one did."""
        run_id = self.hub.submit(owner, config)
        self.cluster.listener.on_workers(frozenset({"worker"}))
        self.end(recording, run_id)
        return run_id

    def end(self, recording: Recording, run_id: str) -> None:
        """Let a run that is under way end as the recorded one did."""
        eventually(lambda: (run := self.hub.run(run_id)) and run.status.active)
        events, outcome = recording
        assert outcome.network is not None
        report(self.hub, run_id, *events)
        self.cluster.listener.on_done(
            run_id,
            Result(outcome.status, outcome.reason, outcome.model, outcome.network.to_bytes()),
        )
        eventually(lambda: (run := self.hub.run(run_id)) and run.status.ended)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(type(st.context), "cookies", {"playground_browser": "me"})
    st.cache_resource.clear()
    yield Place(tmp_path)
    service.stop()


def opened(name: str) -> AppTest:
    app = AppTest.from_function(script, kwargs={"name": name}, default_timeout=30)
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("trained", [False, True], ids=["no runs", "a run"])
def test_every_page_opens(name: str, trained: bool, place: Place, recording: Recording) -> None:
    if trained:
        place.train(recording)
    app = opened(name)
    assert len(app.title) == 1
    assert app.caption or app.info
    assert button(app, "Open on Train")
    assert all(b.help for b in app.button)
    for widget in (*app.slider, *app.selectbox, *app.radio, *app.number_input, *app.toggle):
        assert widget.label
        assert widget.help


@pytest.mark.parametrize("name", PAGES)
def test_every_control_can_be_moved_to_its_ends(
    name: str, place: Place, recording: Recording
) -> None:
    place.train(recording)
    app = opened(name)
    kinds = ("toggle", "radio", "selectbox", "number_input", "slider", "select_slider")
    for kind in kinds:
        for i in range(len(getattr(app, kind))):
            widget = getattr(app, kind)[i]
            ends: list[Any]
            if kind == "toggle":
                ends = [not widget.value]
            elif kind in ("slider", "number_input"):
                ends = [widget.min, widget.max]
            else:
                ends = [0, len(widget.options) - 1]
            for end in ends:
                if i >= len(getattr(app, kind)):  # the page has other controls now
                    break
                widget = getattr(app, kind)[i]
                if kind == "selectbox":
                    widget.select_index(end)
                elif kind == "radio":
                    widget.set_value(widget.options[end])
                elif kind == "select_slider":
                    # The test knows the options' words only; the words of numbers are numbers.
                    word = widget.options[end]
                    words = word.replace(".", "").isdigit()
                    widget.set_value(type(widget.value)(word) if words else word)
                else:
                    widget.set_value(end)
                run(app)


@pytest.mark.parametrize("view", ["Gallery", "Average images", "How many", "As numbers", "Hardest"])
def test_every_view_of_the_data_opens(view: str, place: Place) -> None:
    app = opened("the_data")
    app.button_group[0].set_value([view] if isinstance(app.button_group[0].value, list) else view)
    assert run(app).caption


def test_an_experiment_queues_its_runs_once_and_finds_them_again(
    place: Place, recording: Recording
) -> None:
    app = opened("feature_scaling")
    assert any("Press the button" in info.value for info in app.info)
    button(app, "Train the three").click()
    run(app)
    runs = place.hub.runs()
    assert {run.config.scaling for run in runs} == {"none", "min_max", "standard"}
    assert {run.owner for run in runs} == {OWNER}
    assert {run.lesson for run in runs} == {"feature-scaling"}
    assert place.hub.runs(OWNER, lessons=False) == []
    assert button(app, "Train the three").disabled
    assert any("waits, place 3 in the queue" in caption.value for caption in app.caption)
    # Another session of the same browser sees the same runs.
    assert button(opened("feature_scaling"), "Train the three").disabled
    button(app, "Stop them").click()
    run(app)
    assert {run.status for run in place.hub.runs()} == {Status.STOPPED}
    assert not button(app, "Train the three").disabled


def test_what_somebody_else_has_trained_is_not_trained_again(
    place: Place, recording: Recording
) -> None:
    config = RunConfig(train_images=12_000, epochs=5, early_stop=False, scaling="none")
    place.train(recording, config, "browser:somebody")
    app = opened("feature_scaling")
    assert any("None: loss" in caption.value for caption in app.caption)
    button(app, "Train the three").click()
    run(app)
    mine = [run for run in place.hub.runs() if run.owner == OWNER]
    assert {run.config.scaling for run in mine} == {"min_max", "standard"}


def test_the_three_sets_are_those_of_the_run(place: Place, recording: Recording) -> None:
    place.train(_measured(recording, train_accuracy=0.9, train_loss=0.3))
    epochs = [data for data in recording[0] if isinstance(data, EpochEnd)]
    (test,) = [data for data in recording[0] if isinstance(data, Evaluation)]
    app = opened("training.evaluating")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown == {
        "Training accuracy, last epoch": f"{epochs[-1].accuracy:.1%}".replace("%", " %"),
        "Training accuracy, after training": "90.0 %",
        "Validation accuracy": f"{epochs[-1].val_accuracy:.1%}".replace("%", " %"),
        "Test accuracy": f"{test.accuracy:.1%}".replace("%", " %"),
    }
    worse = 100 * (0.9 - test.accuracy)
    caption = " ".join(caption.value for caption in app.caption)
    assert f"{worse:.1f} percentage points worse on the test images than on those" in caption
    assert any("mean over that epoch" in text.value for text in app.markdown)


def test_an_older_run_is_not_compared(place: Place, recording: Recording) -> None:
    place.train(_measured(recording))
    app = opened("training.evaluating")
    assert {m.label: m.value for m in app.metric}["Training accuracy, after training"] == "–"
    caption = " ".join(caption.value for caption in app.caption)
    assert "points" not in caption
    assert "Train it again" in caption


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"dropout": 0.3}, "dropout set 30% of each hidden layer's outputs to 0"),
        ({"twins": 0.1}, "the images that were added to the training images count"),
        ({"label_noise": 0.1}, "10% of the training labels are wrong on purpose"),
    ],
)
def test_what_lowers_a_runs_training_accuracy_is_said(
    setting: dict[str, float], words: str, place: Place, recording: Recording
) -> None:
    place.train(recording, CONFIG.model_copy(update=setting))
    assert any(words in caption.value for caption in opened("training.evaluating").caption)


def _measured(recording: Recording, **more: float) -> Recording:
    """The recording with these values measured on the training images, and no others."""
    events, outcome = recording
    return [
        Evaluation(**data.model_dump(exclude={"train_loss", "train_accuracy"}), **more)
        if isinstance(data, Evaluation)
        else data
        for data in events
    ], outcome


@pytest.mark.parametrize(("count", "epochs"), [(100, False), (150, False), (5, True)])
@pytest.mark.parametrize("rate", [batches.RATES[0], batches.RATES[-1]])
def test_the_colour_under_a_path_is_its_loss(rate: float, count: int, epochs: bool) -> None:
    view = batches.descents(rate, count, epochs)
    read = RegularGridInterpolator((view.up, view.across), view.loss)
    band = (view.loss.max() - view.loss.min()) / 25  # of one colour
    for path in view.descents.values():
        np.testing.assert_allclose(read(path.weights[:, ::-1]), path.losses, atol=band / 2)


def test_the_callbacks_code_follows_the_threshold(place: Place) -> None:
    app = opened("training.callbacks")
    assert 'logs["accuracy"] > 0.8' in app.code[0].value
    app.slider[0].set_value(0.93)
    app.selectbox[0].select("val_accuracy")
    assert 'logs["val_accuracy"] > 0.93' in run(app).code[0].value


def test_who_stopped_a_run_is_said(place: Place, recording: Recording) -> None:
    finished = place.hub.run(place.train(recording))
    assert finished is not None
    assert who_stopped(finished, HookStop(hook="on_epoch_end", epoch=2)).startswith(
        "on_epoch_end of epoch 2"
    )
    assert "all of its epochs" in who_stopped(finished, None)


def test_seeds_are_drawn_one_by_one_until_a_real_difference_shows(place: Place) -> None:
    app = opened("training.chance")
    assert "a single pair says nothing" in app.info[0].value
    assert any("draw more" in caption.value for caption in app.caption)
    button(app, "Draw a seed").click()
    assert "An interval takes three seeds" in run(app).info[0].value
    for _ in range(2):
        button(app, "Draw five").click()
        run(app)
    assert "Over 12 seeds" in app.info[0].value
    assert "better" not in app.info[0].value
    app.session_state["chance_pair_en"] = "far"
    assert "“rate 0.02” is worse than “rate 0.1”" in run(app).info[0].value
    button(app, "Start again").click()
    assert "a single pair" in run(app).info[0].value


def test_p_values_give_more_false_alarms_the_more_often_one_looks(place: Place) -> None:
    app = opened("training.chance")
    alarms = []
    for looks in (3, 40):
        app.slider[0].set_value(looks)
        [caption] = [c.value for c in run(app).caption if "called different" in c.value]
        alarms.append([float(share) for share in re.findall(r"([\d.]+)%", caption)])
    assert alarms[0][0] < 6 < 20 < alarms[1][0]
    assert alarms[0][1] < alarms[1][1] <= 5
