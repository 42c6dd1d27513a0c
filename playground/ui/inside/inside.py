"""Inside the network: neurons, layers, ten items and mistakes of a run, at any epoch.

Everything is computed from the snapshot of the chosen epoch. While the run trains, the slider at
its right end follows the newest one.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import streamlit as st

from playground.locales import mark, t
from playground.network.snapshot import kept_epochs
from playground.runs import service
from playground.runs.hub import Hub
from playground.settings import settings
from playground.store.runs import RunInfo, StoreError
from playground.ui import state
from playground.ui.common.problems import show_errors
from playground.ui.inside.items import ten_items
from playground.ui.inside.mistakes import mistakes, take_cell
from playground.ui.inside.neurons import neurons
from playground.ui.inside.outputs import layer_outputs
from playground.ui.inside.snapshots import after, snapshot_of

FOLLOW_SECONDS = 2.0
VIEWS = (mark("Neurons"), mark("Layers"), mark("Ten items"), mark("Mistakes"))


def inside(run: RunInfo) -> None:
    """A closed expander; nothing is computed before it is opened."""
    expander = st.expander(
        t("Inside the network"),
        key=state.INSIDE,
        on_change="rerun",
        icon=":material/visibility:",
    )
    if expander.open:
        with expander:
            every = FOLLOW_SECONDS if run.status.active else None
            st.fragment(show_errors(_section), run_every=every)(run.id)


def look_at_cell(run_id: str, cell: object) -> None:
    """Open the images behind a cell of the newest confusion matrix, and go there.

    Args:
        run_id: the run on the board.
        cell: [true label, predicted label] as a browser sends it; anything else changes nothing.
    """
    if take_cell(cell):
        st.session_state[state.INSIDE] = True
        state.remember(state.INSIDE_VIEW, "Mistakes")
        st.session_state[state.INSIDE_PRESSED] = True
        state.remember(_epoch_key(run_id), None)
        st.session_state[state.INSIDE_PRESSES] = st.session_state.get(state.INSIDE_PRESSES, 0) + 1


def _epoch_key(run_id: str) -> str:
    return f"{state.INSIDE}_epoch_{run_id}"


def _section(run_id: str) -> None:
    hub = service.hub()
    run = hub.run(run_id)
    if run is None:  # it was deleted in another tab
        st.rerun()
    try:
        kept = hub.archive.epochs(run_id)
        if kept:
            _views(hub, run, kept)
        else:
            st.info(_why_nothing(run))
    except StoreError as error:
        st.warning(str(error))
    except ValueError:
        st.warning(t("The weights of this epoch cannot be read. Choose another epoch."))


def _views(hub: Hub, run: RunInfo, kept: list[int]) -> None:
    # What comes and goes is in a container: elements below keep their position, and do not vanish
    # for a moment.
    with st.container():
        epoch = _choose_epoch(run, kept)
    wanted = state.remembered(state.INSIDE_VIEW, VIEWS[0])
    if pressed := st.session_state.pop(state.INSIDE_PRESSED, False):
        st.session_state[state.spoken_key(state.INSIDE_VIEW)] = wanted
    view = st.radio(
        t("View"),
        VIEWS,
        0 if pressed else VIEWS.index(wanted),
        format_func=t,
        horizontal=True,
        help=t("What to look at."),
        **state.remembering(state.INSIDE_VIEW),
    )
    if view == "Neurons":
        neurons(snapshot_of(hub, run.id, epoch).network, run.config, epoch)
    elif view == "Layers":
        layer_outputs(hub, run, epoch)
    elif view == "Ten items":
        ten_items(hub, run, kept, epoch)
    else:
        mistakes(run, snapshot_of(hub, run.id, epoch), epoch)


def _why_nothing(run: RunInfo) -> str:
    if not run.config.keep_snapshots:
        return t(
            "“Look inside” was off for this run. Turn it on under More settings, then press Train."
        )
    days = settings().keep_models_days
    if days is not None and datetime.now(timezone.utc) - run.created > timedelta(days=days):
        return t(
            "This server keeps weights for {days:g} days; those of this run are deleted.", days=days
        )
    if run.status.ended:
        return t("This run kept no weights to look at. Press Train for a run that does.")
    return t("The first images appear as soon as training begins.")


def _choose_epoch(run: RunInfo, epochs: list[int]) -> int:
    """A slider over the kept epochs; at its right end it follows the newest one."""
    key = _epoch_key(run.id)
    newest, chosen = epochs[-1], state.remembered(key)
    epoch: int = chosen if chosen in epochs else newest

    def take() -> None:
        chosen = st.session_state[key]
        state.remember(key, None if chosen == newest else chosen)

    if len(epochs) > 1:
        shown = st.session_state.get(key) == epoch
        if not shown:
            st.session_state[key] = epoch
        st.select_slider(
            t("Epoch"),
            epochs,
            epoch if shown else None,
            key=key,
            on_change=take,
            help=t(
                "0 is before training. While the run trains, the right end is the newest epoch."
            ),
        )
    thinned = len(kept_epochs(run.config)) <= run.config.epochs
    shown = t("Shown: the network {when}.", when=after(epoch))
    some = t("Only some epochs of this run are kept.")
    st.caption(f"{shown} {some}" if thinned else shown)
    return epoch
