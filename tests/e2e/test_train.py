from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from playground.figures.thinning import MOST_POINTS
from tests.e2e.server import (
    SOON,
    TRAINED,
    Server,
    button,
    open_train,
    status,
    traces,
    train,
    train_button,
    wait_for_epoch,
)

_RATES = """
  (wanted) => JSON.stringify(wanted) === JSON.stringify(
    document.querySelector("[data-testid=chart-loss]")?.data
      ?.find((trace) => trace.name === "Learning rate changed")?.customdata)
"""


def validation_epochs(page: Page, chart: str = "loss") -> list[float]:
    return next(t["x"] for t in traces(page, chart) if t["name"].startswith("Validation"))


def training_epochs(page: Page, chart: str = "loss") -> list[float]:
    return next(t["x"] for t in traces(page, chart) if t["name"] == "Training")


def test_the_defaults_train_to_an_end_with_every_figure(page: Page, server: Server) -> None:
    open_train(page, server)
    page.wait_for_function("window.Plotly")  # the first press of Train need not wait for it
    train_button(page).click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(page.get_by_test_id("test-accuracy")).to_be_visible(timeout=SOON)
    accuracy = page.get_by_test_id("test-accuracy").inner_text()
    number = float(re.sub(r"[^\d.]", "", accuracy))
    assert (number / 100 if "%" in accuracy else number) >= 0.86
    # Beside it the same weights on the training images: the epoch's accuracy is a mean.
    trained = page.get_by_text("after training")
    expect(trained.locator("xpath=parent::dd")).to_have_text(re.compile(r"\d\d\.\d %"))
    means = re.compile("the mean while the weights changed")
    expect(page.get_by_test_id("chart-loss")).to_have_attribute("aria-label", means)
    epochs = training_epochs(page)
    assert epochs == list(range(1, len(epochs) + 1))
    assert validation_epochs(page) == epochs == training_epochs(page, "accuracy")
    matrix = traces(page, "confusion")[0]["z"]
    assert [len(row) for row in matrix] == [10] * 10
    assert sum(map(sum, matrix)) == 10_000
    expect(page.get_by_test_id("chart-test-confusion").locator("svg").first).to_be_visible()
    tested = traces(page, "test-confusion")[0]["z"]
    assert sum(map(sum, tested)) == 10_000
    (steps,) = traces(page, "step-loss")
    assert 0 < steps["x"][0] < 0.1
    assert epochs[-1] * 0.99 < steps["x"][-1] <= epochs[-1]
    assert len(steps["x"]) == len(steps["y"]) <= MOST_POINTS
    assert "Traceback" not in server.log()
    for name, ending in (("History (CSV)", ".csv"), ("Model (.keras)", ".keras")):
        with page.expect_download(timeout=SOON) as download:
            page.get_by_role("button", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
        assert download.value.path().stat().st_size > len(epochs)


def test_a_passed_threshold_ends_the_run_after_that_epoch(page: Page, server: Server) -> None:
    train(page, server, "stop_threshold=0.87")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    said = re.search(r"epoch (\d+)", status(page).inner_text())
    assert said is not None
    assert len(training_epochs(page)) == int(said[1]) < 10
    low, high = page.evaluate(
        "document.querySelector('[data-testid=chart-accuracy]')._fullLayout.yaxis.range"
    )
    assert 0 < low < 0.87 < high < 1
    accuracy = next(t["y"] for t in traces(page, "accuracy") if t["name"] == "Training")
    assert accuracy[-1] > 0.87
    assert accuracy[:-1]
    assert all(earlier <= 0.87 for earlier in accuracy[:-1])


def test_pause_reload_resume_misses_no_epoch_and_doubles_none(page: Page, server: Server) -> None:
    train(page, server, "epochs=4&early_stop=false&batch_size=8")
    wait_for_epoch(page, 1)
    button(page, "Pause").click()
    expect(status(page)).to_contain_text("Paused", timeout=SOON)
    expect(page).to_have_url(re.compile("run="), timeout=SOON)
    rate = page.get_by_role("spinbutton", name="Rate from now on")
    rate.fill("0.0005")
    rate.press("Enter")
    page.wait_for_function(_RATES, arg=[0.0005], timeout=SOON)
    page.reload()
    expect(status(page)).to_contain_text("Paused", timeout=SOON)
    page.wait_for_function(_RATES, arg=[0.0005], timeout=SOON)
    button(page, "Resume").click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    wait_for_epoch(page, 4)
    assert training_epochs(page) == validation_epochs(page) == [1, 2, 3, 4]


def test_the_readers_zoom_stays_while_it_trains(page: Page, server: Server) -> None:
    train(page, server, "epochs=200&early_stop=false")
    wait_for_epoch(page, 4)
    chart = page.get_by_test_id("chart-loss")
    chart.scroll_into_view_if_needed()
    area = chart.locator(".nsewdrag").first.bounding_box()
    assert area is not None
    x, y = area["x"], area["y"]
    page.mouse.move(x + 20, y + 20)
    page.mouse.down()
    page.mouse.move(x + 90, y + 90, steps=5)
    page.mouse.up()
    ranges = "e => [...e.layout.xaxis.range, ...e.layout.yaxis.range]"
    page.wait_for_function(
        "() => document.querySelector('[data-testid=chart-loss]').layout.xaxis.autorange === false",
        timeout=SOON,
    )
    zoomed = chart.evaluate(ranges)
    wait_for_epoch(page, int(max(validation_epochs(page))) + 4)
    assert chart.evaluate(ranges) == zoomed
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("Stopped", timeout=TRAINED)
