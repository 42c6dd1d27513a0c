"""What a session remembers: the language of its visitor."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from playground.locales import SOURCE_LANGUAGE, choose_language_by
from playground.locales.pseudo import PSEUDO, pseudo
from playground.ui import state
from playground.ui.state import whole
from tests.conftest import Place
from tests.ui.pages.test_train import MAIN


def opened(language: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("place")
def test_a_language_stays_when_a_link_leads_to_another_address() -> None:
    app = opened(PSEUDO)
    app.query_params = {}
    choose_language_by(lambda: PSEUDO)  # AppTest finds options by their names in this language
    app.run()
    choose_language_by(lambda: SOURCE_LANGUAGE)
    assert app.query_params["lang"] == PSEUDO
    assert any(button.label == pseudo("Train") for button in app.button)


def test_a_language_that_nobody_speaks_is_english(place: Place) -> None:
    app = opened("tlh")
    assert any(button.label == "Train" for button in app.button)
    assert not app.warning


def test_a_change_is_made_although_another_run_is_asked_for_meanwhile() -> None:
    """Streamlit raises at a look at the session's state, and does not call the callback again."""
    requests = [RerunException(RerunData()), RerunException(RerunData())]
    newest = requests[-1]
    made: list[str] = []

    @whole
    def change(value: str) -> None:
        if requests:
            raise requests.pop(0)
        made.append(value)

    with pytest.raises(RerunException) as raised:
        change("7")
    assert raised.value is newest  # Streamlit answers it
    assert made == ["7"]
    change("8")
    assert made == ["7", "8"]


def test_the_first_language_is_the_browsers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: "ko-KR"))
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert any(button.label == "훈련" for button in app.button)
    assert "lang" not in app.query_params


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("pt-BR", "pt-BR"),
        ("pt-PT", "en"),
        ("ko-KR", "ko"),
        ("en-GB", "en"),
        ("x", "en"),
        (None, "en"),
    ],
)
def test_a_browser_that_asks_for_a_variety_gets_it_or_its_language(
    asked: str | None, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(st.context), "locale", property(lambda _: asked))
    monkeypatch.setattr(state, "languages", lambda: ("en", "ko", "pt-BR"))
    assert state.browser_language() == spoken


def test_a_chosen_language_is_spoken_at_once_and_all_else_stays(place: Place) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["batch_size"] = "64"
    app.run()
    app.selectbox(key="language_en").select("ko").run()
    assert not app.exception
    assert app.query_params["lang"] in ("ko", ["ko"])
    assert any(button.label == "훈련" for button in app.button)
    assert app.session_state["config"].batch_size == 64
