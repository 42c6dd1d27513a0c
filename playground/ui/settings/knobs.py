"""A widget for each setting; its limits and its help come from `RunConfig`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

import streamlit as st

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
from playground.ui.common.labels import setting_name


class Form(NamedTuple):
    """Where widgets find the configuration that they show, and where they write changes.

    Attributes:
        config: the configuration now.
        key: of the widget with a name: of a setting, "depth", or "units_1" and so on.
        change: the `on_change` of a setting's widget, with the setting's name.
        change_depth: that of the number of hidden layers.
        change_units: that of a hidden layer's units, with the layer, 1 being the first.
    """

    config: Callable[[], RunConfig]
    key: Callable[[str], str]
    change: Callable[[str], None]
    change_depth: Callable[[], None]
    change_units: Callable[[int], None]


TRAIN = Form(
    state.config, state.widget_key, state.change_setting, state.change_depth, state.change_units
)

_SCALING = {
    "none": mark("none"),
    "min_max": mark("min–max (0 to 1)"),
    "standard": mark("standardisation"),
}
_SCHEDULE = {"constant": mark("constant"), "cosine": mark("cosine")}
_OPTIONS: dict[str, tuple[int | str, ...]] = {
    "activation": get_args(Activation),
    "optimizer": get_args(Optimizer),
    "batch_size": get_args(BatchSize),
    "schedule": get_args(Schedule),
    "loss": get_args(Loss),
    "scaling": get_args(Scaling),
    "monitor": get_args(Metric),
}
_SWITCHES = ("early_stop", "split_by_seed", "keep_snapshots")
# The step of a number's − and +, and how it is written.
_NUMBERS: dict[str, tuple[float, str | None]] = {
    "epochs": (1, None),
    "stop_threshold": (0.01, "%.2f"),
    "dropout": (0.1, "%.2f"),
    "l2": (0.0001, "%.5f"),
    "momentum": (0.1, "%.2f"),
    "train_images": (1000, None),
    "validation_split": (0.05, "%.3f"),
    "label_noise": (0.05, "%.2f"),
    "seed": (1, None),
    "twins": (0.5, "%.2f"),
    "sketchbook": (0.1, "%.2f"),
}


def knob(form: Form, name: str, *, disabled: bool = False) -> None:
    """Show the widgets of one setting.

    Args:
        form: that they belong to.
        name: of a field of `RunConfig`.
        disabled: whether they can only be looked at.
    """
    if name == "hidden_layers":
        depth_knob(form, disabled=disabled)
        units_knobs(form, disabled=disabled)
    elif name == "learning_rate":
        _learning_rate(form, disabled)
    elif name in _SWITCHES:
        now = getattr(form.config(), name)
        st.toggle(setting_name(name), now, disabled=disabled, **_bound(form, name))
    elif name in _OPTIONS:
        _select(form, name, disabled)
    else:
        _number(form, name, disabled)


def depth_knob(form: Form, *, disabled: bool = False) -> None:
    """How many hidden layers there are."""
    st.slider(
        setting_name("hidden_layers"),
        0,
        MAX_HIDDEN_LAYERS,
        len(form.config().hidden_layers),
        key=form.key("depth"),
        on_change=form.change_depth,
        disabled=disabled,
        help=t("How many Dense layers lie between pixels and labels; 0 is softmax regression."),
    )


def units_knobs(form: Form, *, disabled: bool = False) -> None:
    """How many neurons each hidden layer has."""
    for layer, units in enumerate(form.config().hidden_layers, 1):
        st.number_input(
            t("Units in layer {number}", number=layer),
            1,
            MAX_UNITS,
            units,
            key=form.key(f"units_{layer}"),
            on_change=form.change_units,
            args=(layer,),
            disabled=disabled,
            help=t("Neurons in this layer; each gets all outputs of the layer before."),
        )


def _learning_rate(form: Form, disabled: bool) -> None:
    now = form.config().learning_rate
    low, high = RunConfig.limits("learning_rate")
    decades = range(round(math.log10(low)), round(math.log10(high)) + 1)
    grid = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 5)}
    st.select_slider(
        setting_name("learning_rate"),
        sorted({rate for rate in grid if low <= rate <= high} | {now}),
        now,
        format_func="{:g}".format,
        disabled=disabled,
        **_bound(form, "learning_rate"),
    )


def _bound(form: Form, name: str) -> dict[str, Any]:
    """A widget's key, help and callback: what connects it to its setting."""
    description = RunConfig.model_fields[name].description
    return {
        "key": form.key(name),
        "help": description and t(description),
        "on_change": form.change,
        "args": (name,),
    }


def _select(form: Form, name: str, disabled: bool) -> None:
    options = _OPTIONS[name]
    st.selectbox(
        setting_name(name),
        options,
        options.index(getattr(form.config(), name)),
        format_func=lambda value: _option(name, value),
        disabled=disabled,
        **_bound(form, name),
    )


def _option(name: str, value: int | str) -> str:
    if name == "batch_size":
        return t("full batch") if isinstance(value, str) else f"{value:,}"
    if name == "schedule":
        return t(_SCHEDULE[str(value)])
    if name == "scaling":
        return t(_SCALING[str(value)])
    return str(value)


def _number(form: Form, name: str, disabled: bool) -> None:
    low, high = RunConfig.limits(name)
    step, written = _NUMBERS[name]
    st.number_input(
        t("Momentum (sgd only)") if name == "momentum" else setting_name(name),
        low,
        high,
        getattr(form.config(), name),
        step=step,
        format=written,
        disabled=disabled,
        **_bound(form, name),
    )
