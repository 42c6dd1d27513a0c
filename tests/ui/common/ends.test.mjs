import assert from "node:assert/strict";
import { test } from "node:test";

import { lastPoint, sampleOf, spread } from "../../../playground/ui/common/ends.js";
import { orLegend } from "../../../playground/ui/common/figure.js";

const LINE = 18;

test("names that have room stand at their lines", () => {
  assert.deepEqual(spread([80, 10], 0, 100, LINE), [80, 10]);
  assert.deepEqual(spread([], 0, 100, LINE), []);
});

test("names that would cover each other keep their order and a line between them", () => {
  const found = spread([50, 52, 51, 98, 97], 0, 100, LINE);
  const order = [0, 2, 1, 4, 3].map((i) => found[i]);
  order.slice(1).forEach((height, i) => assert.ok(height - order[i] >= LINE));
  assert.ok(Math.max(...found) <= 100 && Math.min(...found) >= 0);
});

test("too many names begin at the top", () => {
  assert.deepEqual(spread([5, 5, 5], 0, 20, LINE), [0, LINE, 2 * LINE]);
});

test("a line ends at its last point with a place", () => {
  assert.deepEqual(lastPoint({ x: [null, 1, 2, 3], y: [null, 0.5, 0.4, null] }), [2, 0.4]);
  assert.equal(lastPoint({ x: [null], y: [null] }), null);
});

test("a sample is the line, or the mark where there is none", () => {
  const line = { color: "blue", dash: "dot" };
  assert.equal(sampleOf({ mode: "lines+markers", line, marker: {} }).borderTop, "3px dotted blue");
  const marker = { color: "gray", symbol: "circle-open" };
  assert.equal(sampleOf({ mode: "markers", marker }).background, "transparent");
  assert.equal(sampleOf({ mode: "markers", marker: { color: "blue" } }).background, "blue");
});

test("where names would take too much of the room, there is a legend", () => {
  const layout = { showlegend: false, margin: { l: 8, r: 120, t: 48 } };
  assert.deepEqual(orLegend(layout, 368), {
    showlegend: true,
    margin: { l: 8, r: 8, t: 48 },
  });
  assert.equal(orLegend(layout, 1200), layout);
  assert.deepEqual(orLegend({}, 100), {});
});
