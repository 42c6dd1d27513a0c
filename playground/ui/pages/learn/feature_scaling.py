"""Learn, Feature scaling: none, min–max and standardisation of the same pixels."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig, Scaling
from playground.dataset import load_data
from playground.figures.lesson.data import scaling_figure
from playground.lesson.scaling import Statistics, after, rescale, statistics, value_counts
from playground.locales import mark, t
from playground.runs import service
from playground.ui import state
from playground.ui.common.figure import show_figure
from playground.ui.common.owner import current_owner
from playground.ui.learn.lesson import experiment, open_train
from playground.ui.learn.prose import prose

SCALINGS: dict[Scaling, str] = {
    "none": mark("None"),
    "min_max": mark("Normalisation (min–max)"),
    "standard": mark("Standardisation"),
}
SHORT = RunConfig(train_images=12_000, epochs=5, early_stop=False)


def page() -> None:
    """The page, top to bottom: the formula, the pixels before and after, three runs, Train."""
    st.title(t("Feature scaling"), anchor=False)
    prose(
        t(
            "**Preprocessing** makes data better before a network learns from it. "
            "**Normalisation** brings all values into the range from 0 to 1. **Standardisation** "
            "brings them to mean 0 and standard deviation 1, so that outliers stand out. Both only "
            "shift and stretch the values: their histogram keeps its shape, and only its axis "
            "changes."
        )
    )
    _before_and_after()
    st.header(t("What scaling does to learning"), anchor=False)
    prose(
        t(
            "The same network, the same {images:,} images, the same first weights: only the "
            "scaling differs. The playground scales every pixel with the same two numbers.",
            images=SHORT.fit_images,
        )
    )
    configs = {
        t(name): SHORT.model_copy(update={"scaling": scaling}) for scaling, name in SCALINGS.items()
    }
    experiment(
        service.hub(), current_owner(), configs, t("Train the three"), "feature-scaling", log=True
    )
    open_train(
        RunConfig(scaling="none", early_stop=False),
        t("Train without scaling, and look at the loss of the first steps."),
    )


def _before_and_after() -> None:
    left, right = st.columns([1, 2], gap="medium")
    scalings = list(SCALINGS)
    with left:
        scaling: Scaling = st.radio(
            t("Scaling"),
            scalings,
            scalings.index(state.remembered("scaling_kind", scalings[1])),
            format_func=lambda scaling: t(SCALINGS[scaling]),
            help=t("What is done to every pixel value X."),
            **state.remembering("scaling_kind"),
        )
        one = st.toggle(
            t("One pixel only"),
            state.remembered("scaling_one", False),
            help=t("On: the same one pixel of every image. Off: all pixels."),
            **state.remembering("scaling_one"),
        )
        row: int = st.slider(
            t("Row"),
            0,
            27,
            state.remembered("scaling_row", 14),
            disabled=not one,
            help=t("The row of this pixel."),
            **state.remembering("scaling_row"),
        )
        column: int = st.slider(
            t("Column"),
            0,
            27,
            state.remembered("scaling_column", 14),
            disabled=not one,
            help=t("The column of this pixel."),
            **state.remembering("scaling_column"),
        )
        x: int = st.slider(
            "X",
            0,
            255,
            state.remembered("scaling_x", 200),
            help=t("A pixel value to put into the formula."),
            **state.remembering("scaling_x"),
        )
    counts = pixel_counts(row, column) if one else all_counts()
    before = statistics(counts)
    if one:
        what = t(
            "How often the pixel in row {row}, column {column} has each value in the {images:,} "
            "training images.",
            row=row,
            column=column,
            images=RunConfig().fit_images,
        )
    else:
        what = t(
            "How often each value occurs among all pixels of the {images:,} training images.",
            images=RunConfig().fit_images,
        )
    with right:
        st.latex(formula(x, before, scaling))
        figures = _figures(before, after(before, scaling))
        show_figure(scaling_figure(counts, before, scaling), f"{what} {figures}", "scaling")


def _figures(before: Statistics, after: Statistics) -> str:
    return t(
        "Before: mean {mean_before:.2f}, standard deviation {std_before:.2f}, values from "
        "{low_before:g} to {high_before:g}. After: mean {mean_after:.4f}, standard deviation "
        "{std_after:.4f}, values from {low_after:.3f} to {high_after:.3f}. The grey band reaches "
        "one standard deviation to each side of the mean.",
        mean_before=before.mean,
        std_before=before.std,
        low_before=before.low,
        high_before=before.high,
        mean_after=after.mean,
        std_after=after.std,
        low_after=after.low,
        high_after=after.high,
    )


def formula(x: int, before: Statistics, scaling: Scaling) -> str:
    """The formula with the numbers in it, as LaTeX."""
    z = float(rescale(x, before, scaling))
    low, high, mean, std = (f"{n:.6g}" for n in vars(before).values())
    if scaling == "min_max":
        both = rf"\frac{{X - \min}}{{\max - \min}} = \frac{{{x} - {low}}}{{{high} - {low}}}"
    elif scaling == "standard":
        names = t("mean"), t("std")
        symbols = rf"\frac{{X - \text{{{names[0]}}}}}{{\text{{{names[1]}}}}}"
        both = rf"{symbols} = \frac{{{x} - {mean}}}{{{std}}}"
    else:
        return f"Z = X = {x}"
    return f"Z = {both} = {z:.4f}"


@st.cache_data(show_spinner=False)
def all_counts() -> NDArray[np.int64]:
    """How often each value occurs in the 50,000 images that a default run trains on."""
    return value_counts(load_data().x_train[: RunConfig().fit_images])


def pixel_counts(row: int, column: int) -> NDArray[np.int64]:
    """How often one pixel of these images has each value."""
    return value_counts(load_data().x_train[: RunConfig().fit_images, row, column])
