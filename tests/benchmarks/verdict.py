"""The verdict on real runs: settings that are equal, and settings that are not.

    python -m tests.benchmarks.verdict [seeds]

Two lots of so many seeds of the default settings, and 16 units against 128 with the same seeds: 24
runs of 10 epochs, some minutes. For each number of seeds from two on, it prints what the verdict
says, with its numbers. The first pair must never be called different, the second one should be.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from playground.config import RunConfig
from playground.dataset import load_data
from playground.engine.__main__ import worker_environment
from playground.engine.tasks import WarmUp
from playground.events import EpochEnd, EventData
from playground.experiments.verdict import judge
from playground.training.control import Control
from tests.benchmarks import command_line, machine

ROOT = Path(__file__).parents[2]
# The second lot's seeds begin here.
_OTHER = 101


def accuracy(config: RunConfig) -> float:
    """The validation accuracy of a run after its last epoch."""
    from playground.training.train import train

    found: list[float] = []

    def emit(data: EventData) -> None:
        if isinstance(data, EpochEnd):
            found.append(data.val_accuracy)

    train(config, load_data(), emit, Control())
    return found[-1]


def accuracies(config: RunConfig, seeds: range) -> list[float]:
    """Those of runs that differ in the seed."""
    return [accuracy(config.model_copy(update={"seed": seed})) for seed in seeds]


def verdicts(baseline: list[float], candidate: list[float], images: int) -> list[dict[str, Any]]:
    """What is said after each further seed from the second on."""
    found = []
    for seeds in range(2, len(baseline) + 1):
        verdict = judge(baseline[:seeds], candidate[:seeds], images=images)
        numbers = {
            "difference": round(verdict.difference, 4),
            "interval": [round(verdict.low, 4), round(verdict.high, 4)],
            "more seeds": verdict.more_seeds,
        }
        found.append({"seeds": seeds, "answer": verdict.answer, **numbers})
    return found


def measure(seeds: int) -> dict[str, Any]:
    """Train all, and judge."""
    default = RunConfig(keep_snapshots=False)
    narrow = default.model_copy(update={"hidden_layers": (16,)})
    first = accuracies(default, range(1, seeds + 1))
    second = accuracies(default, range(_OTHER, _OTHER + seeds))
    small = accuracies(narrow, range(1, seeds + 1))
    images = default.validation_images
    return {
        "accuracies": {"128 units": first, "128 units, other seeds": second, "16 units": small},
        "two lots of the default": verdicts(first, second, images),
        "128 units against 16": verdicts(small, first, images),
    }


def main() -> None:
    """Measure and print."""
    parser = command_line(__doc__, seeds=8)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.here:  # the environment must stand before TensorFlow is imported
        seeds = str(arguments.seeds)
        command = [sys.executable, "-m", "tests.benchmarks.verdict", seeds, "--here"]
        environment = {**os.environ, **worker_environment(1)}
        sys.exit(subprocess.run(command, cwd=ROOT, env=environment).returncode)
    WarmUp()._warm_up()
    print(json.dumps({**measure(arguments.seeds), "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
