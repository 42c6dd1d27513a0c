"""What the live board's charts have drawn, not only what they were given."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from playground.figures.thinning import MOST_POINTS
from tests.e2e.server import (
    SOON,
    TRAINED,
    Server,
    button,
    status,
    traces,
    train,
    train_button,
    wait_for_epoch,
)

# How far the line of each chart reaches that is drawn, and its last point, both in epochs.
_REACH = """() => ["loss", "accuracy", "step-loss"].map((name) => {
  const chart = document.querySelector(`[data-testid=chart-${name}]`);
  const path = chart?.querySelector(".js-line")?.getAttribute("d");
  if (!path) return [0, 1];
  const { xaxis } = chart._fullLayout;
  const drawn = xaxis.p2l(Number(path.match(/[-\\d.]+,[-\\d.]+/g).at(-1).split(",")[0]));
  return [Math.min(drawn, xaxis.range[1]), chart.data[0].x.at(-1)];
})"""


# How much further than its line the axis of each chart goes, 1 is not at all.
_ENDS = """() => ["loss", "accuracy", "step-loss"].map((name) => {
  const { data, _fullLayout } = document.querySelector(`[data-testid=chart-${name}]`);
  return _fullLayout.xaxis.range[1] / data[0].x.at(-1);
})"""


_DRAWN_AGAIN = 5
_DRAW_AGAIN = """(times) => {
  const chart = document.querySelector("[data-testid=chart-loss]");
  for (let i = 0; i < times; i++) Plotly.redraw(chart);
}"""


def restyled(page: Page, script: str, argument: object) -> int:
    """The elements of which a script has the styles made again, each as often as that happens."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.evaluate(script, argument)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    updates = [event["args"] for event in events if event["name"] == "UpdateLayoutTree"]
    return sum(args.get("elementCount", 0) for args in updates)


def expect_drawn(page: Page, epochs: int) -> None:
    """Wait until every line of training is drawn to its last point, after so many epochs."""
    page.wait_for_function(
        f"([n, room]) => ({_REACH})().every("
        "([drawn, last]) => last > n - room && Math.abs(drawn - last) < room)",
        arg=[epochs, epochs / 200],
        timeout=SOON,
        polling=100,  # not by frames, which a test takes away
    )


def test_a_finished_run_is_drawn_to_its_last_point_at_its_end_and_when_replayed(
    page: Page, server: Server
) -> None:
    train(page, server, "epochs=4&early_stop=false&train_images=12000&batch_size=8")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect_drawn(page, 4)
    page.reload()
    expect(status(page)).to_contain_text("Finished", timeout=SOON)
    expect_drawn(page, 4)
    # Names stand at the lines, and the charts are few stops on the way of the Tab key.
    ends = page.locator(".live-board .line-ends span")
    assert ends.all_inner_texts() == ["Training", "Validation"] * 2
    # A chart that is drawn has no styles made again of the page around it, which are hundreds. In a
    # page that still grows, some are made meanwhile for another reason, but not each time.
    made = min(restyled(page, _DRAW_AGAIN, _DRAWN_AGAIN) for _ in range(3))
    assert made < 50 * _DRAWN_AGAIN
    stops = page.locator(
        ".live-board :is(a, button, input, [tabindex='0']):not([tabindex='-1']):visible"
    )
    assert stops.count() <= 8
    (steps,) = traces(page, "step-loss")
    assert 400 < len(steps["x"]) <= MOST_POINTS
    assert steps["x"] == sorted(set(steps["x"]))


def test_a_page_without_frames_is_drawn_to_the_last_point(page: Page, server: Server) -> None:
    """As a window behind another one may be, which is not hidden."""
    train(page, server, "epochs=200&early_stop=false&train_images=12000&batch_size=8")
    wait_for_epoch(page, 1)
    page.evaluate("() => { window.requestAnimationFrame = () => 1; }")
    button(page, "Pause").click()
    expect(status(page)).to_contain_text("Paused", timeout=SOON)
    for epochs in (2, 3):
        button(page, "Step one epoch").click()
        expect_drawn(page, epochs)
    # Of 200 planned epochs: where the run ends, its axes end, too.
    button(page, "Stop").click()
    expect(status(page)).to_contain_text("Stopped", timeout=TRAINED)
    ends = f"() => ({_ENDS})().every((end) => end < 1.2)"
    page.wait_for_function(ends, polling=100, timeout=SOON)


def test_the_next_run_s_board_holds_nothing_of_the_one_before_and_grows_in_a_room(
    page: Page, server: Server
) -> None:
    train(page, server, "epochs=2&early_stop=false&train_images=12000")
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    tested = page.get_by_test_id("test-accuracy")
    expect(tested).to_be_visible(timeout=SOON)
    expect_drawn(page, 2)
    first = page.locator(".live-board").element_handle()
    train_button(page).click()
    page.wait_for_function("(first) => !first.isConnected", arg=first, timeout=SOON)
    # Before the run's end there is no result, and its curve begins at the beginning.
    assert tested.is_hidden() or status(page).inner_text().startswith("Finished")
    wait_for_epoch(page, 2)
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)
    expect(tested).to_be_visible(timeout=SOON)
    expect_drawn(page, 2)
    expect(page.locator(".live-board")).to_have_count(1)
    assert [point for point in traces(page, "loss")[1]["x"] if point] == [1, 2]

    # In a room, text is larger the larger the page is; the charts', too.
    button(page, "Projector view").click()
    chart = "document.querySelector('.st-key-projector [data-testid=chart-loss]')"
    size = f"{chart}?._fullLayout?.font.size"
    page.set_viewport_size({"width": 1000, "height": 700})
    page.wait_for_function(size)
    before = page.evaluate(size)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function(f"(before) => {size} > before", arg=before, timeout=SOON)
