"""Precision, recall and F1 of each label, as a table that says what they are."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES
from playground.network.metrics import per_class


def per_class_table(counts: NDArray[np.integer], images: str) -> None:
    """A row for each label.

    Args:
        counts: the confusion matrix (10, 10), rows true, columns predicted.
        images: which they are, "test" or "validation".
    """
    names = ("Precision", "Recall", "F1")
    figures = zip(names, per_class(counts), strict=True)
    st.dataframe(
        {"Label": CLASS_NAMES}
        | {name: [f"{value:.3f}" for value in values] for name, values in figures},
        hide_index=True,
    )
    st.caption(
        f"On the {images} images. Precision: of those called so, how many are so. Recall: of those "
        "that are so, how many are called so. F1: the harmonic mean of both."
    )
