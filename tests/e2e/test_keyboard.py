"""The main job and a whole lesson with the keyboard alone, and what is said on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.classroom.activities import to_link
from tests.e2e.server import SOON, TRAINED, Server, button, open_train, status
from tests.e2e.test_class_lesson import CURVE

# The most presses of the tab key that lead from one thing of the main job to the next.
_MOST_STOPS = 60
_FOCUSED = "(selector) => [...document.querySelectorAll(selector)].includes(document.activeElement)"
# What has the focus is framed, or what it is the only control of, as a field or a list.
_FRAMED = """() => {
  const framed = (one) => one && getComputedStyle(one).outlineStyle !== "none";
  const now = document.activeElement;
  return now !== document.body &&
    [now, now?.parentElement, now?.parentElement?.parentElement].some(framed);
}"""
# Notes what is written into places that a screen reader says by itself.
_LISTEN = """() => {
  const live = "[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])";
  window.playgroundHeard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const at = target instanceof Element ? target : target.parentElement;
      const place = at?.closest(live);
      if (place?.textContent.trim()) window.playgroundHeard.push(place.textContent.trim());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def tab_to(page: Page, selector: str, key: str = "Tab", most: int = _MOST_STOPS) -> int:
    """Press a key until something has the focus, which is then seen; returns how often."""
    # While a script runs, what has the focus may go.
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=SOON
    )
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=SOON)
    for presses in range(1, most + 1):
        page.keyboard.press(key)
        if page.evaluate(_FOCUSED, selector):
            assert page.evaluate(_FRAMED), f"nobody sees that {selector} has the focus"
            return presses
    raise AssertionError(f"{key} does not lead to {selector} with {most} presses")


def heard(page: Page) -> list[str]:
    """What was written into live places, each time, since `_LISTEN`."""
    said: list[str] = page.evaluate("window.playgroundHeard")
    return said


def focused(page: Page) -> dict[str, Any]:
    """What the browser tells a screen reader of the element that has the focus."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    node = next(
        node
        for node in reversed(nodes)
        if any(p["name"] == "focused" and p["value"]["value"] for p in node.get("properties", []))
    )
    told = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
    words = ("role", "name", "description", "value")
    named = {name: node[name]["value"] for name in words if name in node}
    return told | named


def test_the_main_job_with_the_keyboard_alone(page: Page, server: Server) -> None:
    open_train(page, server, "train_images=1000&hidden_layers=16&early_stop=false")
    announced = page.locator("#announcements p")

    expect(page.locator(".skip-link")).to_be_attached(timeout=SOON)
    assert tab_to(page, ".skip-link") == 1
    page.keyboard.press("Enter")
    assert focused(page)["name"].endswith("Train")
    tab_to(page, "[aria-label=Epochs]")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("epochs=2"), timeout=SOON)
    tab_to(page, ".st-key-train_button button", "Shift+Tab")
    tab_to(page, ".st-key-train_button button:first-child", "Shift+Tab")
    page.evaluate(_LISTEN)
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    # Of two epochs and their progress only the end is said.
    end = re.compile(r"^The run has ended: Finished\. .* %\.$")
    expect(announced).to_have_text([end])
    assert [text for text in heard(page) if not end.match(text)] == []
    assert len(heard(page)) == 1

    # The curve: its trend, then its points.
    loss = page.get_by_test_id("chart-loss")
    trend = re.compile(r"Loss of epoch 2: .* Since epoch 1: training has fallen from")
    expect(loss).to_have_attribute("aria-label", trend)
    tab_to(page, "[data-testid=chart-loss] [role=slider]")
    told = focused(page)
    assert (told["role"], told["roledescription"]) == ("slider", "points of a chart")
    # Of its value the browser's tree, as the protocol shows it, has the number alone.
    assert (told["value"], told["valuemax"]) == (2, 2)
    said = r"Epoch {} of 2: training loss \d\.\d{{4}}, validation loss \d\.\d{{4}}"
    expect(page.locator(":focus")).to_have_attribute("aria-valuetext", re.compile(said.format(2)))
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_have_attribute("aria-valuetext", re.compile(said.format(1)))
    page.keyboard.press("Enter")
    view = page.get_by_test_id("network-view")
    expect(view).to_have_attribute("data-epoch", "1", timeout=SOON)

    # The matrix: a table, whose cells open their images.
    tab_to(page, "[data-chart=confusion] [role=gridcell]")
    page.keyboard.press("ArrowRight")
    assert focused(page)["role"] == "gridcell"
    table = page.locator("[data-chart=confusion]").get_by_role("grid")
    expect(table.get_by_role("columnheader", name="Trouser")).to_have_count(1)
    expect(table.get_by_role("rowheader", name="Bag")).to_have_count(1)
    expect(table.get_by_role("gridcell").filter(has_text=re.compile(r"^\d+$"))).to_have_count(100)
    page.keyboard.press("Enter")
    chosen = page.get_by_test_id("inside-matrix").locator("[aria-selected=true]")
    expect(chosen).to_be_focused(timeout=SOON)
    assert re.search("T-shirt/top called Trouser$", focused(page)["name"])

    # The network: a tree, from the item to a neuron.
    page.get_by_role("tree").locator("[tabindex='0']").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    neuron = focused(page)
    assert re.match(r"Neuron \d+ of layer 1: z = ", neuron["name"])
    assert neuron["level"] == 2


@pytest.fixture
def teacher(chromium: Browser) -> Iterator[Page]:
    """Somebody else, in another browser, with a mouse."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


def open_activity(teacher: Page) -> None:
    """Turn the class to an activity that trains in a moment."""
    teacher.get_by_role("textbox", name="Or from a link").fill(to_link(CURVE))
    teacher.get_by_role("textbox", name="Or from a link").press("Enter")
    expect(teacher.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=SOON
    )
    button(teacher, "Open this one").click()


def test_a_lesson_with_the_keyboard_alone(page: Page, teacher: Page, server: Server) -> None:
    teacher.goto(f"{server.url}class")
    button(teacher, "Start a class").click(timeout=3 * SOON)
    code = teacher.get_by_test_id("join-code").inner_text(timeout=SOON)

    page.goto(f"{server.url}class")
    expect(page.get_by_role("textbox", name="Join code")).to_be_visible(timeout=3 * SOON)
    tab_to(page, "[aria-label='Join code']")
    page.keyboard.type(code)
    tab_to(page, "[aria-label=Nickname]", most=1)
    page.keyboard.type("Mina")
    page.keyboard.press("Enter")
    line = page.get_by_test_id("class-live")
    expect(line).to_contain_text("Mina", timeout=SOON)
    expect(line).to_be_focused(timeout=SOON)  # the door is gone
    open_activity(teacher)
    expect(line.get_by_role("status")).to_have_text("Falling", timeout=SOON)
    tab_to(page, ".class-show", most=1)
    page.keyboard.press("Enter")

    # Predict: what was pressed is gone, and the way goes on from there.
    curve = page.get_by_test_id("curve-chart")
    expect(curve).to_be_visible(timeout=SOON)
    tab_to(page, "[data-testid=curve-chart]", most=8)
    told = focused(page)
    assert told["role"] == "application"
    assert told["name"] == "Training loss, empty"
    for key in ("ArrowUp", "End", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".curve-status")).to_contain_text("poch 2", timeout=SOON)
    expect(button(page, "Lock my prediction")).to_be_enabled(timeout=SOON)
    tab_to(page, "[class*=st-key-class_][class*=_lock] button", most=1)
    page.keyboard.press("Enter")

    # A curtain: what it says has the focus, and its end is said once.
    page.evaluate(_LISTEN)
    button(teacher, "Pause everyone").click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=SOON)
    told = focused(page)
    assert (told["role"], told["name"]) == ("dialog", "Eyes to the front")
    assert told["description"].startswith("Your teacher has paused everyone")
    button(teacher, "Go on, everyone").click()
    expect(page.get_by_role("dialog")).to_be_hidden(timeout=SOON)
    lifted = "Your teacher lets everyone go on."
    expect(page.locator("#announcements p")).to_have_text([lifted])
    assert heard(page).count(lifted) == 1

    # Run.
    run = "[class*=st-key-class_][class*=_train] button"
    expect(button(page, "Train")).to_be_enabled(timeout=SOON)
    tab_to(page, run, most=6)
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    ended = re.compile("^The run has ended")
    expect(page.locator("#announcements p")).to_have_text([lifted, ended])

    # Explain.
    on = button(page, "Go on: Explain")
    expect(on).to_be_visible(timeout=SOON)
    tab_to(page, "[class*=st-key-class_][class*=_onward] button", most=2)
    page.keyboard.press("Enter")
    expect(page.locator(".own-words textarea")).to_be_enabled(timeout=SOON)
    tab_to(page, ".own-words textarea", most=6)
    page.keyboard.type("It fell.")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Saved.")).to_be_visible(timeout=SOON)

    # Compare.
    button(teacher, "Reveal answers").click()
    expect(line.get_by_role("status")).to_contain_text("compare", timeout=SOON)
    tab_to(page, ".class-show", "Shift+Tab", most=18)
    page.keyboard.press("Enter")
    compare = "[class*=st-key-class_][class*=_step_compare] button"
    expect(page.get_by_role("button", name="4 Compare")).to_be_enabled(timeout=SOON)
    tab_to(page, compare, most=6)
    page.keyboard.press("Enter")
    expect(page.get_by_text("What the class expected").first).to_be_visible(timeout=SOON)
    # What the class has drawn is a chart with a name.
    expected = page.get_by_role("group", name="What 1 member of the class predicted.")
    expect(expected).to_be_visible(timeout=SOON)
