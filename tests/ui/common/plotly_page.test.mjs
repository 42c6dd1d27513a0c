import assert from "node:assert/strict";
import { test } from "node:test";

import { enlarge, inkCells } from "../../../playground/ui/common/plotly_page.js";

test("text, lines and margins grow with the page, from what was given", () => {
  const given = {
    font: { size: 14, color: "x" },
    margin: { l: 8 },
    xaxis: { title: { font: { size: 14 }, text: "Epoch" }, range: [0, 1] },
    annotations: [{ y: 0.9, font: { size: 14 } }],
  };
  const layout = structuredClone(given);
  for (const times of [2, 1.5]) {
    enlarge(layout, given, times);
    assert.deepEqual(layout.font, { size: 14 * times, color: "x" });
    assert.deepEqual(layout.margin, { l: 8 * times });
    assert.deepEqual(layout.xaxis.title.font, { size: 14 * times });
    assert.deepEqual(layout.annotations, [{ y: 0.9, font: { size: 14 * times } }]);
  }
  assert.deepEqual(layout.xaxis.range, [0, 1]);
});

test("numbers on tints are written in the page's colour, others as plotly.js does", () => {
  const tints = { type: "heatmap", colorscale: [[0, "rgba(0,0,0,0)"]] };
  const opaque = { type: "heatmap", colorscale: [[0, "#000"]] };
  inkCells([tints, opaque, { type: "bar" }], "text");
  assert.deepEqual(tints.textfont, { color: "text" });
  assert.equal(opaque.textfont, undefined);
});
