"""Slow motion: one mini-batch by hand, in a browser."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from playground.config import RunConfig
from playground.dataset import load_data
from playground.network.by_hand.optimizers import fresh
from playground.network.by_hand.step import walk
from playground.network.network import Network
from playground.ui.network.networks import of_settings
from tests.e2e.server import SOON, Server, open_train


def by_hand(images: list[int], updates: int) -> list[tuple[float, Network]]:
    """The loss of a mini-batch after each update with it, and the network then."""
    config, data = RunConfig(), load_data()
    start = of_settings(config).network
    standing, found = fresh(config, start.layers), []
    for _ in range(updates + 1):
        network = Network(start.activation, start.scale, start.offset, standing.layers)
        step = walk(network, data.x_test[images], data.y_test[images], loss=config.loss)
        found.append((step.loss, network))
        standing = standing.updated(config, config.learning_rate, step.gradients)
    return found


def test_a_step_by_hand_has_the_numbers_of_training_and_its_loss_falls(
    page: Page, server: Server
) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_train(page, server)
    page.get_by_role("button", name="Slow motion", exact=True).click()
    panel = page.get_by_test_id("slow-motion")
    expect(panel.get_by_role("status")).to_contain_text("Forward", timeout=SOON)
    panel.get_by_label("Images in the mini-batch").fill("3")
    panel.get_by_label("Images in the mini-batch").press("Enter")
    expect(panel.locator(".nv-slow-images button")).to_have_count(3, timeout=SOON)
    expected = by_hand([0, 1, 2], 2)
    panel.get_by_role("button", name="Next step").click()
    loss = panel.get_by_test_id("slow-loss")
    assert float(loss.get_attribute("data-loss") or "") == pytest.approx(expected[0][0], abs=1e-5)

    page.keyboard.press("ArrowRight")  # Backward
    expect(page.locator("[data-slow=backward] [data-testid=output-9]")).to_have_attribute(
        "data-sign", "negative"
    )
    page.keyboard.press("ArrowRight")
    weight, bias = panel.get_by_test_id("slow-weight"), panel.get_by_test_id("slow-bias")
    for updates, (before, after) in enumerate(pairwise(expected)):
        expect(panel.get_by_test_id("slow-trail")).to_have_text(
            re.compile(r"→.*" * updates + "$"), timeout=SOON
        )
        layer, start, end = map(int, (weight.get_attribute("data-weight") or "").split(","))
        for name, (_, network) in (("value", before), ("after", after)):
            shown = float(weight.get_attribute(f"data-{name}") or "")
            assert shown == pytest.approx(network.layers[layer][0][start, end], abs=1e-5)
            shown = float(bias.get_attribute(f"data-{name}") or "")
            assert shown == pytest.approx(network.layers[layer][1][end], abs=1e-5)
        panel.get_by_role("button", name="Apply the update").click()
    assert np.all(np.diff([one for one, _ in expected]) < 0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


# Notes how many parts of the network were seen to wait for the values that flow to them.
_NOTE = """() => {
  window.waited = 0;
  const stage = document.querySelector(".nv-stage");
  const note = () =>
    (window.waited = Math.max(window.waited, stage.querySelectorAll("[data-waiting]").length));
  new MutationObserver(note).observe(stage, {subtree: true, attributeFilter: ["data-waiting"]});
}"""


def test_who_wants_no_motion_sees_a_step_at_once(page: Page, server: Server) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_train(page, server)
    neuron = page.get_by_test_id("network-view").locator(".nv-neuron").first
    expect(neuron).to_be_visible(timeout=SOON)
    page.evaluate(_NOTE)
    page.get_by_role("button", name="Slow motion", exact=True).click()
    expect(page.locator(".nv-stage[data-slow=forward]")).to_be_visible(timeout=SOON)
    assert page.evaluate("waited") == 0
    faded = "(one) => getComputedStyle(one).transitionDuration"
    assert neuron.evaluate(faded) == "0s"

    page.emulate_media(reduced_motion="no-preference")
    assert neuron.evaluate(faded) != "0s"
    for _ in range(2):  # backward, where values flow, too
        page.keyboard.press("ArrowRight")
    page.wait_for_function("waited > 0", timeout=SOON)
