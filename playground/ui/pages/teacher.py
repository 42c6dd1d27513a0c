"""Teacher: who trains and who waits, and the means to end it; for teachers only."""

from __future__ import annotations

import hashlib

import streamlit as st

from playground.events import Command, Status
from playground.runs import service
from playground.runs.admission import Waited
from playground.runs.hub import Hub
from playground.ui import navigation, state
from playground.ui.common.labels import config_label, plain
from playground.ui.common.owner import current_owner
from playground.ui.common.problems import in_words
from playground.ui.common.teacher import enter, is_teacher, leave

_FRESH_SECONDS = 2.0
_SHOWN = 40
# What run, its owner, where it stands, and a button each to stop and to watch it.
_COLUMNS = [3.2, 1.6, 2, 1.5, 1.6]


def page() -> None:
    """The page, top to bottom: what goes on, the queue, the sketchbook, the disk."""
    st.title("Teacher", anchor=False)
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
                "Leave",
                icon=":material/logout:",
                on_click=leave,
                help="This tab is no teacher's any more, until the key is entered again.",
            )
    st.caption(_storage(hub))


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def _storage(_hub: Hub) -> str:
    """How much is kept and how much is free, in words; at most a minute old."""
    usage = _hub.usage()
    return (
        f"Kept on this server: {usage.artefacts / 2**20:,.0f} MiB of models, snapshots and pinned "
        f"drawings, {usage.database / 2**20:,.0f} MiB of database. Free on its disk: "
        f"{usage.free / 2**30:,.1f} GiB."
    )


def _door() -> None:
    with st.form("door", width=400):
        key = st.text_input(
            "Teacher's key",
            type="password",
            autocomplete="current-password",
            help="The person who runs this server has set it.",
        )
        if st.form_submit_button("Enter", icon=":material/key:", help="Opens the teacher's page."):
            if problem := enter(key):
                st.error(problem)
            else:
                st.rerun()


@st.fragment(run_every=_FRESH_SECONDS)
@in_words
def _under_way(owner: str) -> None:
    """Every run that trains or waits; fresh every two seconds, for this one screen."""
    hub = service.hub()
    if hub.problem:
        st.error(hub.problem, icon=":material/error:")
    runs = hub.under_way()
    active = [one for one in runs if one.run.status.active]
    st.subheader(f"{len(active):,} training, {len(runs) - len(active):,} waiting", anchor=False)
    if not runs:
        st.info("Nobody trains and nobody waits.")
        return
    if st.button(
        "Stop all",
        icon=":material/stop_circle:",
        disabled=not active,
        help="Ends every run that trains, with what it has learned. Those that wait come next.",
    ):
        for one in active:
            _send_stop(hub, owner, one)
    for place, one in enumerate(runs[:_SHOWN], 1):
        _row(hub, owner, one, place - len(active))
    if len(runs) > _SHOWN:
        st.caption(f"And {len(runs) - _SHOWN:,} more that wait.")


def _row(hub: Hub, owner: str, one: Waited, place: int) -> None:
    run = one.run
    name, who, where, stop, watch = st.columns(_COLUMNS, gap="small", vertical_alignment="center")
    name.markdown(f"**{run.id[:4]}** · {config_label(run.config)}")
    who.markdown(plain(owner_name(run.owner)) + (" (you)" if run.owner == owner else ""))
    waits = run.status is Status.QUEUED
    where.markdown(
        f"Place {place}, for {duration(one.minutes)}"
        if waits
        else f"{run.status.value}, for {duration(one.minutes)}"
    )
    if stop.button(
        f"Stop {run.id[:4]}",
        key=f"stop_{run.id}",
        width="stretch",
        help="Takes this run out of the queue."
        if waits
        else "Ends this run and tests what it has learned.",
    ):
        _send_stop(hub, owner, one)
    if watch.button(
        f"Watch {run.id[:4]}",
        key=f"watch_{run.id}",
        width="stretch",
        help="Opens its board on Train, with its controls.",
    ):
        state.show_run(run.id)
        navigation.go_to(navigation.TRAIN)


def _send_stop(hub: Hub, owner: str, one: Waited) -> None:
    try:
        hub.command(owner, one.run.id, Command("stop"), teacher=True)
    except ConnectionError as error:
        st.error(f"Run {one.run.id[:4]} was not stopped. {error}")


def _empty_queue(hub: Hub) -> None:
    with st.popover(
        "Empty the queue",
        icon=":material/clear_all:",
        help="Takes every run that waits out of the queue.",
    ):
        st.write("This takes everybody’s waiting runs out of the queue. Runs that train go on.")
        if st.button("Take all out of the queue", help="Nothing has been trained yet in these."):
            taken = hub.empty_queue()
            st.toast(f"Taken out of the queue: {taken:,} {'run' if taken == 1 else 'runs'}.")


def _clear_sketchbook(hub: Hub, owner: str) -> None:
    with st.popover(
        "Clear the sketchbook",
        icon=":material/delete:",
        help="Deletes every drawing in the sketchbook.",
    ):
        st.write("This deletes everybody’s drawings. Export them first if they may be wanted.")
        if st.button("Delete all drawings", help="Empties the sketchbook for the whole server."):
            hub.sketchbook.clear(owner, teacher=True)
            st.toast("The sketchbook is empty.")


def owner_name(owner: str) -> str:
    """An owner in words: who is logged in by name, a browser by four figures of no use to anyone.

    The same owner always has the same name; that of a browser cannot be turned back into what
    the database or a cookie holds.
    """
    kind, _, name = owner.partition(":")
    if kind == "user":
        return name
    return f"Browser {hashlib.sha256(owner.encode()).hexdigest()[:4]}"


def duration(minutes: float) -> str:
    """A time in words, to the second below two minutes and to the minute above."""
    if minutes < 2:
        return f"{60 * minutes:.0f} s"
    hours, rest = divmod(int(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
