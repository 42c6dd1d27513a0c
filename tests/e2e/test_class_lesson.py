"""A lesson in six browsers: predict, lock, run, reveal; a killed worker; a sealed envelope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.classroom.activities import Activity, to_link
from tests.e2e.server import ENDED, SOON, TRAINED, Server, button, status

_TINY = {"epochs": 2, "train_images": 1000, "hidden_layers": [8], "early_stop": False}


def activity(name: str, question: str, prediction: dict[str, Any], **fields: Any) -> Activity:
    """One that trains in a moment."""
    words = {"en": f"{name} {question}", "ko": name}
    given = {
        "id": name.lower(),
        "title": {"en": name, "ko": name},
        "minutes": 1,
        "text": words,
        "settings": _TINY,
        "prediction": {"question": {"en": question, "ko": name}, **prediction},
        **fields,
    }
    return Activity.model_validate(given, strict=False)


_NUMBER = {"kind": "number", "low": 0, "high": 1, "of": "val_accuracy"}
_CURVE = {"kind": "curve", "metric": "loss", "epochs": 2}
CURVE = activity("Falling", "How does the loss go?", _CURVE, free=["learning_rate"])
_AXES = [["learning_rate", [0.001, 0.01]], ["batch_size", [16, 64]]]
JIGSAW = activity("Jigsaw", "What does your cell reach?", _NUMBER, jigsaw={"axes": _AXES})
SEALED = activity("Sealed", "What does the best reach?", _NUMBER, free=["batch_size"], sealed=True)


# No chart of the board lies over another one.
IN_THEIR_PLACES = """() => [...document.querySelectorAll(".class-charts figure")].every((figure) =>
  [...figure.querySelectorAll(".main-svg")].every(
    (svg) => svg.getBoundingClientRect().width <= figure.clientWidth + 1))"""


class Room:
    """A teacher with two devices, a projector and three students, each in a browser of its own."""

    def __init__(self, chromium: Browser, server: Server) -> None:
        self.server = server
        sizes = [(1280, 900), (820, 1180), (1920, 1080), (1280, 900), (1280, 900), (400, 850)]
        self.contexts = [
            chromium.new_context(viewport={"width": width, "height": height})
            for width, height in sizes
        ]
        pages = [context.new_page() for context in self.contexts]
        self.teacher, self.tablet, self.screen, *self.students = pages
        self.start()

    def start(self) -> None:
        """The teacher starts a class, tablet and projector show it, and all join."""
        self.teacher.goto(f"{self.server.url}class")
        button(self.teacher, "Start a class").click(timeout=3 * SOON)
        self.board = self.teacher.get_by_test_id("class-board")
        expect(self.board).to_be_visible(timeout=SOON)
        code = self.teacher.get_by_test_id("join-code").inner_text()
        self.teacher.get_by_role("button", name="Links").click()
        links = self.teacher.get_by_test_id("stCode")
        for number, page in enumerate((self.tablet, self.screen)):
            secret = links.nth(number).inner_text()
            page.goto(f"{self.server.url}class?{secret.partition('?')[2]}")
        self.teacher.keyboard.press("Escape")
        expect(self.tablet.get_by_test_id("class-board")).to_be_visible(timeout=3 * SOON)
        for number, student in enumerate(self.students, 1):
            student.goto(f"{self.server.url}class?code={code}")
            student.get_by_role("textbox", name="Nickname").fill(f"Student {number}")
            student.get_by_role("button", name="Join", exact=True).click()
        for number in (1, 2, 3):
            tile = self.board.get_by_test_id(f"member-{number}")
            expect(tile).to_contain_text(re.compile("Student [123]"), timeout=2 * SOON)

    def open(self, which: Activity) -> None:
        """The teacher opens an activity; every student goes to it with a press."""
        title = which.title.en
        link = self.teacher.get_by_role("textbox", name="Or from a link")
        if not link.is_visible():  # folded, once the class is at something
            self.teacher.get_by_text("Activity", exact=True).click()
        link.fill(to_link(which))
        link.press("Enter")  # a page that runs for another reason does not lose it then
        expect(self.teacher.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=SOON
        )
        button(self.teacher, "Open this one").click()
        for student in self.students:
            line = student.get_by_test_id("class-live")
            expect(line).to_contain_text(title, timeout=SOON)
            line.get_by_role("button", name="Show it").click()
            expect(student.get_by_role("heading", name=title)).to_be_visible(timeout=SOON)

    def close(self) -> None:
        """Close all browsers."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def room(chromium: Browser, server: Server) -> Iterator[Room]:
    made = Room(chromium, server)
    yield made
    made.close()


def lock(student: Page) -> None:
    button(student, "Lock my prediction").click(timeout=SOON)
    expect(button(student, "Train")).to_be_enabled(timeout=SOON)


def draw(student: Page) -> None:
    """A falling curve, from left to right."""
    chart = student.get_by_test_id("curve-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * x) for x in (0.2, 0.4, 0.6)]
    student.mouse.move(*points[0])
    student.mouse.down()
    for point in points[1:]:
        student.mouse.move(*point)
    student.mouse.up()


def finished(student: Page) -> None:
    """Its run has ended; the board of the run before may still be there for a moment."""
    now = student.get_by_test_id("run-status").filter(has_text="Finished")
    expect(now).to_be_visible(timeout=TRAINED)


def guess(student: Page, question: str, number: str) -> None:
    field = student.get_by_test_id("stNumberInputField")
    expect(student.get_by_text(question).last).to_be_visible(timeout=SOON)
    field.first.fill(number)
    field.first.press("Enter")


def test_predict_lock_run_and_reveal(room: Room) -> None:
    teacher, screen, (one, two, three) = room.teacher, room.screen, room.students
    room.open(CURVE)
    for lever, falls in (("Pause everyone", True), ("Go on, everyone", False)):
        button(room.tablet, lever).click(timeout=SOON)
        for student in (one, two, three):
            curtain = student.get_by_test_id("class-curtain")
            expect(curtain).to_be_visible(visible=falls, timeout=SOON)
    # Settings that the activity fixes cannot be turned on Train either.
    three.goto(room.server.url)
    expect(three.get_by_test_id("class-live")).to_be_visible(timeout=2 * SOON)
    batch = three.locator('[class*="st-key-setting_"][class*="_batch_size"] input').first
    expect(batch).to_be_disabled(timeout=SOON)

    for student in (one, two):
        draw(student)
        lock(student)
    tile = room.board.get_by_test_id("member-1")
    expect(tile).to_contain_text("locked", timeout=SOON)
    button(one, "Train").click()
    finished(one)
    expect(one.get_by_text(re.compile("After epoch 2: really"))).to_be_visible(timeout=SOON)
    curves = room.board.get_by_test_id("class-chart-curves").locator(".js-plotly-plot")
    expect(curves).to_be_visible(timeout=SOON)
    teacher.wait_for_function(IN_THEIR_PLACES, timeout=SOON)  # beside the one that was alone before

    button(teacher, "Hide names").click()
    expect(room.tablet.get_by_test_id("class-board")).not_to_contain_text("Student", timeout=SOON)
    button(teacher, "Reveal answers").click()
    fog = screen.get_by_test_id("class-chart-predictions")
    expect(fog.locator(".js-plotly-plot")).to_be_visible(timeout=SOON)
    expect(screen.get_by_test_id("class-screen")).not_to_contain_text("Student")

    for page in (teacher, room.tablet, screen, one, two, three):
        page.reload()
    expect(fog.locator(".js-plotly-plot")).to_be_visible(timeout=2 * SOON)
    expect(tile).to_contain_text("locked", timeout=2 * SOON)
    expect(one.get_by_role("heading", name="Falling")).to_be_visible(timeout=2 * SOON)
    expect(button(two, "Train")).to_be_enabled(timeout=2 * SOON)
    expect(batch).to_be_disabled(timeout=2 * SOON)
    shown = room.tablet.get_by_test_id("member-1")
    expect(shown).to_contain_text("locked", timeout=2 * SOON)


def test_a_jigsaw_has_no_hole_and_a_sealed_figure_waits_for_the_envelope(room: Room) -> None:
    teacher, screen, students = room.teacher, room.screen, room.students
    room.open(JIGSAW)
    for student in students:
        guess(student, "What does your cell reach?", "0.5")
        lock(student)
        button(student, "Train").click()
    for worker in room.server.engine_workers():
        worker.kill()
    for student in students:
        expect(status(student)).to_contain_text(ENDED, timeout=TRAINED)
        if "Finished" not in status(student).inner_text():
            button(student, "Train").click(timeout=SOON)
            finished(student)
    grid = screen.locator(".class-grid-says", has_text="3 of 4 cells have a result.")
    expect(grid).to_be_visible(timeout=SOON)
    for page in (screen, students[2]):
        page.reload()
    expect(grid).to_be_visible(timeout=2 * SOON)
    finished(students[2])

    room.open(SEALED)
    student = students[0]
    guess(student, "What does the best reach?", "0.5")
    lock(student)
    button(student, "Train").click()
    finished(student)
    test = student.get_by_test_id("test-accuracy")
    expect(test).not_to_contain_text("%", timeout=SOON)
    teacher.get_by_role("button", name="Open the envelope").click()
    for page in (teacher, screen):
        opened = page.get_by_test_id("class-envelope")
        expect(opened).to_contain_text("1 run", timeout=TRAINED)
        expect(opened).to_contain_text(re.compile("test [0-9.]+ %"))
    # Nobody scrolls on a wall.
    expect(screen.locator(".class-envelope-chart svg")).to_be_in_viewport(ratio=1)
    for page in (teacher, screen, student):
        page.reload()
    for page in (teacher, screen):
        opened = page.get_by_test_id("class-envelope")
        expect(opened).to_contain_text(re.compile("test [0-9.]+ %"), timeout=2 * SOON)
    # Its own run was never tested: what is told is told of the best of the class.
    expect(student.get_by_role("heading", name="Sealed")).to_be_visible(timeout=2 * SOON)
