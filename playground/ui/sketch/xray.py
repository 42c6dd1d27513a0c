"""The Sketch X-ray: every step from paper to answer as pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.dataset import CLASS_NAMES, load_data
from playground.drawing.preprocessing import Step
from playground.network.explain import Neighbours, saliency
from playground.network.network import Network
from playground.ui import state
from playground.ui.common.pictures import STYLE, bars_html, coloured, picture_html

_SIDE = 132


def xray(steps: Sequence[Step], network: Network | None) -> None:
    """Show it in a closed expander; nothing is computed before that is opened.

    Args:
        steps: from paper to item, as `playground.drawing.preprocessing.steps` gives them.
        network: which judges, with finite answers; None if there is none yet.
    """
    expander = st.expander(
        "Sketch X-ray: every step to the answer", key=state.XRAY, on_change="rerun"
    )
    if not expander.open:
        return
    with expander:
        rows = [_row("From paper to picture", _steps_html(steps))]
        if network is not None:
            item = steps[-1].picture
            rows += [
                _row("Through the network", _layers_html(network, item)),
                _row("What the answer hangs on", _saliency_html(network, item)),
                _row("The five nearest training images", _nearest_html(item)),
            ]
        st.html(STYLE + "".join(rows))
        if network is None:
            st.info("The steps inside the network follow as soon as it has weights.")
            return
        st.caption(
            "Nearest by L2: the square root of the summed squares of all 784 differences. "
            "The network never looks them up; they show what it has learned from."
        )


def _row(title: str, figures: str) -> str:
    return f'<h4 class="draw-row">{escape(title)}</h4><div class="draw-pictures">{figures}</div>'


def _steps_html(steps: Sequence[Step]) -> str:
    figures = []
    for number, (name, picture) in enumerate(steps, 1):
        height, width = picture.shape[:2]
        caption = f"{number}. {name}, {width} × {height}"
        figures.append(picture_html(picture, caption, caption, _SIDE))
    return "".join(figures)


def _layers_html(network: Network, item: NDArray[np.uint8]) -> str:
    scaled = item * network.scale + network.offset
    low, high = scaled.min(), scaled.max()
    caption = f"Scaled input: {low:.3g} to {high:.3g}, mean {scaled.mean():.3g}"
    figures = [picture_html(coloured(scaled, low, high), caption, caption, _SIDE)]
    *hidden, output = (layer[0] for layer in network.activations(item[None]))
    for number, values in enumerate(hidden, 1):
        off = int((values == 0).sum())
        caption = (
            f"Layer {number}, {network.activation}: {len(values)} outputs "
            f"from {values.min():.3g} (dark) to {values.max():.3g} (bright)"
            + (f"; {off} are 0" if off else "")
        )
        figures.append(picture_html(_grid(values), caption, caption, _SIDE))
    bars = bars_html(output, "The ten probabilities, as the last layer gives them")
    return "".join(figures) + f'<div class="xray-output">{bars}Output, softmax</div>'


def _grid(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """One square for each output, row by row; what is left of the last row is transparent."""
    columns = math.ceil(math.sqrt(len(values)))
    rows = math.ceil(len(values) / columns)
    cells = np.zeros((rows * columns, 4), np.uint8)
    cells[: len(values), :3] = coloured(values[None], values.min(), values.max())[0]
    cells[: len(values), 3] = 255
    return cells.reshape(rows, columns, 4)


def _saliency_html(network: Network, item: NDArray[np.uint8]) -> str:
    gradient = saliency(network, item)
    winner = CLASS_NAMES[int(network.predict(item[None])[0].argmax())]
    strongest = float(np.abs(gradient).max())
    figures = []
    for sign, words in ((1, "raises"), (-1, "lowers")):
        caption = f"Where brighter pixels {words[:-1]} “{winner}” most"
        alt = f"Saliency: the brighter, the more a brighter pixel {words} the probability"
        figures.append(picture_html(coloured(sign * gradient, 0, strongest), caption, alt, _SIDE))
    return "".join(figures)


@st.cache_resource(show_spinner="Reading the training images…")
def _neighbours() -> Neighbours:
    return Neighbours(load_data().x_train)


def _nearest_html(item: NDArray[np.uint8]) -> str:
    data = load_data()
    figures = []
    for index, distance in zip(*_neighbours().nearest(item), strict=True):
        name = CLASS_NAMES[data.y_train[index]]
        caption = f"{name}, distance {distance:,.0f}"
        figures.append(
            picture_html(data.x_train[index], caption, f"Training image: {caption}", _SIDE)
        )
    return "".join(figures)
