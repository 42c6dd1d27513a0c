"""The Sketch X-ray: every step from the paper to the answer as images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import class_name, load_data
from playground.drawing.preprocessing import Step
from playground.locales import t
from playground.network.explain import Neighbours, saliency
from playground.network.network import Network
from playground.ui import state
from playground.ui.common.pictures import STYLE, bars_html, coloured, image_html

_SIDE = 132


def xray(steps: Sequence[Step], network: Network | None) -> None:
    """Show it in a closed expander; nothing is computed before it is opened.

    Args:
        steps: from paper to item, as `playground.drawing.preprocessing.steps` gives them.
        network: the one that judges, with finite answers; None if there is none yet.
    """
    title = t("Sketch X-ray: every step to the answer")
    expander = st.expander(title, key=state.XRAY, on_change="rerun")
    if not expander.open:
        return
    with expander:
        rows = [_row(t("From paper to image"), _steps_html(steps))]
        if network is not None:
            item = steps[-1].image
            with st.spinner(t("Reading the training images…")):
                nearest = _nearest_html(item)
            rows += [
                _row(t("Through the network"), _layers_html(network, item)),
                _row(t("Which pixels the answer depends on"), _saliency_html(network, item)),
                _row(t("The five nearest training images"), nearest),
            ]
        st.html(STYLE + "".join(rows))
        if network is None:
            st.info(t("The steps inside the network follow as soon as it has weights."))
            return
        st.caption(
            t(
                "Nearest means the smallest L2 distance: the square root of the sum of the squares "
                "of all 784 differences between two images. The network never looks these images "
                "up; they show what it has learned from."
            )
        )


def _row(title: str, figures: str) -> str:
    return f'<h3 class="draw-row">{escape(title)}</h3><div class="draw-pictures">{figures}</div>'


def _steps_html(steps: Sequence[Step]) -> str:
    figures = []
    for number, (name, picture) in enumerate(steps, 1):
        height, width = picture.shape[:2]
        caption = f"{number}. {t(name)}, {width} × {height}"
        figures.append(image_html(picture, caption, caption, _SIDE))
    return "".join(figures)


def _layers_html(network: Network, item: NDArray[np.uint8]) -> str:
    scaled = item * network.scale + network.offset
    low, high = scaled.min(), scaled.max()
    caption = t(
        "Scaled input: {low:.3g} to {high:.3g}, mean {mean:.3g}",
        low=low,
        high=high,
        mean=scaled.mean(),
    )
    figures = [image_html(coloured(scaled, low, high), caption, caption, _SIDE)]
    *hidden, output = (layer[0] for layer in network.activations(item[None]))
    for number, values in enumerate(hidden, 1):
        caption = _layer_caption(number, network.activation, values)
        figures.append(image_html(_grid(values), caption, caption, _SIDE))
    bars = bars_html(output, t("The ten probabilities that the last layer computes"))
    words = escape(t("Output, softmax"))
    return "".join(figures) + f'<div class="xray-output">{bars}{words}</div>'


def _layer_caption(number: int, activation: str, values: NDArray[np.float32]) -> str:
    details = {
        "number": number,
        "activation": activation,
        "outputs": len(values),
        "low": values.min(),
        "high": values.max(),
        "zeros": int((values == 0).sum()),
    }
    if details["zeros"]:
        return t(
            "Layer {number}, {activation}: {outputs} outputs from {low:.3g} (dark) to {high:.3g} "
            "(bright); {zeros} of them are 0",
            **details,
        )
    return t(
        "Layer {number}, {activation}: {outputs} outputs from {low:.3g} (dark) to {high:.3g} "
        "(bright)",
        **details,
    )


def _grid(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A square for each output, row by row; the rest of the last row is transparent."""
    columns = math.ceil(math.sqrt(len(values)))
    rows = math.ceil(len(values) / columns)
    cells = np.zeros((rows * columns, 4), np.uint8)
    cells[: len(values), :3] = coloured(values[None], values.min(), values.max())[0]
    cells[: len(values), 3] = 255
    return cells.reshape(rows, columns, 4)


def _saliency_html(network: Network, item: NDArray[np.uint8]) -> str:
    gradient = saliency(network, item)
    winner = class_name(int(network.predict(item[None])[0].argmax()))
    strongest = float(np.abs(gradient).max())
    figures = []
    for sign, caption, alt in (
        (
            1,
            t("Where brighter pixels raise “{label}” most", label=winner),
            t("Saliency: the brighter, the more a brighter pixel raises the probability"),
        ),
        (
            -1,
            t("Where brighter pixels lower “{label}” most", label=winner),
            t("Saliency: the brighter, the more a brighter pixel lowers the probability"),
        ),
    ):
        figures.append(image_html(coloured(sign * gradient, 0, strongest), caption, alt, _SIDE))
    return "".join(figures)


@st.cache_resource(show_spinner=False)
def _neighbours() -> Neighbours:
    return Neighbours(load_data().x_train)


def _nearest_html(item: NDArray[np.uint8]) -> str:
    data = load_data()
    figures = []
    for index, distance in zip(*_neighbours().nearest(item), strict=True):
        found = {"label": class_name(data.y_train[index]), "distance": distance}
        caption = t("{label}, distance {distance:,.0f}", **found)
        alt = t("Training image: {label}, distance {distance:,.0f}", **found)
        figures.append(image_html(data.x_train[index], caption, alt, _SIDE))
    return "".join(figures)
