"""What the settings differ in: from the defaults, from the run on the board, and who has set it."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from playground.config import RunConfig
from playground.experiments.differences import differences
from playground.locales import t
from playground.ui import state
from playground.ui.common.labels import setting_name, setting_phrase, setting_value

# What a fork must not change: the shape of its network, and the images that judge it.
FIXED_IN_FORK = frozenset({"hidden_layers", "train_images", "validation_split", "split_by_seed"})
_MOST_NAMED = 3
_DEFAULTS = RunConfig()


def changed(config: RunConfig) -> list[str]:
    """The settings that do not have their default."""
    return [name for name, value in config if value != getattr(_DEFAULTS, name)]


def badge(config: RunConfig, names: Collection[str]) -> str:
    """In a few words, what of these settings is not the default; empty if all is."""
    found = [setting_phrase(n, getattr(config, n)) for n in changed(config) if n in names]
    return "".join(found) if len(found) < 2 else t("{count} changed", count=len(found))


def chips(config: RunConfig) -> None:
    """A button for each setting that does not have its default, which resets it; one for all."""
    fixed = FIXED_IN_FORK if state.fork() else frozenset()
    names = [name for name in changed(config) if name not in fixed]
    # One line whatever there is, so that no knob moves while somebody turns it.
    with st.container(horizontal=True, gap="xsmall", key="train_changes"):
        if not names:
            st.markdown(t("All settings have their defaults."))
            return
        st.button(
            t("Reset all"),
            icon=":material/restart_alt:",
            on_click=state.set_settings,
            args=({name: getattr(_DEFAULTS, name) for name in names},),
            help=t("Gives every setting its default."),
        )
        for name in names:
            default = setting_value(name, getattr(_DEFAULTS, name))
            st.button(
                f"{setting_phrase(name, getattr(config, name))} ✕",
                key=f"reset_{name}",
                on_click=state.reset_setting,
                args=(name,),
                help=t(
                    "Sets “{setting}” back to {value}.", setting=setting_name(name), value=default
                ),
            )


def arrival() -> None:
    """After another page has opened this one with settings: which, and what to do now."""
    set_there = state.arrived()
    if set_there is None:
        return
    said = [setting_phrase(name, getattr(set_there, name)) for name in changed(set_there)]
    if said:
        st.success(t("Set for you: {settings}. Now press Train.", settings=" · ".join(said)))
    else:
        st.success(t("All settings have their defaults. Now press Train."))


def compare_with_run(config: RunConfig, run: RunConfig) -> None:
    """Say whether the settings are those of the run on the board, and which are not."""
    found = differences([run, config])
    with st.container(horizontal=True, vertical_alignment="center", key="train_compared"):
        if not found:
            st.markdown(t("The settings are those of this run."), width="content")
            return
        parts = [
            t(
                "{setting} {now} (this run: {there})",
                setting=setting_name(one.setting),
                now=setting_value(one.setting, one.values[1]),
                there=setting_value(one.setting, one.values[0]),
            )
            for one in found[:_MOST_NAMED]
        ]
        if more := len(found[_MOST_NAMED:]):
            parts.append(t("{more} more", more=more))
        st.markdown(
            t("**The settings are not those of this run:** {list}.", list=", ".join(parts)),
            width="content",
        )
        st.button(
            t("Take its settings"),
            type="tertiary",
            icon=":material/undo:",
            on_click=state.set_config,
            args=(run,),
            help=t("Gives every setting the value that it has in the run on the board."),
        )
