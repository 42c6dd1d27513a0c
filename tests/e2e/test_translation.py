"""What JavaScript shows, in the language of tests, in which every string of ours changes."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from playground.locales.pseudo import PSEUDO, pseudo
from tests.e2e.server import SOON, TRAINED, Server, status
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
