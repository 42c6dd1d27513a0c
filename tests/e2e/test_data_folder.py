"""Two servers on one data folder, and a database that is deleted under the server's feet."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import eventually
from tests.e2e.server import SOON, TRAINED, Server, open_train, status, train


@pytest.mark.slow
def test_a_second_server_says_who_has_the_folder_and_takes_over_after_a_crash(
    page: Page, tmp_path: Path
) -> None:
    first = Server(tmp_path, workers=1)
    second = Server(tmp_path, workers=1)
    try:
        train(page, first, "epochs=1&train_images=1000")
        expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
        shown = page.url.partition("?")[2]
        page.goto(second.url)
        alert = page.get_by_text(
            f"Another server uses this data folder (process {first.process.pid}"
        )
        expect(alert).to_be_visible(timeout=3 * SOON)

        # The database goes, then the server: its successor has the run all the same.
        for path in tmp_path.glob("playground.sqlite*"):
            path.unlink()
        eventually((tmp_path / "playground.sqlite").exists, seconds=30)
        eventually(lambda: "was deleted or replaced" in first.log(), seconds=30)
        first.kill()
        page.get_by_role("button", name="Try again").click()
        open_train(page, second, shown)
        expect(status(page)).to_contain_text("Finished", timeout=SOON)
    finally:
        first.stop()
        second.stop()
    with sqlite3.connect(tmp_path / "playground.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
