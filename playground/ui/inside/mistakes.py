"""Mistakes: the confusion matrix of an epoch and the very images behind each of its cells."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES, load_data
from playground.network.layers import Judged, judged
from playground.network.metrics import confusion_matrix
from playground.network.snapshot import Snapshot
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.pictures import STYLE, percent, picture_html
from playground.ui.inside.matrix import matrix
from playground.ui.inside.per_class import per_class_table

PAGE = 48
WORST = 24
_SIDE = 72


def mistakes(run: RunInfo, snapshot: Snapshot, epoch: int) -> None:
    """The matrix, one cell's images, figures of each label, the worst misses.

    Args:
        run: whose validation images are judged.
        snapshot: of that run.
        epoch: its own.
    """
    if not len(snapshot.predicted):
        st.info("Before training nothing has been validated. Move the slider to a later epoch.")
        return
    held_out = slice(run.config.fit_photos, run.config.train_images)
    labels = load_data().y_train[held_out]
    counts = confusion_matrix(labels, snapshot.predicted)
    cell = st.session_state.setdefault(state.INSIDE_CELL, _most_common_mistake(counts))
    key = f"{state.INSIDE}_matrix"
    matrix(counts, cell, key=key, on_cell_change=lambda: _take_press(key))
    right = int(counts.trace())
    st.caption(
        f"After epoch {epoch}, {right:,} of {len(labels):,} validation images are called right. "
        "Rows are true labels, columns predicted ones, as on the board. Press a number (or go "
        "there with the arrow keys) and see those images; the two boxes below do the same."
    )
    _choose_cell(cell)
    with st.container():
        _cell_images(run, snapshot, epoch, cell)
    st.subheader("Each label", anchor=False)
    per_class_table(counts, "validation")
    _worst(run, snapshot, epoch)


def _most_common_mistake(counts: NDArray[np.int64]) -> tuple[int, int]:
    wrong = counts.copy()
    np.fill_diagonal(wrong, -1)
    truth, called = divmod(int(wrong.argmax()), len(wrong))
    return truth, called


def _take_press(key: str) -> None:
    truth, called = (int(x) for x in st.session_state[key]["cell"])
    if {truth, called} <= set(range(len(CLASS_NAMES))):
        st.session_state[state.INSIDE_CELL] = (truth, called)


def _choose_cell(cell: tuple[int, int]) -> None:
    keys = f"{state.INSIDE}_true", f"{state.INSIDE}_called"
    st.session_state[keys[0]], st.session_state[keys[1]] = cell

    def take() -> None:
        st.session_state[state.INSIDE_CELL] = tuple(st.session_state[key] for key in keys)

    one, two = st.columns(2)
    options = range(len(CLASS_NAMES))
    one.selectbox(
        "True label",
        options,
        key=keys[0],
        format_func=CLASS_NAMES.__getitem__,
        on_change=take,
        help="What the images are.",
    )
    two.selectbox(
        "Predicted label",
        options,
        key=keys[1],
        format_func=CLASS_NAMES.__getitem__,
        on_change=take,
        help="What the network calls them.",
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _judged(
    _run: RunInfo, _snapshot: Snapshot, run_id: str, epoch: int, cell: tuple[int, int] | None
) -> Judged:
    data = load_data()
    held_out = slice(_run.config.fit_photos, _run.config.train_images)
    x, y = data.x_train[held_out], data.y_train[held_out]
    return judged(_snapshot.network, x, y, _snapshot.predicted, cell)


def _cell_images(run: RunInfo, snapshot: Snapshot, epoch: int, cell: tuple[int, int]) -> None:
    found = _judged(run, snapshot, run.id, epoch, cell)
    truth, called = (CLASS_NAMES[label] for label in cell)
    count = len(found.indices)
    st.markdown(
        f"**{count:,} {'image' if count == 1 else 'images'} of {truth} called {called}** "
        f"after epoch {epoch}"
    )
    if not count:
        st.info("There is none. Press a cell that shows a number above 0.")
        return
    pages = -(-count // PAGE)
    page = 1
    if pages > 1:
        key = f"{state.INSIDE}_page_{run.id}_{cell}"
        # The next epoch may have fewer.
        st.session_state[key] = min(st.session_state.get(key, 1), pages)
        page = st.number_input(
            f"Page (of {pages})",
            1,
            pages,
            key=key,
            help=f"{PAGE} images at a time, those it is surest of first.",
            width=160,
        )
    _gallery(run, found, (page - 1) * PAGE, page * PAGE, "inside-cell")
    st.caption(
        f"Below each: the probability that the network gives to {called}, its confidence; the "
        "surest first."
    )


def _worst(run: RunInfo, snapshot: Snapshot, epoch: int) -> None:
    st.subheader("The worst misses", anchor=False)
    found = _judged(run, snapshot, run.id, epoch, None)
    if not len(found.indices):
        st.info("There is no mistake: every validation image is called right.")
        return
    _gallery(run, found, 0, WORST, "inside-worst", labels=True)
    st.caption(
        f"Of {len(found.indices):,} mistakes after epoch {epoch} those in which the network was "
        "most confident. Some of these labels look wrong themselves."
    )


def _gallery(
    run: RunInfo, found: Judged, start: int, stop: int, name: str, *, labels: bool = False
) -> None:
    images = load_data().x_train
    figures = []
    for i in range(start, min(stop, len(found.indices))):
        truth, called = CLASS_NAMES[found.labels[i]], CLASS_NAMES[found.predicted[i]]
        sure = percent(float(found.confidence[i]))
        place = run.config.fit_photos + int(found.indices[i])
        alt = f"Training image {place}: {truth} called {called}, {sure}"
        # A number and its sign stay on one line.
        unbroken = sure.replace(" ", "\xa0")
        caption = f"{truth} called {called}, {unbroken}" if labels else sure
        figures.append(picture_html(images[place], caption, alt, 96 if labels else _SIDE))
    st.html(STYLE + f'<div class="draw-pictures {escape(name)}">{"".join(figures)}</div>')
