"""About how long runs will take."""

from __future__ import annotations

import pytest

from playground.config import RunConfig
from playground.experiments.duration import epoch_cost, epoch_seconds, run_seconds, sweep_seconds

SMALL, LARGE = RunConfig(), RunConfig(hidden_layers=(1024, 1024))


def test_measured_epochs_of_the_same_network_count_most() -> None:
    measured = [(SMALL, 2.0), (LARGE, 90.0), (SMALL, 4.0), (SMALL, 3.0)]
    other_rate = SMALL.model_copy(update={"learning_rate": 0.1, "seed": 7})
    assert epoch_seconds(other_rate, measured) == 3.0
    assert epoch_seconds(LARGE, measured) == 90.0


def test_other_networks_are_compared_by_their_size() -> None:
    wider = RunConfig(hidden_layers=(256,))
    twice = epoch_seconds(wider, [(SMALL, 2 * epoch_cost(SMALL))])
    assert twice == pytest.approx(2 * epoch_seconds(wider, []))
    assert epoch_cost(LARGE) > epoch_cost(wider) > epoch_cost(SMALL)
    assert epoch_cost(SMALL.model_copy(update={"batch_size": 1})) > 2 * epoch_cost(SMALL)


def test_workers_share_the_runs_and_others_get_their_turns() -> None:
    measured = [(SMALL, 1.0)]
    configs = [SMALL.model_copy(update={"seed": seed}) for seed in range(4)]
    alone = sweep_seconds(configs, measured, 1)
    assert alone == pytest.approx(4 * run_seconds(SMALL, measured))
    assert sweep_seconds(configs, measured, 2) == pytest.approx(alone / 2)
    assert sweep_seconds(configs, measured, 64) == pytest.approx(alone / 4)
    assert sweep_seconds(configs, measured, 1, [5.0]) == pytest.approx(alone + 5)
    assert sweep_seconds(configs, measured, 1, [1e6]) == pytest.approx(2 * alone)
    assert sweep_seconds([], measured, 1, [1e6]) == 0
