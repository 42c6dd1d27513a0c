"""The recorder of hooks, held against what Keras is documented to call."""

from __future__ import annotations

from itertools import groupby

import keras
import numpy as np
import pytest

from playground.config import RunConfig
from playground.dataset import load_data
from playground.events import Command, EventData, HookCalls, HookStop, Progress
from playground.training.control import Control
from playground.training.hooks import HookRecorder
from playground.training.train import train

pytestmark = pytest.mark.engine

SMALL = RunConfig(hidden_layers=(4,), train_images=600, epochs=3, early_stop=False)
BATCHES = ["on_batch_begin", "on_batch_end"]
TEST = ["on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end"]
PREDICT = [name.replace("test", "predict") for name in TEST]
EPOCH = ["on_epoch_begin", *BATCHES, *TEST, "on_epoch_end"]


def _recorded(config: RunConfig, control: Control | None = None) -> HookCalls:
    found: list[HookCalls] = []

    def emit(data: EventData) -> None:
        if isinstance(data, HookCalls):
            found.append(data)
        if isinstance(data, Progress) and control and data.epoch > 1:
            control.send(Command("stop"))

    train(config, load_data(), emit, control or Control())
    assert len(found) == 1
    return found[0]


def test_plain_keras_calls_and_numbers_of_calls() -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.zeros((10, 3)), np.zeros(10)
    recorder = HookRecorder()
    model.fit(x, y, batch_size=2, epochs=2, callbacks=[recorder], verbose=0)
    model.predict(x, batch_size=5, callbacks=[recorder], verbose=0)
    calls = [(call.hook, call.epoch, call.calls) for call in recorder.data().calls]
    assert calls == [
        ("on_train_begin", None, 1),
        *(
            (hook, epoch, count)
            for epoch in (1, 2)
            for hook, count in (
                ("on_epoch_begin", 1),
                ("on_batch_begin", 5),
                ("on_batch_end", 5),
                ("on_epoch_end", 1),
            )
        ),
        ("on_train_end", None, 1),
        ("on_predict_begin", None, 1),
        ("on_predict_batch_begin", None, 2),
        ("on_predict_batch_end", None, 2),
        ("on_predict_end", None, 1),
    ]


def test_a_run_calls_every_hook_in_order() -> None:
    data = _recorded(SMALL)
    calls = data.calls
    hooks = [call.hook for call in calls]
    assert hooks == ["on_train_begin", *EPOCH * 3, "on_train_end", *TEST, *PREDICT]
    epochs = [epoch for epoch, _ in groupby(call.epoch for call in calls)]
    assert epochs == [None, 1, 2, 3, None]
    firsts = [call.first for call in calls]
    assert firsts == sorted(firsts)
    assert all(call.first <= call.last for call in calls)
    assert all(call.calls > 1 for call in calls if call.hook in BATCHES)
    assert data.stop is None


def test_it_says_which_epoch_ended_training() -> None:
    data = _recorded(
        RunConfig.model_validate(SMALL.model_dump() | {"early_stop": True, "stop_threshold": 0.0})
    )
    assert data.stop == HookStop(hook="on_epoch_end", epoch=1)
    assert [call.hook for call in data.calls].count("on_epoch_end") == 1


def test_the_stop_button_leaves_fit_without_on_train_end() -> None:
    data = _recorded(SMALL, Control())
    hooks = [call.hook for call in data.calls]
    assert "on_train_end" not in hooks
    assert hooks[-8:] == TEST + PREDICT
    assert {call.epoch for call in data.calls[-8:]} == {None}
    assert data.stop is None


def test_the_longest_run_stays_within_its_bound() -> None:
    data = _recorded(
        RunConfig.model_validate(SMALL.model_dump() | {"epochs": 12, "train_images": 100})
    )
    assert len(data.calls) <= 8 * 12 + 10
