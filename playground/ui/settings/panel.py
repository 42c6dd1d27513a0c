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
    if state.locked():
        st.caption(t("Your class has fixed some settings; they are grey."))
    presets(config, fixed)
    chips(config)
    with _group(t("Network")):
        _network(fixed)
    with _group(t("Training")):
        for name in ("optimizer", "batch_size", "learning_rate", "epochs"):
            _knob(name)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        _heading(t("Stop"))
        _knob("early_stop")
    with _side_by_side():
        for name in ("stop_threshold", "monitor"):
            _knob(name, disabled=not config.early_stop)
    # Beside the fold, not in its name: a fold with another name is another one, and closed.
    with st.container(key="train_more"):
        if changed_there := badge(config, _RARE):
            st.markdown(f"**{changed_there}**")
        fold = st.expander(t("More settings"), key=state.MORE, on_change="rerun")
    # A third of the page's widgets: they are made when it is opened.
    if fold.open:
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


def _knob(name: str, *, disabled: bool = False) -> None:
    """A setting's widgets, which can only be looked at where one's class has fixed it."""
    knob(TRAIN, name, disabled=disabled or name in state.locked())


def _network(fixed: bool) -> None:
    locked = fixed or "hidden_layers" in state.locked()
    depth_knob(TRAIN, disabled=locked)
    _knob("activation")
    units_knobs(TRAIN, disabled=locked)


def _more(config: RunConfig, fixed: bool) -> None:
    _heading(t("Network"))
    _knob("dropout")
    _knob("l2")
    _heading(t("Training"))
    _knob("schedule")
    _knob("momentum", disabled=config.optimizer != "sgd")
    _knob("loss")
    _knob("scaling")
    for name in ("train_images", "validation_split", "split_by_seed"):
        _knob(name, disabled=fixed)
    _knob("label_noise")
    _knob("seed", disabled=fixed and config.split_by_seed)
    _knob("keep_snapshots")
    _heading(t("Drawing"))
    _knob("twins")
    twin_preview()
    _knob("sketchbook")
