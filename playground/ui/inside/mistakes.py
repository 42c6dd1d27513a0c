"""Mistakes: the confusion matrix of an epoch and the images behind each of its cells."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.dataset import class_name, load_data
from playground.locales import plural, t
from playground.network.layers import Judged, judged
from playground.network.metrics import confusion_matrix
from playground.network.snapshot import Snapshot
from playground.seeds import split_photos
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.common.pictures import STYLE, image_html, percent
from playground.ui.inside.matrix import matrix
from playground.ui.inside.per_class import per_class_table

PAGE = 48
WORST = 24
_SIDE = 72


def mistakes(run: RunInfo, snapshot: Snapshot, epoch: int) -> None:
    """The matrix, the images of one cell, figures of each label, the worst misses.

    Args:
        run: the run; its validation images are judged.
        snapshot: of this run.
        epoch: of the snapshot.
    """
    if not len(snapshot.predicted):
        st.info(t("Before training nothing has been validated. Move the slider to a later epoch."))
        return
    labels = load_data().y_train[split_photos(run.config).validation]
    counts = confusion_matrix(labels, snapshot.predicted)
    cell = st.session_state.setdefault(state.INSIDE_CELL, _most_common_mistake(counts))
    key = f"{state.INSIDE}_matrix"
    matrix(
        counts,
        cell,
        key=key,
        presses=st.session_state.get(state.INSIDE_PRESSES, 0),
        on_cell_change=lambda: _take_press(key),
    )
    right = int(counts.trace())
    st.caption(
        t(
            "After epoch {epoch}, {right:,} of {total:,} validation images are called right. Rows "
            "are true labels, columns predicted ones, as on the board. Press a number (or go there "
            "with the arrow keys) to see its images; the two boxes below do the same.",
            epoch=epoch,
            right=right,
            total=len(labels),
        )
    )
    _choose_cell(cell)
    with st.container():
        _cell_images(run, snapshot, epoch, cell)
    st.header(t("Each label"), anchor=False)
    per_class_table(counts, "validation")
    _worst(run, snapshot, epoch)


def _most_common_mistake(counts: NDArray[np.int64]) -> tuple[int, int]:
    wrong = counts.copy()
    np.fill_diagonal(wrong, -1)
    truth, called = divmod(int(wrong.argmax()), len(wrong))
    return truth, called


def _take_press(key: str) -> None:
    take_cell(st.session_state[key]["cell"])


def take_cell(cell: object) -> bool:
    """Choose a cell that a browser has sent; returns whether it is one."""
    labels = range(CLASSES)
    if isinstance(cell, list) and len(cell) == 2 and all(one in labels for one in cell):
        st.session_state[state.INSIDE_CELL] = (int(cell[0]), int(cell[1]))
        return True
    return False


def _choose_cell(cell: tuple[int, int]) -> None:
    keys = [state.spoken_key(f"{state.INSIDE}_{which}") for which in ("true", "called")]
    st.session_state[keys[0]], st.session_state[keys[1]] = cell

    def take() -> None:
        st.session_state[state.INSIDE_CELL] = tuple(st.session_state[key] for key in keys)

    one, two = st.columns(2)
    options = range(CLASSES)
    one.selectbox(
        t("True label"),
        options,
        key=keys[0],
        format_func=class_name,
        on_change=take,
        help=t("What the images are."),
    )
    two.selectbox(
        t("Predicted label"),
        options,
        key=keys[1],
        format_func=class_name,
        on_change=take,
        help=t("What the network calls them."),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def _judged(
    _run: RunInfo, _snapshot: Snapshot, run_id: str, epoch: int, cell: tuple[int, int] | None
) -> Judged:
    data = load_data()
    validation = split_photos(_run.config).validation
    x, y = data.x_train[validation], data.y_train[validation]
    return judged(_snapshot.network, x, y, _snapshot.predicted, cell)


def _cell_images(run: RunInfo, snapshot: Snapshot, epoch: int, cell: tuple[int, int]) -> None:
    found = _judged(run, snapshot, run.id, epoch, cell)
    truth, called = (class_name(label) for label in cell)
    count = len(found.indices)
    st.markdown(
        plural(
            "**{count:,} image of {truth} called {called}** after epoch {epoch}",
            "**{count:,} images of {truth} called {called}** after epoch {epoch}",
            count,
            truth=truth,
            called=called,
            epoch=epoch,
        )
    )
    if not count:
        st.info(t("There are none. Press a cell that shows a number above 0."))
        return
    pages = -(-count // PAGE)
    page = 1
    if pages > 1:
        key = f"{state.INSIDE}_page_{run.id}_{cell}"
        # The next epoch may have fewer.
        st.session_state[key] = min(st.session_state.get(key, 1), pages)
        page = st.number_input(
            t("Page (of {pages:,})", pages=pages),
            1,
            pages,
            key=key,
            help=t("{count} images at a time, those that it is surest of first.", count=PAGE),
            width=160,
        )
    _gallery(run, found, (page - 1) * PAGE, page * PAGE, "inside-cell")
    st.caption(
        t(
            "Below each image is the network's confidence: the probability that it gives to "
            "{called}. The highest come first.",
            called=called,
        )
    )


def _worst(run: RunInfo, snapshot: Snapshot, epoch: int) -> None:
    st.header(t("The worst misses"), anchor=False)
    found = _judged(run, snapshot, run.id, epoch, None)
    if not len(found.indices):
        st.info(t("There is no mistake: every validation image is called right."))
        return
    _gallery(run, found, 0, WORST, "inside-worst", labels=True)
    st.caption(
        plural(
            "The {count:,} mistake after epoch {epoch}. Some labels of the data set look wrong "
            "themselves.",
            "Of the {count:,} mistakes after epoch {epoch}, those in which the network was most "
            "confident. Some labels of the data set look wrong themselves.",
            len(found.indices),
            epoch=epoch,
        )
    )


def _gallery(
    run: RunInfo, found: Judged, start: int, stop: int, name: str, *, labels: bool = False
) -> None:
    images = load_data().x_train
    validation = np.arange(len(images))[split_photos(run.config).validation]
    figures = []
    for i in range(start, min(stop, len(found.indices))):
        truth, called = class_name(found.labels[i]), class_name(found.predicted[i])
        sure = percent(float(found.confidence[i]))
        index = validation[found.indices[i]]
        alt = t(
            "Training image {index}: {truth} called {called}, {percent}",
            index=index,
            truth=truth,
            called=called,
            percent=sure,
        )
        # A number and its sign stay on one line.
        unbroken = sure.replace(" ", "\xa0")
        caption = t(
            "{truth} called {called}, {percent}", truth=truth, called=called, percent=unbroken
        )
        shown = (caption, alt, 96) if labels else (sure, alt, _SIDE)
        figures.append(image_html(images[index], *shown))
    st.html(STYLE + f'<div class="draw-pictures {escape(name)}">{"".join(figures)}</div>')
