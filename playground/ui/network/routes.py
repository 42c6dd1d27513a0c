"""The routes of the living network: portraits, for a browser that asks without a script run."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping, Sequence
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from playground.config import MAX_HIDDEN_LAYERS, RunConfig
from playground.dataset import DatasetError, load_data
from playground.locales import english, mark
from playground.network.network import Network
from playground.network.portrait import MOST_SHOWN, Watch, order, portrait
from playground.runs import service
from playground.runs.hub import Hub
from playground.store.runs import RunInfo, StoreError
from playground.ui.address import from_query
from playground.ui.network.items import Item, faces, item_of, read_item, seen, typical
from playground.ui.network.networks import Bounded, Shown, of_run, of_settings

# What has been computed for one is there for all who look at the same, up to this size.
MOST_BYTES = 16 * 2**20
# So many portraits are computed at once: training and pages need the processor, too.
_AT_ONCE = 2
# Of Train's address: what decides the first weights, and what goes into them.
SETTINGS = (
    *("hidden_layers", "activation", "dropout", "scaling", "seed"),
    *("train_images", "validation_split", "split_by_seed"),
)
# As an item: that which a run's worker shows.
LIVE = "live"
_GONE = mark("There is no such run.")
_NOT_ASKED_FOR = mark("This address asks for no item, epoch or neurons that there are.")
_DAMAGED = mark("The weights of this epoch cannot be read. Choose another epoch.")

_answers: Bounded[bytes] = Bounded(MOST_BYTES, len)
Turns = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
_turns: Turns = WeakKeyDictionary()


class Refused(ValueError):
    """What is asked for cannot be."""


async def run_portrait(request: Request) -> Response:
    """`GET /api/runs/{id}/portrait?epoch=…&item=…&shown=…`: a run's network at a kept epoch.

    Without `epoch` it is the newest one. `item` is as `read_item` reads it. `shown` are the neurons
    to show, `3,17;0,1` for two hidden layers; without it they are chosen, and the answer says in
    which order all neurons go. `item=live` asks for the item and the neurons that the run's worker
    shows to all who look while it trains.

    Returns:
        JSON: see `_answer`. 400, 404 or 503 with a sentence in English where that cannot be.
    """
    run_id = request.path_params["id"]
    query = dict(request.query_params)

    def compute() -> bytes:
        hub, run, shown = read_run(run_id, query)
        at = run_id, shown.position, tuple(shown.epochs)
        if query.get("item") == LIVE:
            live = hub.portraits.choice(run_id)
            if live is None:
                raise Refused
            return _answers.get((*at, live.key), lambda: _live_answer(shown, live))
        begun = not run.status.ended and shown.position == 0
        key = *at, begun, *_asked(query)
        return _answers.get(key, lambda: _answer(shown, query, natural=begun))

    settled = "epoch" in query and query.get("item") != LIVE
    return await respond(compute, settled=settled)


async def settings_portrait(request: Request) -> Response:
    """`GET /api/portrait?hidden_layers=…&seed=…&item=…&shown=…`: what settings start from.

    The settings are those of Train's address that decide the weights and what goes into them, the
    rest as in `run_portrait`.
    """
    query = dict(request.query_params)

    def compute() -> bytes:
        config = read_settings(query, SETTINGS)
        key = config, *_asked(query)
        return _answers.get(key, lambda: _answer(of_settings(config), query, natural=True))

    return await respond(compute, settled=True)


def read_run(run_id: str, query: Mapping[str, str]) -> tuple[Hub, RunInfo, Shown]:
    """A run, and its network at the epoch that an address asks for; without one, the newest.

    Raises:
        KeyError: there is no such run.
        ValueError: there is no such epoch, or its weights are damaged.
        StoreError: its weights are gone, or cannot be read.
    """
    hub = service.hub()
    run = hub.run(run_id)
    if run is None:
        raise KeyError(run_id)
    epoch = query.get("epoch")
    return hub, run, of_run(hub, run, None if epoch is None else read_number(epoch))


def read_settings(query: Mapping[str, str], names: Sequence[str]) -> RunConfig:
    """The settings of an address that have these names; the others do not count.

    Raises:
        Refused: one of them cannot be used.
    """
    config, problems = from_query({name: query[name] for name in names if name in query})
    if problems:
        raise Refused
    return config


async def respond(
    compute: Callable[[], bytes], *, settled: bool, turns: Turns = _turns, at_once: int = _AT_ONCE
) -> Response:
    """What `compute` gives, as JSON, or a sentence that says why it cannot be.

    Args:
        compute: called in a thread; see `Refused` for what it may raise besides KeyError, for a
            run that there is not.
        settled: whether the answer stays what it is.
        turns: those who wait for the same turns.
        at_once: how many of them compute at once.
    """
    try:
        async with turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(at_once)):
            body = await run_in_threadpool(compute)
    except KeyError:
        return PlainTextResponse(_GONE, 404)
    except (StoreError, DatasetError) as error:
        return PlainTextResponse(english(error), 503)
    except Refused:
        return PlainTextResponse(_NOT_ASKED_FOR, 400)
    except ValueError:
        return PlainTextResponse(_DAMAGED, 503)
    lasts = "private, max-age=600" if settled else "no-store"
    return Response(body, media_type="application/json", headers={"Cache-Control": lasts})


def _asked(query: Mapping[str, str]) -> tuple[str, str]:
    return query.get("item", ""), query.get("shown", "")


def _answer(shown: Shown, query: Mapping[str, str], *, natural: bool) -> bytes:
    """What a browser gets.

    Args:
        shown: the network.
        query: its `item` and `shown`.
        natural: whether the neurons go by their index where the order is not given, since before
            training no share means anything.

    Returns:
        JSON of `portrait`, `item`, `epochs`, `scale`, `offset`; and where `shown` was not given,
        `order`, the neurons of each hidden layer, `faces` and `typical`.
    """
    network = shown.network
    try:
        item = read_item(query.get("item", "test-0"), network, sealed=shown.sealed)
        given = read_shown(query["shown"]) if query.get("shown") else None
    except ValueError as error:
        raise Refused from error
    found = None
    if given is None:
        found = (
            _by_index(network)
            if natural
            else [indices.tolist() for indices in order(network, item.pixels)]
        )
        given = [indices[:MOST_SHOWN] for indices in found]
    try:
        # What a worker shows of it while it trains goes by the same key.
        choice = Watch(seen(item), tuple(map(tuple, given)))
        return _message(shown, item, choice, found)
    except ValueError as error:
        raise Refused from error


def _live_answer(shown: Shown, choice: Watch) -> bytes:
    """As `_answer`, of what a worker shows; the neurons go by their index, as while it trains."""
    return _message(shown, item_of(choice.items[0]), choice, _by_index(shown.network))


def _by_index(network: Network) -> list[list[int]]:
    return [list(range(bias.size)) for _, bias in network.layers[:-1]]


def _message(shown: Shown, item: Item, choice: Watch, found: list[list[int]] | None) -> bytes:
    network = shown.network
    message: dict[str, object] = {
        "item": item_message(item),
        "epochs": shown.epochs,
        "scale": network.scale,
        "offset": network.offset,
    }
    if found is not None:
        images = [*load_data().x_test[faces()], *typical()]
        message["order"] = found
        message["faces"] = faces().tolist()
        message["pictures"] = base64.b64encode(b"".join(x.tobytes() for x in images)).decode()
    drawn = portrait(network, choice.items, choice.shown, float(shown.position))
    message["portrait"] = drawn.to_message() | {"choice": choice.key}
    return json.dumps(message, separators=(",", ":"), allow_nan=False).encode()


def item_message(item: Item) -> dict[str, object]:
    """An item for a browser: index, label and pixels, which are base64."""
    pixels = base64.b64encode(item.pixels.tobytes()).decode()
    return {"index": item.number, "label": item.label, "pixels": pixels}


def read_shown(text: str) -> list[list[int]]:
    """The neurons of each hidden layer that an address asks for, `3,17;0,1`.

    Raises:
        Refused: it is no such text.
    """
    layers = text.split(";")
    if len(layers) > MAX_HIDDEN_LAYERS:
        raise Refused
    return [[read_number(word) for word in layer.split(",")[: MOST_SHOWN + 1]] for layer in layers]


def read_number(text: str) -> int:
    """A number of at most four digits.

    Raises:
        Refused: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refused
    return int(text)
