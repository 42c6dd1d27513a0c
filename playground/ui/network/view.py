"""The living network on a page: what Python tells it, and what is changed in it."""

from __future__ import annotations

import base64
from functools import lru_cache
from html import escape
from typing import Annotated, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from playground.config import MAX_HIDDEN_LAYERS, MAX_UNITS, Activation, RunConfig
from playground.dataset import DatasetError, class_names
from playground.events import Status
from playground.figures.style import NEGATIVE, POSITIVE
from playground.locales import t
from playground.network.activations import ACTIVATIONS
from playground.network.portrait import MOST_SHOWN, Watch
from playground.runs import service
from playground.store.runs import RunInfo
from playground.ui import state
from playground.ui.address import whole_query
from playground.ui.common.mount import mount
from playground.ui.common.owner import current_owner
from playground.ui.network.items import read_item, seen
from playground.ui.network.networks import of_settings
from playground.ui.network.routes import SETTINGS
from playground.ui.network.steps import STEP_SETTINGS

_HTML = '<section class="network-view" data-testid="network-view" aria-label="{name}"></section>'
# Points of an activation's curve, from -4 to 4.
_POINTS = 41


class _Look(BaseModel):
    """What the owner of a run that trains looks at."""

    model_config = ConfigDict(strict=True, extra="forbid")
    item: str = Field(max_length=1_100)
    shown: list[Annotated[list[int], Field(max_length=MOST_SHOWN)]] = Field(
        max_length=MAX_HIDDEN_LAYERS
    )


def network_view(config: RunConfig, run: RunInfo | None) -> None:
    """Show a run's network, or that which the settings start from; the browser asks for the rest.

    Layers, units and activation that are changed in it change the settings, before the script
    run; what one's class has fixed is grey, as in the settings. While a run
    trains, its owner decides which item and which neurons its worker shows to all who look.

    Args:
        config: the settings.
        run: the one on the board; None if there is none.
    """
    query = whole_query(config)
    drawn, pinned = _text(state.drawn()), _text(state.pinned())
    mount(
        "network_view",
        _HTML.format(name=escape(t("The network"))),
        ("network/network.css", "network/slow/slow.css"),
        "network/network.js",
        key=state.NETWORK,
        data={
            "settings": {
                "query": "&".join(f"{name}={query[name]}" for name in SETTINGS),
                "step": {"query": "&".join(f"{name}={query[name]}" for name in STEP_SETTINGS)},
                "hiddenLayers": list(config.hidden_layers),
                "activation": config.activation,
                # A fork keeps the shape of its network.
                "editable": state.fork() is None,
                "fixed": {
                    "layers": "hidden_layers" in state.locked(),
                    "activation": "activation" in state.locked(),
                },
                "whyFixed": t("Your class has fixed some settings; they are grey."),
            },
            "run": run and _run(run, config),
            "drawn": drawn,
            "pinned": None if pinned == drawn else pinned,
            "labels": list(class_names()),
            "colours": [NEGATIVE, POSITIVE],
            "curves": _curves(),
            "activations": list(get_args(Activation)),
            "mostLayers": MAX_HIDDEN_LAYERS,
            "mostUnits": MAX_UNITS,
        },
        on_layers_change=_change_layers,
        on_activation_change=_change_activation,
        on_look_change=_look,
    )


def _run(run: RunInfo, config: RunConfig) -> dict[str, object]:
    kinds = [(one.hidden_layers, one.activation) for one in (run.config, config)]
    return {
        "id": run.id,
        "active": not run.status.ended,
        "training": run.status in (Status.STARTING, Status.RUNNING),
        "own": run.owner == current_owner(),
        "sealed": run.sealed,
        "activation": run.config.activation,
        "same": kinds[0] == kinds[1],
    }


def _change_layers() -> None:
    """Take what was pressed; anybody can send anything."""
    layers = st.session_state[state.NETWORK]["layers"]
    fixed = state.fork() is not None or "hidden_layers" in state.locked()
    if isinstance(layers, list) and not fixed:
        state.change_layers(layers)


def _change_activation() -> None:
    """As `_change_layers`."""
    if "activation" not in state.locked():
        state.change_to("activation", st.session_state[state.NETWORK]["activation"])


def _look() -> None:
    """Have the run's worker show another item, or other neurons, while it trains."""
    hub = service.hub()
    run = hub.run(state.shown_run() or "")
    if run is None:
        return
    try:
        sent = _Look.model_validate(st.session_state[state.NETWORK]["look"])
        item = read_item(sent.item, of_settings(run.config).network, sealed=run.sealed)
        watch = Watch(seen(item), tuple(map(tuple, sent.shown)))
        hub.portraits.choose(current_owner(), run.id, watch)
    except (ValueError, DatasetError):  # anybody can send anything
        return


@lru_cache(maxsize=1)
def _curves() -> dict[str, list[float]]:
    x = np.linspace(-4, 4, _POINTS, dtype=np.float32)
    return {
        name: np.round(activation.function(x), 3).tolist()
        for name, activation in ACTIVATIONS.items()
    }


def _text(item: NDArray[np.uint8] | None) -> str | None:
    return None if item is None else base64.urlsafe_b64encode(item.tobytes()).decode()
