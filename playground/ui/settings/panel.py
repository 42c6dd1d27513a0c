"""The settings of a run as labelled widgets; their limits and help come from `RunConfig`."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.config import RunConfig
from playground.locales import t
from playground.ui import state
from playground.ui.settings.changes import badge, chips
from playground.ui.settings.knobs import TRAIN, depth_knob, knob, units_knobs
from playground.ui.settings.presets import presets
from playground.ui.settings.twin_preview import twin_preview

# Folded: few need them.
_RARE = (
    *("dropout", "l2", "schedule", "loss", "momentum", "scaling", "train_images"),
    *("validation_split", "split_by_seed", "label_noise", "seed", "twins", "sketchbook"),
    "keep_snapshots",
)


def settings_panel() -> RunConfig:
    """Show the widgets; returns the configuration they show."""
    config = state.config()
    # A fork keeps the shape of its network, and the images that it is judged on.
    fixed = state.fork() is not None
    presets(config, fixed)
    chips(config)
    with _group(t("Network")):
        _network(fixed)
    with _group(t("Training")):
        for name in ("optimizer", "batch_size", "learning_rate", "epochs"):
            knob(TRAIN, name)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        _heading(t("Stop"))
        knob(TRAIN, "early_stop")
    with _side_by_side():
        for name in ("stop_threshold", "monitor"):
            knob(TRAIN, name, disabled=not config.early_stop)
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


def _network(fixed: bool) -> None:
    depth_knob(TRAIN, disabled=fixed)
    knob(TRAIN, "activation")
    units_knobs(TRAIN, disabled=fixed)


def _more(config: RunConfig, fixed: bool) -> None:
    _heading(t("Network"))
    knob(TRAIN, "dropout")
    knob(TRAIN, "l2")
    _heading(t("Training"))
    knob(TRAIN, "schedule")
    knob(TRAIN, "momentum", disabled=config.optimizer != "sgd")
    knob(TRAIN, "loss")
    knob(TRAIN, "scaling")
    for name in ("train_images", "validation_split", "split_by_seed"):
        knob(TRAIN, name, disabled=fixed)
    knob(TRAIN, "label_noise")
    knob(TRAIN, "seed", disabled=fixed and config.split_by_seed)
    knob(TRAIN, "keep_snapshots")
    _heading(t("Drawing"))
    knob(TRAIN, "twins")
    twin_preview()
    knob(TRAIN, "sketchbook")
