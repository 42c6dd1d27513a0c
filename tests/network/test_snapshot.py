"""Snapshots: within their bound for every configuration, and the same after a trip as bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from playground.config import RunConfig
from playground.network.gradients import initial_network
from playground.network.snapshot import MOST, MOST_BYTES, Snapshot, kept_epochs
from tests.test_config import CONFIGS


@given(CONFIGS)
def test_a_run_keeps_its_beginning_its_end_and_no_more_than_the_bound(config: RunConfig) -> None:
    epochs = kept_epochs(config)
    if not config.keep_snapshots:
        assert epochs == []
        return
    assert epochs[0] == 0
    assert epochs[-1] == config.epochs
    # The callback may end the run after an epoch that is not among them.
    early = epochs[:-1]
    for last in range(config.epochs):
        kept = {*(epoch for epoch in early if epoch <= last), last}
        assert len(kept) <= len(epochs)
    size = 4 * config.parameters + config.validation_images
    assert len(epochs) <= MOST
    assert len(epochs) * size <= MOST_BYTES
    assert len(set(np.diff(early))) <= 1, "thinned evenly"


def test_the_defaults_keep_every_epoch_and_long_runs_every_few() -> None:
    assert kept_epochs(RunConfig()) == list(range(11))
    assert kept_epochs(RunConfig(epochs=48)) == list(range(49))
    assert kept_epochs(RunConfig(epochs=200)) == [*range(0, 200, 5), 200]
    assert kept_epochs(RunConfig(hidden_layers=(1024,) * 5, epochs=10)) == [0, 10]


def test_bytes_give_back_the_very_snapshot() -> None:
    network = initial_network((7,), "tanh", 1)
    for predicted in (np.arange(10, dtype=np.uint8), np.array([], np.uint8)):
        read = Snapshot.from_bytes(Snapshot(network, predicted).to_bytes())
        np.testing.assert_array_equal(read.predicted, predicted)
        assert read.predicted.dtype == np.uint8
        assert read.network.epoch == 0
        for ours, theirs in zip(read.network.layers, network.layers, strict=True):
            np.testing.assert_array_equal(ours[0], theirs[0])
            np.testing.assert_array_equal(ours[1], theirs[1])


@pytest.mark.parametrize("length", [0, 100, 140, 2_000])
def test_damaged_bytes_are_no_snapshot(length: int) -> None:
    whole = Snapshot(initial_network((7,), "tanh", 1), np.zeros(9, np.uint8)).to_bytes()
    with pytest.raises(ValueError, match=r"holds? no"):
        Snapshot.from_bytes(whole[:length])


def test_the_help_of_look_inside_says_the_bound() -> None:
    words = RunConfig.model_fields["keep_snapshots"].description or ""
    assert f"at most {MOST} epochs and {MOST_BYTES // 2**20} MiB for each run" in words
