"""A hub with its classes, and activities to play."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.classroom.activities.schema import Activity
from playground.classroom.service import Classes
from playground.runs.hub import Hub
from playground.store.runs import Store
from tests.conftest import OneWorker

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
