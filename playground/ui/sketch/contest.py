"""Which of two networks knows drawings better, on the same ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import streamlit as st

from playground.config import RunConfig
from playground.dataset import Labelled, load_data
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.store.runs import RunInfo
from playground.twins.twins import make_twins

# By so many people's drawings networks are judged; with fewer, single ones would decide.
LEAST_DRAWINGS = 100
MOST_DRAWINGS = 2_000
_AT_ONCE = 1_000
# No run has this seed, so none has learned from what these dice made.
_TWINS_SEED = int(RunConfig.limits("seed")[1]) + 1

Problem = Literal["", "sealed", "own unreadable", "ready unreadable"]


class Drawings(NamedTuple):
    """Drawings that no run has learned from.

    Attributes:
        labelled: the drawings and their labels.
        by_people: whether people have drawn them; else they are sketch twins of test photos.
        version: changes with them.
    """

    labelled: Labelled
    by_people: bool
    version: str


class Contest(NamedTuple):
    """One's own network beside the ready-made one.

    Attributes:
        own: the share of the drawings that one's own calls right, 0 to 1.
        ready: that of the ready-made one, of the same drawings.
        total: how many drawings.
        by_people: as in `Drawings`.
        problem: why the two cannot be compared; then there are no shares.
    """

    own: float = 0.0
    ready: float = 0.0
    total: int = 0
    by_people: bool = False
    problem: Problem = ""

    @property
    def own_answers(self) -> bool:
        """Whether one's own is the one to ask: as good or better, or nothing speaks against it."""
        if self.problem:
            return self.problem != "own unreadable"
        return self.own >= self.ready


class Asked(NamedTuple):
    """A run and its newest weights; None if they cannot be read."""

    run: RunInfo
    network: Network | None


def compete(hub: Hub, own: Asked, ready: Asked) -> Contest:
    """Have both judge the same drawings.

    Raises:
        StoreError: the sketchbook cannot be read.
    """
    if own.network is None:
        return Contest(problem="own unreadable")
    if ready.network is None:
        return Contest(problem="ready unreadable")
    found = _drawings(hub, hub.sketchbook.summary().version)
    if own.run.sealed and not found.by_people:
        return Contest(problem="sealed")

    def share(run: RunInfo, network: Network) -> float:
        return _share(network, found, run.id, network.epoch, found.version)

    shares = share(own.run, own.network), share(ready.run, ready.network)
    return Contest(*shares, len(found.labelled.labels), found.by_people)


@st.cache_resource(max_entries=2, show_spinner=False)
def _drawings(_hub: Hub, version: str) -> Drawings:
    """What networks are judged on while this is the version of the sketchbook."""
    images, labels = _hub.sketchbook.pictures("test")
    if len(labels) < LEAST_DRAWINGS:
        return Drawings(_twins(), by_people=False, version="twins")
    newest = Labelled(images[:MOST_DRAWINGS], labels[:MOST_DRAWINGS])
    return Drawings(newest, by_people=True, version=version)


@lru_cache(maxsize=1)
def _twins() -> Labelled:
    data = load_data()
    photos, labels = data.x_test[:MOST_DRAWINGS], data.y_test[:MOST_DRAWINGS]
    return Labelled(make_twins(photos, labels, _TWINS_SEED), labels)


@st.cache_data(max_entries=1_000, show_spinner=False)
def _share(
    _network: Network, _found: Drawings, run_id: str, epoch: int | None, version: str
) -> float:
    return share_right(_network, _found.labelled)


def share_right(network: Network, drawings: Labelled) -> float:
    """The share of drawings that a network calls right, 0 to 1; what is not finite is wrong."""
    right = 0
    for start in range(0, len(drawings.labels), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        probabilities = network.predict(drawings.images[some])
        finite = np.isfinite(probabilities).all(axis=1)
        right += int((finite & (probabilities.argmax(axis=1) == drawings.labels[some])).sum())
    return right / len(drawings.labels)
