"""Learn, The data: Fashion-MNIST by label, as averages, as counts, as numbers."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import TEST_IMAGES, TRAIN_IMAGES, Label, class_name, class_names, load_data
from playground.figures.lesson.data import NUMBERS_WIDTH, counts_figure, numbers_figure
from playground.lesson.items import hardest, label_counts, likeness, mean_images, mosaic
from playground.locales import mark, t
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import choose_network, open_train
from playground.ui.learn.prose import prose

SHOWN = 40
COLUMNS = 10


def page() -> None:
    """The page, top to bottom: what the data is, one of five views of it, the way to Train."""
    st.title(t("The data"), anchor=False)
    prose(
        t(
            "Fashion-MNIST has {train:,} training images and {test:,} test images of articles from "
            "the shop Zalando. Each image is a grid of 28 × 28 grey values, from 0 (black) to 255 "
            "(white), and has one of ten labels, 0 to 9. A network sees nothing else.",
            train=TRAIN_IMAGES,
            test=TEST_IMAGES,
        )
    )
    views = {
        mark("Gallery"): _gallery,
        mark("Average images"): _averages,
        mark("How many"): _counts,
        mark("As numbers"): _numbers,
        mark("Hardest"): _hardest,
    }
    view = st.segmented_control(
        t("View"),
        list(views),
        default=state.remembered("data_view", "Gallery"),
        required=True,
        format_func=t,
        help=t("Five ways to see the data."),
        **state.remembering("data_view"),
    )
    views[view]()
    open_train(
        RunConfig(hidden_layers=(), epochs=5, early_stop=False),
        t("Train the smallest network there is, with no hidden layer, on these images."),
    )


def _label() -> int:
    label: int = st.selectbox(
        t("Label"),
        range(10),
        state.remembered("data_label", 0),
        format_func=lambda n: f"{n} {class_name(n)}",
        help=t("The page shows the training images with this label."),
        **state.remembering("data_label"),
    )
    return label


def _gallery() -> None:
    label = _label()
    data = load_data()
    of_label = data.x_train[data.y_train == label]
    first: int = st.slider(
        t("First image"),
        0,
        len(of_label) - SHOWN,
        state.remembered("data_first", 0),
        SHOWN,
        help=t("Move it to go through all images with this label."),
        **state.remembering("data_first"),
    )
    images = enlarged(mosaic(of_label[first : first + SHOWN], COLUMNS))
    st.image(images, width="stretch", alt=class_name(label))
    st.caption(
        t(
            "Training images with the label {label}, number {first:,} to {last:,} of {total:,}.",
            label=class_name(label),
            first=first,
            last=first + SHOWN - 1,
            total=len(of_label),
        )
    )


def _averages() -> None:
    means = averages()
    names = class_names()
    images = enlarged(mosaic(means.round().astype(np.uint8), 5))
    st.image(images, width="stretch", alt=", ".join(names))
    st.caption(
        t(
            "The average training image of each label. First row: {first_row}. Second row: "
            "{second_row}. A sharp average means that the items look alike; a blurred one, as of "
            "{sandal} or {bag}, means that they differ.",
            first_row=", ".join(names[:5]),
            second_row=", ".join(names[5:]),
            sandal=class_name(Label.SANDAL),
            bag=class_name(Label.BAG),
        )
    )


def _counts() -> None:
    data = load_data()
    train, test = label_counts(data.y_train), label_counts(data.y_test)
    show_figure(
        counts_figure(train, test),
        t(
            "Every label has {train:,} training images and {test:,} test images, so a network that "
            "always gives the same answer is right for one image in ten: its accuracy is 0.1.",
            train=train.min(),
            test=test.min(),
        ),
        "counts",
    )


def _numbers() -> None:
    index: int = st.number_input(
        t("Training image"),
        0,
        TRAIN_IMAGES - 1,
        state.remembered("data_image", 0),
        help=t("Its number in the training set; the first image is number 0."),
        **state.remembering("data_image"),
    )
    index = min(max(index, 0), TRAIN_IMAGES - 1)
    data = load_data()
    image = data.x_train[index]
    show_figure(
        numbers_figure(image),
        t(
            "Training image {index:,}, {label}, as its {numbers} numbers: {nonzero} of them are "
            "not 0, the largest is {largest}, and their mean is {mean:.1f}. A bright cell is a "
            "large number. To enlarge a part, draw a frame around it with the mouse; a double "
            "click shows the whole image again.",
            index=index,
            label=class_name(data.y_train[index]),
            numbers=image.size,
            nonzero=np.count_nonzero(image),
            largest=image.max(),
            mean=image.mean(),
        ),
        "numbers",
        least_width=NUMBERS_WIDTH,
    )


def _hardest() -> None:
    label = _label()
    data = load_data()
    of_label = data.x_train[data.y_train == label]
    by_average = st.toggle(
        t("Judge by the average images"),
        state.remembered("data_by_average", True),
        help=t(
            "On: an image looks like the label whose average image it resembles most. Off: it "
            "looks like what one of your networks says."
        ),
        **state.remembering("data_by_average"),
    )
    if by_average:
        scores = likeness(of_label, averages())
        judge = t("Compared with the average image of each label, they look most like other items.")
    else:
        network, name = choose_network(
            service.hub(),
            current_owner(),
            "data_network",
            t("The network that says what an image looks like."),
        )
        scores = network.predict(of_label)
        judge = t("To the network {network} they look most like other items.", network=name)
    indices, looks_like = hardest(scores, label, 20)
    with st.container(horizontal=True):
        for index, other in zip(indices, looks_like, strict=True):
            st.image(
                enlarged(of_label[index], 4),
                caption=t("like {label}", label=class_name(other)),
                width=112,
                alt=class_name(label),
            )
    st.caption(
        " ".join(
            [
                t("All of these are labelled {label}.", label=class_name(label)),
                judge,
                t("The worst is first. Some are odd items, some labels may be wrong."),
            ]
        )
    )


def enlarged(image: NDArray[np.uint8], times: int = 3) -> NDArray[np.uint8]:
    """Each pixel as a square of `times` × `times`, so that a browser does not blur it."""
    return image.repeat(times, axis=0).repeat(times, axis=1)


@st.cache_data(show_spinner=False)
def averages() -> NDArray[np.float32]:
    """The average training image of each label."""
    data = load_data()
    return mean_images(data.x_train, data.y_train)
