"""The routes of slow motion: one mini-batch by hand, at a network that does not train.

They keep nothing of a visitor: an address names the mini-batches of all updates, so the answer
follows from it alone. What is computed on the way is kept for the next who asks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from playground.config import CLASSES, RunConfig
from playground.dataset import TEST_IMAGES, load_data
from playground.events import Status
from playground.network.activations import Floats
from playground.network.by_hand.optimizers import Standing, fresh, remembered, rule
from playground.network.by_hand.step import Walk, walk
from playground.network.network import Network
from playground.network.portrait import MOST_SHOWN, Column, Watch, portrait
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.ui.network.items import Item, faces, seen
from playground.ui.network.networks import Bounded, Shown, of_settings
from playground.ui.network.routes import (
    SETTINGS,
    Refused,
    Turns,
    item_message,
    read_number,
    read_run,
    read_settings,
    read_shown,
    respond,
)
from playground.ui.network.step_message import choose, layer_message, number, text, weight_message

# Of Train's address: what decides a step of training besides the network.
STEP_SETTINGS = (*SETTINGS, "l2", "optimizer", "momentum", "learning_rate", "loss")
MOST_IMAGES = 8
# By hand; of a network with more than a million parameters fewer, which take as long.
MOST_UPDATES = 20
_MOST_NUMBERS = 20_000_000
# What is kept of weights and optimizers after updates by hand; the largest has 61 MB.
MOST_BYTES = 64 * 2**20

_standings: Bounded[Standing] = Bounded(MOST_BYTES, lambda standing: standing.nbytes)
# Apart from the portraits, so that they need not wait for twenty updates of a large network.
_turns: Turns = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class _Source:
    """A network to begin with.

    Attributes:
        key: of all that follows from it.
        config: its loss, its optimizer and its penalty count.
        shown: the network.
        rate: the learning rate of the next update.
        start: its weights and its optimizer, if that was kept.
    """

    key: tuple[object, ...]
    config: RunConfig
    shown: Shown
    rate: float
    start: Standing | None


@dataclass(frozen=True)
class _Asked:
    """What an address asks for; the last mini-batch is the one to walk through."""

    batches: tuple[tuple[int, ...], ...]
    look: int
    shown: tuple[tuple[int, ...], ...]
    weight: tuple[int, ...]
    only_weight: bool


async def run_step(request: Request) -> Response:
    """`GET /api/runs/{id}/step?epoch=…&batches=…&look=…&shown=…&weight=…`: at a kept epoch.

    `batches` are test images, `0,1;2,3` for two mini-batches: all except the last one update the
    weights, and the last one is walked through. Of a sealed run they are among the ten faces.
    `look` is the index in it of the image that the portrait shows, `shown` are the neurons, as for
    `run_portrait`. `weight` is the one whose update is computed: `layer,to` for that with the
    largest gradient into a neuron, `layer,from,to` for any; with `only=weight` nothing else is
    answered.

    Returns:
        JSON: see `_answer`. 400, 404 or 503 with a sentence in English where that cannot be.
    """
    run_id = request.path_params["id"]
    query = dict(request.query_params)

    def compute() -> bytes:
        hub, run, shown = read_run(run_id, query)
        asked = _read(query)
        # Who asks for the losses of one test image after the other has the sealed figure.
        if shown.sealed and not set(faces().tolist()).issuperset(chain(*asked.batches)):
            raise Refused
        return _answer(_of_run(hub, run, shown), asked)

    # The optimizer of an epoch is gone once the run has gone on.
    return await respond(compute, settled=False, turns=_turns, at_once=1)


async def settings_step(request: Request) -> Response:
    """`GET /api/step?hidden_layers=…&loss=…&batches=…`: from where settings start.

    The settings are `STEP_SETTINGS` of Train's address, the rest as in `run_step`.
    """
    query = dict(request.query_params)

    def compute() -> bytes:
        config = read_settings(query, STEP_SETTINGS)
        source = _Source((config,), config, of_settings(config), config.rate_at(0), None)
        return _answer(source, _read(query))

    return await respond(compute, settled=True, turns=_turns, at_once=1)


def _of_run(hub: Hub, run: RunInfo, shown: Shown) -> _Source:
    """A run's network, with its optimizer if this is where the run stands."""
    config, start, by_hand = run.config, None, None
    # Of a run that pauses, the archive has the checkpoint of some seconds before.
    newest = run.status is Status.PAUSED and shown.position == shown.epochs[-1]
    if newest and (hub.archive.standing(run.id) or 0) < shown.position:
        hub.bring_checkpoint(run.id)
    if hub.archive.standing(run.id) == shown.position:
        checkpoint = hub.archive.checkpoint(run.id)
        if checkpoint is not None and _same(checkpoint.layers, shown.network.layers):
            start, by_hand = remembered(config, checkpoint), checkpoint.rate_by_hand
    rate = by_hand or config.rate_at(min(shown.position, config.epochs - 1))
    return _Source((run.id, shown.position, start is not None, rate), config, shown, rate, start)


def _same(some: Sequence[Sequence[Floats]], others: Sequence[Sequence[Floats]]) -> bool:
    return len(some) == len(others) and all(
        np.array_equal(one, other)
        for pair, its in zip(some, others, strict=True)
        for one, other in zip(pair, its, strict=True)
    )


def _read(query: Mapping[str, str]) -> _Asked:
    batched = query.get("batches", "0")
    if len(batched) > 6 * MOST_IMAGES * (MOST_UPDATES + 1):
        raise Refused
    batches = tuple(tuple(map(read_number, one.split(","))) for one in batched.split(";"))
    if len(batches) > MOST_UPDATES + 1 or max(map(len, batches)) > MOST_IMAGES:
        raise Refused
    if max(map(max, batches)) >= TEST_IMAGES:
        raise Refused
    look = read_number(query.get("look", "0"))
    words = query["weight"].split(",") if query.get("weight") else []
    if look >= len(batches[-1]) or len(words) not in (0, 2, 3):
        raise Refused
    shown = tuple(map(tuple, read_shown(query["shown"]))) if query.get("shown") else ()
    weight = tuple(map(read_number, words))
    return _Asked(batches, look, shown, weight, query.get("only") == "weight")


def _standing(source: _Source, batches: tuple[tuple[int, ...], ...]) -> Standing:
    """Where the weights stand after an update with each of these mini-batches."""

    def make() -> Standing:
        if not batches:
            return source.start or fresh(source.config, source.shown.network.layers)
        before = _standing(source, batches[:-1])
        pulls = _walk(source, before, batches[-1]).gradients
        return before.updated(source.config, source.rate, pulls)

    return _standings.get((source.key, batches), make)


def _network(source: _Source, standing: Standing) -> Network:
    network = source.shown.network
    return Network(network.activation, network.scale, network.offset, standing.layers)


def _walk(source: _Source, standing: Standing, batch: tuple[int, ...]) -> Walk:
    data, config = load_data(), source.config
    indices = np.array(batch)
    return walk(
        _network(source, standing),
        data.x_test[indices],
        data.y_test[indices],
        loss=config.loss,
        l2=config.l2,
    )


def _answer(source: _Source, asked: _Asked) -> bytes:
    """What a browser gets.

    Returns:
        JSON of `portrait` (of the image looked at; its answers of the faces, too), `item`,
        `epochs`, `scale`, `offset` as for a portrait; `updates` done by hand and the most that can
        be; `images`;
        `probabilities`, float32 (n, 10); `losses`, `penalty`, `loss`; `true_sums`, the logits of
        the true labels; `layers`, see `layer_message`; `optimizer`; `weight`, see
        `weight_message`. Numbers that are not finite are null, in arrays what they are.

    Raises:
        Refused: there are more updates than this network may have, or no such neuron or weight.
    """
    most = min(MOST_UPDATES, _MOST_NUMBERS // source.config.parameters)
    if len(asked.batches) > most + 1:
        raise Refused
    standing = _standing(source, asked.batches[:-1])
    network = _network(source, standing)
    shown = _shown(network, asked.shown)
    found = _walk(source, standing, asked.batches[-1])
    try:
        chosen = choose(found, shown, asked.weight)
    except ValueError as error:
        raise Refused from error
    weight = weight_message(source.config, source.rate, standing, found, chosen)
    message: dict[str, object] = {"weight": weight}
    if not asked.only_weight:
        message |= _pictures(source, asked, network, shown) | {
            "updates": len(asked.batches) - 1,
            "most_updates": most,
            "probabilities": text(found.values[-1][1]),
            "losses": [number(loss) for loss in found.losses],
            "true_sums": [number(z) for z in _of_labels(asked.batches[-1], found)],
            "penalty": number(found.penalty),
            "loss": number(found.loss),
            "layers": [layer_message(found, i, shown) for i in range(len(shown))],
            "optimizer": {
                "rule": rule(source.config),
                "rate": source.rate,
                "momentum": source.config.momentum,
                "number": standing.updates + 1,
                "remembered": source.start is not None,
            },
            "loss_name": source.config.loss,
            "l2": source.config.l2,
            "dropout": source.config.dropout,
        }
    return json.dumps(message, separators=(",", ":"), allow_nan=False).encode()


def _of_labels(batch: tuple[int, ...], found: Walk) -> NDArray[np.float32]:
    """The logit of each image's true label, (n,)."""
    labels = load_data().y_test[np.array(batch)]
    logits: NDArray[np.float32] = found.values[-1][0][np.arange(len(batch)), labels]
    return logits


def _shown(network: Network, asked: tuple[tuple[int, ...], ...]) -> list[NDArray[np.intp]]:
    """The neurons to show of each layer, the ten outputs last."""
    units = [bias.size for _, bias in network.layers[:-1]]
    given = asked or tuple(tuple(range(min(count, MOST_SHOWN))) for count in units)
    fits = len(given) == len(units) and all(
        0 < len(each) <= MOST_SHOWN and max(each) < count
        for each, count in zip(given, units, strict=True)
    )
    if not fits:
        raise Refused
    return [np.array(each, np.intp) for each in (*given, range(CLASSES))]


def _of_first(column: Column) -> Column:
    return replace(column, sums=column.sums[:1], outputs=column.outputs[:1])


def _pictures(
    source: _Source, asked: _Asked, network: Network, shown: list[NDArray[np.intp]]
) -> dict[str, object]:
    data = load_data()
    items = [Item(data.x_test[i], i, int(data.y_test[i])) for i in asked.batches[-1]]
    choice = Watch(seen(items[asked.look]), tuple(tuple(x.tolist()) for x in shown[:-1]))
    whole = portrait(network, choice.items, choice.shown, float(source.shown.position))
    # The faces say which neurons are dead; what else they make of them is not looked at here.
    drawn = replace(whole, hidden=tuple(map(_of_first, whole.hidden)))
    return {
        "portrait": drawn.to_message() | {"choice": choice.key},
        "item": item_message(items[asked.look]),
        "images": [item_message(item) for item in items],
        "epochs": source.shown.epochs,
        "scale": network.scale,
        "offset": network.offset,
    }
