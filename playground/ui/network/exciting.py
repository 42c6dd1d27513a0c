"""The route of what excites a neuron: the test images at which it has its highest activations."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from playground.dataset import load_data
from playground.network.layers import most_exciting
from playground.ui.network.networks import Bounded, Shown, of_settings
from playground.ui.network.routes import (
    SETTINGS,
    Refused,
    Turns,
    read_number,
    read_run,
    read_settings,
    respond,
)

IMAGES = 5
# What is kept: for each layer that somebody has looked at, five indices and values a neuron.
MOST_BYTES = 8 * 2**20
_Found = tuple[NDArray[np.int64], NDArray[np.float32]]
_found: Bounded[_Found] = Bounded(MOST_BYTES, lambda found: found[0].nbytes + found[1].nbytes)
# All test images go through the network, which takes long for a large one: one at a time, and
# apart from the portraits, so that these need not wait.
_turns: Turns = WeakKeyDictionary()


async def run_exciting(request: Request) -> Response:
    """`GET /api/runs/{id}/exciting?epoch=…&layer=…&neuron=…`: of a run's network.

    `layer` 0 is the first hidden one. Without `epoch` it is the newest kept one.

    Returns:
        JSON: see `_answer`. 400, 404 or 503 with a sentence in English where that cannot be.
    """
    run_id, query = request.path_params["id"], dict(request.query_params)

    def compute() -> bytes:
        _, _, shown = read_run(run_id, query)
        return _answer(shown, (run_id, shown.position), query)

    return await respond(compute, settled="epoch" in query, turns=_turns, at_once=1)


async def settings_exciting(request: Request) -> Response:
    """`GET /api/exciting?hidden_layers=…&…&layer=…&neuron=…`: of what settings start from."""
    query = dict(request.query_params)

    def compute() -> bytes:
        config = read_settings(query, SETTINGS)
        return _answer(of_settings(config), (config,), query)

    return await respond(compute, settled=True, turns=_turns, at_once=1)


def _answer(shown: Shown, key: tuple[object, ...], query: Mapping[str, str]) -> bytes:
    """Five objects, the highest activation first: `index`, `label`, `value`, `pixels` (base64)."""
    layer, neuron = read_number(query.get("layer", "")), read_number(query.get("neuron", ""))
    hidden = shown.network.layers[:-1]
    if layer >= len(hidden) or neuron >= hidden[layer][1].size:
        raise Refused
    data = load_data()
    indices, values = _found.get(
        (*key, layer), lambda: most_exciting(shown.network, data.x_test, layer, IMAGES)
    )
    found = [
        {
            "index": int(index),
            "label": int(data.y_test[index]),
            "value": float(value) if np.isfinite(value) else 0.0,
            "pixels": base64.b64encode(data.x_test[index].tobytes()).decode(),
        }
        for index, value in zip(indices[neuron], values[neuron], strict=True)
    ]
    return json.dumps(found, separators=(",", ":")).encode()
