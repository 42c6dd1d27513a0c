"""The form keeps what its user has set, and a link is followed, whatever else runs the script."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button, open_train, status, train

SETTINGS = (
    "hidden_layers=128,64&optimizer=sgd&learning_rate=0.02&batch_size=1&epochs=30&dropout=0.1"
)
_LINK = "[...document.querySelectorAll('a')].find((a) => a.innerText.trim().endsWith('Draw'))"


def number(page: Page, label: str) -> Locator:
    return page.get_by_role("spinbutton", name=label, exact=True)


def expect_the_form(page: Page, epochs: str) -> None:
    expect(page.get_by_role("slider", name="Hidden layers")).to_have_value("2", timeout=SOON)
    for label, value in (
        ("Units in layer 1", "128"),
        ("Units in layer 2", "64"),
        ("Epochs", epochs),
    ):
        expect(number(page, label)).to_have_value(value, timeout=SOON)
    for label, chosen in (("Activation", "relu"), ("Optimizer", "sgd"), ("Batch size", "1")):
        expect(page.get_by_role("combobox", name=label)).to_have_value(chosen)
    page.get_by_text("More settings").click()
    expect(number(page, "Dropout")).to_have_value("0.10", timeout=SOON)
    expect(page).to_have_url(
        re.compile(rf"128(%2C|,)64.*optimizer=sgd.*learning_rate=0.02.*epochs={epochs}"),
        timeout=SOON,
    )


def expect_draw_and_come_back(page: Page) -> None:
    expect(page.get_by_role("heading", name="Draw")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Train", exact=True).click()


def test_draw_opens_and_the_form_stays_while_a_run_ends(page: Page, server: Server) -> None:
    # The board asks for a run of the script 100 ms after the run has ended.
    train(page, server, SETTINGS)
    expect(status(page)).to_contain_text("Running", timeout=TRAINED)
    expect(button(page, "Pause")).to_be_enabled(timeout=SOON)
    page.evaluate(
        """() => {
          const said = document.querySelector("[data-testid=run-status]");
          const ended = new MutationObserver(() => {
            if (!said.innerText.includes("Stopped")) return;
            ended.disconnect();
            setTimeout(() => LINK.click(), 70);
          });
          ended.observe(said, { subtree: true, childList: true, characterData: true });
        }""".replace("LINK", _LINK)
    )
    number(page, "Epochs").fill("7")
    number(page, "Epochs").press("Enter")
    button(page, "Stop").click()
    expect_draw_and_come_back(page)
    expect_the_form(page, "7")


def test_a_link_is_followed_though_the_old_page_runs_once_more(page: Page, server: Server) -> None:
    open_train(page, server, SETTINGS)
    toggle = page.get_by_role("switch", name="Stop early")
    # In one turn, so that the toggle's run is asked for before the page has answered the link.
    toggle.evaluate(f"(toggle) => {{ {_LINK}.click(); toggle.click(); }}")
    expect_draw_and_come_back(page)
    expect_the_form(page, "30")
    expect(toggle).not_to_be_checked()
