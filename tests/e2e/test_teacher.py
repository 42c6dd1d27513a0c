"""A teacher and two students, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import REFUSED, refused
from tests.e2e.server import SOON, TRAINED, Server, button, status, train

KEY = "correct horse"
LONG = "epochs=200&early_stop=false&hidden_layers=none&batch_size=256"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one worker and a teacher's key."""
    home = tmp_path_factory.mktemp("kept")
    running = Server(home, workers=1, PLAYGROUND_TEACHER_KEY=KEY)
    yield running
    running.stop()


@pytest.fixture
def students(chromium: Browser) -> Iterator[list[Page]]:
    contexts: list[BrowserContext] = [chromium.new_context() for _ in range(2)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def test_a_teacher_ends_what_students_train(page: Page, students: list[Page], kept: Server) -> None:
    for student in students:
        train(student, kept, LONG)
    expect(status(students[0])).to_contain_text("Running", timeout=TRAINED)
    expect(status(students[1])).to_contain_text("You are next", timeout=SOON)

    page.add_init_script(REFUSED)
    page.goto(f"{kept.url}teacher")
    key = page.get_by_role("textbox", name="Teacher's key")
    expect(key).to_be_visible(timeout=3 * SOON)
    key.fill("a guess")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("This is not the teacher's key.")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("1 training, 1 waiting")).to_have_count(0)
    key.fill(KEY)
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("1 training, 1 waiting")).to_be_visible(timeout=SOON)

    page.get_by_role("button", name="Empty the queue").click()
    page.get_by_role("button", name="Take all out of the queue").click()
    expect(status(students[1])).to_contain_text("Stopped", timeout=SOON)
    expect(page.get_by_text("1 training, 0 waiting")).to_be_visible(timeout=SOON)
    assert refused(page) == []

    page.get_by_role("button", name=re.compile("^Watch")).click()
    words = "You control somebody else's run as the teacher."
    expect(page.get_by_text(words)).to_be_visible(timeout=SOON)
    button(page, "Stop").click()
    for each in (page, students[0]):
        expect(status(each)).to_contain_text("Stopped by the teacher.", timeout=TRAINED)
