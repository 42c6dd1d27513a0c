// What pointers do on the paper.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Input } from "../../../../playground/ui/sketch/pad/input.js";

const SIZE = 20;

function drawn(pointers) {
  const canvas = { setPointerCapture: () => {}, matches: () => false };
  const paper = { canvas, position: ({ x, y }) => ({ x, y }) };
  const widths = [];
  const take = ({ width }) => widths.push(width);
  const pad = { line: null, begin: take, extend: take, finish: () => {} };
  const ring = { style: {}, dataset: {} };
  new Input(paper, ring, { size: SIZE, tool: "pen" }, pad);
  const [first, ...others] = pointers.map((pointer, i) => ({
    ...{ button: 0, pointerId: 1, x: 10 * i, y: 0 },
    ...pointer,
  }));
  canvas.onpointerdown(first);
  for (const other of others) canvas.onpointermove(other);
  return widths;
}

test("the harder a pen is pressed, the wider its line is, point by point", () => {
  const pen = (pressure) => ({ pointerType: "pen", pressure });
  const widths = drawn([pen(0.1), pen(0.5), pen(1)]);
  assert.deepEqual(
    widths.map((width) => width / SIZE),
    [0.5, 0.9, 1.4],
  );
});

test("all places between two frames are drawn, each as wide as it was pressed", () => {
  const between = [0.2, 0.6].map((pressure) => ({ pointerType: "pen", pressure, x: 1, y: 1 }));
  const widths = drawn([
    { pointerType: "pen", pressure: 0.1 },
    { pointerType: "pen", pressure: 0.6, getCoalescedEvents: () => between },
  ]);
  assert.equal(widths.length, 3);
  assert.ok(widths[0] < widths[1] && widths[1] < widths[2]);
});

test("a finger and a mouse draw as wide as was chosen, however they press", () => {
  for (const pointerType of ["touch", "mouse"]) {
    const widths = drawn([
      { pointerType, pressure: 0.1 },
      { pointerType, pressure: 0.9 },
    ]);
    assert.deepEqual(widths, [SIZE, SIZE]);
  }
});
