// The curves of runs that are compared.

import assert from "node:assert/strict";
import { test } from "node:test";

import { position, withEpoch } from "../../../playground/ui/compare/points.js";

const epoch = (number, seconds) => ({ epoch: number, seconds, loss: 1, val_loss: 2 });

test("seconds add up, and hearing an epoch twice changes nothing", () => {
  const points = [epoch(1, 2), epoch(2, 3), epoch(2, 3), epoch(3, 1)].reduce(withEpoch, []);
  assert.deepEqual(
    points.map((point) => [point.epoch, point.seconds, point.val_loss]),
    [
      [1, 2, 2],
      [2, 5, 2],
      [3, 6, 2],
    ],
  );
});

test("a point stands by its epochs, steps, images or seconds", () => {
  const run = { steps: 10, images: 300 };
  const positions = ["epochs", "steps", "images", "seconds"].map((axis) =>
    position({ epoch: 3, seconds: 6 }, axis, run),
  );
  assert.deepEqual(positions, [3, 30, 900, 6]);
});
