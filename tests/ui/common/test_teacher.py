"""Who is a teacher: the key, its limits, and the logins."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from playground.classroom.codes import Tries
from playground.settings import settings
from playground.ui.common import teacher

KEY = "correct horse"


@pytest.fixture(autouse=True)
def _server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_TEACHER_KEY", KEY)
    monkeypatch.setenv("PLAYGROUND_TEACHERS", "Ada@school.org, bo@school.org")
    settings.cache_clear()
    monkeypatch.setattr(teacher, "_tries_of_all", Tries())
    session(monkeypatch)


def session(monkeypatch: pytest.MonkeyPatch, **user: Any) -> None:
    """Be somebody else from now on."""
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "user", user)


def test_the_key_makes_a_teacher_until_they_leave() -> None:
    assert not teacher.is_teacher()
    assert teacher.enter(KEY) == ""
    assert teacher.is_teacher()
    teacher.leave()
    assert not teacher.is_teacher()


@pytest.mark.parametrize("key", ["", "correct hors", "correct horsee", "정답", "\udc80"])
def test_another_key_does_not(key: str) -> None:
    assert teacher.enter(key) == "This is not the teacher's key."
    assert not teacher.is_teacher()


def test_after_five_tries_a_session_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("playground.classroom.codes.time.monotonic", lambda: now)
    for _ in range(5):
        assert "not the teacher's key" in teacher.enter("guess")
    assert teacher.enter(KEY) == "Only 5 tries a minute. Wait a minute, then try again."
    assert not teacher.is_teacher()
    now += 61
    assert teacher.enter(KEY) == ""


def test_many_sessions_have_no_more_than_fifty_tries_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = []
    for _ in range(60):
        session(monkeypatch)
        answers.append(teacher.enter("guess"))
    assert answers[:50] == ["This is not the teacher's key."] * 50
    assert all("too many tries on this server" in answer for answer in answers[50:])


def test_a_server_without_a_key_accepts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_TEACHER_KEY")
    settings.cache_clear()
    assert "no teacher's key" in teacher.enter("")
    assert teacher.server_has_teachers()
    monkeypatch.delenv("PLAYGROUND_TEACHERS")
    settings.cache_clear()
    assert not teacher.server_has_teachers()


@pytest.mark.parametrize(
    ("user", "is_one"),
    [
        ({"is_logged_in": True, "email": "ada@SCHOOL.org"}, True),
        ({"is_logged_in": True, "email": "bo@school.org", "email_verified": True}, True),
        ({"is_logged_in": True, "email": "bo@school.org", "email_verified": False}, False),
        ({"is_logged_in": False, "email": "bo@school.org"}, False),
        ({"is_logged_in": True, "email": "cy@school.org"}, False),
        ({"is_logged_in": True, "sub": "7"}, False),
        ({"email": "bo@school.org"}, False),
    ],
)
def test_a_login_with_a_teachers_address_is_a_teacher(
    user: dict[str, Any], is_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(monkeypatch, **user)
    assert teacher.is_teacher() == is_one
