// Colours, keys and steps of the living network.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  curvePath,
  nextActivation,
  nextUnits,
} from "../../../playground/ui/network/draw/controls.js";
import {
  greyPixels,
  quantised,
  signedPalette,
  signedPixels,
} from "../../../playground/ui/network/draw/paint.js";
import { target } from "../../../playground/ui/network/draw/tree.js";

const colours = (pixels) => [...new Uint8Array(pixels.buffer)];

test("weights go from one colour over the page to the other", () => {
  const palette = signedPalette(["#0072B2", "#D55E00"]);
  const painted = signedPixels(Int8Array.of(-127, 0, 127, -128), palette);
  assert.deepEqual(colours(painted), [
    ...[0, 0x72, 0xb2, 255],
    ...[0xd5, 0x5e, 0, 0],
    ...[0xd5, 0x5e, 0, 255],
    ...[0, 0x72, 0xb2, 255],
  ]);
});

test("an item is grey, and numbers are spread over all steps", () => {
  assert.deepEqual(colours(greyPixels(Uint8Array.of(7))), [7, 7, 7, 255]);
  assert.deepEqual([...quantised(Float32Array.of(-0.5, 0, 0.25))], [-127, 0, 64]);
  assert.deepEqual([...quantised(Float32Array.of(0, 0))], [0, 0]);
});

test("+ and − lead to the next power of two, within the limits", () => {
  assert.deepEqual(
    [1, 100, 128, 1000, 1024].map((units) => nextUnits(units, 1, 1024)),
    [2, 128, 256, 1024, 1024],
  );
  assert.deepEqual(
    [1, 2, 100, 128].map((units) => nextUnits(units, -1, 1024)),
    [1, 1, 64, 64],
  );
});

test("a press on a curve leads to the next activation, and from the last to the first", () => {
  const all = ["sigmoid", "tanh", "relu"];
  assert.deepEqual(
    all.map((now) => nextActivation(all, now)),
    ["tanh", "relu", "sigmoid"],
  );
});

test("a curve keeps within its picture", () => {
  assert.equal(curvePath([-1, 0, 1]), "M2.0 22.0L20.0 12.0L38.0 2.0");
});

test("the arrow keys walk the tree", () => {
  // Input, flatten, a layer with two neurons, outputs with one.
  const levels = [1, 1, 1, 2, 2, 1, 2];
  const from = (key) => levels.map((_, at) => target(key, at, levels));
  assert.deepEqual(from("ArrowDown"), [1, 2, 3, 4, 5, 6, 6]);
  assert.deepEqual(from("ArrowUp"), [0, 0, 1, 2, 3, 4, 5]);
  assert.deepEqual(from("ArrowRight"), [1, 2, 3, 5, 5, 6, 6]);
  assert.deepEqual(from("ArrowLeft"), [0, 0, 1, 2, 2, 2, 5]);
  assert.equal(target("Home", 4, levels), 0);
  assert.equal(target("End", 0, levels), 6);
  assert.equal(target("x", 0, levels), -1);
});
