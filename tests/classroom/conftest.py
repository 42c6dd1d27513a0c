"""A hub with its classes, and activities to play."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.classroom.activities.schema import Activity
from playground.classroom.service import Classes
from playground.config import RunConfig
from playground.engine.protocol import Result
from playground.events import Status
from playground.network.network import Network
from playground.runs.hub import Hub
from playground.store.runs import Store
from tests.conftest import OneWorker, epoch_end, eventually, report, settle, status
from tests.runs.test_lineage import checkpoint, layers

_WORDS = {"en": "How well will it do?", "ko": "얼마나 잘할까요?"}
_CURVE = {"kind": "curve", "question": _WORDS, "metric": "val_accuracy", "epochs": 5}
_CHOICE = {"kind": "choice", "question": _WORDS, "options": [_WORDS, _WORDS], "right": 1}


def activity(**fields: Any) -> Activity:
    """An activity of five epochs whose learning rate one may turn."""
    given = {
        "id": "rate",
        "title": {"en": "Learning rate", "ko": "학습률"},
        "minutes": 5,
        "text": _WORDS,
        "settings": {"epochs": 5, "train_images": 1000},
        "free": ["learning_rate"],
        **fields,
    }
    return Activity.model_validate(given, strict=False)


CURVE, CHOICE = activity(prediction=_CURVE), activity(prediction=_CHOICE)


def ended(hub: Hub, owner: str, given: RunConfig, classroom: str = "") -> str:
    """A run that was stopped after its first epoch, and can go on."""
    run = hub.submit(owner, given, classroom=classroom)
    eventually(lambda: (one := hub.run(run)) is not None and one.status is Status.STARTING)
    report(hub, run, status(Status.RUNNING), epoch_end(1))
    kept = checkpoint(1, layers=layers(1, 128)).to_bytes()
    network = Network("relu", 1 / 255, 0.0, layers(1, 128)).to_bytes()
    hub.dispatcher.on_done(run, Result(Status.STOPPED, "", None, network, checkpoint=kept))
    settle(hub)
    eventually(lambda: (one := hub.run(run)) is not None and one.status.ended)
    return run


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    started = Hub(Store(tmp_path), OneWorker())
    started.start()
    yield started
    started.close()


@pytest.fixture
def classes(hub: Hub) -> Iterator[Classes]:
    started = Classes(hub)
    started.start()
    yield started
    started.close()
