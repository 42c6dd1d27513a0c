"""What a widget of the teacher does in the class."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from playground.classroom.rules import acts
from playground.ui.classroom.teacher import acting


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(acting, "act", lambda *what: found.append(what))
    monkeypatch.setattr(st, "session_state", {"shown": "run", "chosen": "compare", "none": None})
    return found


def test_what_is_chosen_is_done(done: list[tuple[Any, ...]]) -> None:
    acting.act_on("chosen", "run", "class", acts.set_phase, 1)
    assert done == [("class", acts.set_phase, 1, "compare")]


def test_a_browser_that_tells_a_new_server_what_it_shows_undoes_nothing(
    done: list[tuple[Any, ...]],
) -> None:
    """Streamlit takes it for a change where the first run of the script was cut short."""
    for key in ("shown", "none", "gone"):
        acting.act_on(key, "run", "class", acts.set_phase, 1)
    assert done == []
