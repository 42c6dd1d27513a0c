import assert from "node:assert/strict";
import { test } from "node:test";

import {
  dropSpecks,
  paintFill,
  paintLine,
  SHARPNESS,
} from "../../../../playground/ui/sketch/pad/paint.js";

const SIDE = 24; // canvas pixels
const CLEAR = [0, 0, 0, 0];
const INK = [0, 0, 0, 255];
const SOFT = [0, 0, 0, 100];

/** A canvas of pixels, each painted by a function of its column and row. */
function paper(paint) {
  const data = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) data.set(paint(i % SIDE, Math.floor(i / SIDE)), 4 * i);
  return {
    data,
    canvas: { width: SIDE, height: SIDE },
    getImageData: () => ({ data: data.slice() }),
    putImageData: (image) => data.set(image.data),
    at: (column, row) => [...data.slice(4 * (row * SIDE + column)).slice(0, 4)],
  };
}

/** A square outline, soft on both sides. */
function outline(column, row) {
  const far = Math.max(Math.abs(column - 11), Math.abs(row - 11));
  if (far === 8) return INK;
  return far === 7 || far === 9 ? SOFT : CLEAR;
}

const middle = 11 / SHARPNESS;

test("an enclosed area becomes grey, under the soft edge of its outline too", () => {
  const context = paper(outline);
  assert.equal(paintFill(context, middle, middle, 109), null);
  assert.deepEqual(context.at(11, 11), [109, 109, 109, 255]);
  const share = 1 - 100 / 255;
  const [grey, , , alpha] = context.at(11 + 7, 11);
  assert.ok(Math.abs(grey - 109 * share) <= 1);
  assert.equal(alpha, 255);
  assert.deepEqual(context.at(11 + 8, 11), INK);
  assert.deepEqual(context.at(0, 0), CLEAR);
});

test("an area that reaches the paper's edge stays as it is", () => {
  const open = paper((column, row) => (column === 11 && row < 11 ? CLEAR : outline(column, row)));
  const before = open.data.slice();
  assert.equal(paintFill(open, middle, middle, 109), "open");
  assert.equal(paintFill(open, 0, 0, 109), "open");
  assert.deepEqual(open.data, before);
});

test("there is nothing to fill where ink is", () => {
  const context = paper(outline);
  const before = context.data.slice();
  assert.equal(paintFill(context, (11 + 8) / SHARPNESS, middle, 109), "ink");
  assert.deepEqual(context.data, before);
});

test("a fill outside of the paper is one at its edge", () => {
  assert.equal(paintFill(paper(outline), -5, 1000, 109), "open");
});

test("what hardly anybody sees is taken away", () => {
  const context = paper((column) => [0, 0, 0, 8 * column]);
  dropSpecks(context);
  const alphas = [2, 3, 4, 5].map((column) => context.at(column, 7)[3]);
  assert.deepEqual(alphas, [0, 0, 32, 40]);
});

test("a line begins with a dot, and each part is as wide as its end says", () => {
  const calls = [];
  const context = {};
  for (const name of "save restore scale beginPath arc fill moveTo lineTo stroke".split(" ")) {
    context[name] = (...given) => calls.push([name, ...given, context.lineWidth]);
  }
  const line = { tool: "pen", points: [10, 20, 6, 11, 21, 7, 12, 22, 8] };
  paintLine(context, line);
  assert.ok(
    calls.some(([name, x, y, radius]) => name === "arc" && x === 10 && y === 20 && radius === 3),
  );
  const parts = calls.filter(([name]) => name === "lineTo");
  assert.deepEqual(parts, [["lineTo", 11, 21, 7], ["lineTo", 12, 22, 8]]); // prettier-ignore
  calls.length = 0;
  paintLine(context, line, 6); // only the newest part
  assert.deepEqual(
    calls.filter(([name]) => name.endsWith("To")),
    [["moveTo", 11, 21, 8], ["lineTo", 12, 22, 8]], // prettier-ignore
  );
});
