"""Checkpoints as files: what is written is read, and what is damaged is refused in a sentence."""

from __future__ import annotations

import io
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.config import RunConfig
from playground.network.checkpoint import Checkpoint, keeps_optimizer

RNG = np.random.default_rng(0)


def layers(*units: int) -> tuple[tuple[Any, Any], ...]:
    sizes = [784, *units, 10]
    return tuple(
        (RNG.random((n, m), np.float32), RNG.random(m, np.float32)) for n, m in pairwise(sizes)
    )


def checkpoint(**changes: Any) -> Checkpoint:
    usual: dict[str, Any] = {
        "epoch": 7,
        "layers": layers(4),
        "optimizer": (np.array(70), np.float32(0.01) * np.ones(()), RNG.random((784, 4), "f4")),
        "dropout": (np.array([3, 70]),),
        "predicted": RNG.integers(0, 10, 20, np.uint8),
    }
    return Checkpoint(**usual | changes)


CONTENT = checkpoint().to_bytes()
WEIGHTS = Checkpoint.from_bytes(CONTENT).layers[0][0]


@pytest.mark.parametrize("rate", [None, 0.02])
def test_what_is_written_is_read_to_the_bit(rate: float | None) -> None:
    written = checkpoint(rate_by_hand=rate)
    read = Checkpoint.from_bytes(written.to_bytes())
    assert (read.epoch, read.rate_by_hand) == (7, rate)
    for one, other in (
        *zip(written.layers, read.layers, strict=True),
        (written.optimizer, read.optimizer),
        (written.dropout, read.dropout),
        ([written.predicted], [read.predicted]),
    ):
        for array, same in zip(one, other, strict=True):
            assert (array.dtype, array.shape) == (same.dtype, same.shape)
            np.testing.assert_array_equal(array, same)


def test_one_without_weights_is_the_beginning() -> None:
    read = Checkpoint.from_bytes(Checkpoint(0).to_bytes())
    assert (read.epoch, read.layers, read.optimizer, read.dropout) == (0, (), (), ())
    assert read.fits(RunConfig())


@given(st.integers(0, len(CONTENT) - 1), st.binary(max_size=40))
def test_whatever_is_damaged_is_refused_or_does_no_harm(start: int, noise: bytes) -> None:
    damaged = CONTENT[:start] + noise + CONTENT[start + len(noise) :]
    for content in (damaged, CONTENT[:start], CONTENT[start:] if start else b"", noise):
        with suppress(ValueError):  # what was hit may be no more than a date
            read = Checkpoint.from_bytes(content)
            np.testing.assert_array_equal(read.layers[0][0], WEIGHTS)


def _file(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": np.array(-1)},
        {"epoch": np.arange(2)},
        {"weights0": np.zeros((784, 5), np.float32)},
        {"weights0": np.zeros((784, 4))},
        {"bias1": None},
        {"optimizer0": None},
        {"optimizer1": np.array("text")},
        {"predicted": np.zeros((2, 2), np.uint8)},
        {"predicted": None},
        {"rate_by_hand": np.array(np.inf)},
        {"rate_by_hand": np.array("x")},
    ],
    ids=str,
)
def test_parts_that_do_not_fit_together_are_refused(changes: dict[str, Any]) -> None:
    with np.load(io.BytesIO(CONTENT)) as file:
        arrays = {
            name: value for name, value in (dict(file) | changes).items() if value is not None
        }
    with pytest.raises(ValueError, match="kept to go on from"):
        Checkpoint.from_bytes(_file(**arrays))


def test_another_version_is_named() -> None:
    with pytest.raises(ValueError, match="another version"):
        Checkpoint.from_bytes(_file(version=np.array(2)))


def test_only_layers_of_the_same_shape_fit() -> None:
    kept = checkpoint(layers=layers(4, 3))
    assert kept.fits(RunConfig(hidden_layers=(4, 3), activation="tanh", dropout=0.5))
    for units in ((), (4,), (3, 4), (4, 3, 3)):
        assert not kept.fits(RunConfig(hidden_layers=units))


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"learning_rate": 0.1, "dropout": 0.2, "l2": 0.01, "label_noise": 0.1}, True),
        ({"loss": "mse", "early_stop": False, "epochs": 20, "seed": 1}, True),
        ({"momentum": 0.5}, True),  # Adam has none
        ({"optimizer": "sgd"}, False),
        ({"batch_size": 64}, False),
        ({"twins": 0.5}, False),
    ],
    ids=str,
)
def test_the_optimizer_goes_on_where_it_is_the_same(changes: dict[str, Any], kept: bool) -> None:
    before = RunConfig(dropout=0.1)
    now = RunConfig.model_validate({**before.model_dump(), **changes})
    assert keeps_optimizer(before, now) == kept
    forked = checkpoint(rate_by_hand=0.5).forked(before, now)
    assert bool(forked.optimizer) == kept
    assert forked.rate_by_hand is None


def test_a_velocity_goes_on_only_in_a_run_that_has_one() -> None:
    still, fast, faster = (RunConfig(optimizer="sgd", momentum=m) for m in (0.0, 0.5, 0.9))
    assert keeps_optimizer(fast, faster)
    assert not keeps_optimizer(still, fast)


def test_dropout_and_predictions_stay_where_they_mean_the_same() -> None:
    before = RunConfig(dropout=0.1)
    for changes, dropout, predicted in (
        ({"dropout": 0.5}, True, True),
        ({"dropout": 0.0}, False, True),
        ({"seed": 1}, False, True),
        ({"train_images": 5000}, True, False),
    ):
        now = RunConfig.model_validate({**before.model_dump(), **changes})
        forked = checkpoint().forked(before, now)
        assert (bool(forked.dropout), bool(len(forked.predicted))) == (dropout, predicted)
