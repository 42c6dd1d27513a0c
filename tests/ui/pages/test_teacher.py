"""The Teacher page: the door, what goes on, and the means to end it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.dataset import load_data
from playground.drawing.sketches import NewSketch
from playground.events import Command, Status
from playground.settings import settings
from playground.store.rows import READY_MADE
from playground.ui.common.labels import duration
from playground.ui.pages.teacher import owner_name
from tests.conftest import Place
from tests.ui.pages.test_train import MAIN

KEY = "correct horse"


def script() -> None:
    from playground.ui.pages import teacher

    teacher.page()


@pytest.fixture(autouse=True)
def sent(place: Place, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A server with a key; what workers are told."""
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", KEY)
    settings.cache_clear()
    told: list[tuple[str, str]] = []

    def command(run_id: str, _worker: str, command: Command) -> None:
        told.append((run_id, command.name))

    monkeypatch.setattr(place.engine, "command", command)
    return told


def opened(key: str = KEY) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30).run()
    app.text_input[0].set_value(key)
    button(app, "Enter").click().run()
    assert not app.exception
    return app


def button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


def words(app: AppTest) -> str:
    return "\n".join(text.value for text in app.markdown)


def test_without_the_key_nothing_is_shown(place: Place) -> None:
    run_id = place.run("somebody else")
    app = opened("guess")
    assert app.error[0].value == "This is not the teacher's key."
    assert run_id[:4] not in words(app)
    assert [b.label for b in app.button] == ["Enter"]


def test_it_shows_who_trains_and_who_waits_and_no_token(place: Place) -> None:
    assert "Nobody trains" in opened().info[0].value
    active = place.run("browser:abcdef")
    queued = place.hub.submit("user:ada@school.org", place.hub.run(active).config)  # type: ignore[union-attr]
    app = opened()
    assert "1 training, 1 waiting" in [s.value for s in app.header]
    text = words(app)
    assert active[:4] in text
    assert queued[:4] in text
    assert "Running, for" in text
    assert "Place 1, for" in text
    assert "ada@school.org" in text.replace("\\", "")
    assert "abcdef" not in text
    assert owner_name("browser:abcdef") in text


def test_it_stops_one_run_and_all(place: Place, sent: list[tuple[str, str]]) -> None:
    active = place.run("somebody else")
    queued = place.hub.submit("another", place.hub.run(active).config)  # type: ignore[union-attr]
    app = opened()
    button(app, f"Stop {queued[:4]}").click().run()
    run = place.hub.run(queued)
    assert run is not None
    assert run.status is Status.STOPPED
    assert sent == []
    button(app, f"Stop {active[:4]}").click().run()
    assert sent == [(active, "stop")]
    button(app, "Stop all").click().run()
    assert sent == [(active, "stop")] * 2


def test_it_empties_the_queue_and_says_how_many(place: Place) -> None:
    active = place.run("somebody else")
    for owner in ("a", "b"):
        place.hub.submit(owner, place.hub.run(active).config)  # type: ignore[union-attr]
    app = opened()
    button(app, "Take all out of the queue").click().run()
    assert app.toast[0].value == "Taken out of the queue: 2 runs."
    assert [one.run.id for one in place.hub.under_way()] == [active]


def test_it_clears_a_sketchbook_that_belongs_to_somebody_else(place: Place) -> None:
    place.hub.sketchbook.add("somebody else", [NewSketch(1, load_data().x_test[0], ())])
    app = opened()
    button(app, "Delete all drawings").click().run()
    assert place.hub.sketchbook.sketches() == []


def test_it_says_how_much_is_kept_and_how_much_is_free(place: Place) -> None:
    place.finished()
    [storage] = [c.value for c in opened().caption if c.value.startswith("Kept on this server")]
    found = re.fullmatch(
        r".*?(\d+) MiB of models.* (\d+) MiB of database.* ([\d.,]+) GiB\.", storage
    )
    assert found is not None
    usage = place.hub.usage()
    assert float(found[3].replace(",", "")) == pytest.approx(usage.free / 2**30, abs=1)


def test_who_leaves_has_to_enter_again() -> None:
    app = opened()
    button(app, "Leave").click().run()
    assert [b.label for b in app.button] == ["Enter"]


def test_it_says_when_nothing_can_be_trained(place: Place) -> None:
    why = "Training is not available: the cluster is away."
    place.tell(lambda: place.hub.dispatcher.on_workers(frozenset(), why))
    assert opened().error[0].value == why


def test_the_page_is_there_only_where_the_server_has_teachers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered: list[str] = []
    real = st.navigation

    def navigation(pages: dict[str, list[Any]], **options: Any) -> Any:
        offered[:] = [page.title for section in pages.values() for page in section]
        return real(pages, **options)

    monkeypatch.setattr(st, "navigation", navigation)
    AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert "Teacher" in offered
    assert "Log in" not in offered
    monkeypatch.delenv("PLAYGROUND_TEACHER_KEY")
    settings.cache_clear()
    AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert "Train" in offered
    assert "Teacher" not in offered
    login = AppTest.from_file(str(MAIN), default_timeout=30)
    login.secrets["auth"] = {"client_id": "playground"}
    login.run()
    assert "Log in" in offered


def test_owners_have_short_names_that_stay() -> None:
    name = owner_name("browser:3f2a9c")
    assert name == owner_name("browser:3f2a9c")
    assert name != owner_name("browser:3f2a9d")
    assert len(name) == len("Browser 1234")
    assert owner_name(READY_MADE) == "This server"


@pytest.mark.parametrize(
    ("minutes", "text"), [(0.5, "30 s"), (1.99, "119 s"), (2, "2 min"), (61.9, "1 h 1 min")]
)
def test_durations_in_words(minutes: float, text: str) -> None:
    assert duration(minutes) == text
