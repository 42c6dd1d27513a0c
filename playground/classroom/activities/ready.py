"""The activities that are ready: one file each in `data/`, in the order of a lesson."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from playground.classroom.activities.files import load
from playground.classroom.activities.schema import Activity


@lru_cache
def ready() -> tuple[Activity, ...]:
    """All of them, in the order in which a lesson of 90 minutes takes them."""
    folder = files("playground.classroom.activities") / "data"
    found = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".yaml"))
    return tuple(load(file.read_text(encoding="utf-8")) for _, file in found)
