"""Languages in a browser: what JavaScript shows, what fits a phone, what a switch keeps.

In the language of tests every string of ours changes and is 40 % longer.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from playground.locales import speaking, t
from playground.locales.pseudo import PSEUDO, pseudo
from playground.ui import navigation
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
from tests.visible import plain_english

# Remembers every text that is ever shown within an element.
_REMEMBER = """
(root) => {
  const said = (window.playgroundSaid = new Set());
  const look = () => {
    for (const element of [root, ...root.querySelectorAll("*")]) {
      if (!element.checkVisibility()) continue;
      for (const name of ["alt", "title", "aria-label"]) said.add(element.getAttribute(name) ?? "");
      if (element.matches("style, script")) continue;
      for (const node of element.childNodes) if (node.nodeType === 3) said.add(node.data);
    }
  };
  look();
  new MutationObserver(look).observe(root, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
}
"""


def _english(page: Page) -> list[str]:
    said: list[str] = page.evaluate("[...window.playgroundSaid]")
    assert any("⟦" in text for text in said)
    found = ((plain_english(text), text) for text in said)
    return [f"{', '.join(words)} in {text!r}" for words, text in found if words]


def test_the_board_has_no_plain_english_while_a_run_trains_and_when_it_has_ended(
    page: Page, server: Server
) -> None:
    settings = {"epochs": 3, "hidden_layers": "16", "train_images": 6_000, "stop_threshold": 1}
    page.goto(f"{server.url}?{urlencode({'lang': PSEUDO, **settings})}")
    train = page.get_by_role("button", name=pseudo("Train"), exact=True)
    expect(train).to_be_enabled(timeout=SOON)
    train.click()
    board = page.locator(".live-board", has=status(page))
    expect(board).to_be_visible(timeout=SOON)
    board.evaluate(_REMEMBER)
    expect(status(page)).to_contain_text(pseudo("Finished"), timeout=TRAINED)
    expect(page.get_by_test_id("test-accuracy")).to_be_visible(timeout=SOON)
    expect(page.get_by_test_id("chart-test-confusion").locator("svg").first).to_be_visible()
    assert _english(page) == []


def test_the_sketchpad_has_no_plain_english(page: Page, server: Server) -> None:
    page.goto(f"{server.url}?{urlencode({'lang': PSEUDO, 'epochs': 1, 'train_images': 1_000})}")
    train = page.get_by_role("button", name=pseudo("Train"), exact=True)
    expect(train).to_be_enabled(timeout=SOON)
    train.click()
    expect(status(page)).to_contain_text(pseudo("Finished"), timeout=TRAINED)
    page.goto(f"{server.url}draw?lang={PSEUDO}")
    pad = page.locator(".sketchpad")
    expect(pad).to_be_visible(timeout=SOON)
    pad.evaluate(_REMEMBER)
    page.get_by_test_id("sketchpad").focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space", "Control+z", "Control+y"):
        page.keyboard.press(key)
    for name in ("Fill", "Clear", "Undo"):
        pad.get_by_role("button", name=pseudo(name), exact=True).click()
    expect(page.locator(".sp-status")).to_contain_text("⟦", timeout=SOON)
    assert _english(page) == []


# Where a page can be moved sideways, and what it is that is too wide.
_TOO_WIDE = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const wide = (box) => box.scrollWidth > box.clientWidth;
  if (![main, document.scrollingElement].some(wide)) return [];
  const out = [...main.querySelectorAll("*")].filter(
    (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1,
  );
  return ["wider than the screen", ...out.slice(-5).map((one) => one.outerHTML.slice(0, 200))];
}"""
# The script of this page has run to its end.
_SHOWN = """(path) => location.pathname === `/${path}` &&
  document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning" &&
  !document.querySelector("[data-testid=stMain] [data-stale=true]")"""
_PAGES = [entry for entry in (*navigation._WORK, *navigation._LEARN) if entry.there()]


@pytest.mark.parametrize("language", ["ko", PSEUDO])
def test_no_page_is_wider_than_a_phone(page: Page, server: Server, language: str) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    page.goto(f"{server.url}?lang={language}")
    found: dict[str, list[str]] = {}
    for entry in _PAGES:
        path = "" if entry is navigation.TRAIN else entry.path
        # The list of pages is folded on a phone.
        link = page.locator(f"[data-testid=stSidebarNavLink][href$='/{path}']")
        link.dispatch_event("click", timeout=2 * SOON)
        page.wait_for_function(_SHOWN, arg=path, timeout=2 * SOON)
        expect(page.locator("html")).to_have_attribute("lang", language)
        found[entry.path] = page.evaluate(_TOO_WIDE)
    assert {path: wide for path, wide in found.items() if wide} == {}


def _choose_language(page: Page, now: str, then: str) -> None:
    """Turn "Language", whose name is in the language that is spoken now."""
    with speaking(now):
        page.get_by_role("combobox", name=t("Language")).click()
    page.get_by_role("option", name="한국어" if then == "ko" else "English").click()
    expect(page.locator("html")).to_have_attribute("lang", then, timeout=SOON)


def test_another_language_keeps_page_knobs_run_and_drawing(page: Page, server: Server) -> None:
    open_train(page, server, "epochs=90&hidden_layers=8&train_images=3000&early_stop=false")
    train_button(page).click()
    wait_for_epoch(page, 1)
    run = re.search(r"run=(\w+)", page.url)
    assert run is not None
    page.get_by_role("spinbutton", name="Units in layer 1", exact=True).fill("23")
    page.get_by_role("spinbutton", name="Units in layer 1", exact=True).press("Enter")
    expect(page).to_have_url(re.compile("hidden_layers=23"), timeout=SOON)

    _choose_language(page, "en", "ko")
    with speaking("ko"):
        expect(status(page)).to_contain_text(t("Running"), timeout=SOON)
        units = page.get_by_role("spinbutton", name=t("Units in layer {number}", number=1))
        stop = button(page, t("Stop"))
    expect(units).to_have_value("23", timeout=SOON)
    expect(page).to_have_url(re.compile(f"(?=.*hidden_layers=23)(?=.*run={run[1]}).*lang=ko"))
    # The board goes on: from the first epoch, and with those after the switch.
    drawn = "document.querySelector('[data-testid=chart-loss]').data?.[0]?.x"
    page.wait_for_function(f"{drawn}?.length", timeout=SOON)
    shown = page.evaluate(f"{drawn}.filter((x) => x !== null)")
    page.wait_for_function(f"{drawn}.at(-1) > {shown[-1]} + 1", timeout=TRAINED)
    assert page.evaluate(f"{drawn}.filter((x) => x !== null)")[: len(shown)] == shown
    stop.click()

    page.locator("a[href$='/draw']").first.click()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && document.querySelector('[data-testid=sketchpad]')",
        timeout=3 * SOON,
    )
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.get_by_test_id("sketchpad").press(key)
    kept = "JSON.parse(sessionStorage.getItem('playground-sketchpad'))"
    strokes = f"({kept}?.strokes ?? []).length"
    page.wait_for_function(f"{strokes} === 1")
    _choose_language(page, "ko", "en")
    expect(page).to_have_url(re.compile("/draw"))
    undo = page.locator(".sketchpad").get_by_role("button", name="Undo", exact=True)
    expect(undo).to_be_enabled(timeout=SOON)
    undo.click()
    page.wait_for_function(f"{strokes} === 0")
