"""What the buttons beside a run that trains tell it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.events import Command, Status
from tests.conftest import Place, report, settle, status
from tests.ui.pages.test_train import labelled, opened


@pytest.fixture
def running(place: Place, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The board of one's own run that trains."""
    # To AppTest, each run of the script is another browser's.
    monkeypatch.setattr("playground.ui.pages.train.current_owner", lambda: "me")
    return opened(run=place.run())


def test_one_button_pauses_and_resumes(
    place: Place, running: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays the same one, so that those beside it do not move away under a press."""
    told: list[Command] = []
    monkeypatch.setattr(place.engine, "command", lambda *what: told.append(what[-1]))
    pause = labelled(running.button, "Pause")
    pause.click().run()
    [run] = place.hub.runs()
    place.tell(lambda: report(place.hub, run.id, status(Status.PAUSED)))
    running.run()
    resume = labelled(running.button, "Resume")
    assert resume.proto.id == pause.proto.id
    resume.click().run()
    settle(place.hub)
    assert told == [Command("pause"), Command("resume")]


def test_a_run_that_cannot_be_told_now_is_said_so(
    place: Place, running: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("The worker does not answer now.")

    monkeypatch.setattr(place.engine, "command", away)
    labelled(running.button, "Pause").click().run()
    assert "does not answer now" in running.error[0].value
