import assert from "node:assert/strict";
import { test } from "node:test";

import { guessAt, withPoint } from "../../../../playground/ui/classroom/curve/real.js";
import {
  epochAt,
  epochTicks,
  locate,
  path,
  pixel,
  valueTicks,
} from "../../../../playground/ui/classroom/curve/scale.js";
import { newest, position, summary } from "../../../../playground/ui/classroom/curve/words.js";

const FRAME = { left: 40, top: 10, width: 400, height: 200, epochs: 5, low: 0, high: 2.5 };

test("a pixel and its value are each other's", () => {
  for (const index of [0, 1, 13, 40]) {
    for (const value of [0, 0.3, 1.75, 2.5]) {
      const [x, y] = pixel(FRAME, epochAt(index, FRAME.epochs), value);
      const found = locate(FRAME, x, y);
      assert.ok(Math.abs(found.x - index) < 1e-9);
      assert.ok(Math.abs(found.y - value) < 1e-9);
    }
  }
});

test("a pixel beside the area counts as its edge", () => {
  assert.deepEqual(locate(FRAME, -50, -50), { x: 0, y: 2.5 });
  assert.deepEqual(locate(FRAME, 9999, 9999), { x: 40, y: 0 });
});

test("a value that leaves the axis is drawn at its end", () => {
  assert.deepEqual(pixel(FRAME, 5, 99), [440, 10]);
  assert.deepEqual(pixel(FRAME, 0, -1), [40, 210]);
});

test("epochs at the axis are whole, begin with 0 and have room", () => {
  assert.deepEqual(epochTicks(5, 9), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(epochTicks(10, 6), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(epochTicks(1, 1), [0, 1]);
  for (const epochs of [1, 3, 7, 20, 49, 100, 200]) {
    for (const most of [1, 4, 10]) assert.ok(epochTicks(epochs, most).length <= most + 1);
  }
});

test("values at the axis go from end to end", () => {
  assert.deepEqual(valueTicks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(valueTicks(0, 2.5), [0, 0.5, 1, 1.5, 2, 2.5]);
});

test("a path goes through its points", () => {
  assert.equal(
    path([
      [1, 2],
      [3.06, 4],
    ]),
    "M1.0 2.0L3.1 4.0",
  );
  assert.equal(path([]), "");
});

test("the real curve takes each epoch once, in order", () => {
  const event = (epoch, value) => ({ epoch, val_loss: value });
  let points = withPoint([], event(1, 0.6), "val_loss");
  points = withPoint(points, event(1, 0.9), "val_loss");
  points = withPoint(points, event(2, 0.5), "val_loss");
  points = withPoint(points, event(3, null), "val_loss");
  assert.deepEqual(points, [
    { epoch: 1, value: 0.6 },
    { epoch: 2, value: 0.5 },
  ]);
});

test("what was drawn for an epoch lies between the positions around it", () => {
  const values = Array.from({ length: 41 }, (_, i) => i / 40);
  for (const epoch of [0, 1, 2, 3]) {
    assert.ok(Math.abs(guessAt(values, epoch, 3) - epoch / 3) < 1e-9);
  }
  assert.equal(guessAt(values, 4, 3), null);
  assert.equal(guessAt(null, 1, 3), null);
});

test("curves are said in words", () => {
  const values = Array.from({ length: 41 }, () => 0.5);
  assert.equal(summary("Loss", null, undefined), "Loss, empty");
  assert.equal(
    summary("Loss", values, { epoch: 2, value: 0.41237 }),
    "Loss: your curve goes from 0.50 to 0.50. After epoch 2: really 0.4124.",
  );
  assert.equal(
    newest({ epoch: 2, value: 0.41237 }, 0.5),
    "After epoch 2: really 0.4124, you drew 0.50.",
  );
  assert.equal(position(1.25, 0.5), "After epoch 1.3: 0.50");
  assert.equal(position(0, null), "After epoch 0: no curve yet.");
});
