"""Figures that change in place, with the page's own JavaScript: what a reader has set stays."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from playground.figures.compare import Axis, parallel_figure
from playground.ui import assets
from tests.e2e.server import SOON, Server

_SHOW = """async ([address, data]) => {
  if (!document.querySelector(".figure")) document.body.innerHTML = '<div class="figure"></div>';
  const { default: show } = await import(address);
  show({ data, parentElement: document.body });
}"""
_BRUSHED = """() => (document.querySelector(".figure")._fullData ?? [])
  .flatMap(({ dimensions }) => dimensions.map((one) => one.constraintrange ?? null))"""


def test_what_is_brushed_on_an_axis_stays_while_numbers_come_in(page: Page, server: Server) -> None:
    def show(axis: str, *accuracies: float | None) -> list[Any]:
        """Show the figure; returns the brushed range of each axis."""
        figure = parallel_figure([Axis(axis, [1, 2, 3], ["1", "2", "3"])], accuracies)
        data = {"figure": json.loads(figure.to_json()), "caption": "", "leastWidth": 500}
        page.evaluate(_SHOW, [assets.addresses("common/figure.js")[0], data])
        lines = sum(accuracy is not None for accuracy in accuracies)
        page.wait_for_function(
            "n => document.querySelector('.figure').data?.[0].line.color.length === n",
            arg=lines,
            timeout=SOON,
        )
        brushed: list[Any] = page.evaluate(_BRUSHED)
        return brushed

    page.goto(f"{server.url}_stcore/health")
    assert show("Seed", 0.5, 0.7, None) == [None, None]
    box = page.locator(".axis-brush .background").first.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_function(f"({_BRUSHED})()[0]", timeout=SOON)
    [seeds, none] = show("Seed", 0.5, 0.7, None)
    assert 1 < seeds[0] < 2 < seeds[1] < 3
    assert none is None
    assert show("Seed", 0.5, 0.7, 0.9) == [seeds, None]
    assert show("Epochs", 0.5, 0.7, 0.9) == [None, None]
