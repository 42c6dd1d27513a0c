"""What a session remembers: the language of its visitor."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.locales import SOURCE_LANGUAGE, choose_language_by
from playground.locales.pseudo import PSEUDO, pseudo
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
