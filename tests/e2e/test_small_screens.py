from __future__ import annotations

from functools import partial

from playwright.sync_api import Browser, Locator, Page, expect

from tests.conftest import eventually
from tests.e2e.server import (
    SOON,
    TRAINED,
    Server,
    button,
    open_train,
    status,
    train_button,
    wait_for_epoch,
)

_FORMULA = ".katex-display"


def expect_the_formula_to_fit(page: Page) -> None:
    """All of it is on the screen, and nothing of it in a box that would have to be moved."""
    formula = page.locator(_FORMULA)
    expect(formula).to_be_visible(timeout=3 * SOON)
    page.wait_for_function(
        """(selector) => {
          const box = document.querySelector(selector);
          const { left, right } = box.getBoundingClientRect();
          return box.scrollWidth - box.clientWidth < 4 && left >= 0 && right <= innerWidth;
        }""",
        arg=_FORMULA,
        timeout=SOON,
    )


def test_formulas_fit_a_phone(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    page.goto(f"{server.url}dense")
    expect_the_formula_to_fit(page)
    expect(page.locator(_FORMULA)).to_contain_text("relu")
    page.goto(f"{server.url}activation-functions")
    expect_the_formula_to_fit(page)
    for name in ("relu", "elu"):
        page.get_by_role("combobox", name="Function", exact=True).click()
        page.get_by_role("option", name=name, exact=True).click()
        expect(page.locator(_FORMULA)).to_contain_text(f"{name}(x)", timeout=SOON)
        expect_the_formula_to_fit(page)


def test_numbers_keep_their_buttons_on_a_tablet(page: Page, server: Server) -> None:
    open_train(page, server)
    for width in (768, 820, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        for label in ("Units in layer 1", "Epochs", "Stop when accuracy exceeds"):
            field = page.get_by_test_id("stNumberInput").filter(
                has=page.get_by_role("spinbutton", name=label, exact=True)
            )
            for step in ("Up", "Down"):
                button = field.get_by_test_id(f"stNumberInputStep{step}")
                expect(button).to_be_visible(timeout=SOON)


_IN_VIEW = """(element) => {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return top >= 60 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
}"""


# What is said of a neuron sticks to the lower end of the network's box.
_FACES_WHOLE = """(view) => view.querySelector(".nv-faces").getBoundingClientRect().bottom
  <= view.querySelector(".nv-details").getBoundingClientRect().top"""


def expect_all_in_view(*found: Locator) -> None:
    """Wait until each is on the screen from its top to its bottom, below the navigation."""
    for locator in found:
        expect(locator).to_be_visible(timeout=SOON)
        eventually(partial(locator.evaluate, _IN_VIEW), SOON / 1000)


def test_the_first_screen_says_what_this_is_and_after_train_shows_it(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    open_train(page, server, "train_images=6000&epochs=2&early_stop=false")
    knobs = [
        page.get_by_label(name, exact=True).first
        for name in ("Units in layer 1", "Activation", "Batch size", "Epochs")
    ]
    coming = page.get_by_test_id("board-coming")
    name = page.get_by_role("heading", name="Neural network playground")
    sentence = page.get_by_text("watch it learn ten kinds of clothes")
    network = page.get_by_test_id("network-view")
    expect_all_in_view(name, sentence, network, coming, train_button(page), *knobs)
    train_button(page).click()
    curves = [page.get_by_test_id(f"chart-{name}") for name in ("loss", "accuracy")]
    expect_all_in_view(status(page), *curves, network)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(button(page, "Go on")).to_be_visible(timeout=SOON)
    expect_all_in_view(status(page), *curves, network, button(page, "Go on"))
    eventually(partial(network.evaluate, _FACES_WHOLE), SOON / 1000)


def test_on_a_phone_train_stays_in_reach_and_leads_to_the_board(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    open_train(page, server, "train_images=6000&epochs=2&early_stop=false")
    sentence = page.get_by_text("watch it learn ten kinds of clothes")
    expect_all_in_view(sentence, page.get_by_test_id("network-view"), train_button(page))
    train_button(page).click()
    wait_for_epoch(page, 1)
    curves = [page.get_by_test_id(f"chart-{name}") for name in ("loss", "accuracy")]
    expect_all_in_view(status(page), *curves, train_button(page))


def test_the_network_fits_a_phone(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    for layers in ("none", "128", "128,128", "1024,1024"):
        open_train(page, server, f"hidden_layers={layers}")
        expect(page.get_by_test_id("output-9")).to_be_visible(timeout=SOON)
        wider = page.locator(".nv-scroll").evaluate("(box) => box.scrollWidth - box.clientWidth")
        assert wider <= 0, f"{layers}: {wider} px are out of sight"


def test_a_projector_shows_network_and_board_in_large_type(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{server.url}?view=projector&hidden_layers=16")
    network, coming = page.get_by_test_id("network-view"), page.get_by_test_id("board-coming")
    expect(page.get_by_test_id("neuron-1-0")).to_be_visible(timeout=SOON)
    expect_all_in_view(network, coming)
    expect(button(page, "Leave the projector view")).to_be_in_viewport(ratio=1)
    expect(train_button(page)).to_have_count(0)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".network-view *, .live-board *")]
          .filter((one) => one.checkVisibility() && one.childNodes[0]?.data?.trim())
          .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert len(sizes) > 20
    assert min(sizes) >= 24


# What is in a sentence, and the values that are chosen in a field, are as high as their line.
_PRESSED = "button, summary, [role=combobox], label, nav a, [role=treeitem][data-testid]"
_SMALL = """(pressed) => [...document.querySelectorAll(pressed)]
  .filter((one) => one.checkVisibility() && !one.disabled && one.closest("label") === null)
  .filter((one) => !one.closest("[data-testid=stMultiSelectTagsContainer], [aria-hidden=true]"))
  .map((one) => [one.ariaLabel || one.textContent, one.getBoundingClientRect()])
  .filter(([, { left, width, height }]) => left >= 0 && width && (width < 43.5 || height < 43.5))
  .map(([name, { width, height }]) => `${name}: ${width} × ${height}`)"""


def test_fingers_reach_everything(chromium: Browser, server: Server) -> None:
    with chromium.new_context(
        viewport={"width": 400, "height": 850}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        for layers in ("128", "128,16,8"):
            open_train(page, server, f"hidden_layers={layers}")
            expect(page.get_by_test_id(f"neuron-{layers.count(',') + 1}-0")).to_be_visible(
                timeout=SOON
            )
            assert page.evaluate(_SMALL, _PRESSED) == []
        page.goto(f"{server.url}activation-functions")
        # Fingers can zoom it, too: its chart is drawn.
        expect(page.locator(".figure[data-pinch]").first).to_be_visible(timeout=3 * SOON)
        assert page.evaluate(_SMALL, _PRESSED) == []
        # A teacher's phone: a popover has a button of its own kind.
        page.goto(f"{server.url}class")
        button(page, "Start a class").tap(timeout=3 * SOON)
        expect(page.get_by_role("button", name="Links")).to_be_visible(timeout=SOON)
        assert page.evaluate(_SMALL, _PRESSED) == []
