"""Which network judges drawings, and its weights."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

import streamlit as st

from playground.config import RunConfig
from playground.events import Status
from playground.locales import t
from playground.network.network import Network
from playground.runs.archive import NETWORK
from playground.runs.hub import Hub
from playground.runs.ready_made import ready_made
from playground.runs.stream.newest import NewestNetworks
from playground.settings import settings
from playground.store.runs import RunInfo, StoreError
from playground.ui import location, state
from playground.ui.common.labels import plain, run_labels
from playground.ui.sketch.contest import Asked, Contest, compete

# Of one's own networks so many are compared with the ready-made one, the newest first.
_MOST_COMPARED = 5


class Judges(NamedTuple):
    """The runs that can judge drawings.

    Attributes:
        judge: the run whose weights judge; None if there is none.
        beside: another one that looks at the same drawing; None if there is none.
        choices: all runs that can judge: the owner's, newest first, then the ready-made one and
            that of the address.
        newest: the owner's newest run, whether it can judge or not; None if there is none.
        learning: the owner's newest run that will know drawings, and waits or trains.
        contest: the owner's network that was compared with the ready-made one; None if one of them
            is missing, or if the owner has chosen.
        chosen: whether the owner has chosen the judge.
        coming: whether a run waits or trains that will judge as soon as it can.
    """

    judge: RunInfo | None
    beside: RunInfo | None
    choices: list[RunInfo]
    newest: str | None
    learning: RunInfo | None
    contest: Contest | None
    chosen: bool
    coming: bool


def judges(hub: Hub, owner: str) -> Judges:
    """The network that the owner has chosen, unless they have started a newer run since then.

    Without a choice it is their newest that has learned drawings, to its end, and knows them as
    well as the one that the server has made ready; else that one. Without both it is their newest.
    A run in the address counts as a choice.
    """
    own, ready, choice = hub.runs(owner, lessons=False), ready_made.find(hub), state.judge()
    newest = own[0].id if own else None
    able = _able(hub, own)
    choices = list(able)
    asked = hub.run(choice.run_id) if choice else None
    for run in (ready, asked):
        if run is not None and run not in choices:
            choices += _able(hub, [run])
    # All of the owner's runs if nothing was chosen.
    since = list(takewhile(lambda run: choice is None or run.id != choice.newest, own))
    answers = ready if ready is not None and _answers(hub, ready) else None
    if chosen := asked in choices and not _able(hub, since):
        found: tuple[RunInfo | None, Contest | None] = asked, None
    else:
        found = _best(hub, able, answers)
    judge, contest = found[0] or next(iter(choices), None), found[1]
    others = able[:1] + ([answers] if answers else [])
    beside = next((run for run in others if run != judge), None)
    going = [run for run in since if not run.status.ended]
    learning = next((run for run in going if run != judge and knows_drawings(run.config)), None)
    followed = [run for run in (judge, beside, ready) if run is not None and run in choices]
    better = takewhile(lambda run: run != judge, since)
    coming = any(not run.status.ended for run in (*better, *followed))
    return Judges(judge, beside, choices, newest, learning, contest, chosen, coming)


def _best(
    hub: Hub, able: list[RunInfo], answers: RunInfo | None
) -> tuple[RunInfo | None, Contest | None]:
    """The newest of one's own that knows drawings as well as the ready-made one, else that one.

    Args:
        hub: has their weights.
        able: the owner's runs that can judge, newest first.
        answers: the ready-made network, if it has weights.
    """
    learned = [run for run in able if run.status.ended and knows_drawings(run.config)]
    if not learned or answers is None:
        return next(iter(learned), answers), None
    ready, newest = _asked(hub, answers), None
    for run in learned[:_MOST_COMPARED]:
        contest = compete(hub, _asked(hub, run), ready)
        if contest.own_answers:
            return run, contest
        newest = newest or contest
    return answers, newest


def choose_judge(hub: Hub, owner: str) -> Judges:
    """Show which run judges, and let the owner choose another one."""
    asked = location.parameter(location.RUN)
    location.read_judge(asked, judges(hub, owner).newest)
    found = judges(hub, owner)
    if asked and all(run.id != asked for run in found.choices):
        st.warning(
            t(
                "The run “{run}” in the address has no weights to judge with.",
                run=plain(asked[:40]),
            )
        )
    if found.judge is None:
        return found
    labels = run_labels(found.choices)
    others = t("somebody else’s")
    labels |= {
        run.id: f"{labels[run.id]} · {others}"
        for run in found.choices
        if run.owner != owner and not run.ready_made
    }
    # A selectbox keeps the label that was chosen, even when a run's status has changed it: other
    # labels get another key.
    key = f"judge_{hash(tuple(labels.values()))}"
    st.session_state[key] = found.judge.id
    st.selectbox(
        t("Network"),
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        on_change=lambda: state.choose_judge(st.session_state[key], found.newest),
        help=t(
            "The run whose weights judge drawings: your newest that knows drawings as well as the "
            "one that the server has made ready, else that one, else your newest; until you choose "
            "another one. A run that is training now answers with its newest weights."
        ),
    )
    location.write_judge(found.judge.id if found.chosen else None)
    return found


def knows_drawings(config: RunConfig) -> bool:
    """Whether a network has learned from drawings, too, and not only from photos."""
    return bool(config.twins or config.sketchbook)


def _able(hub: Hub, runs: Iterable[RunInfo]) -> list[RunInfo]:
    """The runs that have weights or will have them soon."""
    return [run for run in runs if _can_judge(hub, run)]


def _can_judge(hub: Hub, run: RunInfo) -> bool:
    if run.status.active:
        return True
    if run.ready_made and not run.status.ended:  # it waits; it may have trained before
        return settings().ready_made or hub.archive.has(run.id, NETWORK)
    whole = run.ready_made or run.status in (Status.FINISHED, Status.STOPPED)
    return whole and _has_weights(hub, run.id)


def _answers(hub: Hub, run: RunInfo) -> bool:
    """Whether the ready-made network has weights now."""
    if run.status.ended:
        return _has_weights(hub, run.id)
    try:
        return weights(hub, run) is not None
    except (StoreError, ValueError):
        return False


def _asked(hub: Hub, run: RunInfo) -> Asked:
    try:
        return Asked(run, weights(hub, run))
    except (StoreError, ValueError):
        return Asked(run, None)


@st.cache_data(max_entries=20_000, show_spinner=False)
def _has_weights(_hub: Hub, run_id: str) -> bool:
    """Whether an ended run left weights; a damaged file counts, and is reported later."""
    return _hub.archive.has(run_id, NETWORK)


@st.cache_resource(max_entries=8, show_spinner=False)
def _final(_hub: Hub, run_id: str) -> Network | None:
    """The weights of an ended run, which never change again."""
    return _hub.network(run_id)


@st.cache_resource(show_spinner=False)
def _newest(_hub: Hub) -> NewestNetworks:
    """The newest weights of runs that train, shared by all users."""
    return NewestNetworks(_hub.network)


def weights(hub: Hub, run: RunInfo) -> Network | None:
    """The run's newest weights, up to 2 s old while it trains; None if it has none yet.

    Raises:
        StoreError: they cannot be read.
        ValueError: they are damaged.
    """
    return _final(hub, run.id) if run.status.ended else _newest(hub).get(run.id)
