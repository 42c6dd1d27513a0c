"""Sketchbook: the drawings that everyone on this server has kept, to test networks on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import CLASSES
from playground.dataset import class_name
from playground.drawing.sides import Side
from playground.drawing.sketches import Summary
from playground.figures.board import confusion_figure
from playground.locales import mark, plural, t
from playground.network.network import Network
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import StoreError
from playground.store.sketchbook import NotYourSketch
from playground.ui import navigation, state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.common.pictures import STYLE, image_html, percent
from playground.ui.sketch.files import sketch_files
from playground.ui.sketch.judge import choose_judge, weights

_SHOWN, _OWN_SHOWN = 60, 24
_SIDE = 84
_AT_ONCE = 1_000


def page() -> None:
    """The page, top to bottom: a network's test, the drawings, files, and deletion."""
    st.title(t("Sketchbook"), anchor=False)
    hub, owner = service.hub(), current_owner()
    summary = hub.sketchbook.summary()
    if summary.total:
        people = plural("{count:,} person", "{count:,} people", summary.people)
        st.markdown(
            plural(
                "{count:,} drawing, kept by {people} on this server.",
                "{count:,} drawings, kept by {people} on this server.",
                summary.total,
                people=people,
            )
        )
        _test(hub, owner, summary)
        _gallery(hub, summary)
        _own(hub, owner)
    else:
        st.info(t("The sketchbook is empty. Draw something, say what it is, and keep it."))
        navigation.link_to(navigation.DRAW, t("Draw something"))
    sketch_files(hub, owner, summary.total > 0)
    _clear(hub, owner)


class Miss(NamedTuple):
    """A drawing that the network calls something else.

    Attributes:
        item: uint8 (28, 28).
        label: 0 to 9, by the person who drew it.
        predicted: 0 to 9, by the network.
        sure: the network's probability for its answer, 0 to 1.
    """

    item: NDArray[np.uint8]
    label: int
    predicted: int
    sure: float


class Result(NamedTuple):
    """A network's result on drawings.

    Attributes:
        confusion: (10, 10) counts, rows true, columns predicted.
        misses: the newest drawings that were called something else.
        finite: whether all of the network's numbers are finite.
    """

    confusion: NDArray[np.intp]
    misses: list[Miss]
    finite: bool = True


def judged(network: Network, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Result:
    """Compare a network's answers with people's labels.

    Args:
        network: the one to test.
        images: (n, 28, 28).
        labels: (n,), 0 to 9, by the people who drew them.
    """
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
    """The result on this version of the sketchbook, computed once for all users."""
    return judged(_network, *_hub.sketchbook.pictures(side))


def _test(hub: Hub, owner: str, summary: Summary) -> None:
    st.header(t("Test a network on the drawings"), anchor=False)
    run = choose_judge(hub, owner).judge
    if run is None:
        st.info(t("No network has been trained yet. Train one, then come back and test it here."))
        return
    side: Side | None = "test" if run.config.sketchbook else None
    if side:
        st.caption(
            t(
                "This run trained on the sketchbook, so it is tested only on the other side: the "
                "drawings that no run ever trains on, by other people."
            )
        )
        if not summary.sides["test"]:
            st.info(t(_NO_TEST))
            return
    try:
        network = weights(hub, run)
    except (StoreError, ValueError) as error:
        st.error(t("The weights of this run cannot be read. {reason}", reason=error))
        return
    if network is None:
        st.info(t("This run has no weights yet. Come back when its first epoch is done."))
        return
    epoch = None if run.status.ended else network.epoch
    result = _judged(hub, network, run.id, epoch, side, summary.version)
    if not result.finite:
        st.warning(
            t(
                "This network’s numbers have grown without limit. Choose another network, or train "
                "again with a smaller learning rate."
            )
        )
        return
    _show_result(result)


_NO_TEST = mark(
    "All drawings are by one person, or their file says that they are for training: no drawing is "
    "left to test on. All drawings of one person are on the same side, so that a network is tested "
    "on drawings by people whom it has not learned from. Ask a second person to keep a drawing on "
    "the Draw page."
)


def _show_result(result: Result) -> None:
    total, right = int(result.confusion.sum()), int(result.confusion.trace())
    st.metric(
        t("Accuracy on the drawings"),
        percent(right / total, 1),
        help=t(
            "The share of drawings that get the label of the person who drew them; by chance it "
            "would be 10 %."
        ),
    )
    left, middle = st.columns(2, gap="medium")
    with left:
        title = plural(
            "Confusion matrix, {count:,} drawing", "Confusion matrix, {count:,} drawings", total
        )
        figure = confusion_figure(title, total)
        figure.update_traces(z=result.confusion)
        figure.update_layout(height=460)
        show_figure(
            figure,
            t("{right:,} of {total:,} drawings right.", right=right, total=total),
            "drawings",
            least_width=336,
        )
    with middle:
        st.markdown(t("**Misses**"))
        figures = [_figure(miss.item, _called(miss)) for miss in result.misses]
        _show(figures) if figures else st.success(t("Every drawing is called right."))


def _called(miss: Miss) -> str:
    return t(
        "{label}, called {predicted} ({percent})",
        label=class_name(miss.label),
        predicted=class_name(miss.predicted),
        percent=percent(miss.sure),
    )


def _figure(item: NDArray[np.uint8], caption: str) -> str:
    return image_html(item, caption, caption, _SIDE)


def _show(figures: list[str]) -> None:
    st.html(f'{STYLE}<div class="draw-pictures">{"".join(figures)}</div>')


def _gallery(hub: Hub, summary: Summary) -> None:
    st.header(t("The drawings"), anchor=False)
    labels = [None, *sorted(summary.labels)]
    with st.container(horizontal=True):
        wanted: int | None = st.selectbox(
            t("Show"),
            labels,
            labels.index(state.chosen("sketchbook_label", labels, None)),
            format_func=lambda label: (
                t("all labels ({count:,})", count=summary.total)
                if label is None
                else f"{class_name(label)} ({summary.labels[label]:,})"
            ),
            width=260,
            help=t("The drawings of one label, or all."),
            **state.remembering("sketchbook_label", f"_{summary.total}"),
        )
        count = summary.total if wanted is None else summary.labels[wanted]
        pages = -(-count // _SHOWN)
        number = 1
        if pages > 1:
            number = st.number_input(
                t("Page (of {pages:,})", pages=pages),
                1,
                pages,
                key=f"sketchbook_page_{wanted}_{pages}",
                width=160,
                help=t("{count} drawings on each, the newest on page 1.", count=_SHOWN),
            )
    shown = hub.sketchbook.sketches(_SHOWN, (number - 1) * _SHOWN, label=wanted)
    _show([_figure(sketch.item, class_name(sketch.label)) for sketch in shown])


def _own(hub: Hub, owner: str) -> None:
    count = hub.sketchbook.count(owner)
    if not count:
        return
    with st.expander(t("Delete your drawings ({count:,})", count=count)):
        with st.container(horizontal=True):
            for sketch in hub.sketchbook.sketches(_OWN_SHOWN, owner=owner):
                with st.container(width=_SIDE + 40):
                    _show([_figure(sketch.item, class_name(sketch.label))])
                    st.button(
                        t("Delete"),
                        key=f"delete_{sketch.id}",
                        on_click=_delete,
                        args=(hub, owner, sketch.id),
                        help=t("Removes this drawing from the sketchbook, for everyone."),
                    )
        if count > _OWN_SHOWN:
            st.caption(
                t(
                    "These are your newest {count}. Others appear when you delete some of them.",
                    count=_OWN_SHOWN,
                )
            )


def _delete(hub: Hub, owner: str, sketch_id: str) -> None:
    try:
        hub.sketchbook.delete(owner, sketch_id)
    except (StoreError, NotYourSketch) as problem:
        st.error(str(problem))


def _clear(hub: Hub, owner: str) -> None:
    first = hub.sketchbook.owner()
    if first is None:
        return
    if first != owner:
        st.caption(t("The person who kept the first drawing can clear the sketchbook."))
        return
    with st.popover(
        t("Clear the sketchbook"),
        icon=":material/delete:",
        help=t("You kept its first drawing, so you may clear the sketchbook."),
    ):
        st.write(
            t("This deletes everybody’s drawings. Export them first if you may want them again.")
        )
        empties = t("Empties the sketchbook for the whole server.")
        if st.button(t("Delete everything"), help=empties):
            try:
                hub.sketchbook.clear(owner)
            except NotYourSketch as problem:  # it was cleared, and somebody else has begun it
                st.error(str(problem))
            else:
                st.rerun()
