from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, Server, button, open_train


def test_the_tour_sees_what_a_visitor_does(page: Page, server: Server) -> None:
    open_train(page, server)
    button(page, "Tour").click()
    tour = page.locator(".st-key-tour")
    expect(tour).to_contain_text("1 of 5: Drag Hidden layers to 2", timeout=SOON)
    page.get_by_role("slider", name="Hidden layers").focus()
    page.keyboard.press("ArrowRight")
    expect(tour).to_contain_text("2 of 5: Press Train", timeout=SOON)
    button(page, "Skip").click()
    expect(tour).to_contain_text("3 of 5: Point at a neuron", timeout=SOON)
    page.get_by_test_id("neuron-2-3").hover()
    expect(tour).to_contain_text("4 of 5: Find a mistake", timeout=SOON)
    page.get_by_role("button", name="Next mistake").click()
    expect(tour).to_contain_text("5 of 5: Draw a bag", timeout=SOON)
    button(page, "End the tour").click()
    expect(tour).to_have_count(0, timeout=SOON)
    again = page.get_by_role("button", name="Tour", exact=True)
    expect(again).to_be_visible(timeout=SOON)
