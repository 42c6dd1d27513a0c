"""The scripts that measure can be started."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

SCRIPTS = sorted(path.stem for path in (Path(__file__).parent / "benchmarks").glob("[!_]*.py"))
# What others start or import.
PARTS = {"peers", "session"}
# Which import Keras at once, and so take seconds to start.
WITH_KERAS = {"same_learning"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.engine] * (name in WITH_KERAS)) for name in SCRIPTS],
)
def test_each_says_what_it_measures(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = import_module(f"tests.benchmarks.{name}")
    if name in PARTS:
        return
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit, match="0"):
        script.main()
    assert (
        str(script.__doc__).split()[:5] == capsys.readouterr().out.partition("\n\n")[2].split()[:5]
    )
