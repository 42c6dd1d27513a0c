"""Who is a teacher: a person who knows the server's key, or logs in with a teacher's address."""

from __future__ import annotations

import hmac
import logging

import streamlit as st

from playground.classroom.codes import Tries
from playground.locales import t
from playground.settings import settings
from playground.ui import state

_log = logging.getLogger(__name__)


_tries_of_all = Tries()


def server_has_teachers() -> bool:
    """Whether this server knows any teacher."""
    return settings().teacher_key is not None or bool(settings().teachers)


def is_teacher() -> bool:
    """Whether the person at this screen is a teacher."""
    if st.session_state.get(state.TEACHER):
        return True
    # An address that the login has not verified may belong to somebody else.
    if not st.user.get("is_logged_in") or st.user.get("email_verified") is False:
        return False
    email = str(st.user.get("email") or "").casefold()
    return email in {teacher.casefold() for teacher in settings().teachers}


def enter(key: str) -> str:
    """Make the person at this screen a teacher, if this is the key.

    Returns:
        Why it was not accepted; empty if it was.
    """
    right = settings().teacher_key
    if right is None:
        return t("This server has no teacher's key.")
    most = settings().max_key_tries
    mine: Tries = st.session_state.setdefault(state.TRIES, Tries())
    if mine.full(most):
        return t("Only {most} tries a minute. Wait a minute, then try again.", most=most)
    mine.count()
    if _tries_of_all.full(10 * most):
        _log.warning("More than %d tries at the teacher's key within a minute.", 10 * most)
        return t("There are too many tries on this server now. Wait a minute, then try again.")
    _tries_of_all.count()
    # The time of this comparison does not depend on where the two differ.
    if not hmac.compare_digest(
        key.encode("utf-8", "surrogatepass"), right.get_secret_value().encode()
    ):
        return t("This is not the teacher's key.")
    st.session_state[state.TEACHER] = True
    return ""


def leave() -> None:
    """The person is no longer a teacher, until the key is entered again."""
    st.session_state.pop(state.TEACHER, None)
