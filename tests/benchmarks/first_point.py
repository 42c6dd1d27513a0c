"""Seconds from the start of a run in a warm worker to its first live point, over differing configs.

    python -m tests.benchmarks.first_point --json

In one process with a worker's environment, warmed up as a worker is. Every run compiles, for no two
have the same network, batch size, optimizer and loss. With `--same-shape` each configuration is
trained a second time at once, with another learning rate and seed: only these runs are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, get_args

from playground.config import Activation, Loss, Optimizer, RunConfig
from playground.dataset import load_data
from playground.engine.__main__ import worker_environment
from playground.engine.tasks import WarmUp
from playground.events import Command, EventData
from playground.training.control import Control
from playground.ui.address import to_query

ROOT = Path(__file__).parents[2]


def configs(count: int) -> list[RunConfig]:
    """Configurations as a class might choose them: one to three layers, everything else mixed."""
    pick = random.Random(0)
    return [
        RunConfig(
            hidden_layers=tuple(pick.choices([32, 64, 128, 256, 512], k=pick.choice([1, 1, 2, 3]))),
            activation=pick.choice(get_args(Activation)),
            optimizer=pick.choice(get_args(Optimizer)),
            loss=pick.choice(get_args(Loss)),
            batch_size=pick.choice([1, 16, 32, 64, 128, 256, 512, "full"]),
            dropout=pick.choice([0.0, 0.0, 0.2]),
            learning_rate=0.001,
        )
        for _ in range(count)
    ]


def first_point(config: RunConfig) -> dict[str, float]:
    """Seconds until the run says Running, and its first progress event; and what cores spent."""
    from playground.training.train import train

    control = Control()
    seconds: dict[str, float] = {}
    start, spent = time.perf_counter(), time.process_time()

    def emit(data: EventData) -> None:
        seconds.setdefault(data.kind, time.perf_counter() - start)
        if data.kind == "progress":
            seconds.setdefault("cpu", time.process_time() - spent)
            control.send(Command("stop"))

    train(config, load_data(), emit, control)
    return {"running": seconds["status"], "first_point": seconds["progress"], "cpu": seconds["cpu"]}


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true", help="print JSON, not lines")
    arguments.add_argument("--same-shape", action="store_true", help="measure second runs")
    arguments.add_argument("--runs", type=int, default=20)
    arguments.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    arguments.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if not options.here:  # the environment must stand before TensorFlow is imported
        command = [sys.executable, "-m", "tests.benchmarks.first_point", "--here", *sys.argv[1:]]
        environment = {**os.environ, **worker_environment(options.threads)}
        sys.exit(subprocess.run(command, cwd=ROOT, env=environment).returncode)
    WarmUp()._warm_up()
    runs: list[dict[str, Any]] = []
    for config in configs(options.runs):
        if options.same_shape:
            first_point(config)
            config = config.model_copy(update={"learning_rate": 0.002, "seed": 7})
        runs.append({**first_point(config), "config": to_query(config)})
        if not options.json:
            seconds = [round(runs[-1][name], 3) for name in ("running", "first_point", "cpu")]
            print(*seconds, config.hidden_layers, config.batch_size, config.optimizer, flush=True)
    times = sorted(run["first_point"] for run in runs)
    found = {
        "threads": options.threads,
        "same shape": options.same_shape,
        "load": os.getloadavg(),
        "runs": len(times),
        "median": round(statistics.median(times), 3),
        "p95": round(times[max(0, -(-len(times) * 95 // 100) - 1)], 3),
        "greatest": round(times[-1], 3),
    }
    print(json.dumps({**found, "all": runs}, indent=2) if options.json else found)


if __name__ == "__main__":
    main()
