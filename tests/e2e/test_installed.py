"""The installed command, away from the checkout, does what `streamlit run app.py` does."""

from __future__ import annotations

import csv
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from playwright.sync_api import Page, expect

from tests.e2e.server import ROOT, Server, train, wait_for_epoch


class Installed(Server):
    """The server as its command starts it, in its home folder."""

    def __init__(self, home: Path, environment: Path) -> None:
        self.program = environment / "bin" / "fashion-playground"
        self.folder = home
        super().__init__(home, workers=2, PLAYGROUND_HOME=str(home / "unused"))

    def command(self) -> list[str]:
        return [str(self.program), "--port", str(self.port), "--data", "data", "--workers", "1"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the package and what it says that it needs; nothing else.

    What it needs are links to the packages of the tests: nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet"]
    offline = ["--no-index", "--no-deps"]
    built = ["--no-build-isolation", "--wheel-dir", str(folder / "built"), str(ROOT)]
    subprocess.run([*pip, "wheel", *offline, *built], check=True, timeout=300)
    (file,) = (folder / "built").iterdir()
    pip += ["--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", *offline, str(file)], check=True, timeout=300)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (wheel,) = metadata.distributions(path=[str(packages)])
    for needed in _needed(wheel, frozenset(), set()):
        for top in _tops(needed):
            (packages / top).symlink_to(Path(str(needed.locate_file(top))))
    subprocess.run([*pip, "check"], check=True, timeout=60)
    return folder


def _needed(
    package: metadata.Distribution, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]
) -> Iterator[metadata.Distribution]:
    """What a package needs by its own metadata, and what that needs; each once."""
    for line in package.requires or ():
        need = Requirement(line)
        if need.marker and not any(need.marker.evaluate({"extra": e}) for e in ("", *extras)):
            continue
        key = need.name.lower().replace("_", "-"), frozenset(need.extras)
        if key in seen:
            continue
        found = metadata.distribution(need.name)
        if all(name != key[0] for name, _ in seen):
            yield found
        seen.add(key)
        yield from _needed(found, key[1], seen)


def _tops(package: metadata.Distribution) -> set[str]:
    """The files and folders of a package in `site-packages`."""
    record = csv.reader((package.read_text("RECORD") or "").splitlines())
    return {path.partition("/")[0] for path, *_ in record} - {"..", "__pycache__"}


@pytest.fixture
def installed(environment: Path, tmp_path: Path) -> Iterator[Installed]:
    running = Installed(tmp_path, environment)
    yield running
    running.stop()


def test_the_installed_command_trains(page: Page, installed: Installed) -> None:
    train(page, installed)
    wait_for_epoch(page, 1)
    expect(page.get_by_test_id("chart-loss").locator("svg").first).to_be_visible()
    # Without the project's settings Streamlit offers to deploy the app.
    expect(page.get_by_test_id("stAppDeployButton")).to_have_count(0)
    assert (installed.home / "data" / "playground.sqlite").exists()
    assert not (installed.home / "unused").exists()
