"""The package that is installed, and its command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import playground

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "playground")


pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    files = [path for path in (ROOT / "playground").rglob("*") if path.is_file()]
    ours = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert {"playground/py.typed", "playground/data/t10k-labels-idx1-ubyte.gz"} < ours
    launch = {"playground/launch/app.py", "playground/launch/.streamlit/config.toml"}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == ours | launch


def test_an_installed_app_has_the_settings_of_the_checkout(wheel: zipfile.ZipFile) -> None:
    for name in ("app.py", ".streamlit/config.toml"):
        assert wheel.read(f"playground/launch/{name}") == (ROOT / name).read_bytes()


def test_the_package_names_its_version_and_all_that_it_needs(wheel: zipfile.ZipFile) -> None:
    found = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
    metadata = wheel.read(found).decode()
    assert f"\nVersion: {playground.__version__}\n" in metadata
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    listed = re.findall(r"^[\w-]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert sorted(needed) == sorted(listed)


@pytest.mark.parametrize("option", ["--port", "--address", "--data", "--workers", "--version"])
def test_help_names_every_option(option: str) -> None:
    told = subprocess.run([*COMMAND, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0
    assert option in told.stdout


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--workers", "two", "PLAYGROUND_WORKERS=two cannot be used: "),
        ("--port", "99999", "99999 is not a number from 1 to 65535"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(option: str, value: str, told: str) -> None:
    env = os.environ | {"PLAYGROUND_WORKERS": "1"}
    ended = subprocess.run(
        [*COMMAND, option, value], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_lock_file_pins_every_requirement_within_its_range() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    pins = [Requirement(line) for line in text.splitlines() if not line.startswith("#")]
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text().splitlines():
            if line.startswith("-r"):
                continue
            wanted = Requirement(line)
            found = [pin.specifier for pin in pins if pin.name == wanted.name]
            versions = [spec.version for pinned in found for spec in pinned]
            assert versions, f"{line} is not in requirements.lock"
            assert all(version in wanted.specifier for version in versions), line


def test_the_lock_file_of_the_javascript_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
