"""Runs of one network after another in one worker: what a sweep costs, and how memory grows.

    python -m tests.benchmarks.same_shape

In one process with a worker's environment, warmed up as a worker is. A sweep of 12 learning rates
with 5 seeds each, 2 epochs at batch 32, is compared with the time that its epochs take; memory is
that after ever more short runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.__main__ import worker_environment
from playground.engine.tasks import WarmUp
from playground.events import EpochEnd, EventData
from playground.training.control import Control
from tests.benchmarks import command_line, machine

ROOT = Path(__file__).parents[2]
_RATES = 12
_SEEDS = 5
_RUNS = 300


def train(config: RunConfig) -> float:
    """Train a run to its end; returns the seconds that its epochs took."""
    from playground.training.train import train

    epochs = 0.0

    def emit(data: EventData) -> None:
        nonlocal epochs
        if isinstance(data, EpochEnd):
            epochs += data.seconds

    train(config, load_data(), emit, Control())
    return epochs


def sweep() -> dict[str, float]:
    """Seconds of a sweep, and of its epochs."""
    configs = [
        RunConfig(epochs=2, early_stop=False, learning_rate=1e-4 * 2**rate, seed=seed)
        for rate in range(_RATES)
        for seed in range(_SEEDS)
    ]
    began = time.perf_counter()
    epochs = sum(map(train, configs))
    whole = time.perf_counter() - began
    return {"whole": round(whole, 1), "epochs": round(epochs, 1), "ratio": round(whole / epochs, 2)}


def memory(runs: int) -> dict[int, int]:
    """Resident MiB after so many short runs, none compiled."""
    found = {}
    for run in range(1, runs + 1):
        train(RunConfig(train_images=3000, epochs=1, early_stop=False, seed=run))
        if run in (1, 10, 30) or run % 50 == 0:
            found[run] = round(psutil.Process().memory_info().rss / 2**20)
    return found


def main() -> None:
    """Measure and print."""
    parser = command_line(__doc__)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    if not parser.parse_args().here:  # the environment must stand before TensorFlow is imported
        command = [sys.executable, "-m", "tests.benchmarks.same_shape", "--here"]
        environment = {**os.environ, **worker_environment(1)}
        sys.exit(subprocess.run(command, cwd=ROOT, env=environment).returncode)
    WarmUp()._warm_up()
    figures = {
        "seconds of a sweep": sweep(),
        "MiB after so many runs of one network": memory(_RUNS),
        "load of the machine, a minute's mean": os.getloadavg()[0],
        "machine": machine(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
