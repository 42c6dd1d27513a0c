import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { step } from "../../../playground/ui/board/cells.js";
import { Heard } from "../../../playground/ui/board/heard.js";
import { trend } from "../../../playground/ui/board/trend.js";

class Element {
  children = [];
  isConnected = true;
  setAttribute() {}
  append(...more) {
    this.children.push(...more);
  }
  get firstElementChild() {
    return { remove: () => this.children.shift() };
  }
}

let body;
beforeEach(() => {
  body = body ?? new Element(); // the page keeps its one place
  globalThis.document = { createElement: () => new Element(), body };
  body.children[0]?.children.splice(0);
});

const spoken = () => body.children.flatMap((region) => region.children.map((p) => p.textContent));
const epoch = (number, loss, val_loss) => ({
  ...{ epoch: number, loss, val_loss, accuracy: 1 - loss, val_accuracy: 1 - val_loss },
});
const STATUSES = { Running: "Running", Finished: "Finished", Failed: "Failed" };

/** A run's events, as a board that was there at its start takes them. */
function hear(events, over = false) {
  const heard = new Heard(STATUSES, ["Finished", "Failed"], over);
  const newest = {};
  for (const [kind, data] of events) {
    newest[kind] = data;
    heard.take({ kind, data }, newest);
  }
  return heard;
}

const RUN = [
  ["status", { status: "Running" }],
  ["epoch", epoch(1, 0.5, 0.4)],
  ["progress", { epoch: 1.1 }],
  ["epoch", epoch(2, 0.3, 0.35)],
  ["threshold", { epoch: 2, threshold: 0.6 }],
  ["test", { accuracy: 0.64 }],
  ["status", { status: "Finished" }],
  ["status", { status: "Finished" }],
];

test("a passed threshold and the end are announced, each once, and progress is not", () => {
  hear(RUN);
  assert.deepEqual(spoken(), [
    "Threshold passed after epoch 2.",
    "The run has ended: Finished. Validation accuracy after epoch 2: 65.0 %. Test accuracy: 64.0 %.",
  ]);
});

test("a run that failed before an epoch has no numbers to be said", () => {
  hear([["status", { status: "Failed" }]]);
  assert.deepEqual(spoken(), ["The run has ended: Failed."]);
});

test("what was over before somebody came is not announced, but its trend is known", () => {
  const heard = hear(RUN, true);
  assert.deepEqual(spoken(), []);
  assert.match(heard.trends.loss, /fallen/);
});

test("only the newest messages are kept", () => {
  for (let i = 0; i < 5; i++) hear(RUN);
  assert.equal(spoken().length, 3);
});

test("a trend says where a curve came from, where it is, and where it was best", () => {
  assert.equal(trend([], "loss"), "");
  assert.equal(trend([epoch(1, 0.5, 0.4)], "loss"), "");
  const epochs = [epoch(1, 0.5, 0.4), epoch(2, 0.4, 0.3), epoch(3, 0.3, 0.45)];
  assert.equal(
    trend(epochs, "loss"),
    "Since epoch 1: training has fallen from 0.5000 to 0.3000, validation has risen from 0.4000 to " +
      "0.4500. It was best after epoch 2: 0.3000.",
  );
  assert.equal(
    trend(epochs, "accuracy"),
    "Since epoch 1: training has risen from 50.0 % to 70.0 %, validation has fallen from 60.0 % to " +
      "55.0 %. It was best after epoch 2: 70.0 %.",
  );
  const still = trend([epoch(1, 0.5, 0.4), epoch(2, 0.5, 0.4)], "loss");
  assert.match(still, /training has stayed at 0.5000, validation has stayed at 0.4000/);
});

test("the keys of the matrix stay within it", () => {
  const go = (key, row, column, ctrlKey = false) => step({ key, ctrlKey }, row, column, 10);
  assert.deepEqual(
    [go("ArrowUp", 0, 3), go("ArrowDown", 9, 3)],
    [
      [0, 3],
      [9, 3],
    ],
  );
  assert.deepEqual(
    [go("ArrowLeft", 2, 0), go("ArrowRight", 2, 3)],
    [
      [2, 0],
      [2, 4],
    ],
  );
  assert.deepEqual(
    [go("Home", 2, 3), go("End", 2, 3)],
    [
      [2, 0],
      [2, 9],
    ],
  );
  assert.deepEqual(
    [go("Home", 2, 3, true), go("End", 2, 3, true)],
    [
      [0, 0],
      [9, 9],
    ],
  );
  assert.equal(go("Tab", 2, 3), null);
});
