"""Who may import whom: the table of the architecture, held by a test."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "playground"
MODULES = sorted(PACKAGE.rglob("*.py"))

GROUND = {
    *("playground.config", "playground.events", "playground.dataset", "playground.settings"),
    *("playground.seeds", "playground.locales"),
}
# Ground floor first: what each room may import beside itself and the standard library; the longest
# key that fits counts.
MAY: dict[str, set[str]] = {
    "playground": set(),
    "playground.__main__": {"streamlit", "playground.settings"},
    "playground.locales": {"babel"},
    "playground.config": {"pydantic", "playground.locales"},
    "playground.events": {"pydantic", "playground.config", "playground.locales"},
    "playground.dataset": {"numpy", "playground.locales"},
    "playground.settings": {"platformdirs", "pydantic", "pydantic_settings"},
    "playground.seeds": {"numpy", "playground.config"},
    "playground.twins": {"numpy", "scipy", "playground.dataset", "playground.seeds"},
    "playground.drawing": {"numpy", "PIL", "scipy", "playground.dataset", "playground.locales"},
    "playground.store": {"sqlalchemy", "pydantic", "numpy", "playground.drawing", *GROUND},
    "playground.store.upkeep": {"filelock", "sqlalchemy", "playground.store", *GROUND},
    "playground.network": {"numpy", "scipy", "playground.config", "playground.locales"},
    "playground.network.by_hand": {
        *("numpy", "playground.config", "playground.network", "playground.seeds"),
    },
    "playground.experiments": {"numpy", "scipy", "playground.config", "playground.locales"},
    "playground.script": {"playground.config", "playground.locales"},
    "playground.lesson": {
        "numpy",
        "scipy",
        "playground.config",
        "playground.experiments",
        "playground.network",
        "playground.locales",
    },
    "playground.training": {"numpy", "playground.network", "playground.twins", *GROUND},
    **{
        f"playground.training.{name}": {
            *("keras", "tensorflow", "numpy"),
            *("playground.network", "playground.training", "playground.twins"),
            *GROUND,
        }
        for name in ("hooks", "model", "prepare", "reporter", "train")
    },
    "playground.figures": {
        *("plotly", "pandas", "numpy", "playground.lesson", "playground.network"),
        *GROUND,
    },
    "playground.engine": {
        *("dask", "distributed", "numpy", "playground.network"),
        *GROUND,
    },
    "playground.engine.tasks": {
        *("distributed", "pydantic"),
        *("playground.engine", "playground.network", "playground.training"),
        *GROUND,
    },
    "playground.runs": {
        *("starlette", "sse_starlette", "numpy", "pydantic"),
        *("playground.engine.protocol", "playground.experiments"),
        *("playground.network", "playground.store"),
        *GROUND,
    },
    "playground.runs.service": {
        *("playground.engine.client", "playground.runs", "playground.store"),
        *GROUND,
    },
    "playground.classroom": {
        *("pydantic", "numpy", "scipy", "playground.experiments", "playground.network"),
        *("playground.runs", "playground.store"),
        *GROUND,
    },
    "playground.classroom.activities": {
        *("pydantic", "yaml", "playground.config", "playground.locales"),
    },
    "playground.classroom.report": {"playground.locales"},
    "playground.ui": {
        *("streamlit", "starlette", "uvicorn", "numpy", "pandas", "plotly", "PIL", "pydantic"),
        *("psutil", "segno", "tensorboardX"),
        *("playground.drawing", "playground.experiments", "playground.figures"),
        *("playground.classroom", "playground.lesson", "playground.network"),
        *("playground.runs", "playground.script", "playground.store", "playground.twins"),
        *GROUND,
    },
    "playground.main": {
        *("streamlit", "playground.locales", "playground.runs", "playground.ui"),
    },
}
# Entries of `playground/` beside the rooms of the table.
BESIDE = {"__init__", "data", "__pycache__", "py.typed"}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports, and whether it does so at its top level."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in tree.body
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides what is imported"
            assert node.module is not None
            for alias in node.names:
                yield _module(node.module, alias.name), node in tree.body


def _module(package: str, name: str) -> str:
    """`from package import name` imports a module of ours if there is one of that name."""
    below = ROOT.joinpath(*package.split("."), name)
    ours = below.is_dir() or below.with_suffix(".py").exists()
    return f"{package}.{name}" if ours else package


def _room(module: str, rooms: set[str]) -> str | None:
    fitting = [room for room in rooms if module == room or module.startswith(f"{room}.")]
    return max(fitting, key=len, default=None)


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_imports_only_what_the_table_allows(path: Path) -> None:
    room = _room(_name(path), set(MAY))
    assert room is not None
    assert room != "playground" or _name(path) == "playground", f"{path} is in no room"
    for module, _ in _imports(path):
        if module.split(".")[0] in sys.stdlib_module_names or module == "playground":
            continue
        assert _room(module, MAY[room] | {room}), f"{_name(path)} must not import {module}"


def test_the_rooms_are_those_of_the_table_and_none_is_crowded() -> None:
    rooms = {name.split(".")[1] for name in MAY if name != "playground"}
    assert {path.name.removesuffix(".py") for path in PACKAGE.iterdir()} - BESIDE == rooms
    for folder in {path.parent for path in MODULES} - {PACKAGE}:
        modules = [path.name for path in folder.glob("*.py") if path.name[:2] != "__"]
        assert len(modules) <= 9, f"{folder.name}: {modules}"


def test_no_two_concepts_of_the_screen_import_each_other() -> None:
    concepts = {
        f"playground.ui.{path.name}" for path in (PACKAGE / "ui").iterdir() if path.is_dir()
    }
    found = {
        (room, other)
        for path in MODULES
        if (room := _room(_name(path), concepts))
        for module, _ in _imports(path)
        if (other := _room(module, concepts)) and other != room
    }
    assert [pair for pair in sorted(found) if pair[::-1] in found] == []


def test_training_is_imported_by_the_worker_task_alone_and_late() -> None:
    keras = {
        "playground.training.hooks",
        "playground.training.model",
        "playground.training.prepare",
        "playground.training.reporter",
        "playground.training.train",
    }
    heavy = keras | {"keras", "tensorflow"}
    for path in MODULES:
        for module, at_top in _imports(path):
            if _room(module, heavy) is None:
                continue
            importer = _name(path)
            assert importer in keras | {"playground.engine.tasks"}
            assert not (at_top and importer == "playground.engine.tasks")


@pytest.mark.engine
def test_the_web_process_does_not_import_tensorflow() -> None:
    modules = (
        "app, playground.runs.service, playground.runs.stream.routes, playground.ui.navigation, "
        "playground.ui.pages.train, playground.ui.pages.draw, playground.ui.pages.runs"
    )
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {modules}; print(*{{'tensorflow', 'keras', 'jax'}} & set(sys.modules))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert found.stdout.strip() == ""
