"""Learn, Flatten: an image unrolled to its vector, and what happens to the shape."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.dataset import load_data
from playground.figures.lesson.data import flatten_figure
from playground.lesson.shapes import flatten_shape
from playground.locales import mark, plural, t
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.learn.lesson import choose_image, open_train
from playground.ui.learn.prose import prose

SHAPES: dict[str, tuple[int | None, ...]] = {
    mark("Rank 3: a batch of images"): (None, 28, 28),
    mark("Rank 4: a batch of images with 10 channels"): (None, 28, 28, 10),
    mark("Rank 2: a batch of vectors"): (28, 28),
}


def page() -> None:
    """The page, top to bottom: one image unrolled, the shapes, the way to Train."""
    st.title(t("Flatten"), anchor=False)
    prose(
        t(
            "A Dense layer takes a vector, not a grid. Flatten puts the rows of an image one after "
            "the other: 28 × 28 pixels become 784 numbers. It learns nothing and has no parameters."
        )
    )
    _one_image()
    _shapes()
    open_train(
        RunConfig(), t("Look at the layer table there: Flatten is between the image and Dense.")
    )


def _one_image() -> None:
    index = choose_image("flatten_image", t("Image"), t("The test image that Flatten unrolls."))
    rows: int = st.slider(
        t("Rows unrolled"),
        0,
        28,
        state.remembered("flatten_rows", 18),
        help=t("How many rows of the image are unrolled."),
        **state.remembering("flatten_rows"),
    )
    show_figure(
        flatten_figure(load_data().x_test[index], rows),
        plural(
            "The first row of the image, in the frame on the left, is the first 28 numbers of the "
            "vector on the right.",
            "The first {count} rows of the image, in the frame on the left, are the first {count} "
            "× 28 = {numbers} numbers of the vector on the right; each thin line begins a new row.",
            rows,
            numbers=rows * 28,
        ),
        "flatten",
        least_width=640,
    )


def _shapes() -> None:
    st.header(t("The batch comes first"), anchor=False)
    prose(
        t(
            "In Keras, the first number of a shape is the batch size, `None` as long as it is not "
            "known. Flatten keeps the batch and multiplies the other numbers: any rank becomes "
            "rank 2."
        )
    )
    names = list(SHAPES)
    name = st.radio(
        t("Input"),
        names,
        names.index(state.remembered("flatten_input", names[0])),
        format_func=t,
        help=t("What comes into the Flatten layer."),
        **state.remembering("flatten_input"),
    )
    shape = SHAPES[name]
    batch: int = st.number_input(
        t("Images in the batch"),
        1,
        512,
        state.remembered("flatten_batch", 32),
        help=t("The batch size, in the place of None."),
        **state.remembering("flatten_batch"),
    )
    st.markdown(f"**`{shape}` → `{flatten_shape(shape)}`**")
    if shape[0] is not None:
        st.caption(
            t(
                "The first 28 counts as the batch, and only one number comes after it, so nothing "
                "changes."
            )
        )
        return
    filled = (batch, *shape[1:])
    st.caption(
        plural(
            "{product} = {size:,}. With {count} image in the batch: {before} → {after}.",
            "{product} = {size:,}. With {count} images in the batch: {before} → {after}.",
            batch,
            product=" × ".join(map(str, shape[1:])),
            size=flatten_shape(shape)[1],
            before=filled,
            after=flatten_shape(filled),
        )
    )
