"""Sixteen sketch twins: what the setting adds to the photos."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.dataset import class_name, load_data
from playground.locales import t
from playground.twins.twins import make_twins
from playground.ui import state
from playground.ui.common.problems import show_errors

_SHOWN = 16
_ROW = 4
_ENLARGED = 3
_SEEN = 500  # a few photos are enough to have all labels


def twin_preview() -> None:
    """An expander with sixteen twins, the labels in turn; made when it is first opened."""
    expander = st.expander(t("See sixteen sketch twins"), key=state.TWINS, on_change="rerun")
    if expander.open:
        with expander:
            _twins()


@show_errors
def _twins() -> None:
    with st.spinner(t("Making sixteen sketch twins …")):
        sheet, labels = _sheet()
    names = ", ".join(class_name(label) for label in labels)
    caption = t("From left to right, row by row: {names}.", names=names)
    st.image(sheet, caption=caption, width="stretch", alt=names)
    st.caption(
        t(
            "A twin is made from a photo: what a hand might have drawn instead. "
            "No person's drawing is used for it."
        )
    )


@st.cache_data(max_entries=1, show_spinner=False)
def _sheet() -> tuple[NDArray[np.uint8], list[int]]:
    """The twins side by side, enlarged, and their labels."""
    data = load_data()
    labels = np.arange(_SHOWN) % CLASSES
    first = [np.flatnonzero(data.y_train[:_SEEN] == label) for label in range(CLASSES)]
    of = np.array([first[label][i // CLASSES] for i, label in enumerate(labels)])
    twins = np.pad(make_twins(data.x_train[of], data.y_train[of], 1), ((0, 0), (1, 1), (1, 1)))
    edge = twins.shape[1]
    rows = twins.reshape(-1, _ROW, edge, edge).transpose(0, 2, 1, 3)
    sheet = rows.reshape(-1, _ROW * edge)
    return np.kron(sheet, np.ones((_ENLARGED, _ENLARGED), np.uint8)), labels.tolist()
