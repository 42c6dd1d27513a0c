"""What to do with the files of a run that has ended: download them, or delete the run."""

from __future__ import annotations

import streamlit as st

from playground.events import EpochEnd, data_of
from playground.figures.board import history_frame
from playground.locales import t
from playground.runs.archive import MODEL
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo, StoreError
from playground.ui import state


def downloads(hub: Hub, owner: str, run: RunInfo) -> None:
    """What to do with a run that has ended: download its files, or delete it."""
    with st.container(horizontal=True):
        if hub.archive.has(run.id, MODEL):
            st.download_button(
                t("Model (.keras)"),
                # Read when it is downloaded, not in every script run.
                lambda: hub.archive.model(run.id) or b"",
                f"fashion-mnist-{run.id}.keras",
                on_click="ignore",
                icon=":material/download:",
                help=t(
                    "For `keras.saving.load_model`. Its input is pixels 0 to 255, its output is "
                    "probabilities."
                ),
            )
        history = _history(hub, run.id)
        if history:
            st.download_button(
                t("History (CSV)"),
                history,
                f"fashion-mnist-{run.id}.csv",
                "text/csv",
                on_click="ignore",
                icon=":material/download:",
                help=t("Loss and accuracy of every epoch, as a table."),
            )
        if run.owner == owner:
            with st.popover(t("Delete this run"), icon=":material/delete:"):
                st.write(
                    t(
                        "This deletes the run, its history and its model, for everyone. It cannot "
                        "be undone."
                    )
                )
                if st.button(t("Delete permanently"), key=f"delete_{run.id}", type="primary"):
                    _delete(hub, owner, run.id)


def _delete(hub: Hub, owner: str, run_id: str) -> None:
    try:
        hub.delete(owner, run_id)
    except (Refused, StoreError) as error:
        st.error(str(error))
    else:
        state.show_run(None)
        st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _history(_hub: Hub, run_id: str) -> str | None:
    """The epochs of a run that has ended, as CSV; None if it has finished none."""
    history = history_frame(data_of(_hub.events(run_id), EpochEnd))
    return history.to_csv(index=False) if len(history) else None
