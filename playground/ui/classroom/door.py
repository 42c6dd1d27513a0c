"""The way into a class: by its code, by a link, or by starting one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from playground.classroom.codes import CODE_LENGTH, MOST_NICKNAME
from playground.classroom.rules.log import MOST_NAME
from playground.classroom.service import Classes
from playground.locales import t
from playground.runs.refusals import Refused
from playground.store.runs import StoreError
from playground.ui import location, state
from playground.ui.common.teacher import is_teacher, server_has_teachers


def follow_address(classes: Classes, owner: str) -> None:
    """Become what a link says, and take its secret out of the address."""
    secret = location.parameter(location.KEY)
    if not secret:
        return
    location.remove_parameter(location.KEY)
    try:
        class_id, _ = classes.follow_link(secret, owner, _address())
    except Refused as error:
        st.error(str(error), icon=":material/block:")
        return
    state.remember(state.CLASS, class_id)


def _address() -> str:
    """Of the device, as the server sees it; kept nowhere."""
    return st.context.ip_address or ""


def door(classes: Classes, owner: str) -> None:
    """Join, or start."""
    with st.container(key="class_door", horizontal=True, gap="medium"):
        with st.container(border=True, width=420):
            _join(classes, owner)
        if not server_has_teachers() or is_teacher():
            with st.container(border=True, width=420):
                _start(classes, owner)


def _join(classes: Classes, owner: str) -> None:
    st.header(t("Join a class"), anchor=False)
    # Said here and not in help beside the fields, which are then found by their names alone.
    st.write(
        t(
            "Your teacher shows a code. You need no account, and a nickname only if you want one: "
            "without it you are an animal of some colour."
        )
    )
    with st.form("class_join", border=False):
        code = st.text_input(
            t("Join code"),
            location.parameter(location.CODE)[:20].upper(),
            key="class_code",
            max_chars=20,
            autocomplete="off",
            placeholder=t("{count} letters and digits", count=CODE_LENGTH),
        )
        nickname = st.text_input(
            t("Nickname"),
            key="class_nickname",
            max_chars=MOST_NICKNAME,
            autocomplete="nickname",
            placeholder=t("may stay empty"),
        )
        pressed = st.form_submit_button(
            t("Join"),
            type="primary",
            width="stretch",
            icon=":material/login:",
            help=t("Takes you into the class."),
        )
    if pressed:
        _try(lambda: classes.join(code, owner, nickname, _address()))


def _start(classes: Classes, owner: str) -> None:
    st.header(t("Teach a class"), anchor=False)
    st.write(
        t(
            "You get a code for your students, see all their screens on one page, and lead them "
            "through activities: predict, run, explain, compare."
        )
    )
    name = st.text_input(
        t("Name of the class"),
        key="class_name",
        max_chars=MOST_NAME,
        autocomplete="off",
        help=t("Students see it; it may stay empty."),
    )
    if st.button(
        t("Start a class"),
        width="stretch",
        icon=":material/co_present:",
        help=t("Makes a class of your own, with a code to join it."),
    ):
        _try(lambda: classes.start_class(owner, name))


def _try(enter: Callable[[], str]) -> None:
    try:
        class_id = enter()
    except (Refused, StoreError) as error:
        st.error(str(error), icon=":material/block:")
        return
    location.remove_parameter(location.CODE)
    state.remember(state.CLASS, class_id)
    st.rerun()
