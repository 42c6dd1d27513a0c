"""Draw: sketch an item, see the image that a network gets, and what it says."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.dataset import class_name
from playground.drawing.preprocessing import EmptyDrawing, steps, to_item
from playground.drawing.sketches import NewSketch
from playground.events import Status
from playground.locales import t
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import StoreError
from playground.ui import navigation, state
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, image_html
from playground.ui.common.problems import show_errors
from playground.ui.sketch.answer import answer, propose
from playground.ui.sketch.judge import choose_judge, judges
from playground.ui.sketch.paper import Paper, paper_input
from playground.ui.sketch.xray import xray

FOLLOW_SECONDS = 2.0


def page() -> None:
    """The page, top to bottom: which network judges, the sketchpad, its answer."""
    st.title(t("Draw"), anchor=False)
    found = choose_judge(service.hub(), current_owner())
    if found.judge is None:
        st.info(t("No network has been trained yet. Train one, then come back and draw for it."))
        navigation.link_to(navigation.TRAIN, t("Train a network"))
        return
    # A stroke runs only this fragment; while a network trains, a timer runs it, too.
    every = FOLLOW_SECONDS if found.coming else None
    st.fragment(show_errors(_drawing), run_every=every)(
        found.judge.id, found.judge.status, found.coming
    )


def _drawing(judge_id: str, status: Status, coming: bool) -> None:
    """The sketchpad and the answer.

    Args:
        judge_id: the run that judged when the page was drawn.
        status: its own, at that time.
        coming: that of `Judges`, at that time.
    """
    hub = service.hub()
    found = judges(hub, current_owner())
    run = found.judge
    shown = judge_id, status, coming
    if run is None or shown != (run.id, run.status, found.coming):
        st.rerun()  # the whole page: the timer ends, and the choice shows the run's new status
    with st.container(key="draw"):
        left, right = st.columns(2, gap="medium")
    with left:
        paper = paper_input()
    with right:
        said = st.container(key="draw_answer")
        with st.container(horizontal=True, vertical_alignment="center"):
            image = st.container(width="content")
            fill = _fill_switch()
        try:
            if paper.canvas is None:
                raise EmptyDrawing
            done = [*paper.before, *steps(paper.canvas, fill=fill)]
        except EmptyDrawing:
            said.info(paper.hint, icon=":material/draw:")
            state.remember_drawn(None)
            return
        item = done[-1].image
        state.remember_drawn(item)
        with said:
            network = answer(hub, run, found, item)
        alt = t("Your drawing as the network gets it")
        image.html(STYLE + image_html(item, t("What the network gets"), alt))
        _add(hub, paper)
        _pin(item)
        propose(run, found)
    xray(done, network)


def _add(hub: Hub, paper: Paper) -> None:
    """Add the drawing to the sketchbook, always filled, as the data set's items are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            t("What it is"),
            range(CLASSES),
            index=state.remembered(state.LABEL),
            format_func=class_name,
            placeholder=t("Choose a label"),
            width=200,
            help=t("What you have drawn: the label that a network should give it."),
            **state.remembering(state.LABEL),
        )
        pressed = st.button(
            t("Keep in the sketchbook"),
            icon=":material/bookmark_add:",
            disabled=label is None,
            help=t(
                "Keeps this drawing and its label. Everyone on this server can test and train "
                "networks with it."
            ),
        )
    if paper.canvas is None:
        return
    item = to_item(paper.canvas)
    if pressed and label is not None:
        try:
            sketch = NewSketch(label, item, paper.strokes)
            new = hub.sketchbook.add(current_owner(), [sketch])
        except (StoreError, ValueError) as problem:
            st.error(str(problem))
            return
        state.remember_added(state.Added(item, label, bool(new)))
    # Not only after the press: while a network trains, the timer draws this again.
    last = state.added()
    if last is not None and last.item.tobytes() == item.tobytes():
        st.success(
            t("Kept as {label}. The Sketchbook page shows it.", label=class_name(last.label))
            if last.new
            else t("This drawing is already in the sketchbook.")
        )


def _pin(item: NDArray[np.uint8]) -> None:
    """Have the next runs judge this image at every epoch."""
    pinned = state.pinned()
    if pinned is not None and (pinned == item).all():
        st.success(
            t("Pinned. Press Train on the Train page and watch the network make up its mind.")
        )
        return
    # Not by a callback: that would pin the drawing of the last script run, without a last stroke.
    if st.button(
        t("Pin for training"),
        icon=":material/keep:",
        help=t(
            "The live board of your next runs shows what the network makes of this drawing, before "
            "training and after every epoch."
        ),
    ):
        state.pin(item)
        st.rerun()


def _fill_switch() -> bool:
    return st.toggle(
        t("Close and fill the outline"),
        state.remembered(state.FILL, True),
        key=state.FILL,
        on_change=state.remember_widget,
        args=(state.FILL,),
        help=t(
            "The data set’s images are photos of whole items. This closes small gaps in your "
            "outline and fills it with the grey of cloth."
        ),
    )
