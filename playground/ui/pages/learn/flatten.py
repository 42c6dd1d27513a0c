"""Learn, Flatten: an image unrolled to its vector, and what happens to the shape."""

from __future__ import annotations

import streamlit as st

from playground.config import RunConfig
from playground.dataset import load_data
from playground.figures.lesson.data import flatten_figure
from playground.lesson.shapes import flatten_shape
from playground.ui.common.figure import show_figure
from playground.ui.learn.lesson import choose_image, open_train

SHAPES: dict[str, tuple[int | None, ...]] = {
    "Rank 3: a batch of images": (None, 28, 28),
    "Rank 4: a batch of images with 10 channels": (None, 28, 28, 10),
    "Rank 2: a batch of vectors": (28, 28),
}


def page() -> None:
    """The page, top to bottom: one image unrolled, the shapes, the way to Train."""
    st.title("Flatten", anchor=False)
    st.markdown(
        "A Dense layer takes a vector, not a grid. Flatten puts the rows of an image one behind "
        "the other: 28 × 28 pixels become 784 numbers. It learns nothing and has no parameters."
    )
    image = choose_image("Image", "Which test image is unrolled.")
    rows: int = st.slider("Rows unrolled", 0, 28, 18, help="Unroll the image row by row.")
    show_figure(
        flatten_figure(load_data().x_test[image], rows),
        f"The first {rows} rows of the image, in the frame on the left, are the first "
        f"{rows} × 28 = {rows * 28} numbers of the vector on the right; each thin line begins a "
        "new row.",
        "flatten",
        least_width=640,
    )
    st.subheader("The batch in front", anchor=False)
    st.markdown(
        "Keras always has the batch in front, `None` as long as its size is open. Flatten keeps "
        "the batch and multiplies the rest: any rank becomes rank 2."
    )
    name = st.radio("Input", list(SHAPES), help="What comes into the Flatten layer.")
    shape = SHAPES[name]
    batch: int = st.number_input("Images in the batch", 1, 512, 32, help="Takes None's place.")
    open_batch = shape[0] is None
    filled = (batch, *shape[1:]) if open_batch else shape
    st.markdown(f"#### `{shape}` → `{flatten_shape(shape)}`")
    if open_batch:
        product = " × ".join(map(str, shape[1:]))
        st.caption(
            f"{product} = {flatten_shape(shape)[1]:,}. With {batch} images in the batch: "
            f"{filled} → {flatten_shape(filled)}."
        )
    else:
        st.caption(
            "The first 28 counts as the batch, and behind it there is one dimension already: "
            "nothing changes."
        )
    open_train(
        RunConfig(), "Look at the layer table there: Flatten stands between image and Dense."
    )
