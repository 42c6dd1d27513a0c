"""Learn, The data: Fashion-MNIST by label, as averages, as counts, as numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import CLASS_NAMES, TEST_IMAGES, TRAIN_IMAGES, load_data
from playground.figures.lesson.data import counts_figure, numbers_figure
from playground.lesson.items import hardest, label_counts, likeness, mean_images, mosaic
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_network, open_train

SHOWN = 40
COLUMNS = 10
_AVERAGES = "the average image each resembles most"


def page() -> None:
    """The page, top to bottom: what the data is, one of five views of it, the way to Train."""
    st.title("The data", anchor=False)
    st.markdown(
        f"Fashion-MNIST: {TRAIN_IMAGES:,} training and {TEST_IMAGES:,} test images of Zalando's "
        "articles. Each is a grid of 28 × 28 grey values, 0 (black) to 255 (white), with one of "
        "ten labels, 0 to 9. A network sees nothing else."
    )
    views = {
        "Gallery": _gallery,
        "Average images": _averages,
        "How many": _counts,
        "As numbers": _numbers,
        "Hardest": _hardest,
    }
    view = st.segmented_control(
        "View", list(views), default="Gallery", required=True, help="Five ways to see the data."
    )
    views[view]()
    open_train(
        RunConfig(hidden_layers=(), epochs=5, stop=False),
        "Train the smallest network there is, with no hidden layer, on these images.",
    )


def _label() -> int:
    label: int = st.selectbox(
        "Label",
        range(10),
        format_func=lambda n: f"{n} {CLASS_NAMES[n]}",
        help="Show the training images that carry this label.",
    )
    return label


def _gallery() -> None:
    label = _label()
    data = load_data()
    of_label = data.x_train[data.y_train == label]
    first: int = st.slider(
        "First image", 0, len(of_label) - SHOWN, 0, SHOWN, help="Walk through all of them."
    )
    st.image(enlarged(mosaic(of_label[first : first + SHOWN], COLUMNS)), width="stretch")
    st.caption(
        f"Training images labelled {CLASS_NAMES[label]}, number {first:,} to "
        f"{first + SHOWN - 1:,} of {len(of_label):,}."
    )


def _averages() -> None:
    means = averages()
    st.image(enlarged(mosaic(means.round().astype(np.uint8), 5)), width="stretch")
    st.caption(
        "The average training image of each label. First row: "
        f"{', '.join(CLASS_NAMES[:5])}. Second row: {', '.join(CLASS_NAMES[5:])}. A sharp average "
        "means that the items are alike; a blurred one, like Sandal or Bag, that they differ."
    )


def _counts() -> None:
    data = load_data()
    train, test = label_counts(data.y_train), label_counts(data.y_test)
    show_figure(
        counts_figure(train, test),
        f"Every label has {train.min():,} training and {test.min():,} test images, so a network "
        "that always says the same is right for one image in ten: accuracy 0.1.",
        "counts",
    )


def _numbers() -> None:
    place: int = st.number_input(
        "Training image", 0, TRAIN_IMAGES - 1, 0, help="Its place in the training set."
    )
    place = min(max(place, 0), TRAIN_IMAGES - 1)
    data = load_data()
    image = data.x_train[place]
    show_figure(
        numbers_figure(image),
        f"Training image {place:,}, {CLASS_NAMES[data.y_train[place]]}, as its "
        f"{image.size} numbers: {np.count_nonzero(image)} of them are not 0, the largest is "
        f"{image.max()}, and their mean is {image.mean():.1f}. A bright cell is a large number. "
        "With a mouse, draw a frame over a part to enlarge it; a double click goes back.",
        "numbers",
        least_width=640,
    )


def _hardest() -> None:
    label = _label()
    data = load_data()
    of_label = data.x_train[data.y_train == label]
    by_average = st.toggle(
        "Judge by the average images",
        True,
        help="On: which average image it resembles most. Off: one of your networks says it.",
    )
    if by_average:
        scores, judge = likeness(of_label, averages()), _AVERAGES
    else:
        network, judge = choose_network(
            service.hub(), current_owner(), "Whose probabilities say what an image looks like."
        )
        scores = network.predict(of_label)
    places, looks_like = hardest(scores, label, 20)
    with st.container(horizontal=True):
        for place, other in zip(places, looks_like, strict=True):
            st.image(enlarged(of_label[place], 4), caption=f"like {CLASS_NAMES[other]}", width=112)
    st.caption(
        f"All of these are labelled {CLASS_NAMES[label]}. Judged by {judge}, these look most "
        "like something else, the worst first. Some are odd items, some labels may be wrong."
    )


def enlarged(image: NDArray[np.uint8], times: int = 3) -> NDArray[np.uint8]:
    """Each pixel as a square of so many, so that a browser does not blur it."""
    return image.repeat(times, axis=0).repeat(times, axis=1)


@st.cache_data(show_spinner=False)
def averages() -> NDArray[np.float32]:
    """The average training image of each label."""
    data = load_data()
    return mean_images(data.x_train, data.y_train)
