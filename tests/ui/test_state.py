"""What a session remembers: the language of its visitor."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from playground.locales import SOURCE_LANGUAGE, choose_language_by
from playground.locales.pseudo import PSEUDO, pseudo
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
