"""Settings that belong together, each set by one press."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from playground.config import KNOWS_DRAWINGS, RunConfig
from playground.locales import mark, t
from playground.ui import state


class Preset(NamedTuple):
    """A whole configuration; the seed stays as it is set.

    Attributes:
        name: on its button, in English.
        says: what it does and what to expect, in English.
        config: the settings.
    """

    name: str
    says: str
    config: RunConfig


PRESETS = (
    Preset(
        mark("Quick look"),
        mark(
            "A small network and a fifth of the images: done within seconds, and still right four "
            "times out of five."
        ),
        RunConfig(
            hidden_layers=(64,), batch_size=128, epochs=5, train_images=12_000, early_stop=False
        ),
    ),
    Preset(
        mark("Best photos"),
        mark(
            "A wide layer with dropout, nearly all images, and a learning rate that falls to "
            "nearly 0: about 90 % of the test photos, as much as such a network reaches. It takes "
            "about a minute."
        ),
        RunConfig(
            hidden_layers=(512,),
            dropout=0.3,
            schedule="cosine",
            batch_size=128,
            epochs=20,
            validation_split=0.05,
            early_stop=False,
        ),
    ),
    Preset(
        mark("Best drawings"),
        mark(
            "Learns sketch twins beside the photos, so that it knows what is drawn on Draw. It "
            "takes minutes."
        ),
        KNOWS_DRAWINGS,
    ),
    Preset(
        mark("Break it"),
        mark(
            "Five sigmoid layers and plain SGD: hardly any gradient comes back to the first "
            "layers, so the network only guesses. Which one setting repairs it?"
        ),
        RunConfig(
            hidden_layers=(64,) * 5,
            activation="sigmoid",
            optimizer="sgd",
            learning_rate=0.01,
            epochs=5,
            early_stop=False,
        ),
    ),
)


def presets(config: RunConfig, fixed: bool) -> None:
    """A button for each preset.

    Args:
        config: the settings now; the preset that they are is marked.
        fixed: whether the shape of the network must stay, so that none can be chosen.
    """
    with st.container(horizontal=True, gap="xsmall", key="train_presets"):
        for preset in PRESETS:
            whole = preset.config.model_copy(update={"seed": config.seed})
            st.button(
                t(preset.name),
                key=f"preset_{preset.name}",
                icon=":material/check:" if whole == config else None,
                help=t(preset.says),
                disabled=fixed,
                on_click=state.set_config,
                args=(whole,),
            )
