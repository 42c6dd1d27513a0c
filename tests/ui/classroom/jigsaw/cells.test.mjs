// The words and colours of a jigsaw's cells.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  adds,
  progress,
  says,
  shares,
  shown,
} from "../../../../playground/ui/classroom/jigsaw/cells.js";

const cell = (standing, mean = null, runs = 0) => ({ standing, mean, runs });

test("a cell says its accuracy, or why it has none", () => {
  const cells = [
    cell("done", 0.81249, 1),
    ...["trains", "failed", "dealt", "open"].map((s) => cell(s)),
  ];
  assert.deepEqual(cells.map(says), ["81.2 %", "trains", "failed", "taken", "open"]);
});

test("it adds whose it is and of how many runs it is the mean", () => {
  assert.equal(adds(cell("done", 0.8, 1), false), "");
  assert.equal(adds(cell("done", 0.8, 3), true), "yours · mean of 3 runs");
});

test("it counts the cells with a result", () => {
  assert.equal(progress([cell("open"), cell("done", 0.5, 1)]), "1 of 2 cells has a result.");
  assert.equal(progress([cell("open"), cell("failed")]), "0 of 2 cells have a result.");
});

test("the highest has all of the colour, the lowest a little, the others none", () => {
  const all = shares([
    cell("open"),
    cell("done", 0.2, 1),
    cell("done", 0.8, 1),
    cell("done", 0.5, 1),
  ]);
  assert.deepEqual(
    all.map((share) => share.toFixed(2)),
    ["0.00", "0.10", "1.00", "0.55"],
  );
  assert.deepEqual(shares([cell("done", 0.4, 1), cell("open")]), [1, 0]);
  assert.deepEqual(shares([cell("open")]), [0]);
});

test("values of every kind of setting are shown", () => {
  const values = [0.003, 1.0, [64, 32], [], true, "adam"];
  assert.deepEqual(values.map(shown), ["0.003", "1", "64-32", "none", "yes", "adam"]);
});
