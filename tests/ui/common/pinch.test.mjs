// Two fingers on a chart.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { hasLines, isDouble, pinchable, pinched } from "../../../playground/ui/common/pinch.js";

const ALL = [0, 10];
const at = (x, y = 0) => ({ x, y });

/** The value of an axis of 100 pixels at a pixel. */
const value = ([low, high], x) => low + (x / 100) * (high - low);

test("what was under the fingers stays there", () => {
  const from = [at(20), at(60)];
  const to = [at(10), at(90)];
  const range = pinched(ALL, from, to, 100, ALL);
  assert.ok(Math.abs(value(range, 10) - value(ALL, 20)) < 1e-9);
  assert.ok(Math.abs(value(range, 90) - value(ALL, 60)) < 1e-9);
});

test("two fingers that stay as far apart move a zoomed axis", () => {
  const range = pinched([4, 6], [at(20), at(60)], [at(40), at(80)], 100, ALL);
  assert.ok(Math.abs(range[0] - 3.6) < 1e-9 && Math.abs(range[1] - 5.6) < 1e-9);
});

test("fingers one above the other zoom by how far apart they are", () => {
  const [low, high] = pinched(ALL, [at(50, 0), at(50, 40)], [at(50, 0), at(50, 80)], 100, ALL);
  assert.ok(Math.abs(low - 2.5) < 1e-9 && Math.abs(high - 7.5) < 1e-9);
});

test("nothing is shown beyond all of it, nor a hundredth of it", () => {
  assert.deepEqual(pinched([4, 6], [at(10), at(90)], [at(49), at(51)], 100, ALL), ALL);
  assert.deepEqual(pinched([4, 6], [at(10), at(20)], [at(90), at(100)], 100, ALL), [2.4, 4.4]);
  const [low, high] = pinched([0, 0.2], [at(0), at(1)], [at(0), at(100)], 100, ALL);
  assert.ok(Math.abs(high - low - 0.1) < 1e-9);
  const left = pinched([0, 2], [at(10), at(20)], [at(90), at(100)], 100, ALL);
  assert.deepEqual(left, [0, 2]);
});

test("two taps at one place in a third of a second are a double tap", () => {
  const tapped = (x, when) => ({ ...at(x), at: when });
  assert.ok(isDouble(tapped(5, 0), tapped(10, 200)));
  assert.ok(!isDouble(tapped(5, 0), tapped(80, 200)));
  assert.ok(!isDouble(tapped(5, 0), tapped(5, 900)));
});

let chart, updates, axis;

beforeEach(() => {
  updates = [];
  axis = { type: "linear", _offset: 0, _length: 100, range: [0, 10], autorange: true };
  globalThis.requestAnimationFrame = (go) => (go(), 0);
  globalThis.matchMedia = () => ({ matches: true });
  chart = new EventTarget();
  Object.assign(chart, {
    dataset: {},
    data: [{}],
    _fullLayout: { xaxis: axis },
    getBoundingClientRect: () => ({ left: 0 }),
  });
  pinchable({ relayout: (_, update) => updates.push(update) }, chart);
});

const finger = (name, pointerId, clientX, pointerType = "touch") =>
  chart.dispatchEvent(
    Object.assign(new Event(name), { pointerId, clientX, clientY: 0, pointerType }),
  );

function tap() {
  finger("pointerdown", 7, 50);
  finger("pointerup", 7, 50);
}

test("two fingers zoom, a double tap shows all again and lets it grow", () => {
  finger("pointerdown", 1, 25);
  finger("pointermove", 1, 30);
  assert.deepEqual(updates, []);
  finger("pointerdown", 2, 70);
  finger("pointermove", 2, 110);
  assert.deepEqual(updates.pop(), { "xaxis.range": [1.5, 6.5], "xaxis.autorange": false });
  axis.range = [1.5, 6.5];
  for (const id of [1, 2]) finger("pointerup", id, 0);
  tap();
  assert.deepEqual(updates, []);
  tap();
  assert.deepEqual(updates, [{ "xaxis.autorange": true }]);
});

test("what there was no frame for is shown when a finger leaves", () => {
  globalThis.requestAnimationFrame = () => 1;
  globalThis.cancelAnimationFrame = () => {};
  for (const [id, x] of [
    [1, 30],
    [2, 70],
  ])
    finger("pointerdown", id, x);
  finger("pointermove", 2, 110);
  assert.deepEqual(updates, []);
  finger("pointerup", 2, 110);
  assert.deepEqual(updates, [{ "xaxis.range": [1.5, 6.5], "xaxis.autorange": false }]);
});

test("a double tap on a chart that nobody has zoomed changes nothing", () => {
  tap();
  tap();
  assert.deepEqual(updates, []);
});

test("a mouse is none of its business", () => {
  for (const id of [1, 2]) finger("pointerdown", id, 20, "mouse");
  finger("pointermove", 1, 80, "mouse");
  assert.deepEqual(updates, []);
});

test("a matrix, and names on the axis, are not zoomed", () => {
  const numbers = { xaxis: { type: "linear" } };
  assert.ok(hasLines([{ type: "scatter" }, {}], numbers));
  assert.ok(!hasLines([{ type: "heatmap" }], numbers));
  assert.ok(!hasLines([{}], { xaxis: { type: "category" } }));
  assert.ok(!hasLines([{}], { ...numbers, xaxis2: {} }));
});
