"""The widgets for the values of a setting that a sweep changes."""

from __future__ import annotations

import re
from typing import Literal, get_args, get_origin

import streamlit as st

from playground.config import RunConfig
from playground.experiments.axes import LOG_SCALE, MOST_VALUES, Choices, Range, Value
from playground.locales import t
from playground.ui import state
from playground.ui.common.labels import setting_name, setting_value

# What is proposed: options, or values as they are written.
_PROPOSED: dict[str, object] = {
    "hidden_layers": "16, 64, 128-64",
    "activation": ["sigmoid", "tanh", "relu"],
    "dropout": "0, 0.2, 0.5",
    "l2": "0, 0.0001, 0.001",
    "optimizer": ["sgd", "rmsprop", "adam"],
    "momentum": "0, 0.5, 0.9",
    "learning_rate": "0.0001, 0.001, 0.01",
    "schedule": ["constant", "cosine"],
    "loss": ["sparse_categorical_crossentropy", "mse"],
    "batch_size": [16, 64, 256],
    "epochs": "2, 5, 10",
    "scaling": ["none", "min_max", "standard"],
    "train_images": "5000, 20000, 60000",
    "validation_split": "0.1, 0.3",
    "label_noise": "0, 0.1, 0.3",
    "twins": "0, 1",
    "sketchbook": "0, 0.1",
    "early_stop": [False, True],
    "split_by_seed": [False, True],
    "stop_threshold": "0.8, 0.85, 0.9",
    "monitor": ["accuracy", "val_accuracy"],
}
_RANGES: dict[str, tuple[float, float]] = {
    "dropout": (0.0, 0.5),
    "l2": (1e-6, 0.01),
    "momentum": (0.0, 0.95),
    "learning_rate": (1e-4, 0.1),
    "epochs": (2, 20),
    "train_images": (2_000, 60_000),
    "validation_split": (0.1, 0.3),
    "label_noise": (0.0, 0.3),
    "twins": (0.0, 1.0),
    "sketchbook": (0.0, 0.2),
    "stop_threshold": (0.8, 0.95),
}


def axis(kind: str, name: str) -> Choices | Range:
    """The values of one setting, as the widgets say.

    Raises:
        SweepError: they cannot be used.
    """
    label = setting_name(name)
    if kind == "draws" and name in _RANGES:
        return _range(name, label)
    key = f"sweep_values_{name}"
    shown = state.remembered(key, _PROPOSED[name])
    if options := _options(name):
        chosen = st.multiselect(
            t("Values of {setting}", setting=label),
            options,
            shown,
            format_func=lambda value: setting_value(name, value),
            placeholder=t("Choose values"),
            help=t("Two or more."),
            **state.remembering(key),
        )
        return Choices(name, tuple(chosen))
    written = st.text_input(
        t("Values of {setting}", setting=label),
        shown,
        max_chars=1_000,
        help=t("Separated by commas; a network's layers by hyphens, such as 128-64, or none.")
        if name == "hidden_layers"
        else t("Numbers separated by commas."),
        **state.remembering(key),
    )
    return Choices(name, read_values(name, written or ""))


def _options(name: str) -> tuple[Value, ...]:
    """All values of a setting that is chosen from a list; none for others."""
    kind = RunConfig.model_fields[name].annotation
    if kind is bool:
        return False, True
    return get_args(kind) if get_origin(kind) is Literal else ()


def read_values(name: str, written: str) -> tuple[str, ...]:
    """What a person has written, value by value; layers as the address has them."""
    parts = [part for part in re.split(r"[,;\s]+", written.strip()) if part]
    if name == "hidden_layers":
        parts = [part.replace("-", ",") for part in parts]
    return tuple(parts[: MOST_VALUES + 1])


def _range(name: str, label: str) -> Range:
    low, high = RunConfig.limits(name)
    whole = isinstance(low, int)
    proposed = _RANGES[name]
    with st.container(horizontal=True):
        ends = []
        for end, words, first in (("low", t("lowest"), 0), ("high", t("highest"), 1)):
            key = f"sweep_{end}_{name}"
            restore(key, proposed[first])
            ends.append(
                st.number_input(
                    t("{setting}, {end}", setting=label, end=words),
                    low,
                    high,
                    key=key,
                    step=1 if whole else None,
                    format=None if whole else "%g",
                    on_change=state.remember_widget,
                    args=(key,),
                    help=t("Drawn on a log scale between both.")
                    if name in LOG_SCALE
                    else t("Drawn evenly between both."),
                )
            )
    return Range(name, *ends)


def restore(key: str, default: object) -> None:
    """Streamlit forgets a widget's value with the page: give it back what it showed last."""
    if key not in st.session_state:
        st.session_state[key] = state.remembered(key, default)
