"""Sixteen sketch twins, to see what the option adds to the photos."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES, load_data
from playground.twins.twins import make_twins
from playground.ui import state
from playground.ui.common.problems import in_words

_SHOWN = 16
_ROW = 4
_ENLARGED = 3
_SEEN = 500  # a few photos are enough to have all labels


def twin_preview() -> None:
    """Sixteen twins of every label in turn, in an expander; made when it is first opened."""
    expander = st.expander("See sixteen sketch twins", key=state.TWINS, on_change="rerun")
    if expander.open:
        with expander:
            _twins()


@in_words
def _twins() -> None:
    picture, names = _sheet()
    st.image(picture, caption=f"Left to right, row by row: {names}.", width="stretch")
    st.caption(
        "A twin is made from a photo: what a hand might have drawn instead. "
        "No person's drawing goes into it."
    )


@st.cache_data(max_entries=1, show_spinner="Making sixteen sketch twins …")
def _sheet() -> tuple[NDArray[np.uint8], str]:
    """The twins side by side, enlarged, and the names of their labels."""
    data = load_data()
    labels = np.arange(_SHOWN) % len(CLASS_NAMES)
    first = [np.flatnonzero(data.y_train[:_SEEN] == label) for label in range(len(CLASS_NAMES))]
    of = np.array([first[label][i // len(CLASS_NAMES)] for i, label in enumerate(labels)])
    twins = np.pad(make_twins(data.x_train[of], data.y_train[of], 1), ((0, 0), (1, 1), (1, 1)))
    edge = twins.shape[1]
    rows = twins.reshape(-1, _ROW, edge, edge).transpose(0, 2, 1, 3)
    sheet = rows.reshape(-1, _ROW * edge)
    names = ", ".join(CLASS_NAMES[label] for label in labels)
    return np.kron(sheet, np.ones((_ENLARGED, _ENLARGED), np.uint8)), names
