"""The crew: which worker processes there are, what each does, and when one is replaced."""

from __future__ import annotations

from collections import Counter

# TensorFlow keeps memory of every run. A worker is replaced by a fresh process after so many runs,
# once nobody waits and another stands by, and after the most at the latest.
WORN_AFTER = 10
WORN_AT_LAST = 30


class Crew:
    """Workers by address. Not safe for threads: the hub calls it under its lock."""

    def __init__(self) -> None:
        self._present: frozenset[str] = frozenset()
        self._of_run: dict[str, str] = {}
        self._runs: Counter[str] = Counter()
        self._leaving: set[str] = set()

    @property
    def any(self) -> bool:
        """Whether there are workers at all."""
        return bool(self._present)

    @property
    def free(self) -> list[str]:
        """Those that could train now."""
        return sorted(self._present - set(self._of_run.values()) - self._leaving)

    def of(self, run_id: str) -> str | None:
        """The worker that trains a run."""
        return self._of_run.get(run_id)

    def give(self, run_id: str, worker: str) -> None:
        """Let this worker train this run."""
        self._of_run[run_id] = worker
        self._runs[worker] += 1

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
        self._runs = Counter({worker: self._runs[worker] for worker in present})
        return [run_id for run_id, worker in self._of_run.items() if worker not in present]

    def worn_out(self, waiting: bool) -> str | None:
        """A free worker to replace now, one at a time; it gets no run any more.

        Args:
            waiting: whether runs are queued.
        """
        free = self.free
        if self._leaving or not free:
            return None
        worker = max(free, key=self._runs.__getitem__)
        in_time = len(free) > 1 and not waiting and self._runs[worker] >= WORN_AFTER
        if not in_time and self._runs[worker] < WORN_AT_LAST:
            return None
        self._leaving.add(worker)
        return worker

    def retain(self, worker: str) -> None:
        """It could not be replaced, so it goes on."""
        self._leaving.discard(worker)
        self._runs[worker] = 0
