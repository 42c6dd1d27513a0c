from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, Server, open_train

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


@pytest.mark.parametrize("width", [768, 820, 1024, 1280])
def test_numbers_keep_their_buttons_on_a_tablet(page: Page, server: Server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    open_train(page, server)
    for label in ("Units in layer 1", "Epochs", "Stop when accuracy exceeds"):
        field = page.get_by_test_id("stNumberInput").filter(
            has=page.get_by_role("spinbutton", name=label, exact=True)
        )
        for step in ("Up", "Down"):
            expect(field.get_by_test_id(f"stNumberInputStep{step}")).to_be_visible(timeout=SOON)
