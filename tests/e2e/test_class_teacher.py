"""A teacher, a projector and a student: levers and answers are on all screens at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.classroom.activities import Activity, to_link
from tests.e2e.server import SOON, Server, button

_WORDS = {"en": "Which way does the loss go?", "ko": "손실은 어디로 갈까요?"}
_UP, _DOWN = {"en": "Up", "ko": "위로"}, {"en": "Down", "ko": "아래로"}
_ASKED = {"kind": "choice", "question": _WORDS, "options": [_UP, _DOWN], "right": 1}
ACTIVITY = Activity.model_validate(
    {"id": "way", "title": _WORDS, "minutes": 1, "text": _WORDS, "prediction": _ASKED},
    strict=False,
)


@pytest.fixture
def others(chromium: Browser) -> Iterator[list[Page]]:
    """A projector's browser, and a student's telephone."""
    rooms = [
        chromium.new_context(viewport={"width": 1920, "height": 1080}),
        chromium.new_context(viewport={"width": 400, "height": 800}),
    ]
    yield [room.new_page() for room in rooms]
    for room in rooms:
        room.close()


def test_levers_and_answers_are_on_all_screens(
    page: Page, others: list[Page], server: Server
) -> None:
    screen, phone = others
    page.goto(f"{server.url}class")
    start = button(page, "Start a class")
    expect(start).to_be_visible(timeout=3 * SOON)
    start.click()
    board = page.get_by_test_id("class-board")
    expect(board).to_be_visible(timeout=SOON)
    code = page.get_by_test_id("join-code").inner_text()

    page.get_by_role("button", name="Links").click()
    secret = page.get_by_test_id("stCode").nth(1).inner_text()
    page.keyboard.press("Escape")
    screen.goto(f"{server.url}class?{urlsplit(secret).query}")
    expect(screen.get_by_test_id("join-code")).to_have_text(code, timeout=3 * SOON)
    expect(screen).not_to_have_url(re.compile("key="))
    expect(screen.get_by_role("img", name=re.compile("^QR code"))).to_be_visible()

    phone.goto(f"{server.url}class?code={code}")
    phone.get_by_role("textbox", name="Nickname").fill("Mina")
    phone.get_by_role("button", name="Join", exact=True).click()
    tile = board.get_by_test_id("member-1")
    expect(tile).to_contain_text("Mina", timeout=SOON)
    expect(tile).to_contain_text("here")
    expect(screen.get_by_test_id("class-screen")).to_contain_text("Mina", timeout=SOON)

    page.get_by_role("textbox", name="Or from a link").fill(to_link(ACTIVITY))
    button(page, "Open this one").click()
    expect(screen.get_by_role("heading", name=_WORDS["en"])).to_be_visible(timeout=SOON)
    expect(tile).to_contain_text("no answer yet", timeout=SOON)
    button(page, "Pause everyone").click()
    expect(phone.get_by_test_id("class-curtain")).to_be_visible(timeout=SOON)
    button(page, "Go on, everyone").click()
    expect(phone.get_by_test_id("class-curtain")).to_be_hidden(timeout=SOON)

    button(page, "Hide names").click()
    expect(tile).not_to_contain_text("Mina", timeout=SOON)
    button(page, "Reveal answers").click()
    chart = screen.get_by_test_id("class-chart-predictions")
    expect(chart.locator(".js-plotly-plot")).to_be_visible(timeout=SOON)
    expect(screen.get_by_test_id("class-screen")).not_to_contain_text("Mina")
    # Two screens further down it is not drawn before somebody goes there.
    below = board.get_by_test_id("class-chart-predictions")
    expect(below).to_be_visible(timeout=SOON)
    page.set_viewport_size({"width": 1280, "height": 150})
    page.reload()
    expect(below).to_be_visible(timeout=3 * SOON)
    expect(below.locator(".js-plotly-plot")).to_have_count(0)
    below.scroll_into_view_if_needed()
    expect(below.locator(".js-plotly-plot")).to_be_visible(timeout=SOON)
