import assert from "node:assert/strict";
import { test } from "node:test";

import { lastPoint, spread } from "../../../playground/ui/common/ends.js";

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
