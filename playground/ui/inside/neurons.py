"""Neurons: the weights of the first layer as images."""

from __future__ import annotations

from html import escape

import streamlit as st

from playground.config import RunConfig
from playground.dataset import class_names
from playground.lesson.items import mosaic
from playground.locales import t
from playground.network.layers import weight_images
from playground.network.network import Network
from playground.ui import state
from playground.ui.common.pictures import STYLE, data_url, image_html, signed
from playground.ui.inside.snapshots import after

NEURONS = 256
COLUMNS = 16
# Grey between the neurons, whose own background is the page's.
GAP = 176


def neurons(network: Network, config: RunConfig, epoch: int) -> None:
    """An image for each neuron of the first layer, `NEURONS` at a time."""
    images, end = weight_images(network)
    units = len(images)
    first = 0
    if units > NEURONS:
        starts = range(0, units, NEURONS)
        first = st.selectbox(
            t("Neurons"),
            starts,
            starts.index(state.chosen("inside_neurons", starts, 0)),
            format_func=lambda start: t(
                "{first} to {last}", first=start + 1, last=min(start + NEURONS, units)
            ),
            help=t("Which neurons of the first layer to show."),
            **state.remembering("inside_neurons", units),
        )
    coloured = signed(images[first : first + NEURONS], end)
    meaning = t(
        "Each image is one neuron: its weights from the 28×28 pixels. Where it is orange, a bright "
        "pixel raises the neuron's sum; where it is blue, a bright pixel lowers it; no colour is "
        "no effect. The colours end at ±{end:.3g}.",
        end=end,
    )
    if config.hidden_layers:
        shown = {"first": first + 1, "last": first + len(coloured), "units": units}
        when = after(epoch)
        alt = t(
            "Weights of neurons {first} to {last} of {units} of the first layer, {when}",
            when=when,
            **shown,
        )
        sheet = mosaic(coloured, COLUMNS if len(coloured) > COLUMNS else 8, grey=GAP)
        width = sheet.shape[1]
        st.html(
            STYLE
            + '<div style="overflow-x: auto"><img class="inside-neurons" '
            + f'width="{width}" height="{len(sheet)}" style="width: 100%; height: auto; '
            + f"min-width: {width}px; max-width: {3 * width}px; image-rendering: pixelated; "
            + 'outline: 2px solid var(--pg-gray)" '
            + f'src="{data_url(sheet)}" alt="{escape(alt)}"></div>'
        )
        rows = t(
            "First layer {when}, neurons {first} to {last} of {units}, row by row.",
            when=when,
            **shown,
        )
        st.caption(f"{rows} {meaning}")
        return
    figures = [
        image_html(image, name, t("Weights of {label}", label=name), 112)
        for image, name in zip(coloured, class_names(), strict=True)
    ]
    st.html(STYLE + f'<div class="draw-pictures">{"".join(figures)}</div>')
    shown_now = t("The ten output neurons {when}; there is no hidden layer.", when=after(epoch))
    st.caption(f"{shown_now} {meaning}")
