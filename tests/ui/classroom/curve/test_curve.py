"""The chart for a drawn curve on a page, as far as Python goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from playground.ui.classroom.curve import curve

CURVE = [round(0.02 * i, 2) for i in range(41)]


def page(values: list[float] | None, locked: bool, run_id: str | None) -> None:
    import streamlit as st

    from playground.ui.classroom.curve.curve import draw_curve

    drawn = draw_curve("mine", "val_accuracy", 5, values, locked=locked, run_id=run_id)
    st.session_state["returned"] = drawn


class Browser:
    """Stands for the component: what it was given last, and a way to send."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.changed: Callable[[], None] = lambda: None
        self.sends: object = None

    def mount(self, *_parts: str, key: str, data: dict[str, Any], **callbacks: Any) -> None:
        self.data = data
        if self.sends is not None:
            st.session_state[key], self.sends = {"curve": self.sends}, None
            callbacks["on_curve_change"]()
            st.rerun()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr(curve, "mount", made.mount)
    return made


def opened(
    values: list[float] | None = None, locked: bool = False, run_id: str | None = None
) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30, args=(values, locked, run_id)).run()
    assert not app.exception
    return app


def returned(app: AppTest) -> object:
    return app.session_state["returned"]


def test_an_empty_chart_has_no_curve(browser: Browser) -> None:
    assert returned(opened()) is None
    assert (browser.data["low"], browser.data["high"], browser.data["epochs"]) == (0, 1, 5)


def test_what_is_drawn_stays_when_the_page_runs_again(browser: Browser) -> None:
    app = opened()
    browser.sends = {"version": 4, "values": CURVE}
    app.run()
    assert returned(app) == tuple(CURVE)
    app.run()
    assert returned(app) == tuple(CURVE)
    assert (browser.data["version"], browser.data["values"]) == (4, CURVE)


def test_what_is_refused_is_said_and_the_curve_before_it_stays(browser: Browser) -> None:
    app = opened(CURVE)
    browser.sends = {"version": 5, "values": [2.0] * 41}
    app.run()
    assert "41 numbers from 0 to 1" in app.warning[0].value
    assert returned(app) == tuple(CURVE)
    browser.sends = {"version": 6, "values": CURVE[::-1]}
    app.run()
    assert not app.warning
    assert returned(app) == tuple(CURVE[::-1])


def test_a_locked_curve_is_the_stored_one_whatever_is_sent(browser: Browser) -> None:
    app = opened(CURVE, locked=True, run_id="a" * 32)
    browser.sends = {"version": 9, "values": CURVE[::-1]}
    app.run()
    assert returned(app) == tuple(CURVE)
    assert browser.data["locked"] is True
    assert browser.data["runId"] == "a" * 32


def test_the_real_component_takes_what_it_is_given() -> None:
    assert returned(opened(CURVE)) == tuple(CURVE)
