"""Which network judges drawings, and its weights."""

from __future__ import annotations

import streamlit as st

from playground.events import Status
from playground.forward import Network
from playground.runs.hub import Hub
from playground.runs.newest import NewestNetworks
from playground.runs.store import RunInfo
from playground.ui import state
from playground.ui.labels import plain, run_label


def choose_judge(hub: Hub, owner: str) -> RunInfo | None:
    """The run whose weights judge: from the address, else the last chosen, else the newest."""
    runs = [
        run
        for run in hub.runs()
        if run.status.active
        or (run.status in (Status.FINISHED, Status.STOPPED) and _has_weights(hub, run.id))
    ]
    runs.sort(key=lambda run: run.owner != owner)
    labels = {
        run.id: run_label(run) + ("" if run.owner == owner else " · somebody else’s")
        for run in runs
    }
    asked = st.query_params.get("run")
    if asked and asked not in labels:
        st.warning(f"The run “{plain(asked[:40])}” in the address has no weights to judge with.")
    if not runs:
        return None
    ids = list(labels)
    wanted = next((x for x in (asked, st.session_state.get(state.JUDGE)) if x in labels), ids[0])
    # A selectbox keeps the label that was chosen, even when a run's status has changed it, and one
    # without a key jumps back when `index` changes: so a key for these very labels.
    chosen: str = st.selectbox(
        "Network",
        ids,
        index=ids.index(wanted),
        key=f"judge_{hash(tuple(labels.values()))}",
        format_func=labels.__getitem__,
        help="The run whose weights judge drawings. One that is training now answers with its "
        "newest weights.",
    )
    st.session_state[state.JUDGE] = st.query_params["run"] = chosen
    return next(run for run in runs if run.id == chosen)


@st.cache_data(show_spinner=False)
def _has_weights(_hub: Hub, run_id: str) -> bool:
    """Whether a run that has ended left weights; a damaged file counts, and is named later."""
    return _hub.left(run_id, "network.npz")


@st.cache_resource(max_entries=8, show_spinner=False)
def _final(_hub: Hub, run_id: str) -> Network | None:
    """The weights of a run that has ended, which never change again."""
    return _hub.network(run_id)


@st.cache_resource(show_spinner=False)
def _newest(_hub: Hub) -> NewestNetworks:
    """Those of runs that train, for all who draw."""
    return NewestNetworks(_hub.network)


def weights(hub: Hub, run: RunInfo) -> Network | None:
    """The run's newest weights, up to 2 s old while it trains; None if it has none yet.

    Raises:
        StoreError: they cannot be read.
        ValueError: they are damaged.
    """
    return _final(hub, run.id) if run.status.ended else _newest(hub).get(run.id)
