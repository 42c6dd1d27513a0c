"""The same settings give the same run, to the bit, whatever else its process does."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from playground.config import RunConfig
from playground.dataset import Label, Labelled, load_data
from playground.events import (
    Kind,
)
from playground.training.train import train
from playground.twins import additions
from tests.training import SMALL, Log, but

pytestmark = pytest.mark.engine


@pytest.fixture
def draws() -> Iterator[None]:
    """Another thread that draws from every global generator all the time, as a worker's do."""
    ended, drawn = threading.Event(), threading.Event()

    def draw() -> None:
        while not ended.is_set():
            random.seed(random.random())
            np.random.seed(np.random.randint(2**31))
            tf.random.set_seed(random.randrange(2**31))
            tf.random.uniform(())
            keras.random.uniform(())
            drawn.set()

    thread = threading.Thread(target=draw)
    thread.start()
    assert drawn.wait(30)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # both threads take their turns between any two steps
    yield
    sys.setswitchinterval(interval)
    ended.set()
    thread.join()


TIMES = {"seconds", "images_per_second", "seconds_left"}


def _all_of(config: RunConfig) -> tuple[list[tuple[Kind, dict[str, Any]]], list[Any]]:
    """Every event of a run without its times, and its weights."""
    item = np.tri(28, dtype=np.uint8) * 255
    log = Log()
    book = Labelled(np.stack([item, item.T]), np.array([Label.BAG, Label.ANKLE_BOOT], np.uint8))
    outcome = train(config, load_data(), log, log.control, book)
    assert outcome.network is not None
    events = [
        (data.kind, data.model_dump(exclude=TIMES))
        for data in log.events
        if data.kind not in ("hooks", "status")  # times alone; and twins are made once
    ]
    return events, [array for layer in outcome.network.layers for array in layer]


def _equal(one: tuple[Any, list[Any]], other: tuple[Any, list[Any]]) -> bool:
    return one[0] == other[0] and all(map(np.array_equal, one[1], other[1]))


EVERYTHING = {"hidden_layers": (8, 8), "dropout": 0.3, "label_noise": 0.1, "l2": 0.001}
CONFIGS = [
    SMALL,
    but(**EVERYTHING),
    but(**EVERYTHING, twins=0.5, sketchbook=0.2, batch_size=64, schedule="cosine"),
]


@pytest.fixture(scope="module")
def quiet() -> list[tuple[Any, list[Any]]]:
    return [_all_of(config) for config in CONFIGS]


@pytest.mark.parametrize("i", range(len(CONFIGS)))
def test_what_other_threads_draw_changes_no_bit_of_a_run(
    i: int, quiet: list[tuple[Any, list[Any]]], draws: None
) -> None:
    """`quiet` are trained one after another, so what was trained before changes nothing either."""
    additions._newest.clear()
    assert _equal(_all_of(CONFIGS[i]), quiet[i])


def test_another_seed_changes_weights_order_and_additions(
    quiet: list[tuple[Any, list[Any]]],
) -> None:
    config = CONFIGS[-1].model_copy(update={"seed": 7})
    other = _all_of(config)
    assert not any(map(np.array_equal, other[1], quiet[-1][1]))
