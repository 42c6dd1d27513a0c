"""Sketchbook: the drawings that everyone on this server has kept, to test networks on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.dataset import CLASS_NAMES
from playground.drawing.sides import Side
from playground.drawing.sketches import Summary
from playground.figures.board import confusion_figure
from playground.network.network import Network
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import StoreError
from playground.store.sketchbook import NotYourSketch
from playground.ui import navigation
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, percent, picture_html
from playground.ui.sketch.files import sketch_files
from playground.ui.sketch.judge import choose_judge, weights

_SHOWN, _OWN_SHOWN = 60, 24
_SIDE = 84
_AT_ONCE = 1_000


def page() -> None:
    """The page, top to bottom: a network's test, the drawings, files, and taking away."""
    st.title("Sketchbook", anchor=False)
    hub, owner = service.hub(), current_owner()
    summary = hub.sketchbook.summary()
    if summary.total:
        whose = "1 person" if summary.people == 1 else f"{summary.people:,} people"
        st.markdown(f"{_drawings(summary.total)}, kept by {whose} on this server.")
        _test(hub, owner, summary)
        _gallery(hub, summary)
        _own(hub, owner)
    else:
        st.info("The sketchbook is empty. Draw something, say what it is, and keep it.")
        navigation.link_to(navigation.DRAW, "Draw something")
    sketch_files(hub, owner, summary.total > 0)
    _clear(hub, owner)


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


class Miss(NamedTuple):
    """A drawing (28, 28) that got another label than its drawer's, and how sure that was."""

    item: NDArray[np.uint8]
    label: int
    predicted: int
    sure: float


class Result(NamedTuple):
    """How a network did on drawings.

    Attributes:
        confusion: (10, 10) counts, rows true, columns predicted.
        misses: the newest drawings that were called something else.
        finite: whether all of the network's numbers are.
    """

    confusion: NDArray[np.intp]
    misses: list[Miss]
    finite: bool = True


def judged(network: Network, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Result:
    """Compare a network's answers with the labels (n,) that people gave the images (n, 28, 28)."""
    confusion = np.zeros((CLASSES, CLASSES), np.intp)
    misses: list[Miss] = []
    for start in range(0, len(images), _AT_ONCE):
        some, true = images[start : start + _AT_ONCE], labels[start : start + _AT_ONCE]
        probabilities = network.predict(some)
        if not np.isfinite(probabilities).all():
            return Result(confusion, [], finite=False)
        predicted = probabilities.argmax(axis=1)
        np.add.at(confusion, (true, predicted), 1)
        misses += [
            Miss(some[i], int(true[i]), int(predicted[i]), float(probabilities[i].max()))
            for i in np.flatnonzero(predicted != true)[: _SHOWN - len(misses)]
        ]
    return Result(confusion, misses)


@st.cache_data(max_entries=64, show_spinner=False)
def _judged(
    _hub: Hub, _network: Network, run_id: str, epoch: int | None, side: Side | None, version: str
) -> Result:
    """Of this version of the sketchbook, once for all who look at it."""
    return judged(_network, *_hub.sketchbook.pictures(side))


def _test(hub: Hub, owner: str, summary: Summary) -> None:
    st.subheader("Test a network on the drawings", anchor=False)
    run = choose_judge(hub, owner).judge
    if run is None:
        st.info("No network has been trained yet. Train one, then come back and test it here.")
        return
    side: Side | None = "test" if run.config.sketchbook else None
    if side:
        st.caption(
            "This run trained on the sketchbook, so it is tested on the other side only: "
            "the drawings that no run ever trains on, by other hands."
        )
        if not summary.sides["test"]:
            st.info(_NO_TEST)
            return
    try:
        network = weights(hub, run)
    except (StoreError, ValueError) as error:
        st.error(f"The weights of this run cannot be read. {error}")
        return
    if network is None:
        st.info("This run has no weights yet. Come back when its first epoch is done.")
        return
    epoch = None if run.status.ended else network.epoch
    result = _judged(hub, network, run.id, epoch, side, summary.version)
    if not result.finite:
        st.warning(
            "This network’s numbers have grown beyond all bounds. Choose another one, or train "
            "again with a smaller learning rate."
        )
        return
    _show_result(result)


_NO_TEST = (
    "All drawings are by one person, or their file says that they are for training: no drawing is "
    "left to test on. What one person draws is on one side only, so that a network is tested on "
    "other hands than it has learned from. Have a second person keep a drawing on the Draw page."
)


def _show_result(result: Result) -> None:
    total, right = int(result.confusion.sum()), int(result.confusion.trace())
    st.metric(
        "Accuracy on the drawings",
        f"{right / total:.4f}",
        help="The share of drawings that get the label their drawer gave; chance is 0.10.",
    )
    st.caption(f"{right:,} of {total:,} drawings right.")
    left, middle = st.columns(2, gap="medium")
    with left:
        figure = confusion_figure(f"Confusion matrix, {_drawings(total)}", total)
        figure.update_traces(z=result.confusion)
        figure.update_layout(height=460)
        st.plotly_chart(figure, config={"displayModeBar": False})
    with middle:
        st.markdown("**Misses**")
        figures = [
            _figure(
                miss.item,
                f"{CLASS_NAMES[miss.label]}, called {CLASS_NAMES[miss.predicted]} "
                f"({percent(miss.sure)})",
            )
            for miss in result.misses
        ]
        _show(figures) if figures else st.success("Not one drawing is called wrong.")


def _figure(item: NDArray[np.uint8], caption: str) -> str:
    return picture_html(item, caption, caption, _SIDE)


def _show(figures: list[str]) -> None:
    st.html(f'{STYLE}<div class="draw-pictures">{"".join(figures)}</div>')


def _gallery(hub: Hub, summary: Summary) -> None:
    st.subheader("The drawings", anchor=False)
    with st.container(horizontal=True):
        wanted: int | None = st.selectbox(
            "Show",
            [None, *sorted(summary.labels)],
            format_func=lambda label: (
                f"all labels ({summary.total:,})"
                if label is None
                else f"{CLASS_NAMES[label]} ({summary.labels[label]:,})"
            ),
            width=260,
            help="Drawings of one label only, or of all.",
        )
        count = summary.total if wanted is None else summary.labels[wanted]
        pages = -(-count // _SHOWN)
        number = 1
        if pages > 1:
            number = st.number_input(
                f"Page, of {pages:,}",
                1,
                pages,
                width=160,
                help=f"{_SHOWN} drawings each, the newest on page 1.",
            )
    shown = hub.sketchbook.sketches(_SHOWN, (number - 1) * _SHOWN, label=wanted)
    _show([_figure(sketch.item, CLASS_NAMES[sketch.label]) for sketch in shown])


def _own(hub: Hub, owner: str) -> None:
    count = hub.sketchbook.count(owner)
    if not count:
        return
    with st.expander(f"Delete your drawings ({count:,})"):
        with st.container(horizontal=True):
            for sketch in hub.sketchbook.sketches(_OWN_SHOWN, owner=owner):
                with st.container(width=_SIDE + 40):
                    _show([_figure(sketch.item, CLASS_NAMES[sketch.label])])
                    st.button(
                        "Delete",
                        key=f"delete_{sketch.id}",
                        on_click=_delete,
                        args=(hub, owner, sketch.id),
                        help="Takes this drawing out of the sketchbook, for everyone.",
                    )
        if count > _OWN_SHOWN:
            st.caption(f"The newest {_OWN_SHOWN} of yours; the others follow as these go.")


def _delete(hub: Hub, owner: str, sketch_id: str) -> None:
    try:
        hub.sketchbook.delete(owner, sketch_id)
    except (StoreError, NotYourSketch) as problem:
        st.error(str(problem))


def _clear(hub: Hub, owner: str) -> None:
    keeper = hub.sketchbook.owner()
    if keeper is None:
        return
    if keeper != owner:
        st.caption("Whoever kept the first drawing can clear the sketchbook.")
        return
    with st.popover(
        "Clear the sketchbook",
        icon=":material/delete:",
        help="You kept its first drawing, so the sketchbook is yours to clear.",
    ):
        st.write("This deletes everybody’s drawings. Export them first if they may be wanted.")
        if st.button("Delete everything", help="Empties the sketchbook for the whole server."):
            try:
                hub.sketchbook.clear(owner)
            except NotYourSketch as problem:  # another has cleared it, and a third one began it
                st.error(str(problem))
            else:
                st.rerun()
