"""Teacher: who trains and who waits, and the means to end it; for teachers only."""

from __future__ import annotations

import hashlib

import streamlit as st

from playground.events import Command, Status
from playground.locales import from_english, plural, t
from playground.runs import service
from playground.runs.dispatch.admission import Waited
from playground.runs.hub import Hub
from playground.store.rows import READY_MADE
from playground.store.runs import Usage
from playground.ui import navigation, state
from playground.ui.common.labels import config_label, duration, plain
from playground.ui.common.owner import current_owner
from playground.ui.common.problems import show_errors
from playground.ui.common.teacher import enter, is_teacher, leave

_FRESH_SECONDS = 2.0
_SHOWN = 40
# The run, its owner, its status, and a button each to stop and to watch it.
_COLUMNS = [3.2, 1.6, 2, 1.5, 1.6]


def page() -> None:
    """The page, top to bottom: what goes on, the queue, the sketchbook, the disk."""
    st.title(t("Teacher"), anchor=False)
    if not is_teacher():
        _door()
        return
    hub, owner = service.hub(), current_owner()
    _under_way(owner)
    with st.container(horizontal=True):
        _empty_queue(hub)
        _clear_sketchbook(hub, owner)
        if st.session_state.get(state.TEACHER):
            st.button(
                t("Leave"),
                icon=":material/logout:",
                on_click=leave,
                help=t("This tab is no longer a teacher's, until the key is entered again."),
            )
    usage = _usage(hub)
    st.caption(
        t(
            "Kept on this server: {files:,.0f} MiB of models, snapshots and pinned drawings, "
            "{database:,.0f} MiB of database. Free on its disk: {free:,.1f} GiB.",
            files=usage.artefacts / 2**20,
            database=usage.database / 2**20,
            free=usage.free / 2**30,
        )
    )


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def _usage(_hub: Hub) -> Usage:
    """How much is kept and how much is free, at most a minute ago."""
    return _hub.usage()


def _door() -> None:
    with st.form("door", width=400):
        key = st.text_input(
            t("Teacher's key"),
            key="door_key",
            type="password",
            autocomplete="current-password",
            help=t("The person who runs this server has set it."),
        )
        opens = t("Opens the teacher's page.")
        if st.form_submit_button(t("Enter"), icon=":material/key:", help=opens):
            if problem := enter(key):
                st.error(problem)
            else:
                st.rerun()


@st.fragment(run_every=_FRESH_SECONDS)
@show_errors
def _under_way(owner: str) -> None:
    """Every run that trains or waits; fresh every two seconds, for this one screen."""
    hub = service.hub()
    if hub.problem:
        st.error(from_english(hub.problem), icon=":material/error:")
    runs = hub.under_way()
    active = [one for one in runs if one.run.status.active]
    st.header(
        t(
            "{training:,} training, {waiting:,} waiting",
            training=len(active),
            waiting=len(runs) - len(active),
        ),
        anchor=False,
    )
    if not runs:
        st.info(t("Nobody trains and nobody waits."))
        return
    if st.button(
        t("Stop all"),
        icon=":material/stop_circle:",
        disabled=not active,
        help=t(
            "Ends every run that trains and keeps what it has learned. The runs that wait come "
            "next."
        ),
    ):
        for one in active:
            _send_stop(hub, owner, one)
    for number, one in enumerate(runs[:_SHOWN], 1):
        _row(hub, owner, one, number - len(active))
    if more := len(runs[_SHOWN:]):
        st.caption(t("And {more:,} more that wait.", more=more))


def _row(hub: Hub, owner: str, one: Waited, queue_position: int) -> None:
    run, short = one.run, one.run.id[:4]
    name, who, where, stop, watch = st.columns(_COLUMNS, gap="small", vertical_alignment="center")
    name.markdown(f"**{short}** · {config_label(run.config)}")
    by = plain(owner_name(run.owner))
    who.markdown(t("{owner} (you)", owner=by) if run.owner == owner else by)
    waits, time = run.status is Status.QUEUED, duration(one.minutes)
    where.markdown(
        t("Place {number}, for {time}", number=queue_position, time=time)
        if waits
        else t("{status}, for {time}", status=t(run.status.value), time=time)
    )
    if stop.button(
        t("Stop {run}", run=short),
        key=f"stop_{run.id}",
        width="stretch",
        help=t("Takes this run out of the queue.")
        if waits
        else t("Ends this run and tests what it has learned."),
    ):
        _send_stop(hub, owner, one)
    if watch.button(
        t("Watch {run}", run=short),
        key=f"watch_{run.id}",
        width="stretch",
        help=t("Opens its board on Train, with its controls."),
    ):
        state.show_run(run.id)
        navigation.go_to(navigation.TRAIN)


def _send_stop(hub: Hub, owner: str, one: Waited) -> None:
    try:
        hub.command(owner, one.run.id, Command("stop"), teacher=True)
    except ConnectionError as error:
        st.error(t("Run {run} was not stopped. {reason}", run=one.run.id[:4], reason=error))


def _empty_queue(hub: Hub) -> None:
    with st.popover(
        t("Empty the queue"),
        icon=":material/clear_all:",
        help=t("Takes every run that waits out of the queue."),
    ):
        st.write(t("This takes everybody’s waiting runs out of the queue. Runs that train go on."))
        nothing_lost = t("None of these has trained anything yet.")
        if st.button(t("Take all out of the queue"), help=nothing_lost):
            taken = hub.empty_queue()
            st.toast(
                plural(
                    "Taken out of the queue: {count:,} run.",
                    "Taken out of the queue: {count:,} runs.",
                    taken,
                )
            )


def _clear_sketchbook(hub: Hub, owner: str) -> None:
    with st.popover(
        t("Clear the sketchbook"),
        icon=":material/delete:",
        help=t("Deletes every drawing in the sketchbook."),
    ):
        st.write(
            t("This deletes everybody’s drawings. Export them first if you may want them again.")
        )
        empties = t("Empties the sketchbook for the whole server.")
        if st.button(t("Delete all drawings"), help=empties):
            hub.sketchbook.clear(owner, teacher=True)
            st.toast(t("The sketchbook is empty."))


def owner_name(owner: str) -> str:
    """An owner's name on the screen: that of a login, or a browser's code of four figures.

    The same owner always has the same name. A browser's code cannot be turned back into what the
    database or a cookie holds.
    """
    if owner == READY_MADE:
        return t("This server")
    kind, _, name = owner.partition(":")
    if kind == "user":
        return name
    return t("Browser {code}", code=hashlib.sha256(owner.encode()).hexdigest()[:4])
