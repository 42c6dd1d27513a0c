"""No violation of axe-core's rules on any page, in any of its states, in what is ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.classroom.activities import ready, to_link
from playground.ui.navigation import CLASS, COURSE, DRAW, LESSONS, RUNS, SWEEPS
from tests.e2e.axe import LINKS, OVERLAY, SECTIONS, UPLOAD, Audit, open_all, set_theme, settle
from tests.e2e.server import SOON, TRAINED, Server, button, status, train_button, wait_for_epoch

_WORK = [entry.title for entry in (DRAW, RUNS, SWEEPS, CLASS)] + ["Sketchbook"]
# Longer than it takes to look at it, until Stop.
_LONG = "hidden_layers=16&train_images=6000&epochs=200&early_stop=false"


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """Somebody else's, 400 px wide."""
    with chromium.new_context(viewport={"width": 400, "height": 850}) as context:
        yield context.new_page()


def arrive(page: Page, title: str) -> None:
    """Wait for a page that has been asked for, with all its boxes open."""
    expect(page).to_have_title(re.compile(f"^{re.escape(title)} – "), timeout=3 * SOON)
    settle(page)
    open_all(page)


def test_every_page_is_accessible_with_a_run_and_without(page: Page, server: Server) -> None:
    audit = Audit()
    set_off(page, server.url + "?" + _LONG)
    train_button(page).hover()
    expect(page.get_by_role("tooltip")).to_be_visible(timeout=SOON)
    audit.look(page, "Train, with no run and a hint")
    train_button(page).click()
    wait_for_epoch(page, 1)
    audit.look(page, "Train, running")
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("Stopped", timeout=TRAINED)
    expect(button(page, "Go on")).to_be_visible(timeout=SOON)
    arrive(page, "Train")
    page.get_by_role("button", name="Delete this run").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=SOON)
    audit.look(page, "Train, stopped, all open")
    page.keyboard.press("Escape")
    run = page.url

    for title in _WORK:
        page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
        arrive(page, title)
        audit.look(page, title)
    page.goto(f"{server.url}{LESSONS.path}")
    arrive(page, LESSONS.title)
    audit.look(page, LESSONS.title)
    page.goto(f"{server.url}{COURSE[0].path}")
    for lesson, after in zip(COURSE, [*COURSE[1:], None], strict=True):
        arrive(page, lesson.title)
        audit.look(page, lesson.title)
        if after:
            page.get_by_role("link", name=f"Next: {after.title}").click()

    page.goto(f"{run}&view=projector")
    arrive(page, "Train")
    audit.look(page, "Train, on a projector")
    page.goto(f"{run}&lang=ko")
    expect(page.locator("html")).to_have_attribute("lang", "ko", timeout=3 * SOON)
    settle(page)
    audit.look(page, "Train, in Korean", both=False)
    assert audit.ours() == []
    assert audit.met >= {OVERLAY, UPLOAD}


def set_off(page: Page, url: str) -> None:
    """Open a page for the first time, in the light theme."""
    page.goto(url)
    set_theme(page, "light")
    settle(page)


def test_all_screens_of_a_class_are_accessible(page: Page, phone: Page, server: Server) -> None:
    audit = Audit()
    set_off(page, f"{server.url}class")
    button(page, "Start a class").click()
    expect(page.get_by_test_id("class-board")).to_be_visible(timeout=SOON)
    code = page.get_by_test_id("join-code").inner_text()
    set_off(phone, f"{server.url}class?activity={to_link(ready()[0])}")
    audit.look(phone, "Class, the door, with an activity from an address")
    set_off(phone, f"{server.url}class?code={code}&lang=ko")
    audit.look(phone, "Class, the door, in Korean", both=False)
    phone.get_by_role("textbox", name="별명").fill("민아")
    phone.get_by_role("button", name="참여", exact=True).click()
    expect(page.get_by_test_id("member-1")).to_contain_text("민아", timeout=SOON)
    # Only who is in before it is opened is led to an activity by a button.
    expect(phone.get_by_text("수업에 들어왔어요")).to_be_visible(timeout=SOON)
    settle(phone)
    button(page, "Open").first.click()
    phone.locator(".class-show").click()
    expect(phone.get_by_role("radio").first).to_be_visible(timeout=SOON)
    settle(phone)
    audit.look(phone, "Class, a member's prediction, in Korean")
    open_all(page)
    page.get_by_role("button", name="Links").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible(timeout=SOON)
    audit.look(page, "Class, the teacher's board")
    page.keyboard.press("Escape")
    button(page, "Reveal answers").click()
    expect(phone.locator(".class-show")).to_be_visible(timeout=SOON)
    settle(phone)
    audit.look(phone, "Class, a member after the answers")
    page.goto(f"{server.url}class?view=projector")
    chart = page.get_by_test_id("class-chart-predictions").locator(".js-plotly-plot")
    expect(chart).to_be_visible(timeout=3 * SOON)
    audit.look(page, "Class, the projector")
    assert audit.ours() == []
    assert audit.met >= {SECTIONS, LINKS}
