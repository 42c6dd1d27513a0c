"""Repeating two runs with other seeds in a browser, and the verdict on them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.server import SOON, TRAINED, Server, button
from tests.e2e.test_runs import open_runs, row, trained

TINY = "hidden_layers=8&train_images=1000&epochs=1&early_stop=false&batch_size=64"


def test_two_runs_are_repeated_and_a_verdict_comes_by_itself(page: Page, server: Server) -> None:
    first = trained(page, server, TINY)
    second = trained(page, server, f"{TINY}&learning_rate=10")
    open_runs(page)
    for run_id in (first, second):
        row(page, run_id).get_by_role("checkbox").check()
    button(page, "Repeat with other seeds").click()
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-verdict", "undecided", timeout=SOON)
    expect(verdict).to_have_attribute("data-verdict", "worse", timeout=TRAINED)
    expect(verdict).to_contain_text("Over 5 seeds", timeout=TRAINED)
    expect(page.get_by_text(re.compile("under way"))).to_have_count(0, timeout=SOON)
    # Five points of each, and five differences.
    page.wait_for_function(
        "() => [...document.querySelectorAll('.js-plotly-plot')].some(({ data }) =>"
        " data.filter(({ customdata }) => customdata?.length === 5).length === 3)",
        timeout=SOON,
    )
    page.reload()
    expect(verdict).to_have_attribute("data-verdict", "worse", timeout=SOON)
