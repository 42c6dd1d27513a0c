"""The settings of a run as labelled widgets; their limits and help come from `RunConfig`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, get_args

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.config import (
    MAX_HIDDEN_LAYERS,
    MAX_UNITS,
    Activation,
    BatchSize,
    Loss,
    Metric,
    Optimizer,
    RunConfig,
    Scaling,
    Schedule,
)
from playground.locales import mark, t
from playground.ui import state
from playground.ui.settings.changes import badge, chips
from playground.ui.settings.presets import presets
from playground.ui.settings.twin_preview import twin_preview

_SCALING = {
    "none": mark("none"),
    "min_max": mark("min–max (0 to 1)"),
    "standard": mark("standardisation"),
}
_SCHEDULE = {"constant": mark("constant"), "cosine": mark("cosine")}


# Folded: few need them.
_RARE = (
    *("dropout", "l2", "schedule", "loss", "momentum", "scaling", "train_images"),
    *("validation_split", "split_by_seed", "label_noise", "seed", "twins", "sketchbook"),
    "keep_snapshots",
)
_Value = TypeVar("_Value")


def settings_panel() -> RunConfig:
    """Show the widgets; returns the configuration they show."""
    config = state.config()
    # A fork keeps the shape of its network, and the images that it is judged on.
    fixed = state.fork() is not None
    presets(config, fixed)
    chips(config)
    with _group(t("Network")):
        _network(config, fixed)
    with _group(t("Training")):
        _select(t("Optimizer"), "optimizer", get_args(Optimizer))
        _select(
            t("Batch size"),
            "batch_size",
            get_args(BatchSize),
            lambda size: t("full batch") if size == "full" else f"{size:,}",
        )
        _learning_rate()
        _number(t("Epochs"), "epochs", 1)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        _heading(t("Stop"))
        _toggle(t("Stop early"), "early_stop")
    off = not config.early_stop
    with _side_by_side():
        _number(t("Stop when accuracy exceeds"), "stop_threshold", 0.01, "%.2f", disabled=off)
        _select(t("Watched metric"), "monitor", get_args(Metric), disabled=off)
    # Beside the fold, not in its name: a fold with another name is another one, and closed.
    with st.container(key="train_more"):
        if changed_there := badge(config, _RARE):
            st.markdown(f"**{changed_there}**")
        fold = st.expander(t("More settings"))
    with fold:
        _more(config, fixed)
    return config


def _group(name: str) -> DeltaGenerator:
    """A place for settings that belong together, side by side where there is room.

    Else one below the other: a number keeps its − and +.
    """
    _heading(name)
    return _side_by_side()


def _heading(name: str) -> None:
    st.markdown(f"**{name}**", width="content")


def _side_by_side() -> DeltaGenerator:
    return st.container(horizontal=True, gap="small", vertical_alignment="bottom")


def _network(config: RunConfig, fixed: bool) -> None:
    st.slider(
        t("Hidden layers"),
        0,
        MAX_HIDDEN_LAYERS,
        len(config.hidden_layers),
        key=state.depth_key(),
        on_change=state.change_depth,
        disabled=fixed,
        help=t("How many Dense layers lie between pixels and labels; 0 is softmax regression."),
    )
    _select(t("Activation"), "activation", get_args(Activation))
    for layer, units in enumerate(config.hidden_layers, 1):
        st.number_input(
            t("Units in layer {number}", number=layer),
            1,
            MAX_UNITS,
            units,
            key=state.units_key(layer),
            on_change=state.change_units,
            args=(layer,),
            disabled=fixed,
            help=t("Neurons in this layer; each gets all outputs of the layer before."),
        )


def _more(config: RunConfig, fixed: bool) -> None:
    _heading(t("Network"))
    _number(t("Dropout"), "dropout", 0.1, "%.2f")
    _number(t("L2"), "l2", 0.0001, "%.5f")
    _heading(t("Training"))
    _select(
        t("Learning rate schedule"), "schedule", get_args(Schedule), lambda name: t(_SCHEDULE[name])
    )
    no_sgd = config.optimizer != "sgd"
    _number(t("Momentum (sgd only)"), "momentum", 0.1, "%.2f", disabled=no_sgd)
    _select(t("Loss"), "loss", get_args(Loss))
    _select(t("Feature scaling"), "scaling", get_args(Scaling), lambda name: t(_SCALING[name]))
    _number(t("Training images"), "train_images", 1000, disabled=fixed)
    _number(t("Validation share"), "validation_split", 0.05, "%.3f", disabled=fixed)
    _toggle(t("Validation images by seed"), "split_by_seed", disabled=fixed)
    _number(t("Wrong labels (share)"), "label_noise", 0.05, "%.2f")
    _number(t("Seed"), "seed", 1, disabled=fixed and config.split_by_seed)
    _toggle(t("Look inside"), "keep_snapshots")
    _heading(t("Drawing"))
    _number(t("Sketch twins (share)"), "twins", 0.5, "%.2f")
    twin_preview()
    _number(t("Sketchbook (share)"), "sketchbook", 0.1, "%.2f")


def _learning_rate() -> None:
    now = state.config().learning_rate
    low, high = RunConfig.limits("learning_rate")
    decades = range(round(math.log10(low)), round(math.log10(high)) + 1)
    grid = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)}
    options = sorted({rate for rate in grid if low <= rate <= high} | {now})
    st.select_slider(
        t("Learning rate"), options, now, format_func="{:g}".format, **_bound("learning_rate")
    )


def _bound(name: str) -> dict[str, Any]:
    """A widget's key, help and callback: what connects it to its setting."""
    description = RunConfig.model_fields[name].description
    return {
        "key": state.widget_key(name),
        "help": description and t(description),
        "on_change": state.change_setting,
        "args": (name,),
    }


def _toggle(label: str, name: str, disabled: bool = False) -> None:
    st.toggle(label, getattr(state.config(), name), disabled=disabled, **_bound(name))


def _select(
    label: str,
    name: str,
    options: tuple[_Value, ...],
    words: Callable[[_Value], str] = str,
    disabled: bool = False,
) -> None:
    st.selectbox(
        label,
        options,
        options.index(getattr(state.config(), name)),
        format_func=words,
        disabled=disabled,
        **_bound(name),
    )


def _number(
    label: str, name: str, step: float, form: str | None = None, disabled: bool = False
) -> None:
    low, high = RunConfig.limits(name)
    st.number_input(
        label,
        low,
        high,
        getattr(state.config(), name),
        step=step,
        format=form,
        disabled=disabled,
        **_bound(name),
    )
