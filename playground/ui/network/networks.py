"""The networks that can be shown: what settings start from, and a run's at any kept epoch."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from playground.config import RunConfig
from playground.dataset import load_data
from playground.lesson.scaling import statistics, value_counts
from playground.locales import lazy
from playground.network.by_hand.initial import initial_network
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.seeds import split_photos
from playground.store.runs import RunInfo, StoreError

# What is kept of networks, in bytes; the largest network has 20 MB.
MOST_BYTES = 96 * 2**20
# Images whose pixels are counted at once.
_IMAGES = 5_000

_Value = TypeVar("_Value")


class Bounded(Generic[_Value]):
    """The newest values by key, up to a size in all. Any thread may call it.

    Args:
        most: bytes in all; the value that was used longest ago goes first.
        size: of a value, in bytes.
    """

    def __init__(self, most: int, size: Callable[[_Value], int]) -> None:
        self._most, self._size = most, size
        self._values: OrderedDict[object, _Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], _Value]) -> _Value:
        """The value of a key; made, outside the lock, where there is none."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while sum(map(self._size, self._values.values())) > self._most and self._values:
                self._values.popitem(last=False)
        return value


def _bytes(network: Network) -> int:
    return sum(weights.nbytes + bias.nbytes for weights, bias in network.layers)


_kept: Bounded[Network] = Bounded(MOST_BYTES, _bytes)
_scalings: Bounded[tuple[float, float]] = Bounded(64, lambda _: 1)


class Shown(NamedTuple):
    """A network with its place in a run.

    Attributes:
        network: the weights.
        position: of them, in epochs.
        epochs: all epochs that can be shown, in order.
        sealed: whether nobody is to know how good it is on the test images.
    """

    network: Network
    position: int
    epochs: list[int]
    sealed: bool = False


def of_settings(config: RunConfig) -> Shown:
    """The network that a run with these settings starts from."""
    of_weights = config.hidden_layers, config.seed, bool(config.dropout)
    scale, offset = scaling_of(config)
    # What feature scaling and activation are changes no weight, so it is no part of the key.
    found = _kept.get(of_weights, lambda: initial_network(config, scale, offset))
    return Shown(Network(config.activation, scale, offset, found.layers, 0), 0, [0])


def of_run(hub: Hub, run: RunInfo, epoch: int | None) -> Shown:
    """A run's network.

    Args:
        hub: that has the run.
        run: any; one that has not begun shows what it begins with.
        epoch: one of its kept ones; None for the newest.

    Raises:
        StoreError: the weights are gone, or cannot be read.
        ValueError: they are damaged.
    """
    epochs = hub.archive.epochs(run.id)
    if not epochs:
        found = _without_snapshots(hub, run)
        position = found.epoch or 0
        if epoch not in (None, position):
            raise _gone()
        return Shown(found, position, [position], run.sealed)
    wanted = epochs[-1] if epoch is None else epoch
    if wanted not in epochs:
        raise _gone()

    def read() -> Network:
        snapshot = hub.archive.snapshot(run.id, wanted)
        if snapshot is None:
            raise _gone()
        return snapshot.network

    return Shown(_kept.get((run.id, wanted), read), wanted, epochs, run.sealed)


def _gone() -> StoreError:
    return StoreError(lazy("The weights of this epoch are gone. Choose another epoch."))


def _without_snapshots(hub: Hub, run: RunInfo) -> Network:
    """The newest weights of a run that keeps none of its epochs, or what it will begin with."""
    found = hub.network(run.id)
    if found is not None:
        return found
    start = hub.archive.checkpoint(run.id)
    if start is None or not start.layers:
        return of_settings(run.config).network
    return Network(run.config.activation, *scaling_of(run.config), start.layers, start.epoch)


def scaling_of(config: RunConfig) -> tuple[float, float]:
    """Scale and offset of feature scaling, x·scale + offset, from the images trained on."""
    if config.scaling == "none":
        return 1.0, 0.0
    key = config.scaling, config.split_key
    return _scalings.get(key, lambda: _scaling(config))


def _scaling(config: RunConfig) -> tuple[float, float]:
    images = load_data().x_train
    indices = np.arange(len(images))[split_photos(config).fit]
    counts = np.zeros(256, np.int64)
    for start in range(0, len(indices), _IMAGES):
        counts += value_counts(images[indices[start : start + _IMAGES]])
        # Once both ends have been seen, no more images can move them.
        if config.scaling == "min_max" and counts[0] and counts[-1]:
            break
    found = statistics(counts)
    if config.scaling == "min_max":
        return 1.0 / (found.high - found.low), -found.low / (found.high - found.low)
    return 1.0 / found.std, -found.mean / found.std
