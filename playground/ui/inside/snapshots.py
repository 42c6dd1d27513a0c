"""The snapshot of an epoch, and its time in words."""

from __future__ import annotations

import streamlit as st

from playground.locales import lazy, t
from playground.network.snapshot import Snapshot
from playground.runs.hub import Hub
from playground.store.runs import StoreError


def after(epoch: int) -> str:
    """The time of a snapshot, in the middle of a sentence."""
    return t("after epoch {epoch}", epoch=epoch) if epoch else t("before training")


@st.cache_resource(max_entries=8, show_spinner=False)
def snapshot_of(_hub: Hub, run_id: str, epoch: int) -> Snapshot:
    """`read_snapshot`, for views that look at one epoch again and again."""
    return read_snapshot(_hub, run_id, epoch)


def read_snapshot(hub: Hub, run_id: str, epoch: int) -> Snapshot:
    """The network of a run after an epoch, 0 is before training.

    Raises:
        StoreError: it is gone, or cannot be read.
        ValueError: it is damaged.
    """
    found = hub.archive.snapshot(run_id, epoch)
    if found is None:
        raise StoreError(lazy("The weights of this epoch are gone. Choose another epoch."))
    return found
