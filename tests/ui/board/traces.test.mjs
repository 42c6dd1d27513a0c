import assert from "node:assert/strict";
import { test } from "node:test";

import { addValues, fits } from "../../../playground/ui/board/traces.js";

const NOTHING = { x: null, y: null, z: null, row: null, customdata: null, most: null };
const binding = (fields) => ({ ...NOTHING, event: "epoch", chart: "loss", trace: 0, ...fields });
const EPOCHS = { autorange: true, range: [0, 10] };
const LOSSES = { autorange: true, range: [0, 1] };

const figure = (trace, axes = { xaxis: EPOCHS, yaxis: LOSSES }) => ({
  data: [trace],
  layout: axes,
});

test("an axis shows a value if there is room for its marker, or if the reader has zoomed", () => {
  assert.ok(fits(5, EPOCHS));
  assert.ok(fits(9.9, EPOCHS));
  assert.ok(!fits(9.95, EPOCHS));
  assert.ok(!fits(0.05, EPOCHS));
  assert.ok(fits(50, { autorange: false, range: [0, 10] }));
  assert.ok(!fits(5, {}));
});

test("the first point needs the chart drawn whole, later ones within the axes do not", () => {
  const trace = { x: [null], y: [null] };
  const both = binding({ x: "epoch", y: "loss" });
  assert.ok(addValues(figure(trace), both, { epoch: 1, loss: 0.5 }));
  assert.ok(!addValues(figure(trace), both, { epoch: 2, loss: 0.4 }));
  assert.ok(addValues(figure(trace), both, { epoch: 3, loss: 1.5 }));
  assert.ok(addValues(figure(trace), both, { epoch: 11, loss: 0.5 }));
  assert.deepEqual(trace, { x: [null, 1, 2, 3, 11], y: [null, 0.5, 0.4, 1.5, 0.5] });
});

test("lists are joined, and thinned in place when they are long", () => {
  const trace = { x: [null], y: [null] };
  const { x, y } = trace;
  const steps = binding({ x: "step_epochs", y: "step_losses", most: 6 });
  for (let chunk = 0; chunk < 4; chunk++) {
    const step_epochs = [1, 2, 3, 4].map((step) => chunk + step / 4);
    addValues(figure(trace), steps, { step_epochs, step_losses: [0.5, 0.9, 0.1, 0.6] });
  }
  assert.equal(trace.x, x);
  assert.equal(trace.y, y);
  assert.ok(x.length <= 6);
  assert.ok(y.includes(0.9) && y.includes(0.1));
  assert.deepEqual(
    [...x].sort((a, b) => a - b),
    x,
  );
});

test("what a marker says comes with it", () => {
  const trace = { x: [], y: [], customdata: [] };
  const rate = binding({ x: "epoch", y: "loss", customdata: "learning_rate" });
  addValues(figure(trace), rate, { epoch: 2.5, loss: 0.4, learning_rate: 0.01 });
  assert.deepEqual(trace, { x: [2.5], y: [0.4], customdata: [0.01] });
});

test("an x without a y is where the only point is", () => {
  const trace = { x: [null], y: ["This run"] };
  assert.ok(addValues(figure(trace), binding({ x: "accuracy" }), { accuracy: 0.88 }));
  assert.deepEqual(trace, { x: [0.88], y: ["This run"] });
});

test("a matrix is replaced, or grows by a row", () => {
  const matrix = { z: [[1]] };
  assert.ok(addValues(figure(matrix), binding({ z: "confusion" }), { confusion: [[2]] }));
  assert.deepEqual(matrix.z, [[2]]);
  const rows = { y: [0], z: [[0.5, 0.5]] };
  const row = binding({ y: "epoch", row: "probabilities" });
  assert.ok(addValues(figure(rows), row, { epoch: 1, probabilities: [0.9, 0.1] }));
  assert.deepEqual(rows, { y: [0, 1], z: [[0.5, 0.5], [0.9, 0.1]] }); // prettier-ignore
});
