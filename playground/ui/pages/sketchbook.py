"""Sketchbook: the drawings that everyone on this server has kept, to test networks on."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.charts import confusion_figure
from playground.config import CLASSES
from playground.dataset import CLASS_NAMES
from playground.runs import service
from playground.runs.hub import Hub
from playground.runs.sketchbook import NotYourSketch, Sketch, pictures
from playground.runs.store import StoreError
from playground.ui.components.judge import choose_judge, weights
from playground.ui.components.pictures import STYLE, percent, picture_html
from playground.ui.components.sketch_files import sketch_files
from playground.ui.owner import current_owner
from playground.ui.pages import draw

_SHOWN, _OWN_SHOWN = 60, 24
_SIDE = 84


def page() -> None:
    """The page, top to bottom: a network's test, the drawings, files, and taking away."""
    st.title("Sketchbook", anchor=False)
    hub, owner = service.hub(), current_owner()
    sketches = hub.sketchbook.sketches()
    if sketches:
        people = len({sketch.owner for sketch in sketches})
        whose = "1 person" if people == 1 else f"{people:,} people"
        st.markdown(f"{_drawings(len(sketches))}, kept by {whose} on this server.")
        _test(hub, owner, sketches)
        _gallery(sketches)
        _own(hub, owner, sketches)
    else:
        st.info("The sketchbook is empty. Draw something, say what it is, and keep it.")
        st.page_link(
            st.Page(draw.page, title="Draw", url_path="draw"),
            label="Draw something",
            icon=":material/draw:",
            help="Opens the Draw page.",
        )
    sketch_files(hub, owner, sketches)
    _clear(hub, owner)


def _drawings(count: int) -> str:
    return "1 drawing" if count == 1 else f"{count:,} drawings"


class Result(NamedTuple):
    """How a network did on drawings.

    Attributes:
        predicted: (n,) labels.
        sure: (n,) the probability of each.
        confusion: (10, 10) counts, rows true, columns predicted.
    """

    predicted: NDArray[np.intp]
    sure: NDArray[np.float32]
    confusion: NDArray[np.intp]


def judged(probabilities: NDArray[np.float32], labels: NDArray[np.uint8]) -> Result:
    """Compare a network's probabilities (n, 10) with the labels (n,) that people gave."""
    predicted = probabilities.argmax(axis=1)
    confusion = np.zeros((CLASSES, CLASSES), np.intp)
    np.add.at(confusion, (labels, predicted), 1)
    return Result(predicted, probabilities.max(axis=1), confusion)


def _test(hub: Hub, owner: str, sketches: list[Sketch]) -> None:
    st.subheader("Test a network on the drawings", anchor=False)
    run = choose_judge(hub, owner).judge
    if run is None:
        st.info("No network has been trained yet. Train one, then come back and test it here.")
        return
    seen = bool(run.config.sketchbook)
    if seen:
        sketches = [sketch for sketch in sketches if sketch.part == "test"]
        st.caption(
            "This run trained on the sketchbook, so it is tested on the other half only: "
            "the drawings that no run ever trains on."
        )
    try:
        network = weights(hub, run)
    except (StoreError, ValueError) as error:
        st.error(f"The weights of this run cannot be read. {error}")
        return
    if network is None or not sketches:
        st.info(
            "This run has no weights yet. Come back when its first epoch is done."
            if network is None
            else "There is no drawing to test on yet. Keep some more."
        )
        return
    images, labels = pictures(sketches)
    probabilities = network.predict(images)
    if not np.isfinite(probabilities).all():
        st.warning(
            "This network’s numbers have grown beyond all bounds. Choose another one, or train "
            "again with a smaller learning rate."
        )
        return
    result = judged(probabilities, labels)
    right = int((result.predicted == labels).sum())
    st.metric(
        "Accuracy on the drawings",
        f"{right / len(labels):.4f}",
        help="The share of drawings that get the label their drawer gave; chance is 0.10.",
    )
    st.caption(f"{right:,} of {len(labels):,} drawings right.")
    left, middle = st.columns(2, gap="medium")
    with left:
        figure = confusion_figure(f"Confusion matrix, {_drawings(len(labels))}", len(labels))
        figure.update_traces(z=result.confusion)
        figure.update_layout(height=460)
        st.plotly_chart(figure, config={"displayModeBar": False})
    with middle:
        st.markdown("**Misses**")
        wrong = np.flatnonzero(result.predicted != labels)[:_SHOWN]
        figures = [
            _figure(
                sketches[i],
                f"{CLASS_NAMES[labels[i]]}, called {CLASS_NAMES[result.predicted[i]]} "
                f"({percent(result.sure[i])})",
            )
            for i in wrong
        ]
        _show(figures) if figures else st.success("Not one drawing is called wrong.")


def _figure(sketch: Sketch, caption: str) -> str:
    return picture_html(sketch.item, caption, caption, _SIDE)


def _show(figures: list[str]) -> None:
    st.html(f'{STYLE}<div class="draw-pictures">{"".join(figures)}</div>')


def _gallery(sketches: list[Sketch]) -> None:
    st.subheader("The drawings", anchor=False)
    counts = Counter(sketch.label for sketch in sketches)
    wanted = st.selectbox(
        "Show",
        [None, *sorted(counts)],
        format_func=lambda label: (
            f"all labels ({len(sketches):,})"
            if label is None
            else f"{CLASS_NAMES[label]} ({counts[label]:,})"
        ),
        help="Drawings of one label only, or of all.",
    )
    shown = [sketch for sketch in sketches if wanted in (None, sketch.label)]
    _show([_figure(sketch, CLASS_NAMES[sketch.label]) for sketch in shown[:_SHOWN]])
    if len(shown) > _SHOWN:
        st.caption(f"The newest {_SHOWN} of {len(shown):,}.")


def _own(hub: Hub, owner: str, sketches: list[Sketch]) -> None:
    own = [sketch for sketch in sketches if sketch.owner == owner]
    if not own:
        return
    with st.expander(f"Delete your drawings ({len(own):,})"):
        with st.container(horizontal=True):
            for sketch in own[:_OWN_SHOWN]:
                with st.container(width=_SIDE + 40):
                    _show([_figure(sketch, CLASS_NAMES[sketch.label])])
                    st.button(
                        "Delete",
                        key=f"delete_{sketch.id}",
                        on_click=_delete,
                        args=(hub, owner, sketch.id),
                        help="Takes this drawing out of the sketchbook, for everyone.",
                    )
        if len(own) > _OWN_SHOWN:
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
            hub.sketchbook.clear(owner)
            st.rerun()
