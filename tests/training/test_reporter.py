"""The callback alone: no event holds a number that is none."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from playground.config import RunConfig
from playground.events import EventData
from playground.training.chunks import plan_chunks
from playground.training.control import Control
from playground.training.reporter import Diverged, Predictions, Reporter

CONFIG = RunConfig(train_images=600)


def _reporter(probability: float) -> tuple[Reporter, list[EventData]]:
    """Of a network that finds each label as likely as this, and whose losses are large."""
    told: list[EventData] = []
    control, validated = Control(), Predictions(np.zeros(100, np.uint8))
    pinned = np.zeros((28, 28), np.uint8)
    reporter = Reporter(CONFIG, plan_chunks(CONFIG), told.append, control, validated, pinned)
    network = SimpleNamespace(predict=lambda images: np.full((len(images), 10), probability))
    reporter.set_model(
        SimpleNamespace(
            chunk_losses=tf.fill([1000], tf.float32.max),
            optimizer=SimpleNamespace(learning_rate=0.5),
            network=lambda: network,
        )
    )
    reporter.on_epoch_begin(0)
    return reporter, told


def test_losses_whose_mean_is_infinite_have_diverged() -> None:
    reporter, told = _reporter(0.1)
    with pytest.raises(Diverged, match=r"learning rate below 0\.5"):
        reporter.on_train_batch_end(0, {"loss": math.inf, "accuracy": 0.1})
    assert told == []


def test_a_pinned_drawing_without_probabilities_has_diverged() -> None:
    reporter, told = _reporter(math.nan)
    with pytest.raises(Diverged):
        reporter._judge_pinned(1)
    assert told == []
