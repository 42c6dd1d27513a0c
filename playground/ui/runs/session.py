"""What the page Runs shows to a visitor: filter, order and chosen runs, also in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from playground.locales import t
from playground.runs.hub import Hub
from playground.ui import location, state
from playground.ui.common.labels import plain
from playground.ui.runs.view import MOST_CHOSEN, View

# What the page shows: the table, or the chosen runs in one of these views, named in the address.
TABLE = "table"
VIEWS = COMPARE, VERDICT = ("compare", "verdict")
# Sentences about the address that are shown at most; nobody reads more.
_MOST_NAMED = 5


def view() -> View:
    """The filter, the order and the page that are shown."""
    shown: View = st.session_state[state.RUNS_VIEW]
    return shown


def set_view(**values: object) -> None:
    """Show another filter, order or page."""
    st.session_state[state.RUNS_VIEW] = replace(view(), **values)  # type: ignore[arg-type]


def shown() -> str:
    """Which of the views is asked for, or `TABLE`."""
    name: str = st.session_state[state.RUNS_SHOWN]
    return name


def show(name: str) -> None:
    """Show the table or one of the views of the chosen runs."""
    st.session_state[state.RUNS_SHOWN] = name


def chosen() -> list[str]:
    """The ids of the chosen runs."""
    ids: list[str] = st.session_state[state.RUNS_CHOSEN]
    return ids


def choose(run_ids: Sequence[str]) -> None:
    """Choose these runs, from outside of the table."""
    st.session_state[state.RUNS_CHOSEN] = list(run_ids)
    st.session_state[state.RUNS_REVISION] += 1


def open_with(hub: Hub, run_ids: Sequence[str]) -> None:
    """Show the table with these runs chosen when the page is opened next."""
    read_address(hub)
    show(TABLE)
    choose(run_ids[:MOST_CHOSEN])


def read_address(hub: Hub) -> None:
    """Show what the address asks for, once a session: later it says what the page shows."""
    if state.RUNS_VIEW in st.session_state:
        return
    query = location.parameters()
    asked = list(dict.fromkeys(query.get(location.RUN, [])))[:MOST_CHOSEN]
    gone = [run_id for run_id in asked if hub.run(run_id) is None]
    problems = [
        t("There is no run “{run}” on this server.", run=plain(run_id[:40]))
        for run_id in gone[:_MOST_NAMED]
    ]
    if more := len(gone[_MOST_NAMED:]):
        problems.append(t("and {more:,} more.", more=more))
    st.session_state[state.RUNS_VIEW] = View.from_query(query)
    st.session_state[state.RUNS_CHOSEN] = [run_id for run_id in asked if run_id not in gone]
    st.session_state[state.RUNS_REVISION] = 0
    st.session_state[state.RUNS_SHOWN] = next((name for name in VIEWS if name in query), TABLE)
    st.session_state[state.RUNS_PROBLEMS] = problems


def write_address() -> None:
    """Make the address say what the page shows."""
    query = view().to_query()
    if run_ids := chosen():
        query[location.RUN] = run_ids
        if shown() != TABLE:
            query[shown()] = "true"
    location.write_query(query)
