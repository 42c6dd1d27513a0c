"""Precision, recall and F1 of each label, as a table with an explanation."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import class_names
from playground.locales import t
from playground.network.metrics import per_class


def per_class_table(counts: NDArray[np.integer], images: Literal["test", "validation"]) -> None:
    """A row for each label.

    Args:
        counts: the confusion matrix (10, 10), rows true, columns predicted.
        images: which ones were counted.
    """
    names = (t("Precision"), t("Recall"), t("F1"))
    figures = zip(names, per_class(counts), strict=True)
    st.dataframe(
        {t("Label"): class_names()}
        | {name: [f"{value:.3f}" for value in values] for name, values in figures},
        hide_index=True,
    )
    where = t("On the test images.") if images == "test" else t("On the validation images.")
    meaning = t(
        "Precision: of the images that the network calls so, the share that really are. Recall: of "
        "the images that really are, the share that the network calls so. F1: the harmonic mean of "
        "both."
    )
    st.caption(f"{where} {meaning}")
