"""What the rules of a class refuse is said where the button is, on every page that has one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Command, Status
from playground.network.checkpoint import Checkpoint
from playground.runs.gate import Stamp
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo
from playground.ui.common.labels import plain
from playground.ui.pages import sweeps, train
from playground.ui.pages.learn.training import batches
from tests.conftest import NETWORK, Place

WHY = "The learning rate is locked in this activity."


class Locked:
    """Refuses everything."""

    @contextmanager
    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> Iterator[Stamp]:
        """Refuse it."""
        raise Refused(WHY)
        yield Stamp()

    def command(self, owner: str, run: RunInfo, command: Command) -> None:
        """Refuse it."""
        raise Refused(WHY)

    def deletion(self, run: RunInfo) -> None:
        """Refuse it."""
        raise Refused(WHY)


@pytest.fixture(autouse=True)
def _owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "cookies", {"playground_browser": "me"})
    for page in (train, sweeps):
        monkeypatch.setattr(page, "current_owner", lambda: "me")


def _train() -> None:
    from playground.ui.pages import train

    train.page()


def _sweeps() -> None:
    import streamlit as st

    from playground.ui.pages import sweeps, train

    st.navigation([st.Page(train.page, default=True), st.Page(sweeps.page, url_path="sweeps")])
    sweeps.page()


def _learn() -> None:
    from playground.ui.common.problems import show_errors
    from playground.ui.pages.learn.training import batches

    show_errors(batches.page)()


def _press(app: AppTest, label: str) -> list[str]:
    """Press a button; returns the errors that are then on the page."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return [error.value for error in app.error]


def _opened(script: Any, **query: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_on_train(place: Place) -> None:
    place.hub.gate = Locked()
    assert _press(_opened(_train), "Train") == [f"The run could not be started. {WHY}"]
    assert place.hub.runs() == []


def test_where_a_run_goes_on(place: Place) -> None:
    run_id = place.run(hidden_layers=())
    checkpoint = Checkpoint(1, NETWORK.layers)
    place.hub.archive.save_checkpoint(run_id, checkpoint.to_bytes())
    place.tell(lambda: place.end(run_id, Result(Status.STOPPED, "", None, NETWORK.to_bytes())))
    place.hub.gate = Locked()
    assert _press(_opened(_train, run=run_id), "Go on") == [plain(WHY)]
    assert len(place.hub.runs()) == 1


def test_where_a_rate_is_changed(place: Place) -> None:
    run_id = place.run()
    place.hub.gate = Locked()
    app = _opened(_train, run=run_id)
    [rate] = [field for field in app.number_input if field.label == "Rate from now on"]
    rate.set_value(0.5).run()
    assert [error.value for error in app.error] == [WHY]


def test_on_sweeps(place: Place) -> None:
    place.hub.gate = Locked()
    app = _opened(_sweeps)
    label = next(b.label for b in app.button if b.label.startswith(("Start", "Train")))
    assert _press(app, label) == [f"The sweep could not be started. {WHY}"]
    assert place.hub.sweeps.of("me") == []


def test_on_a_page_of_learn(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "current_owner", lambda: "me")
    place.hub.gate = Locked()
    app = _opened(_learn)
    label = next(b.label for b in app.button if "rain" in b.label)
    assert _press(app, label) == [WHY]
