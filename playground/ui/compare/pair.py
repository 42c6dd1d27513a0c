"""Two runs in detail: their confusion matrices' difference, and the images that only one knows."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import class_name, load_data
from playground.experiments.differences import judged_on_the_same_images
from playground.figures.compare import class_gains_figure, confusion_difference_figure
from playground.locales import plural, t
from playground.network.metrics import confusion_matrix, per_class
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.store.runs import RunInfo
from playground.ui.common.figure import show_figure
from playground.ui.common.labels import plain
from playground.ui.common.pictures import STYLE, image_html

PAGE = 24
_AT_ONCE = 2_000
_SIDE = 84


class Answers(NamedTuple):
    """What a run calls its validation images: uint8 labels, and after which epoch."""

    predicted: NDArray[np.uint8]
    epoch: int


def compare_two(hub: Hub, first: RunInfo, second: RunInfo, names: tuple[str, str]) -> None:
    """What the second run knows that the first one does not, and the other way round.

    Args:
        hub: has their networks.
        first, second: two runs.
        names: of the two runs.
    """
    if not judged_on_the_same_images([first.config, second.config]):
        st.info(
            t(
                "These two are judged on different images, so neither their confusion matrices nor "
                "the images that they know can be compared. Train both with the same number of "
                "training images and the same validation share, and where the seed draws the "
                "validation images, with the same seed."
            )
        )
        return
    answers = [
        _answers(hub, run.id, run.summary.epochs, run.status.ended, run) for run in (first, second)
    ]
    missing = [name for name, found in zip(names, answers, strict=True) if found is None]
    if missing:
        st.info(
            t(
                "{name} has no network yet, or its network is no longer kept. What each one knows "
                "can be compared when both have one.",
                name=plain(missing[0]),
            )
        )
        return
    one, two = (found for found in answers if found is not None)
    labels = load_data().y_train[split_photos(first.config).validation]
    _matrices(one, two, labels, names)
    _images(first, one, two, labels, names)


@st.cache_resource(max_entries=32, show_spinner=False)
def _answers(_hub: Hub, run_id: str, epochs: int, ended: bool, _run: RunInfo) -> Answers | None:
    """What a run's newest kept network calls its validation images; None if it has none.

    Raises:
        StoreError: its files cannot be read.
    """
    config = _run.config
    try:
        kept = [epoch for epoch in _hub.archive.epochs(run_id) if epoch]
        snapshot = _hub.archive.snapshot(run_id, kept[-1]) if kept else None
        if snapshot is not None and len(snapshot.predicted) == config.validation_images:
            return Answers(snapshot.predicted, kept[-1])
        network = _hub.network(run_id) if ended else None
    except ValueError:  # damaged
        return None
    if network is None:
        return None
    images = load_data().x_train[split_photos(config).validation]
    parts = [
        network.predict(images[start : start + _AT_ONCE]).argmax(axis=1)
        for start in range(0, len(images), _AT_ONCE)
    ]
    return Answers(np.concatenate(parts).astype(np.uint8), epochs)


def _matrices(
    one: Answers, two: Answers, labels: NDArray[np.uint8], names: tuple[str, str]
) -> None:
    before, after = (confusion_matrix(labels, found.predicted) for found in (one, two))
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(
            confusion_difference_figure(after - before, t("Confusion matrix, difference")),
            t(
                "The counts of {second} (after epoch {second_epoch}) minus those of {first} (after "
                "epoch {first_epoch}), on the same {images:,} validation images. Orange on the "
                "diagonal: more are called right; orange elsewhere: more of this mistake.",
                **{"first": plain(names[0]), "second": plain(names[1]), "images": len(labels)},
                **{"first_epoch": one.epoch, "second_epoch": two.epoch},
            ),
            "compare_confusion",
            least_width=420,
        )
    gains = per_class(after).recall - per_class(before).recall
    best, worst = int(gains.argmax()), int(gains.argmin())
    with right:
        show_figure(
            class_gains_figure(gains, t("Each label: gain and loss")),
            t(
                "How many percentage points more of each label {second} calls right than {first}: "
                "{best} {best_gain:+.1f}, {worst} {worst_gain:+.1f}.",
                **{"first": plain(names[0]), "second": plain(names[1])},
                **{"best": class_name(best), "best_gain": 100 * gains[best]},
                **{"worst": class_name(worst), "worst_gain": 100 * gains[worst]},
            ),
            "compare_classes",
        )


def _images(
    run: RunInfo,
    one: Answers,
    two: Answers,
    labels: NDArray[np.uint8],
    names: tuple[str, str],
) -> None:
    st.header(t("What only one of them knows"), anchor=False)
    right = one.predicted == labels, two.predicted == labels
    st.markdown(
        t(
            "Of {total:,} validation images both call {both:,} right and neither {neither:,}.",
            total=len(labels),
            both=int((right[0] & right[1]).sum()),
            neither=int((~right[0] & ~right[1]).sum()),
        )
    )
    for index, column in enumerate(st.columns(2, gap="large")):
        knows, other = right[index], right[1 - index]
        found = np.flatnonzero(knows & ~other)
        mistaken = (two, one)[index].predicted
        with column:
            st.markdown(
                plural(
                    "**{count:,} image** that only {name} calls right",
                    "**{count:,} images** that only {name} calls right",
                    len(found),
                    name=plain(names[index]),
                )
            )
            _gallery(run, found, labels, mistaken, index)


def _gallery(
    run: RunInfo,
    found: NDArray[np.intp],
    labels: NDArray[np.uint8],
    mistaken: NDArray[np.uint8],
    column: int,
) -> None:
    pages, page = max(1, -(-len(found) // PAGE)), 1
    if pages > 1:
        page = st.number_input(
            t("Page (of {pages:,})", pages=pages),
            1,
            pages,
            key=f"compare_page_{column}_{len(found)}",
            help=t("{count} images at a time.", count=PAGE),
            width=160,
        )
    photos = load_data().x_train
    validation = np.arange(len(photos))[split_photos(run.config).validation]
    figures = []
    for i in found[(page - 1) * PAGE : page * PAGE]:
        caption = t(
            "{truth}, the other says {called}",
            truth=class_name(labels[i]),
            called=class_name(mistaken[i]),
        )
        index = validation[i]
        alt = t("Training image {index}", index=index)
        figures.append(image_html(photos[index], caption, alt, _SIDE))
    if figures:
        name = escape(f"compare-only-{column}")
        st.html(STYLE + f'<div class="draw-pictures {name}">{"".join(figures)}</div>')
