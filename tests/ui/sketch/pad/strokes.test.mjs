import assert from "node:assert/strict";
import { test } from "node:test";

import { countPoints, thinned, visible } from "../../../../playground/ui/sketch/pad/strokes.js";

const dot = { tool: "pen", points: [1, 2, 3] };
const line = { tool: "eraser", points: [1, 2, 3, 4, 5, 6] };
const fill = { tool: "fill", x: 1, y: 2, grey: 100 };
const clear = { tool: "clear" };

test("what is older than the last clear is not seen", () => {
  assert.deepEqual(visible([dot, line]), [dot, line]);
  assert.deepEqual(visible([dot, clear, line, clear, fill]), [fill]);
  assert.deepEqual(visible([dot, clear]), []);
});

test("a fill counts as one point", () => {
  assert.equal(countPoints([dot, line, fill]), 4);
  assert.equal(countPoints([]), 0);
});

/** How far a point lies from the line through others; each part is as wide as its end says. */
function deviation([x, y, width], points) {
  const distances = [];
  for (let i = 3; i < points.length; i += 3) {
    const [x0, y0] = points.slice(i - 3, i);
    const [x1, y1, width1] = points.slice(i, i + 3);
    for (let share = 0; share <= 1; share += 1 / 256) {
      const off = Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
      distances.push(Math.max(off, Math.abs(width - width1)));
    }
  }
  return Math.min(...distances);
}

test("a thinned line has fewer points, and lies where the line lay", () => {
  const points = [];
  for (let i = 0; i <= 200; i++) {
    points.push(140 + 100 * Math.sin(i / 25), 140 + 60 * Math.cos(i / 15), 10);
  }
  const kept = thinned(points);
  assert.ok(kept.length < points.length / 2);
  assert.deepEqual(kept.slice(0, 3), points.slice(0, 3));
  assert.deepEqual(kept.slice(-3), points.slice(-3));
  for (let i = 0; i < points.length; i += 3) {
    assert.ok(deviation(points.slice(i, i + 3), kept) < 0.25 + 0.1);
  }
});

test("of a straight line its ends are left, unless its width changes", () => {
  const straight = [0, 1, 2, 3, 4].flatMap((x) => [x, x, 10]);
  assert.deepEqual(thinned(straight), [0, 0, 10, 4, 4, 10]);
  const wider = straight.with(8, 14);
  assert.ok(thinned(wider).includes(14));
  assert.deepEqual(thinned([1, 2, 3]), [1, 2, 3]);
});
