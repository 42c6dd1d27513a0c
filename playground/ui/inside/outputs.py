"""Layers: what each layer puts out for validation images, and its gradient."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from playground.config import RunConfig
from playground.dataset import load_data
from playground.figures.inside import outputs_figure
from playground.figures.lesson.network import gradient_figure
from playground.locales import t
from playground.network.layers import Layer, layers
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.store.runs import RunInfo
from playground.ui.common.figure import show_figure
from playground.ui.common.pictures import percent
from playground.ui.inside.snapshots import after, snapshot_of

SAMPLE = 256


def _sample(config: RunConfig) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The first validation images, and their labels."""
    data = load_data()
    validation = split_photos(config).validation
    return data.x_train[validation][:SAMPLE], data.y_train[validation][:SAMPLE]


@st.cache_data(max_entries=256, show_spinner=False)
def _layers(_hub: Hub, run_id: str, epoch: int, config: RunConfig) -> list[Layer]:
    return layers(snapshot_of(_hub, run_id, epoch).network, *_sample(config), config)


def layer_outputs(hub: Hub, run: RunInfo, epoch: int) -> None:
    """A table of the layers, how their outputs are distributed, and their gradients."""
    found = _layers(hub, run.id, epoch, run.config)
    images = len(_sample(run.config)[0])
    saturating = run.config.activation in ("sigmoid", "tanh")
    st.table(
        [
            {
                t("Layer"): t(layer.name),
                t("Units"): f"{layer.units:,}",
                t("Mean"): f"{layer.mean:.3f}",
                t("Deviation"): f"{layer.deviation:.3f}",
                t("Saturated") if saturating else t("Dead"): "–"
                if layer.idle is None
                else percent(layer.idle),
                t("Gradient"): f"{layer.gradient:.3g}",
            }
            for layer in found
        ]
    )
    sentences = (
        t(
            "Each layer {when}, on {images} validation images. Mean and deviation: of its outputs.",
            when=after(epoch),
            images=images,
        ),
        t(
            "Saturated: the share of units that are near an end of their range (sigmoid below 0.05 "
            "or above 0.95, tanh beyond ±0.9) for more than half of the images; they learn slowly."
        )
        if saturating
        else t("Dead: the share of units whose output is above 0 for none of these images."),
        t(
            "Gradient: the length (L2 norm) of the loss's gradient with respect to the layer's "
            "weights and biases."
        ),
    )
    st.caption(" ".join(sentences))
    show_figure(
        outputs_figure(found),
        t(
            "How the outputs of each layer are distributed. The title gives the share of outputs "
            "that are exactly 0; the bars leave these out."
        ),
        "inside-outputs",
    )
    norms = {after(epoch): [layer.gradient for layer in found]}
    if epoch and 0 in hub.archive.epochs(run.id):
        start = _layers(hub, run.id, 0, run.config)
        norms[after(0)] = [layer.gradient for layer in start]
    show_figure(
        gradient_figure(norms),
        t("The length of each layer's gradient: where it is small, the layer learns slowly."),
        "inside-gradients",
    )
