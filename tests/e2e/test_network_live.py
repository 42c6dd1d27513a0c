"""The living network while its run trains: it changes in place, and ends as what is exported."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, WebSocket, expect

from playground.dataset import load_data
from playground.network.network import Network
from tests.e2e.server import SOON, TRAINED, Server, open_train, status, train_button

# Some seconds of training with many chunks.
QUERY = "hidden_layers=20&batch_size=1&epochs=2&early_stop=false&seed=7"
# Notes each position with the pictures of two neurons as they are drawn then.
_NOTE = """() => {
  window.noted = [];
  const view = document.querySelector('[data-testid=network-view]');
  const pixels = (tile) => [...tile.querySelector('canvas').getContext('2d')
    .getImageData(0, 0, 28, 28).data].join();
  new MutationObserver(() => {
    const tiles = [...view.querySelectorAll('[data-testid^=neuron-1-]')];
    window.noted.push([Number(view.dataset.epoch), tiles.slice(0, 2).map(pixels).join(';')]);
  }).observe(view, {attributes: true, attributeFilter: ['data-epoch']});
}"""


def _noted(page: Page) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = page.evaluate("window.noted")
    return found


def test_it_lives_while_its_run_trains_and_ends_as_the_weights_that_are_exported(
    page: Page, server: Server
) -> None:
    sent: list[Any] = []

    def on_socket(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", on_socket)
    open_train(page, server, QUERY)
    view = page.get_by_test_id("network-view")
    expect(view).to_have_attribute("data-epoch", "0", timeout=SOON)
    page.evaluate(_NOTE)
    train_button(page).click()
    # Within an epoch, again and again, and what is drawn with it.
    several = "noted.filter(([at]) => at % 1).length >= {}"
    page.wait_for_function(several.format(2), timeout=TRAINED)
    before = len(sent)
    page.wait_for_function(several.format(8), timeout=TRAINED)
    assert len(sent) == before, "a script was run for it"
    # Other neurons are shown by the worker, too, from where it is.
    page.get_by_label("Next neurons of layer 1").click()
    expect(page.get_by_test_id("neuron-1-16")).to_be_visible(timeout=SOON)
    expect(view).to_have_attribute("data-epoch", "2", timeout=TRAINED)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    noted = _noted(page)
    positions = [at for at, _ in noted]
    assert positions == sorted(positions)
    assert len({tiles for _, tiles in noted}) >= 8
    # Exported are the weights that are shown.
    found = re.search(r"run=(\w+)", page.url)
    assert found is not None
    [file] = server.home.rglob(f"*{found[1]}*/network.npz")
    network = Network.from_bytes(file.read_bytes())
    for label, probability in enumerate(network.predict(load_data().x_test[:1])[0]):
        output = page.get_by_test_id(f"output-{label}")
        shown = float(output.get_attribute("data-probability") or "nan")
        np.testing.assert_allclose(shown, probability, atol=1e-5)


def _lives(page: Page) -> None:
    """Its network changes in place, several times within an epoch from now on."""
    expect(page.get_by_test_id("neuron-1-19").or_(page.get_by_test_id("neuron-1-0"))).to_be_visible(
        timeout=SOON
    )
    page.evaluate(_NOTE)
    page.wait_for_function("noted.filter(([at]) => at % 1).length >= 4", timeout=TRAINED)


def _item(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="Test image")


def _choose(page: Page, index: int) -> None:
    _item(page).fill(str(index))
    _item(page).press("Enter")


def test_it_lives_for_all_who_look_whatever_its_owner_looks_at(page: Page, server: Server) -> None:
    open_train(page, server, QUERY.replace("epochs=2", "epochs=30"))
    train_button(page).click()
    # After an epoch, its neurons have an order by their share.
    page.wait_for_function(
        "document.querySelector('[data-testid=network-view]')?.dataset.epoch > 1", timeout=TRAINED
    )
    browser = page.context.browser
    assert browser is not None
    others = browser.new_context()
    other, tab = others.new_page(), page.context.new_page()
    try:
        for watching in (other, tab):
            watching.goto(page.url)
            _lives(watching)
        _choose(page, 7)
        for looks in (page, other, tab):
            expect(_item(looks)).to_have_value("7", timeout=SOON)
            _lives(looks)
        page.get_by_label("Next neurons of layer 1").click()
        for looks in (page, other, tab):
            expect(looks.get_by_test_id("neuron-1-16")).to_be_visible(timeout=SOON)
            _lives(looks)
        _choose(tab, 9)
        for looks in (page, other, tab):
            expect(_item(looks)).to_have_value("9", timeout=SOON)
        # And the one that was there before.
        _choose(page, 7)
        expect(_item(tab)).to_have_value("7", timeout=SOON)
        page.reload()
        for looks in (page, other):
            expect(_item(looks)).to_have_value("7", timeout=SOON)
            _lives(looks)
        # What somebody else chooses is seen there alone, until they want the live one again.
        _choose(other, 3)
        back = other.get_by_role("button", name="Back to live")
        expect(back).to_be_visible(timeout=SOON)
        expect(_item(other)).to_have_value("3")
        expect(_item(page)).to_have_value("7")
        back.click()
        expect(_item(other)).to_have_value("7", timeout=SOON)
        _lives(other)
        expect(back).to_be_hidden()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(status(page)).to_contain_text("Stopped", timeout=TRAINED)
    finally:
        others.close()
        tab.close()
