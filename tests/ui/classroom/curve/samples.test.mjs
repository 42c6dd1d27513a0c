import assert from "node:assert/strict";
import { test } from "node:test";

import {
  COUNT,
  filled,
  History,
  moved,
  nothing,
  pieces,
  stroked,
} from "../../../../playground/ui/classroom/curve/samples.js";

const at = (x, y) => ({ x, y });
const flat = (value) => Array.from({ length: COUNT }, () => value);

test("a stroke from end to end gives all 41 values of a straight line", () => {
  const values = stroked(nothing(), at(0, 0), at(40, 1));
  assert.equal(values.length, 41);
  values.forEach((value, i) => assert.ok(Math.abs(value - i / 40) < 1e-4));
});

test("a stroke from right to left gives the same line", () => {
  assert.deepEqual(
    stroked(nothing(), at(40, 1), at(0, 0)),
    stroked(nothing(), at(0, 0), at(40, 1)),
  );
});

test("a stroke replaces what it passes, and nothing beside it", () => {
  const values = stroked(flat(0.5), at(9.6, 0.9), at(12.2, 0.9));
  assert.deepEqual(values.slice(8, 15), [0.5, 0.5, 0.9, 0.9, 0.9, 0.5, 0.5]);
});

test("a stroke too short to pass a place moves the nearest; a press does, too", () => {
  assert.equal(stroked(nothing(), at(3.6, 0.2), at(3.8, 0.3))[4], 0.3);
  assert.equal(stroked(nothing(), at(39.7, 0.2), at(39.7, 0.2))[40], 0.2);
  assert.equal(stroked(nothing(), at(7, 0.2), at(7, 0.4))[7], 0.4);
});

test("what is not drawn is interpolated, and the ends are extended", () => {
  const samples = nothing();
  [samples[10], samples[20], samples[30]] = [0.2, 0.6, 0.4];
  const values = filled(samples);
  assert.equal(values.length, 41);
  assert.ok(values.slice(0, 11).every((value) => value === 0.2));
  assert.equal(values[15], 0.4);
  assert.equal(values[25], 0.5);
  assert.ok(values.slice(30).every((value) => value === 0.4));
  assert.equal(filled(nothing()), null);
  assert.deepEqual(filled(flat(0)), flat(0));
});

test("a place that is moved takes along what is close to it", () => {
  const values = moved(flat(0.5), 20, 0.9, 4);
  assert.deepEqual(values.slice(15, 26), [
    0.5,
    0.5,
    null,
    null,
    null,
    0.9,
    null,
    null,
    null,
    0.5,
    0.5,
  ]);
  assert.deepEqual(moved(flat(0.5), 0, 0.9, 1), [0.9, ...flat(0.5).slice(1)]);
  assert.equal(moved(flat(0.5), 5, null, 1)[5], null);
});

test("pieces are runs of drawn places", () => {
  const samples = nothing();
  [samples[0], samples[1], samples[7], samples[40]] = [1, 2, 3, 4];
  assert.deepEqual(pieces(samples), [
    [
      [0, 1],
      [1, 2],
    ],
    [[7, 3]],
    [[40, 4]],
  ]);
});

test("undo, redo and clear go through the changes; a new one ends what could be redone", () => {
  const history = new History(nothing());
  assert.ok(!history.undo());
  assert.ok(!history.clear());
  history.begin();
  history.now = flat(0.1);
  assert.ok(history.clear());
  assert.equal(filled(history.now), null);
  assert.ok(history.undo());
  assert.deepEqual(history.now, flat(0.1));
  assert.ok(history.redo());
  assert.equal(filled(history.now), null);
  history.undo();
  history.begin();
  history.now = flat(0.2);
  assert.ok(!history.redo());
  history.undo();
  history.undo();
  assert.deepEqual(history.now, nothing());
});
