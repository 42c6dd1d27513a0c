"""The browser thins a growing line as Python does."""

from __future__ import annotations

import json

import numpy as np
import pytest

from playground.figures.thinning import MOST_POINTS, thin
from tests.ui.javascript import run

# The points come one by one, behind the one without a place that a trace begins with.
GROW = """
import { readFileSync } from "node:fs";
import { thin } from "./playground/ui/board/thinning.js";
const { x, y, most } = JSON.parse(readFileSync(0, "utf-8"));
const trace = { x: [null], y: [null] };
for (let i = 0; i < x.length; i++) {
  trace.x.push(x[i]);
  trace.y.push(y[i]);
  if (trace.x.length > most) thin(trace, most);
}
console.log(JSON.stringify(trace));
"""


@pytest.mark.engine  # Node.js
@pytest.mark.parametrize("n", [1, 1_500, 1_501, 5_000, 20_000])
def test_the_browser_thins_as_python_does(n: int) -> None:
    y = np.random.default_rng(n).integers(0, 1_000, n).tolist()
    x = [(i + 1) / 1_563 for i in range(n)]
    line = json.dumps({"x": x, "y": y, "most": MOST_POINTS})
    grown = json.loads(run("--input-type=module", "--eval", GROW, stdin=line))
    placed = [point for point in zip(grown["x"], grown["y"], strict=True) if point[0] is not None]
    assert len(placed) <= MOST_POINTS
    assert thin([x for x, _ in placed], [y for _, y in placed], 200) == thin(x, y, 200)
