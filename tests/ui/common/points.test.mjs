import assert from "node:assert/strict";
import { test } from "node:test";

import { points, said, target } from "../../../playground/ui/common/points.js";

const END = { end: true };
const LAYOUT = { xaxis: { title: { text: "Epoch" } }, yaxis: { title: { text: "True label" } } };

function curves() {
  return [
    { name: "Within", mode: "lines", x: [null, 0.5, 1, 2], y: [null, 9, 9, 9] },
    { name: "Training", meta: END, x: [null, 1, 2, 3], y: [null, 0.5, 0.4, 0.3] },
    { name: "Validation", meta: END, x: [null, 1, 2], y: [null, 0.6, 0.5] },
    { name: "Passed", mode: "markers", x: [2, 2.5], y: [0.4, 0.4] },
  ];
}

test("curves are walked where the named lines have points, and say all that stands there", () => {
  const all = points(curves());
  assert.deepEqual(
    all.stops.map(({ position, values }) => [
      position,
      values.map(({ name, value }) => [name, value]),
    ]),
    [
      [
        1,
        [
          ["Training", 0.5],
          ["Validation", 0.6],
        ],
      ],
      [
        2,
        [
          ["Training", 0.4],
          ["Validation", 0.5],
          ["Passed", 0.4],
        ],
      ],
      [3, [["Training", 0.3]]],
    ],
  );
  assert.equal(said(all, 1, LAYOUT), "Epoch 2, 2 of 3: Training 0.4, Validation 0.5, Passed 0.4");
});

test("positions come in the axis' order, whichever line has them", () => {
  const { stops } = points([
    { name: "a", x: [1, 4], y: [1, 1] },
    { name: "b", x: [2, 3], y: [2, 2] },
  ]);
  assert.deepEqual(
    stops.map(({ position }) => position),
    [1, 2, 3, 4],
  );
});

test("bars that lie have their names on the upright axis", () => {
  const all = points([{ type: "bar", orientation: "h", x: [0.9, 0.8], y: ["relu", "tanh"] }]);
  assert.equal(said(all, 0, { yaxis: {} }), "relu, 1 of 2: 0.9");
  assert.equal(said(all, 0, { xaxis: { tickformat: ".1~%" } }), "relu, 1 of 2: 90.0 %");
  assert.equal(said(all, 0, { xaxis2: { tickformat: ".1~%" } }), "relu, 1 of 2: 0.9");
  const marks = points([{ x: [0.926], y: ["HOG + SVM"] }]);
  assert.equal(said(marks, 0, {}), "HOG + SVM, 1 of 1: 0.926");
});

test("what is not shown, and what is no chart of axes, is not walked", () => {
  const hidden = [
    { x: [1], y: [1], visible: false },
    { x: [1], y: [1], visible: "legendonly" },
    { x: [1], y: [1], hoverinfo: "skip" },
    { type: "pie", values: [1] },
  ];
  assert.deepEqual(points(hidden).stops, []);
  assert.deepEqual(points([]).stops, []);
  assert.equal(target("Home", -1, points([])), null);
});

test("arrays that Python sent as bytes are read as Plotly has decoded them", () => {
  const bytes = (values) => ({ dtype: "f4", bdata: "", _inputArray: Float32Array.from(values) });
  const all = points([{ name: "f", x: bytes([0, 1]), y: bytes([2, 3]) }]);
  assert.deepEqual([all.stops.length, said(all, 1, {})], [2, "1, 2 of 2: f 3"]);
});

test("the keys of a line go along it and stay on it", () => {
  const all = points([{ x: [...Array(100).keys()], y: Array(100).fill(1) }]);
  const go = (key, at) => target(key, at, all);
  assert.deepEqual([go("ArrowRight", 5), go("ArrowUp", 5)], [6, 6]);
  assert.deepEqual([go("ArrowLeft", 5), go("ArrowDown", 5)], [4, 4]);
  assert.deepEqual([go("ArrowRight", 99), go("ArrowLeft", 0)], [99, 0]);
  assert.deepEqual([go("Home", 5), go("End", 5)], [0, 99]);
  assert.deepEqual([go("PageUp", 5), go("PageDown", 5)], [15, 0]);
  assert.deepEqual([go("Tab", 5), go("x", 5), go("Enter", 5)], [null, null, null]);
});

test("the keys of a heat map go from cell to cell, and up is up whichever row comes first", () => {
  const z = [
    [1, 2, 3],
    [4, null, 6],
  ];
  const all = points([{ type: "heatmap", x: ["a", "b", "c"], y: ["A", "B"], z }]);
  const go = (key, at, upwards) => target(key, at, all, upwards);
  assert.deepEqual([go("ArrowRight", 0), go("ArrowRight", 2), go("ArrowLeft", 3)], [1, 2, 3]);
  assert.deepEqual([go("ArrowDown", 1), go("ArrowDown", 4), go("ArrowUp", 4)], [4, 4, 1]);
  assert.deepEqual([go("ArrowUp", 1, true), go("ArrowDown", 4, true)], [4, 1]);
  assert.deepEqual([go("Home", 4), go("End", 0)], [0, 5]);
  assert.equal(said(all, 5, LAYOUT), "True label B, Epoch c: 6");
  assert.equal(said(all, 4, LAYOUT), "True label B, Epoch b: nothing");
});

test("words that Plotly formats are said without its marks", () => {
  const all = points([{ name: "<b>f</b>", x: [1], y: [2] }]);
  assert.equal(said(all, 0, { xaxis: { title: { text: "a<br>b" } } }), "a b 1, 1 of 1: f 2");
});
