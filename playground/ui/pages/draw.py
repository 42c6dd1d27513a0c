"""Draw: sketch an item, see the picture a network gets, and what it says."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import KNOWS_DRAWINGS
from playground.dataset import CLASS_NAMES
from playground.drawing.preprocessing import EmptyDrawing, steps, to_item
from playground.drawing.sketches import NewSketch
from playground.network.network import Network
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import RunInfo, StoreError
from playground.ui import navigation, state
from playground.ui.common.labels import run_label
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, bars_html, percent, picture_html
from playground.ui.common.problems import in_words
from playground.ui.learn.lesson import open_train
from playground.ui.sketch.judge import Judges, choose_judge, judges, knows_drawings, weights
from playground.ui.sketch.paper import Paper, paper_input
from playground.ui.sketch.xray import xray

FOLLOW_SECONDS = 2.0


def page() -> None:
    """The page, top to bottom: which network judges, the sketchpad, its answer."""
    st.title("Draw", anchor=False)
    found = choose_judge(service.hub(), current_owner())
    if found.judge is None:
        st.info("No network has been trained yet. Train one, then come back and draw for it.")
        navigation.link_to(navigation.TRAIN, "Train a network")
        return
    # A stroke runs this part only; while a network trains, so does a timer.
    every = FOLLOW_SECONDS if found.coming else None
    st.fragment(in_words(_drawing), run_every=every)(found.judge.id, found.coming)


def _drawing(judge_id: str, coming: bool) -> None:
    """The sketchpad and the answer.

    Args:
        judge_id: the run that judged when the page was drawn.
        coming: as in `Judges`, at that time.
    """
    hub = service.hub()
    found = judges(hub, current_owner())
    run = found.judge
    if run is None or run.id != judge_id or coming != found.coming:
        st.rerun()  # the whole page, so that the timer ends and the choice says how it went
    left, right = st.columns(2, gap="medium")
    with left:
        paper = paper_input()
    with right:
        answer = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            picture = st.container(width="content")
            fill = _fill_switch()
        try:
            if paper.canvas is None:
                raise EmptyDrawing
            done = [*paper.before, *steps(paper.canvas, fill=fill)]
        except EmptyDrawing:
            answer.info(paper.hint, icon=":material/draw:")
            return
        item = done[-1].picture
        with answer:
            network = _answer(hub, run, found, item)
        picture.html(
            STYLE
            + picture_html(item, "What the network gets", "Your drawing as the network gets it")
        )
        _keep(hub, paper)
        _pin(item)
    xray(done, network)


def _keep(hub: Hub, paper: Paper) -> None:
    """Put the drawing into the sketchbook, always as the data set's whole things are: filled."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "What it is",
            range(len(CLASS_NAMES)),
            index=None,
            key=state.LABEL,
            format_func=CLASS_NAMES.__getitem__,
            placeholder="Choose a label",
            width=200,
            help="What you have drawn: the label a network should give it.",
        )
        pressed = st.button(
            "Keep in the sketchbook",
            icon=":material/bookmark_add:",
            disabled=label is None,
            help="Keeps this drawing and its label, for everyone on this server to test networks "
            "on and to train with.",
        )
    if pressed and label is not None and paper.canvas is not None:
        try:
            sketch = NewSketch(label, to_item(paper.canvas), paper.strokes)
            new = hub.sketchbook.keep(current_owner(), [sketch])
        except (StoreError, ValueError) as problem:
            st.error(str(problem))
        else:
            st.success(
                f"Kept as {CLASS_NAMES[label]}. The Sketchbook page shows it."
                if new
                else "This very drawing is in the sketchbook already."
            )


def _pin(item: NDArray[np.uint8]) -> None:
    """Have the next runs judge this very picture at every epoch."""
    pinned = state.pinned()
    if pinned is not None and (pinned == item).all():
        st.success("Pinned. Press Train on the Train page and watch the network make up its mind.")
        return
    st.button(
        "Pin for training",
        icon=":material/keep:",
        on_click=state.pin,
        args=(item,),
        help="The live board of your next runs shows what the network makes of this drawing, "
        "before training and after every epoch.",
    )


def _fill_switch() -> bool:
    return st.toggle(
        "Close and fill the outline",
        state.kept(state.FILL, True),
        key=state.FILL,
        on_change=state.keep,
        args=(state.FILL,),
        help="The data set’s pictures are photos of whole things. This closes small gaps in your "
        "outline and fills it with the grey of cloth.",
    )


def _answer(hub: Hub, run: RunInfo, found: Judges, item: NDArray[np.uint8]) -> Network | None:
    """What the network says, in words and as a bar for each label.

    Returns:
        The network, if it has an answer.
    """
    try:
        network = weights(hub, run)
    except (StoreError, ValueError) as error:
        st.error(f"The weights of this run cannot be read. {error}")
        return None
    if network is None:
        st.info("This run has no weights yet. The answer comes by itself as soon as it has.")
        return None
    probabilities = network.predict(item[None])[0]
    if not np.isfinite(probabilities).all():
        st.warning(
            "This network’s numbers have grown beyond all bounds, so it has no answer. "
            "Choose another one, or train again with a smaller learning rate."
        )
        return None
    best = int(probabilities.argmax())
    st.subheader(
        f"The network says: {CLASS_NAMES[best]} ({percent(probabilities[best])})", anchor=False
    )
    if not run.status.ended:
        epochs = f" after epoch {network.epoch} of {run.config.epochs}" if network.epoch else ""
        st.caption(f"Its newest weights{epochs}; the answer follows the training.")
    st.html(STYLE + bars_html(probabilities))
    if not knows_drawings(run.config):
        _advise(found)
    return network


def _advise(found: Judges) -> None:
    """Lead from a network that knows photos only to one that knows drawings."""
    why = "This network has learned from photos only, so it mistakes most drawings. "
    better = next((run for run in found.choices if knows_drawings(run.config)), None)
    if better is None:
        open_train(KNOWS_DRAWINGS, why + "Train one that learns from sketch twins, too.")
        return
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Ask a network that knows drawings",
            icon=":material/swap_horiz:",
            on_click=state.choose_judge,
            args=(better.id, found.newest),
            help="Has this run judge instead: " + run_label(better) + ".",
        )
        st.markdown(why + "Another one has learned from drawings, too.")
