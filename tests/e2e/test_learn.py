"""Learn in a real browser: from a page to Train, a run, and back to what its hooks were."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button, status

HOOKS = [
    "on_train_begin",
    *["on_epoch_begin", "on_batch_begin", "on_batch_end"],
    *["on_test_begin", "on_test_batch_begin", "on_test_batch_end", "on_test_end"],
    "on_epoch_end",
    "on_train_end",
    *["on_predict_begin", "on_predict_batch_begin", "on_predict_batch_end", "on_predict_end"],
]


def chart(page: Page, index: int = 0) -> list[dict[str, Any]]:
    """The traces of a figure on the page: name, x and y."""
    figure = page.locator(".js-plotly-plot").nth(index)
    expect(figure.locator("svg").first).to_be_visible(timeout=SOON)
    traces: list[dict[str, Any]] = figure.evaluate(
        "p => p.data.map(({name, x, y}) => ({name, x: [...x], y: [...y]}))"
    )
    return traces


def test_the_callback_page_shows_the_hooks_of_a_run_it_has_led_to(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}callback")
    expect(page.get_by_text("You have no run with recorded hooks yet")).to_be_visible(timeout=SOON)
    button(page, "Open on Train").click()
    threshold = page.get_by_role("spinbutton", name="Stop when accuracy exceeds")
    expect(threshold).to_have_value("0.80", timeout=SOON)
    expect(button(page, "Train")).to_be_enabled(timeout=SOON)
    button(page, "Train").click()
    expect(status(page)).to_contain_text("Finished", timeout=TRAINED)

    page.get_by_text("Learn", exact=True).click()
    page.get_by_role("menuitem", name="Callback").click()
    expect(page.get_by_text("set stop_training")).to_be_visible(timeout=SOON)
    calls = [
        (x, hook)
        for trace in chart(page)
        for x, hook in zip(trace["x"], trace["y"], strict=True)
        if hook is not None
    ]
    assert {hook for _, hook in calls} == set(HOOKS)
    firsts = [min(x for x, hook in calls if hook == name) for name in HOOKS]
    assert firsts == sorted(firsts)
    # What led on to Train counts as finished.
    page.get_by_role("link", name="All lessons").click()
    status_of = page.locator("[data-lesson=callback]")
    expect(status_of).to_have_text("✓ Finished", timeout=SOON)
    expect(page.locator("[data-lesson=dense]")).to_be_hidden()


def test_sigmoids_gradient_fades_and_relus_does_not_before_and_after_real_runs(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}activation-functions")
    expect(button(page, "Train both")).to_be_enabled(timeout=SOON)
    sizes = {trace["name"]: trace["y"] for trace in chart(page, 1)}
    assert sizes["sigmoid"][0] < sizes["sigmoid"][-1] / 1000
    assert sizes["relu"][0] > sizes["relu"][-1] / 5
    button(page, "Train both").click()
    expect(page.get_by_text("The gradients with the weights")).to_be_visible(timeout=TRAINED)
    trained = {trace["name"]: trace["y"] for trace in chart(page, 3)}
    assert {name: len(y) for name, y in trained.items()} == {
        "sigmoid, trained": 6,
        "relu, trained": 6,
    }
    loss = {trace["name"]: trace["y"] for trace in chart(page, 2)}
    assert loss["relu"][-1] < loss["sigmoid"][-1]
