"""Seconds an epoch: this project as users run it, and other ways to do the same work.

    pip install -r tests/benchmarks/requirements-bench.txt
    python -m tests.benchmarks.training_speed --json

Each peer has a process of its own, all with the same number of threads. They take turns, epoch
by epoch, so that whatever else the machine does falls on all of them. The first epochs, in which
they compile, do not count. The median of the others does.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playground.config import RunConfig
from playground.engine.__main__ import worker_environment
from tests.benchmarks.peers import PEERS

ROOT = Path(__file__).parents[2]
WARM_UP = 2
NEEDS = {"PyTorch": "torch", "scikit-learn": "sklearn", "JAX lax.scan": "jax"}
LIBRARIES = ("tensorflow", "keras", "numpy", "torch", "scikit-learn", "jax")


@dataclass(frozen=True)
class Case:
    """A network, a batch size, and the images that every peer sees in an epoch."""

    name: str
    batch_size: int | str
    images: int = 60_000
    hidden_layers: tuple[int, ...] = (128,)

    @property
    def config(self) -> RunConfig:
        """5 % of the images validate, the least that may."""
        return RunConfig.model_validate(
            {
                "batch_size": self.batch_size,
                "hidden_layers": self.hidden_layers,
                "train_images": self.images,
                "validation_split": 0.05,
                "epochs": 200,
                "early_stop": False,
            }
        )


CASES = (
    Case("batch 1", 1, images=12_000),
    Case("batch 32", 32),
    Case("batch 128", 128),
    Case("batch 512", 512),
    Case("full batch", "full"),
    Case("3 x 512, batch 32", 32, images=30_000, hidden_layers=(512, 512, 512)),
    Case("3 x 512, batch 512", 512, images=30_000, hidden_layers=(512, 512, 512)),
)


class Process:
    """One peer on one case, in a process of its own."""

    def __init__(self, peer: str, case: Case, threads: int) -> None:
        # Everybody has the environment of our workers, also where it is not for them.
        environment = {
            **worker_environment(threads),
            "OPENBLAS_NUM_THREADS": str(threads),
            "JAX_PLATFORMS": "cpu",
        }
        # JAX knows no number of threads: it takes as many as there are cores to run on.
        cores = sorted(os.sched_getaffinity(0))[:threads]
        self._process = subprocess.Popen(
            [
                *("taskset", "-c", ",".join(map(str, cores)), sys.executable, "-m"),
                *("tests.benchmarks.peers", peer, case.config.model_dump_json()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment},
        )

    def seconds(self) -> float:
        """Of the epoch under way, once it has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(self._process.communicate()[1][-2000:])
        return float(line)

    def go(self) -> None:
        """Train the next epoch."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def measure(case: Case, peers: list[str], rounds: int, threads: int) -> dict[str, list[float]]:
    """Seconds of `rounds` epochs of each peer, in turns."""
    processes: dict[str, Process] = {}
    laps: dict[str, list[float]] = {peer: [] for peer in peers}
    for peer in peers:
        processes[peer] = Process(peer, case, threads)
        processes[peer].seconds()  # one after the other: imports and compiling keep to themselves
    for lap in range(WARM_UP - 1 + rounds):
        for peer, process in processes.items():
            process.go()
            seconds = process.seconds()
            if lap >= WARM_UP - 1:
                laps[peer].append(seconds)
    for process in processes.values():
        process.close()
    return laps


def products_gflop(config: RunConfig) -> float:
    """Of an epoch's matrix products: forward, gradients of weights, and of hidden layers."""
    sizes = [784, *config.hidden_layers, 10]
    weights = [a * b for a, b in pairwise(sizes)]
    return 2e-9 * config.fit_images * (3 * sum(weights) - weights[0])


def result(case: Case, laps: dict[str, list[float]]) -> dict[str, Any]:
    """Medians and ratios of one case."""
    config = case.config
    seconds = {peer: statistics.median(times) for peer, times in laps.items()}
    ours = seconds["playground"]
    found: dict[str, Any] = {
        "case": case.name,
        "hidden_layers": list(case.hidden_layers),
        "batch_size": case.batch_size,
        "images_trained": config.fit_images,
        "images_validated": config.validation_images,
        "steps": config.steps_per_epoch,
        "seconds": {peer: round(value, 4) for peer, value in seconds.items()},
        "seconds_least": {peer: round(min(times), 4) for peer, times in laps.items()},
        "times_as_fast": {
            peer: round(value / ours, 2)
            for peer, value in seconds.items()
            if peer not in ("playground", "matrix products alone")
        },
    }
    if "matrix products alone" in seconds:
        gflop = products_gflop(config)
        found["gflop"] = round(gflop, 1)
        found["matrix_products_gflop_per_second"] = round(
            gflop / seconds["matrix products alone"], 1
        )
        found["playground_gflop_per_second"] = round(gflop / ours, 1)
    return found


def machine(threads: int) -> dict[str, Any]:
    """What it was measured on."""
    versions = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    model = "unknown"
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return {"cpu": model, "cores": os.cpu_count(), "threads": threads, "versions": versions}


def main() -> None:
    """Measure what was asked for and print it."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--json", action="store_true", help="what it does in any case")
    arguments.add_argument("--case", action="append", choices=[case.name for case in CASES])
    arguments.add_argument("--peer", action="append", choices=list(PEERS))
    arguments.add_argument("--rounds", type=int, default=5, help="epochs that count (default 5)")
    arguments.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = arguments.parse_args()
    peers = [
        peer
        for peer in PEERS
        if peer in (options.peer or PEERS)
        and (peer not in NEEDS or importlib.util.find_spec(NEEDS[peer]))
    ]
    peers = ["playground", *(peer for peer in peers if peer != "playground")]
    found: dict[str, Any] = {"machine": machine(options.threads), "cases": []}
    for case in CASES:
        if case.name in (options.case or [c.name for c in CASES]):
            laps = measure(case, peers, options.rounds, options.threads)
            found["cases"].append(result(case, laps))
            # On stderr, so that a measurement cut short has said something.
            print(case.name, found["cases"][-1]["seconds"], file=sys.stderr, flush=True)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
