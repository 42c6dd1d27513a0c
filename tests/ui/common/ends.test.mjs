import assert from "node:assert/strict";
import { test } from "node:test";

import { lastPoint, LINE_HEIGHT, spread } from "../../../playground/ui/common/ends.js";

test("names that have room stand at their lines", () => {
  assert.deepEqual(spread([80, 10], 0, 100), [80, 10]);
  assert.deepEqual(spread([], 0, 100), []);
});

test("names that would cover each other keep their order and a line between them", () => {
  const found = spread([50, 52, 51, 98, 97], 0, 100);
  const order = [0, 2, 1, 4, 3].map((i) => found[i]);
  order.slice(1).forEach((height, i) => assert.ok(height - order[i] >= LINE_HEIGHT));
  assert.ok(Math.max(...found) <= 100 && Math.min(...found) >= 0);
});

test("too many names begin at the top", () => {
  assert.deepEqual(spread([5, 5, 5], 0, 20), [0, LINE_HEIGHT, 2 * LINE_HEIGHT]);
});

test("a line ends at its last point with a place", () => {
  assert.deepEqual(lastPoint({ x: [null, 1, 2, 3], y: [null, 0.5, 0.4, null] }), [2, 0.4]);
  assert.equal(lastPoint({ x: [null], y: [null] }), null);
});
