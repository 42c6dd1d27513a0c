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

# What each room may import beside the standard library; the longest key that fits counts.
MAY: dict[str, set[str]] = {
    "playground": set(),
    "playground.__main__": {"streamlit", "playground.settings"},
    "playground.config": {"pydantic"},
    "playground.events": set(),
    "playground.dataset": {"numpy"},
    "playground.preprocessing": {"numpy", "PIL", "scipy"},
    "playground.quickdraw": {"numpy", "PIL"},
    "playground.seeds": {"numpy"},
    "playground.warps": {"numpy"},
    "playground.marks": {"numpy", "playground.warps"},
    "playground.patterns": {"numpy", "scipy", "playground.marks", "playground.warps"},
    "playground.twins": {
        *("numpy", "scipy", "playground.marks", "playground.patterns", "playground.seeds"),
        "playground.warps",
    },
    "playground.additions": {
        "numpy",
        *("playground.config", "playground.dataset", "playground.twins"),
    },
    "playground.photo": {"numpy", "PIL", "scipy"},
    "playground.metrics": {"numpy", "playground.config"},
    "playground.settings": {"platformdirs", "pydantic", "pydantic_settings"},
    "playground.charts": {
        *("plotly", "pandas", "numpy"),
        *("playground.config", "playground.dataset", "playground.events", "playground.metrics"),
        "playground.references",
    },
    "playground.bindings": {
        *("playground.charts", "playground.config", "playground.dataset", "playground.events"),
        "playground.step_losses",
    },
    "playground.references": set(),
    "playground.forward": {"numpy", "scipy"},
    "playground.xray": {"numpy", "scipy", "playground.forward"},
    "playground.lesson": {
        *("numpy", "scipy"),
        *("playground.config", "playground.forward", "playground.lesson"),
    },
    "playground.lesson_charts": {
        *("plotly", "pandas", "numpy"),
        *("playground.charts", "playground.config", "playground.dataset", "playground.forward"),
        *("playground.lesson", "playground.lesson_charts"),
    },
    "playground.inside": {
        *("numpy", "playground.config", "playground.forward", "playground.lesson"),
    },
    "playground.inside_charts": {
        *("plotly", "numpy", "playground.charts", "playground.dataset", "playground.inside"),
        "playground.lesson_charts",
    },
    "playground.script": {"playground.config"},
    "playground.chunks": {"numpy", "playground.config"},
    "playground.step_losses": {"numpy"},
    "playground.snapshot": {"numpy", "playground.config", "playground.forward"},
    "playground.control": {"playground.config", "playground.events", "playground.forward"},
    "playground.model": {
        *("keras", "tensorflow", "numpy"),
        *("playground.config", "playground.forward", "playground.seeds"),
    },
    "playground.hooks": {"keras"},
    "playground.reporter": {
        *("keras", "numpy"),
        *("playground.chunks", "playground.config", "playground.control", "playground.events"),
        *("playground.metrics", "playground.snapshot", "playground.step_losses"),
    },
    "playground.training": {
        *("keras", "tensorflow", "numpy"),
        *("playground.additions", "playground.chunks", "playground.config"),
        *("playground.control", "playground.dataset"),
        *("playground.events", "playground.forward", "playground.hooks", "playground.metrics"),
        *("playground.model", "playground.reporter", "playground.seeds"),
    },
    "playground.engine": {
        *("dask", "distributed", "numpy"),
        *("playground.config", "playground.control", "playground.dataset", "playground.engine"),
        *("playground.events", "playground.settings"),
    },
    "playground.engine.tasks": {
        "distributed",
        *("playground.additions", "playground.config", "playground.control", "playground.dataset"),
        *("playground.events", "playground.training"),
    },
    "playground.runs": {
        *("sqlalchemy", "starlette", "sse_starlette", "pydantic", "numpy", "filelock"),
        *("playground.dataset", "playground.settings", "playground.quickdraw"),
        *("playground.config", "playground.events", "playground.forward", "playground.runs"),
        *("playground.engine.client", "playground.snapshot"),
    },
    "playground.backup": {"playground.runs", "playground.settings"},
    "playground.main": {"streamlit", "playground.runs", "playground.ui"},
    "playground.ui": {
        *("streamlit", "starlette", "uvicorn", "numpy", "pandas", "plotly", "PIL", "pydantic"),
        *("playground.bindings", "playground.charts", "playground.config", "playground.dataset"),
        *("playground.events", "playground.forward"),
        *("playground.lesson", "playground.lesson_charts"),
        *("playground.inside", "playground.inside_charts", "playground.snapshot"),
        "playground.references",
        *("playground.metrics", "playground.photo", "playground.preprocessing"),
        *("playground.quickdraw", "playground.script", "playground.twins", "playground.xray"),
        *("playground.runs", "playground.settings", "playground.step_losses", "playground.ui"),
    },
}


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
        assert _room(module, MAY[room]), f"{_name(path)} must not import {module}"


def test_training_is_imported_by_the_worker_task_alone_and_late() -> None:
    keras = {"playground.hooks", "playground.model", "playground.reporter", "playground.training"}
    heavy = keras | {"keras", "tensorflow"}
    for path in MODULES:
        for module, at_top in _imports(path):
            if _room(module, heavy) is None:
                continue
            importer = _name(path)
            assert importer in keras | {"playground.engine.tasks"}
            assert not (at_top and importer == "playground.engine.tasks")


@pytest.mark.parametrize(
    "modules",
    [
        "app",
        "playground.runs.service, playground.runs.routes",
        "playground.ui.pages.train, playground.ui.pages.draw",
    ],
)
def test_the_web_process_does_not_import_tensorflow(modules: str) -> None:
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
