"""Figures of the running app, as JSON; they assert nothing. Run from the repository's root."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("streamlit", "tensorflow", "keras", "plotly", "distributed")


def command_line(doc: str | None, **numbers: int) -> argparse.ArgumentParser:
    """A script's arguments: numbers with their defaults; `--help` prints its docstring."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in numbers.items():
        parser.add_argument(name, type=int, nargs="?", default=default, help="default %(default)s")
    return parser


def machine() -> dict[str, str | int | None]:
    """What the figures were measured on: processor, cores, Python and the libraries that count."""
    linux = Path("/proc/cpuinfo")
    lines = linux.read_text("utf-8").splitlines() if linux.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": (names or [platform.processor() or platform.machine()])[0],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }
