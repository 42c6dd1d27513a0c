"""The living network on a page, as far as Python goes: what it is told, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.config import Activation, RunConfig
from playground.ui import state
from playground.ui.network import view

FIXED = "Your class has fixed some settings; they are grey."


def page(locks: dict[str, object]) -> None:
    from playground.ui import state
    from playground.ui.network.view import network_view
    from playground.ui.settings.panel import settings_panel

    state.lock(locks)
    # First, since what is pressed is taken before there are widgets.
    network_view(state.config(), None)
    settings_panel()


class Browser:
    """Stands for the component: what it was given last, and a way to send."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.sends: tuple[str, object] | None = None

    def mount(
        self, *_parts: object, key: str, data: dict[str, Any], **callbacks: Callable[[], None]
    ) -> None:
        self.data = data
        if self.sends is not None:
            (name, value), self.sends = self.sends, None
            st.session_state[key] = {name: value}
            callbacks[f"on_{name}_change"]()
            st.rerun()

    def send(self, app: AppTest, name: str, value: object) -> RunConfig:
        """What the settings are when this has been pressed."""
        self.sends = name, value
        app.run()
        assert not app.exception
        found: RunConfig = app.session_state[state._CONFIG]
        return found


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr(view, "mount", made.mount)
    return made


def opened(**locks: object) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30, args=(locks,))
    app.session_state[state._CONFIG] = RunConfig(hidden_layers=(20,))
    app.run()
    assert not app.exception
    return app


def _activation(app: AppTest) -> Any:
    return next(one for one in app.selectbox if one.label == "Activation")


def test_what_is_pressed_in_the_network_is_in_the_settings_and_the_other_way_round(
    browser: Browser,
) -> None:
    app = opened()
    assert browser.data["activations"] == list(get_args(Activation))
    assert browser.data["settings"]["fixed"] == {"layers": False, "activation": False}
    assert browser.send(app, "layers", [64, 32]).hidden_layers == (64, 32)
    assert browser.send(app, "activation", "tanh").activation == "tanh"
    assert _activation(app).value == "tanh"
    _activation(app).select("elu").run()
    assert browser.data["settings"]["activation"] == "elu"
    assert browser.send(app, "activation", "sigmoid").activation == "sigmoid"
    assert _activation(app).value == "sigmoid"
    for nothing in ("sine", None, ["relu"], 3):
        assert browser.send(app, "activation", nothing).activation == "sigmoid"


def test_what_a_class_has_fixed_cannot_be_changed_in_the_network(browser: Browser) -> None:
    app = opened(hidden_layers=[20])
    assert browser.data["settings"]["fixed"] == {"layers": True, "activation": False}
    assert browser.data["settings"]["whyFixed"] == FIXED
    assert FIXED in [caption.value for caption in app.caption]
    assert browser.send(app, "layers", [64]).hidden_layers == (20,)
    assert browser.send(app, "activation", "tanh").activation == "tanh"
    app = opened(activation="relu")
    assert browser.data["settings"]["fixed"] == {"layers": False, "activation": True}
    assert browser.send(app, "activation", "tanh").activation == "relu"
    assert browser.send(app, "layers", [64]).hidden_layers == (64,)
