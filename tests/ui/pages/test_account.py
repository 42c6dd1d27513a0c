"""The page that logs people in, where the server has Streamlit's login."""

from __future__ import annotations

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest


def script() -> None:
    from playground.ui.pages import account

    account.page()


def test_a_login_that_is_not_set_up_correctly_is_said() -> None:
    app = AppTest.from_function(script, default_timeout=30)
    app.secrets["auth"] = {"client_id": "playground"}
    app.run()
    app.button[0].click().run()
    assert not app.exception
    assert app.error[0].value.startswith("The login of this server is not set up correctly.")


def test_who_is_logged_in_reads_it_and_can_log_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "user", {"is_logged_in": True, "email": "ada_a@school.org"})
    app = AppTest.from_function(script, default_timeout=30).run()
    said = re.sub(r"[\\`]", "", app.markdown[0].value)  # as Markdown shows it
    assert said == "You are logged in as ada_a@school.org."
    assert [button.label for button in app.button] == ["Log out"]
