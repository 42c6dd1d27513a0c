"""An activity in a real browser, played alone from Learn: nothing is lost by a reload."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button, status


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
