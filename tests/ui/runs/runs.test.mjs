// The table of runs: how events change a row, and its small curve.

import assert from "node:assert/strict";
import { test } from "node:test";

import { applied } from "../../../playground/ui/runs/row.js";
import { points } from "../../../playground/ui/runs/sparkline.js";
import { testAccuracy } from "../../../playground/ui/runs/words.js";

const ROW = { epochs: 0, seconds: 0, accuracies: [], accuracy: null, status: "Queued" };
const epoch = (number, val_accuracy) => ({
  kind: "epoch",
  data: { epoch: number, accuracy: 0.5, val_accuracy, seconds: 1.5 },
});

test("events add up, and hearing an epoch twice changes nothing", () => {
  const events = [
    { kind: "status", data: { status: "Running", reason: "" } },
    { kind: "progress", data: { epoch: 0.5 } },
    epoch(1, 0.6),
    epoch(1, 0.6),
    epoch(2, 0.7),
    { kind: "hooks", data: {} },
    { kind: "test", data: { accuracy: 0.65, loss: 1 } },
  ];
  const row = events.reduce(applied, ROW);
  assert.deepEqual(
    [row.status, row.epochs, row.seconds, row.accuracies, row.progress, row.testAccuracy],
    ["Running", 2, 3, [0.6, 0.7], 0.5, 0.65],
  );
});

test("a curve is as wide as the run's epochs, its least value at the bottom", () => {
  assert.deepEqual(points([0.5, 0.7, 0.6], 5), [
    [3, 21],
    [26, 3],
    [48, 12],
  ]);
  assert.deepEqual(points([0.5], 1), [[3, 12]]);
  assert.deepEqual(points([], 10), []);
});

test("of a sealed run a word takes the place of the test accuracy", () => {
  assert.equal(testAccuracy({ sealed: true, testAccuracy: null }), "sealed");
  assert.equal(testAccuracy({ sealed: false, testAccuracy: null }), "–");
  assert.equal(testAccuracy({ sealed: false, testAccuracy: 0.65 }), "65.0 %");
});
