"""The installed command, away from the checkout, does what `streamlit run app.py` does."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
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
    """A new environment with the package; what it needs is the tests' own."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
    (Path(packages) / "tests.pth").write_text(sysconfig.get_path("purelib"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed"]
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", *options, str(ROOT)], check=True, timeout=300)
    return folder


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
