"""Errors that no page can repair are shown as a sentence, wherever they happen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from playground.dataset import DatasetError
from tests.conftest import Place
from tests.ui.pages.test_train import MAIN


def part() -> None:
    import streamlit as st

    from playground.dataset import DatasetError
    from playground.store.runs import StoreError
    from playground.ui.common.problems import show_errors

    def section() -> None:
        if st.toggle("Broken"):
            raise (StoreError if st.session_state.get("store") else DatasetError)("It is damaged.")
        st.write("fine")

    st.fragment(show_errors(section))()


@pytest.mark.parametrize("store", [True, False])
def test_a_fragment_shows_what_is_wrong_and_goes_on_when_it_is_repaired(store: bool) -> None:
    app = AppTest.from_function(part)
    app.session_state["store"] = store
    app.run()
    assert not app.error
    app.toggle[0].set_value(True).run()
    assert [error.value for error in app.error] == ["It is damaged."]
    assert [button.label for button in app.button] == ["Try again"]
    assert not app.exception
    app.toggle[0].set_value(False).run()
    assert not app.error


def test_a_page_without_the_data_set_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise DatasetError("The data file is missing.")

    monkeypatch.setattr("playground.ui.pages.train.page", missing)
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not app.exception
    assert [error.value for error in app.error] == ["The data file is missing."]
