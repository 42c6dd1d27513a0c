"""An owner's runs: all that a page may show without being asked for another one."""

from __future__ import annotations

from playground.runs.hub import Hub
from playground.runs.store import RunInfo


def own_runs(hub: Hub, owner: str) -> list[RunInfo]:
    """The owner's runs, newest first."""
    return [run for run in hub.runs() if run.owner == owner]
