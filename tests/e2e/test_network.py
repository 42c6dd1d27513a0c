"""The living network in a real browser: what it draws, what can be changed in it, a run's film."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, expect

from playground.config import RunConfig
from playground.dataset import load_data
from playground.figures.style import BLUE, VERMILLION
from playground.network.by_hand.initial import initial_network
from playground.network.network import Network
from playground.network.portrait import order, quantise
from tests.e2e.server import SOON, TRAINED, Server, open_train, status, train_button

CONFIG = RunConfig(hidden_layers=(20,), train_images=4_000, epochs=3, early_stop=False)
QUERY = "hidden_layers=20&train_images=4000&epochs=3&early_stop=false"
ENDS = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (BLUE, VERMILLION)]


def view(page: Page) -> Locator:
    return page.get_by_test_id("network-view")


def said(page: Page, tile: str) -> str:
    return page.get_by_test_id(tile).get_attribute("aria-label") or ""


def test_an_untrained_network_is_drawn_from_its_weights_and_can_be_changed(
    page: Page, server: Server
) -> None:
    open_train(page, server, QUERY)
    expect(view(page)).to_have_attribute("data-epoch", "0", timeout=SOON)
    expect(page.get_by_test_id(re.compile("^neuron-1-"))).to_have_count(16)
    network = initial_network(CONFIG, 1 / 255, 0.0)
    weights, bias = network.layers[0]
    # The picture of a neuron is made of its weights.
    drawn = (
        page.get_by_test_id("neuron-1-3")
        .locator("canvas")
        .evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
    )
    [codes] = quantise(weights[:, 3][None], (1,)).codes.astype(float)
    ends = np.where(codes[:, None] < 0, ENDS[0], ENDS[1])
    tile = np.reshape(drawn, (784, 4)).astype(float)
    assert np.abs(tile[:, 3] - 255 * np.abs(codes) / 127).max() <= 1
    # A browser keeps a colour multiplied by its opacity, in whole numbers.
    assert np.abs((tile[:, :3] - ends) * tile[:, 3:] / 255).max() <= 1
    # Its numbers are those of NumPy, and so are the answers.
    pixels = load_data().x_test[:1]
    z = float((pixels.reshape(-1) / 255) @ weights[:, 3] + bias[3])
    assert f"z = {z:.3f}".replace("-", "−") in said(page, "neuron-1-3")
    for label, probability in enumerate(network.predict(pixels)[0]):
        shown = page.get_by_test_id(f"output-{label}").get_attribute("data-probability")
        assert abs(float(shown or "nan") - probability) < 1e-5
    # The keys lead through it, and what is looked at is explained.
    page.get_by_role("treeitem", name="Input").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("data-testid", "neuron-1-0")
    expect(view(page)).to_contain_text("from 784 inputs")
    expect(page.locator(".nv-exciting canvas")).to_have_count(5, timeout=SOON)
    # A layer more here is a layer more in the settings, and the other way round.
    page.get_by_label("Add a hidden layer").click()
    expect(page.get_by_role("slider", name="Hidden layers")).to_have_value("2", timeout=SOON)
    expect(page.get_by_test_id(re.compile("^neuron-2-"))).to_have_count(16, timeout=SOON)
    page.get_by_label("Fewer neurons in layer 2: 16").click()
    expect(page.get_by_role("spinbutton", name="Units in layer 2")).to_have_value(
        "16", timeout=SOON
    )
    page.get_by_role("slider", name="Hidden layers").press("ArrowLeft")
    expect(page.get_by_test_id(re.compile("^neuron-2-"))).to_have_count(0, timeout=SOON)
    # So does the activation, by its curve: the next one that the settings offer.
    activation = page.get_by_role("combobox", name="Activation")
    page.get_by_role("button", name="The curve of relu").press("Enter")
    expect(activation).to_have_value("leaky_relu", timeout=SOON)
    curve = page.get_by_role("button", name="The curve of leaky_relu: change every hidden layer")
    expect(curve).to_be_focused(timeout=SOON)
    activation.click()
    page.get_by_role("option", name="tanh", exact=True).click()
    expect(page.get_by_role("button", name="The curve of tanh")).to_be_visible(timeout=SOON)


def test_a_run_is_followed_and_played_back(page: Page, server: Server) -> None:
    open_train(page, server, QUERY)
    expect(view(page)).to_have_attribute("data-epoch", "0", timeout=SOON)
    before = [said(page, f"neuron-1-{neuron}") for neuron in range(16)]
    train_button(page).click()
    expect(view(page)).to_have_attribute("data-epoch", "3", timeout=TRAINED)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)  # its weights are a file now
    expect(page).to_have_url(re.compile("run="), timeout=SOON)
    # Now those neurons come first that have the largest share in the answer, for another item, too.
    found = re.search(r"run=(\w+)", page.url)
    assert found is not None
    [file] = server.home.rglob(f"*{found[1]}*/network.npz")
    network = Network.from_bytes(file.read_bytes())
    for item in (0, 4):
        page.get_by_role("spinbutton", name="Test image").fill(str(item))
        page.keyboard.press("Enter")
        [ordered] = order(network, load_data().x_test[item])
        tiles = page.get_by_test_id(re.compile("^neuron-1-"))
        for index, neuron in enumerate(ordered[:16]):
            expect(tiles.nth(index)).to_have_attribute(
                "data-testid", f"neuron-1-{neuron}", timeout=SOON
            )
    page.get_by_role("spinbutton", name="Test image").fill("0")
    page.keyboard.press("Enter")
    [ordered] = order(network, load_data().x_test[0])
    expect(tiles.first).to_have_attribute("data-testid", f"neuron-1-{ordered[0]}", timeout=SOON)
    one = next(neuron for neuron in ordered[:16].tolist() if neuron < 16)
    assert said(page, f"neuron-1-{one}") != before[one]
    moment = page.get_by_role("slider", name="Moment of the run")
    moment.press("Home")
    expect(view(page)).to_have_attribute("data-epoch", "0", timeout=SOON)
    assert said(page, f"neuron-1-{one}") == before[one]
    page.get_by_role("button", name="Play as a film").click()
    expect(view(page)).to_have_attribute("data-epoch", "3", timeout=SOON)
    # A press on a curve's second point.
    page.get_by_test_id("chart-loss").evaluate(
        "chart => chart.emit('plotly_click', { points: [{ x: 2 }] })"
    )
    expect(view(page)).to_have_attribute("data-epoch", "2", timeout=SOON)
    for name in ("Next mistake", "Hardest"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(view(page)).to_contain_text("but it is", timeout=SOON)
