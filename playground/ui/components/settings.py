"""The settings of a run as labelled widgets; their limits and help come from `RunConfig`."""

from __future__ import annotations

import math
from typing import Any, get_args

import streamlit as st

from playground.config import (
    MAX_HIDDEN_LAYERS,
    MAX_UNITS,
    Activation,
    BatchSizes,
    Loss,
    Metric,
    Optimizer,
    RunConfig,
    Scaling,
    Schedule,
)
from playground.ui import state
from playground.ui.components.twin_preview import twin_preview

_SCALING = {"none": "none", "min_max": "min–max (0 to 1)", "standard": "standardisation"}


def settings_panel() -> RunConfig:
    """Draw the widgets; returns the configuration they show."""
    st.subheader("Settings")
    depth = st.slider(
        "Hidden layers",
        0,
        MAX_HIDDEN_LAYERS,
        key=state.DEPTH_KEY,
        help="How many Dense layers lie between pixels and labels; 0 is softmax regression.",
    )
    for layer in range(1, depth + 1):
        st.number_input(
            f"Units in layer {layer}",
            1,
            MAX_UNITS,
            key=state.units_key(layer),
            help="Neurons in this layer; each looks at all outputs of the layer before.",
        )
    one, two = st.columns(2)
    with one:
        _select("Activation", "activation", get_args(Activation))
        _select(
            "Batch size",
            "batch_size",
            get_args(BatchSizes),
            lambda size: "full batch" if size == "full" else f"{size:,}",
        )
    with two:
        _select("Optimizer", "optimizer", get_args(Optimizer))
        _number("Epochs", "epochs", 1)
    _learning_rate()
    st.toggle("Stop early", key=state.widget_key("stop"), help=_help("stop"))
    one, two = st.columns(2)
    off = not st.session_state[state.widget_key("stop")]
    with one:
        _number("Stop when accuracy exceeds", "stop_threshold", 0.01, "%.2f", disabled=off)
    with two:
        _select("Watched metric", "monitor", get_args(Metric), disabled=off)
    with st.expander("More settings"):
        _more()
    return state.read_widgets()


def _more() -> None:
    _select("Learning rate schedule", "schedule", get_args(Schedule))
    _select("Loss", "loss", get_args(Loss))
    _select("Feature scaling", "scaling", get_args(Scaling), _SCALING.__getitem__)
    _number("Training images", "train_images", 1000)
    _number("Validation share", "validation_split", 0.05, "%.3f")
    _number("Sketch twins (share)", "twins", 0.5, "%.2f")
    twin_preview()
    _number("Sketchbook (share)", "sketchbook", 0.1, "%.2f")
    _number("Wrong labels (share)", "label_noise", 0.05, "%.2f")
    _number("Dropout", "dropout", 0.1, "%.2f")
    _number("L2", "l2", 0.0001, "%.5f")
    sgd = st.session_state[state.widget_key("optimizer")] == "sgd"
    _number("Momentum (sgd only)", "momentum", 0.1, "%.2f", disabled=not sgd)
    _number("Seed", "seed", 1)
    st.toggle("Look inside", key=state.widget_key("inside"), help=_help("inside"))


def _learning_rate() -> None:
    key = state.widget_key("learning_rate")
    low, high = RunConfig.limits("learning_rate")
    decades = range(round(math.log10(low)), round(math.log10(high)) + 1)
    grid = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)}
    options = sorted({rate for rate in grid if low <= rate <= high} | {st.session_state[key]})
    st.select_slider(
        "Learning rate", options, key=key, format_func="{:g}".format, help=_help("learning_rate")
    )


def _help(name: str) -> str | None:
    return RunConfig.model_fields[name].description


def _select(
    label: str, name: str, options: tuple[Any, ...], words: Any = str, disabled: bool = False
) -> None:
    st.selectbox(
        label,
        options,
        key=state.widget_key(name),
        format_func=words,
        help=_help(name),
        disabled=disabled,
    )


def _number(
    label: str, name: str, step: float, form: str | None = None, disabled: bool = False
) -> None:
    low, high = RunConfig.limits(name)
    st.number_input(
        label,
        low,
        high,
        step=step,
        format=form,
        key=state.widget_key(name),
        help=_help(name),
        disabled=disabled,
    )
