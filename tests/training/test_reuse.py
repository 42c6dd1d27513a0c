"""A compiled network that serves one run after another: to the last bit what a new one would be."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import numpy as np
import pytest

from playground.config import Optimizer, RunConfig
from playground.dataset import Dataset, Label, Labelled, load_data
from playground.events import Command, EventData, Status
from playground.training import prepare
from playground.training.control import Control
from playground.training.model import ChunkedSequential
from playground.training.prepare import Networks, Prepared
from playground.training.train import Outcome, train

pytestmark = pytest.mark.engine

SMALL: dict[str, Any] = {
    "hidden_layers": (8,),
    "train_images": 200,
    "epochs": 2,
    "learning_rate": 0.003,
    "early_stop": False,
}
# What another run of the same network may have instead.
OTHER: dict[str, Any] = {
    "seed": 7,
    "learning_rate": 0.02,
    "label_noise": 0.3,
    "epochs": 1,
    "schedule": "cosine",
    "keep_snapshots": False,
}
TIMES = {"seconds", "images_per_second", "seconds_left"}
DATA = load_data()
ITEM = np.tri(28, dtype=np.uint8) * 255
BOOK = Labelled(np.stack([ITEM, ITEM.T]), np.array([Label.BAG, Label.ANKLE_BOOT], np.uint8))


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> Networks:
    """None is kept from another test."""
    kept = Networks()
    monkeypatch.setattr("playground.training.prepare.networks", kept)
    monkeypatch.setattr("playground.training.train.networks", kept)
    return kept


def _config(**changes: Any) -> RunConfig:
    return RunConfig.model_validate({**SMALL, **changes})


def _run(
    config: RunConfig, react: Callable[[EventData, Control], None] = lambda *_: None
) -> tuple[Outcome, str]:
    """How a run ends, and a digest of its weights, snapshots and events, times excepted."""
    control, events = Control(), []

    def emit(data: EventData) -> None:
        if data.kind not in ("hooks", "status"):
            events.append([data.kind, data.model_dump(mode="json", exclude=TIMES)])
        react(data, control)

    outcome = train(config, DATA, emit, control, BOOK)
    digest = hashlib.sha256(json.dumps(events).encode())
    for snapshot in control.snapshots().values():
        digest.update(snapshot)
    for layer in outcome.network.layers if outcome.network else ():
        for array in layer:
            digest.update(np.ascontiguousarray(array).tobytes())
    return outcome, digest.hexdigest()


def _stop(data: EventData, control: Control) -> None:
    if data.kind == "progress":
        control.send(Command("stop"))


# Every optimizer with and without dropout; each batch size at least once with either.
CASES = [
    *(
        {"optimizer": optimizer, "dropout": dropout, "batch_size": (1, 32, "full")[i % 3]}
        for i, (optimizer, dropout) in enumerate(product(get_args(Optimizer), (0.0, 0.3)))
    ),
    {"hidden_layers": (8, 8), "dropout": 0.3, "l2": 0.001, "twins": 0.5, "sketchbook": 0.2},
    {"optimizer": "sgd", "momentum": 0.9, "scaling": "standard"},
    {"activation": "leaky_relu", "dropout": 0.3},
    {"hidden_layers": (), "loss": "mse", "scaling": "none", "l2": 0.02},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_after_another_is_what_it_would_be_alone(
    case: dict[str, Any], networks: Networks
) -> None:
    config = _config(**case)
    other = config.model_copy(
        update=OTHER
        | ({"l2": 0.05} if config.l2 else {})
        | ({"dropout": 0.05} if config.dropout and not config.dropout_is_fixed else {})
        | ({"scaling": "min_max"} if config.scaling == "standard" else {})
    )
    _, alone = _run(config)
    outcome, different = _run(other)
    assert (outcome.status, different == alone) == (Status.FINISHED, False)
    assert _run(config)[1] == alone
    assert networks.compiled == 1


def test_a_batch_cut_into_micro_batches_is_the_same_again(
    networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.training.chunks.CHUNK_SECONDS", 3.3e-5)
    config = _config(batch_size="full")
    _, alone = _run(config)
    _run(config.model_copy(update=OTHER), _stop)
    assert _run(config)[1] == alone
    assert networks.compiled == 1


def test_a_run_after_others_is_what_it_is_in_a_process_of_its_own() -> None:
    case = {"hidden_layers": (8, 8), "dropout": 0.3, "l2": 0.001, "twins": 0.5}
    for changes in ({}, {**case, **OTHER}, {"activation": "tanh"}):
        _run(_config(**changes))
    program = f"from {__name__} import _config, _run; print(_run(_config(**{case!r}))[1])"
    alone = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert _run(_config(**case))[1] == alone.stdout.strip()


def test_steps_are_traced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    traced: list[str] = []

    def count(name: str) -> None:
        step = getattr(ChunkedSequential, name)

        def counted(self: ChunkedSequential, data: Any) -> Any:
            traced.append(name)
            return step(self, data)

        monkeypatch.setattr(ChunkedSequential, name, counted)

    steps = ["train_step", "test_step", "predict_step"]
    for name in steps:
        count(name)
    for changes in ({}, OTHER, {"validation_split": 1 / 6 + 1e-6}):
        _run(_config(dropout=0.3, l2=0.01, **changes))
    assert sorted(traced) == sorted(steps)


@pytest.mark.parametrize("at", ["progress", "epoch", "validation"])
def test_a_run_after_one_that_was_stopped_is_what_it_would_be_alone(
    at: str, networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _config(dropout=0.3)
    _, alone = _run(config)

    def react(data: EventData, control: Control) -> None:
        if data.kind == at or (at == "validation" and getattr(data, "epoch", 0) == 1):
            control.send(Command("stop"))

    stopped, _ = _run(config.model_copy(update={"seed": 1}), react)
    assert stopped.status is Status.STOPPED
    assert _run(config)[1] == alone
    assert networks.compiled == 1


def test_a_run_after_one_that_diverged_is_what_it_would_be_alone(networks: Networks) -> None:
    config = _config(
        hidden_layers=(64, 64), activation="linear", optimizer="sgd", momentum=0.99, scaling="none"
    )
    _, alone = _run(config.model_copy(update={"learning_rate": 1e-5}))
    diverged, _ = _run(config.model_copy(update={"learning_rate": 10.0}))
    assert diverged.status is Status.FAILED
    assert _run(config.model_copy(update={"learning_rate": 1e-5}))[1] == alone
    assert networks.compiled == 1


def test_after_an_exception_the_network_is_not_used_again(networks: Networks) -> None:
    config = _config()
    _, alone = _run(config)

    def fail(data: EventData, control: Control) -> None:
        if data.kind == "progress":
            raise OSError("nobody listens")

    with pytest.raises(OSError, match="nobody"):
        _run(config, fail)
    assert networks.keys == ()
    assert _run(config)[1] == alone
    assert networks.compiled == 2


def _prepared(name: int, nbytes: int = 0, data: Any = DATA) -> Prepared:
    model = SimpleNamespace(name=name, nbytes=nbytes)
    config = _config(hidden_layers=(name,))
    return Prepared(config, data, cast(Any, model), cast(Any, None), np.empty(0, np.int32))


def test_so_many_networks_are_kept_and_those_used_last_stay() -> None:
    kept = Networks()
    for name in range(1, prepare.MOST_NETWORKS + 1):
        kept.add(_prepared(name))
    assert kept.take(_config(hidden_layers=(1,)), DATA) is not None
    kept.add(_prepared(1))
    kept.add(_prepared(100))
    assert len(kept.keys) == prepare.MOST_NETWORKS
    assert kept.take(_config(hidden_layers=(2,)), DATA) is None
    assert kept.take(_config(hidden_layers=(1,)), DATA) is not None


def test_large_networks_are_kept_only_as_far_as_memory_goes() -> None:
    kept = Networks()
    for name in (1, 2, 3):
        kept.add(_prepared(name, prepare.MOST_BYTES // 2))
    assert kept.keys == tuple(_config(hidden_layers=(n,)).compile_key for n in (2, 3))
    kept.add(_prepared(4, prepare.MOST_BYTES + 1))
    assert kept.keys == ()


def test_a_network_that_holds_other_images_is_not_used() -> None:
    kept = Networks()
    other = Dataset(DATA.x_train, DATA.y_train, DATA.x_test, DATA.y_test)
    kept.add(_prepared(1, data=other))
    assert kept.take(_config(hidden_layers=(1,)), DATA) is None


def test_memory_is_that_of_weights_optimizer_order_labels_and_added_images(
    networks: Networks,
) -> None:
    parameters = 784 * 8 + 8 + 8 * 10 + 10
    for twins in (0.0, 1.0):
        config = _config(twins=twins)
        _run(config)
        model = networks.take(config, DATA)
        assert model is not None
        images = 70_000 + config.fit_twins
        expected = 4 * 3 * parameters + 4 * config.fit_images + 4 * images
        expected += 784 * images if twins else 0
        assert expected <= model.nbytes < expected + 100  # metrics, counters, the rate
