"""Who may import whom: the table of the architecture, held by a test."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
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
    "playground.twins": {"numpy", "scipy", *GROUND},
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
            *("keras", "tensorflow", "numpy", "h5py"),
            *("playground.network", "playground.training", "playground.twins"),
            *GROUND,
        }
        for name in ("hooks", "keras_file", "model", "prepare", "reporter", "train")
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
        *("brotli", "psutil", "segno", "tensorboardX"),
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


def _is_of_streamlit(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id in ("st", "streamlit")
    )


def _is_state(node: ast.AST) -> bool:
    return _is_of_streamlit(node, "session_state")


def _state_keys(tree: ast.Module) -> Iterator[ast.expr]:
    """Every expression by which a module finds something in `st.session_state`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_state(node.value):
            yield node.slice
        elif isinstance(node, ast.Compare) and any(map(_is_state, node.comparators)):
            yield node.left
        elif isinstance(node, ast.Attribute) and _is_state(node.value):
            if not hasattr(MutableMapping, node.attr):  # `st.session_state.key`
                yield ast.copy_location(ast.Constant(node.attr), node)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is_state(node.func.value)
        ):
            for given in node.args[:1]:
                yield from filter(None, given.keys) if isinstance(given, ast.Dict) else [given]
            for keyword in node.keywords:
                yield ast.copy_location(ast.Constant(keyword.arg), node)


def _names_at_top(tree: ast.Module) -> set[str]:
    """What a module itself binds to a value, or takes from another module."""
    bound = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    names = {
        node.id
        for statement in bound
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    taken = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return names | {alias.asname or alias.name for node in taken for alias in node.names}


def _known_keys(text: str) -> list[int]:
    """The lines in which a module uses a key of the session's state that it knows itself."""
    tree = ast.parse(text)
    names = _names_at_top(tree)
    return [
        key.lineno
        for key in _state_keys(tree)
        if (isinstance(key, ast.Constant) and isinstance(key.value, str))
        or isinstance(key, ast.JoinedStr)
        or (isinstance(key, ast.Name) and key.id in names)
    ]


def test_one_module_knows_the_keys_of_the_session_state() -> None:
    """All others say `state.NAME`, or have a key that is made while the script runs.

    A widget's `key=` is no key of the state where it is there for CSS alone, or where the page
    takes the value that the widget returns: it may stay with its widget.
    """
    found = {
        _name(path): lines
        for path in MODULES
        if _name(path) != "playground.ui.state" and (lines := _known_keys(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        'st.session_state["a"] = 1',
        "st.session_state[_KEY]",
        'st.session_state[f"a_{b}"]',
        'st.session_state.get("a", 1)',
        "st.session_state.pop(_KEY, None)",
        '"a" in st.session_state',
        "st.session_state.a",
        'st.session_state.update({"a": 1})',
        "st.session_state.update(a=1)",
    ],
)
def test_a_key_is_found_in_every_form(line: str) -> None:
    assert _known_keys(f'_KEY = "a"\n{line}') == [2]


def test_one_module_reads_and_writes_the_address() -> None:
    found = {
        _name(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if _is_of_streamlit(node, "query_params")
    }
    assert found == {"playground.ui.location"}


def test_training_is_imported_by_the_worker_task_alone_and_late() -> None:
    keras = {
        "playground.training.hooks",
        "playground.training.keras_file",
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
