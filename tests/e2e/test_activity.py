"""An activity in a real browser: played alone from Learn, and brought by an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from playground.classroom.activities import to_link
from tests.classroom.conftest import activity
from tests.e2e.server import SOON, TRAINED, Server, button, status

OWN = activity(title={"en": "An activity of my own", "ko": "나만의 활동"})


def draw(page: Page) -> None:
    """A falling curve, from left to right."""
    chart = page.get_by_test_id("curve-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * x) for x in (0.2, 0.4, 0.6)]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def test_a_curve_is_drawn_locked_trained_and_explained(page: Page, server: Server) -> None:
    page.goto(f"{server.url}activation-functions")
    button(page, "Play this activity alone").click()
    expect(page.get_by_role("heading", name="Five layers of sigmoids")).to_be_visible(timeout=SOON)
    expect(button(page, "Lock my prediction")).to_be_disabled()
    draw(page)
    expect(button(page, "Lock my prediction")).to_be_enabled(timeout=SOON)
    button(page, "Lock my prediction").click()
    expect(button(page, "Train")).to_be_enabled(timeout=SOON)

    page.reload()
    expect(button(page, "Train")).to_be_enabled(timeout=SOON)
    button(page, "Train").click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    # The real curve runs over the drawn one.
    expect(page.get_by_text("After epoch 5: really 2.3")).to_be_visible(timeout=SOON)

    button(page, "Go on: Explain").click()
    words = page.get_by_role("textbox", name="What do the gradients do")
    words.fill("They vanish, layer by layer.")
    page.reload()  # before it is saved
    expect(words).to_have_value("They vanish, layer by layer.", timeout=SOON)
    expect(page.get_by_text("Saved.")).to_be_visible(timeout=SOON)


def test_an_address_brings_an_activity_to_a_class_and_to_one_alone(
    page: Page, chromium: Browser, server: Server
) -> None:
    page.goto(f"{server.url}class")
    button(page, "Start a class").click()
    page.get_by_role("textbox", name="Or from a link").fill(to_link(OWN))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Share").nth(1).click()
    shown = page.get_by_test_id("stCode").filter(visible=True)
    expect(shown).to_contain_text("activity=", timeout=SOON)
    query = urlsplit(shown.inner_text()).query

    page.goto(f"{server.url}class?{query}")
    expect(page.get_by_text("An activity of my own", exact=True)).to_be_visible(timeout=3 * SOON)
    button(page, "Open in this class").click()
    expect(page.get_by_test_id("class-board")).to_contain_text("0 trained", timeout=SOON)
    expect(page).not_to_have_url(re.compile("activity="))

    context = chromium.new_context(viewport={"width": 400, "height": 850})
    alone = context.new_page()
    alone.goto(f"{server.url}class?{query}")
    button(alone, "Play it alone").click()
    heading = alone.get_by_role("heading", name="An activity of my own")
    expect(heading).to_be_visible(timeout=SOON)
    expect(alone).to_have_url(re.compile("alone="), timeout=SOON)
    expect(alone).not_to_have_url(re.compile("activity="))
    alone.reload()
    expect(heading).to_be_visible(timeout=3 * SOON)
    context.close()
