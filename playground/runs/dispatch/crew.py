"""The crew: which worker processes there are, what each does and has compiled, and when it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from playground.config import RunConfig
from playground.engine.protocol import Compiled

# TensorFlow keeps memory of every network that it has compiled. A worker is replaced by a fresh
# process after so many, once nobody waits and another stands by, and after the most at the latest.
WORN_AFTER = 10
WORN_AT_LAST = 30

# What a worker has compiled before its first run; see `playground.engine.tasks.WarmUp`.
_WARM = frozenset({RunConfig().compile_key})

# Networks that a worker compiles before its first run, besides the default, and the newest runs
# that say which. Each takes it about a second, and counts like one that a run asked for.
_MOST_USUAL, _RECENT = 2, 500


def usual(configs: Iterable[RunConfig]) -> tuple[RunConfig, ...]:
    """The newest run of each network that is used most, the most used first; without the default.

    Args:
        configs: of all runs, newest first.
    """
    recent = list(islice(configs, _RECENT))
    counts = Counter(config.compile_key for config in recent)
    # A run that adds drawings to the photos would have to make them first.
    runs = {run.compile_key: run for run in reversed(recent) if run.fit_images == run.fit_photos}
    most = [key for key, count in counts.most_common() if key in runs.keys() - _WARM and count > 1]
    return tuple(runs[key] for key in most[:_MOST_USUAL])


class Crew:
    """Workers by address. Not safe for threads: the hub calls it under its lock."""

    def __init__(self) -> None:
        self._present: frozenset[str] = frozenset()
        self._of_run: dict[str, str] = {}
        self._compiled: Counter[str] = Counter()
        self._kept: dict[str, frozenset[str]] = {}
        self._forgiven: Counter[str] = Counter()
        self._leaving: set[str] = set()

    @property
    def any(self) -> bool:
        """Whether there are workers at all."""
        return bool(self._present)

    @property
    def count(self) -> int:
        """How many workers there are."""
        return len(self._present)

    @property
    def free(self) -> list[str]:
        """Those that could train now."""
        return sorted(self._present - set(self._of_run.values()) - self._leaving)

    def of(self, run_id: str) -> str | None:
        """The worker that trains a run."""
        return self._of_run.get(run_id)

    @property
    def at_hand(self) -> frozenset[str]:
        """The networks that the free workers have compiled, as `RunConfig.compile_key`."""
        return self._networks(self.free)

    @property
    def elsewhere(self) -> frozenset[str]:
        """The networks that workers have which train."""
        return self._networks(self._of_run.values())

    def _networks(self, workers: Iterable[str]) -> frozenset[str]:
        return frozenset().union(*(self._kept.get(worker, _WARM) for worker in workers))

    def give(self, run_id: str, worker: str, key: str) -> None:
        """Let this worker train this run, whose network is that of a `RunConfig.compile_key`."""
        self._of_run[run_id] = worker
        self._kept[worker] = self._kept.get(worker, _WARM) | {key}

    def choose(self, keys: Iterable[str]) -> list[str]:
        """A free worker for each run: one that has its network, else the one that compiled least.

        Args:
            keys: the runs' `RunConfig.compile_key`, no more than there are free workers.

        Returns:
            Their addresses, in the order of `keys`.
        """
        wanted = dict(enumerate(keys))
        free = sorted(self.free, key=lambda worker: (self._compiled[worker], worker))
        chosen: dict[int, str] = {}
        for run, key in wanted.items():
            having = [worker for worker in free if key in self._kept.get(worker, _WARM)]
            if having:
                chosen[run] = having[0]
                free.remove(having[0])
        return [chosen[run] if run in chosen else free.pop(0) for run in wanted]

    def learn(self, run_id: str, compiled: Compiled | None) -> None:
        """What the worker of a run that is over has compiled; if nobody knows, one network more."""
        worker = self._of_run.get(run_id)
        if worker is None:
            return
        if compiled is None:
            self._compiled[worker] += 1
        else:
            self._compiled[worker], self._kept[worker] = compiled.count, compiled.kept

    def release(self, run_id: str, *, gone: bool = False) -> None:
        """A run is over; its worker is free again, or `gone` with it."""
        worker = self._of_run.pop(run_id, None)
        if gone and worker is not None:
            # It must not be given the next run before the engine has said so.
            self._present -= {worker}

    def see(self, present: frozenset[str]) -> list[str]:
        """These workers are there; returns the runs whose worker is not."""
        self._present = present
        self._leaving &= present
        for of_worker in (self._compiled, self._kept, self._forgiven):
            for worker in of_worker.keys() - present:
                del of_worker[worker]
        return [run_id for run_id, worker in self._of_run.items() if worker not in present]

    def worn_out(self, waiting: bool) -> str | None:
        """A free worker to replace now, one at a time; it gets no run any more.

        Args:
            waiting: whether runs are queued.
        """
        free = self.free
        if self._leaving or not free:
            return None
        wear = {worker: self._compiled[worker] - self._forgiven[worker] for worker in free}
        worker = max(free, key=wear.__getitem__)
        in_time = len(free) > 1 and not waiting and wear[worker] >= WORN_AFTER
        if not in_time and wear[worker] < WORN_AT_LAST:
            return None
        self._leaving.add(worker)
        return worker

    def retain(self, worker: str) -> None:
        """It could not be replaced, so it goes on."""
        self._leaving.discard(worker)
        self._forgiven[worker] = self._compiled[worker]
