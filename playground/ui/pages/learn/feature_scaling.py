"""Learn, Feature scaling: none, min–max and standardisation of the same pixels."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig, Scaling
from playground.dataset import load_data
from playground.figures.lesson.data import scaling_figure
from playground.lesson.scaling import Statistics, after, rescale, statistics, value_counts
from playground.runs import service
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import experiment, open_train

SCALINGS: dict[str, Scaling] = {
    "None": "none",
    "Normalisation (min–max)": "min_max",
    "Standardisation": "standard",
}
SHORT = RunConfig(train_images=12_000, epochs=5, stop=False)


def page() -> None:
    """The page, top to bottom: the formula, the pixels before and after, three runs, Train."""
    st.title("Feature scaling", anchor=False)
    st.markdown(
        "Raw data is made better before learning. **Normalisation** brings all values into 0 to "
        "1. **Standardisation** brings them to mean 0 and deviation 1, so that outliers stand "
        "out. Both only shift and stretch: the picture keeps its shape, its axis changes."
    )
    left, right = st.columns([1, 2], gap="medium")
    with left:
        name = st.radio("Scaling", list(SCALINGS), 1, help="What is done to every pixel value X.")
        one = st.toggle("One pixel only", help="On: one place in the image. Off: all places.")
        row: int = st.slider("Row", 0, 27, 14, disabled=not one, help="The pixel's row.")
        column: int = st.slider("Column", 0, 27, 14, disabled=not one, help="Its column.")
        x: int = st.slider("X", 0, 255, 200, help="A pixel value to put into the formula.")
    counts = place_counts(row, column) if one else all_counts()
    before, scaling = statistics(counts), SCALINGS[name]
    new = after(before, scaling)
    with right:
        st.latex(formula(x, before, scaling))
        where = f"the pixel in row {row}, column {column}," if one else "all pixels"
        show_figure(
            scaling_figure(counts, before, scaling),
            f"How often each value occurs in {where} of the 50,000 images trained on. Before: "
            f"mean {before.mean:.2f}, deviation {before.std:.2f}, from {before.low:g} to "
            f"{before.high:g}. After: mean {new.mean:.4f}, deviation {new.std:.4f}, from "
            f"{new.low:.3f} to {new.high:.3f}. The grey band is one deviation to each side.",
            "scaling",
        )
    st.subheader("What it does to learning", anchor=False)
    st.markdown(
        "The same network, the same 12,000 images, the same start: only the scaling differs. "
        "The playground scales all pixels with the same two numbers."
    )
    configs = {
        title: SHORT.model_copy(update={"scaling": kind}) for title, kind in SCALINGS.items()
    }
    experiment(service.hub(), current_owner(), configs, "Train the three", log=True)
    open_train(
        RunConfig(scaling="none", stop=False),
        "Train without scaling, and look at the loss of the first steps.",
    )


def formula(x: int, before: Statistics, scaling: Scaling) -> str:
    """The formula with the numbers in it, as LaTeX."""
    z = float(rescale(x, before, scaling))
    low, high, mean, std = (f"{n:.6g}" for n in vars(before).values())
    if scaling == "min_max":
        words = rf"\frac{{X - \min}}{{\max - \min}} = \frac{{{x} - {low}}}{{{high} - {low}}}"
    elif scaling == "standard":
        words = rf"\frac{{X - \text{{mean}}}}{{\text{{std}}}} = \frac{{{x} - {mean}}}{{{std}}}"
    else:
        return f"Z = X = {x}"
    return f"Z = {words} = {z:.4f}"


@st.cache_data(show_spinner=False)
def all_counts() -> NDArray[np.int64]:
    """How often each value occurs in the 50,000 images that a default run trains on."""
    return value_counts(load_data().x_train[: RunConfig().fit_images])


def place_counts(row: int, column: int) -> NDArray[np.int64]:
    """The same for one place in the image."""
    return value_counts(load_data().x_train[: RunConfig().fit_images, row, column])
