import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { percent } from "../../../playground/ui/common/translate.js";
import { captions, change, pace } from "../../../playground/ui/board/words.js";
import { speak } from "../../../playground/ui/common/translate.js";

const LABELS = ["shirt", "coat", "bag"];
const CONFUSION = [
  [900, 60, 0],
  [70, 1200, 1],
  [0, 3, 5],
];
const RUNNING = { status: "Running", reason: "" };
const EPOCH = {
  epoch: 3,
  ...{ loss: 0.5, accuracy: 0.8125, val_loss: 0.45, val_accuracy: 0.83, confusion: CONFUSION },
};
const PROGRESS = { epoch: 2.3, epochs: 10, step: 468, steps: 1563 };

const said = (progress, status = RUNNING) =>
  pace({ status, progress: { ...PROGRESS, ...progress } }, 10, false);

afterEach(() => speak("en", {}));

test("before the first chunk it says how many epochs there are", () => {
  assert.equal(pace({ status: RUNNING }, 1000, false), "1,000 epochs to go");
  assert.equal(pace({ status: RUNNING }, 1, false), "1 epoch to go");
});

test("of a run that goes on it says how many epochs are left", () => {
  const queued = { status: "Queued", reason: "" };
  assert.equal(pace({ status: queued, epoch: EPOCH }, 10, false), "7 epochs to go");
});

test("while it trains it says how far it is, and how fast as soon as it knows", () => {
  const unknown = { images_per_second: null, seconds_left: null };
  assert.equal(said(unknown), "Epoch 3 of 10 · step 468 of 1,563");
  assert.equal(
    said({ images_per_second: 123456, seconds_left: 12.4 }),
    "Epoch 3 of 10 · step 468 of 1,563 · 123,000 images per second · about 12 s left",
  );
});

test("the last step of an epoch is of that epoch", () => {
  const last = { epoch: 3, step: 1563, images_per_second: null, seconds_left: null };
  assert.equal(said(last), "Epoch 3 of 10 · step 1,563 of 1,563");
});

test("time is said in the unit that fits", () => {
  const left = (seconds) =>
    said({ images_per_second: null, seconds_left: seconds }).split(" · ")[2];
  assert.equal(left(0.4), "less than a second left");
  assert.equal(left(89.4), "about 89 s left");
  assert.equal(left(90), "about 2 min left");
  assert.equal(left(5500), "about 1 h 32 min left");
});

test("a paused run has no speed", () => {
  const known = { images_per_second: 1000, seconds_left: 12 };
  const paused = { status: "Paused", reason: "" };
  assert.equal(said(known, paused), "Epoch 3 of 10 · step 468 of 1,563");
});

test("a run that has ended says how many epochs it finished", () => {
  const finished = { status: "Stopped", reason: "" };
  assert.equal(pace({ status: finished, epoch: EPOCH }, 10, true), "3 of 10 epochs finished");
  assert.equal(pace({ status: finished }, 10, true), "0 of 10 epochs finished");
});

test("captions say the newest figures, and what a matrix shows", () => {
  const now = captions({ epoch: EPOCH }, LABELS);
  assert.match(now.loss, /^Loss of epoch 3: 0.5000 on training images.*; 0.4500 on validation/);
  assert.match(now.accuracy, /^Accuracy of epoch 3: 81.3 % on training images.*; 83.0 % on/);
  assert.equal(
    now.confusion,
    "Validation images after epoch 3: 2,105 of 2,239 right; " +
      "most often mistaken: coat called shirt (70).",
  );
  assert.equal(now["test-confusion"], "");
});

test("a matrix without mistakes names none", () => {
  const perfect = { confusion: [[5, 0], [0, 7]] }; // prettier-ignore
  assert.equal(
    captions({ test: perfect }, LABELS)["test-confusion"],
    "Test images: 12 of 12 right.",
  );
});

test("the threshold is told where accuracy is", () => {
  const threshold = { epoch: 3, metric: "accuracy", value: 0.81, threshold: 0.8 };
  const now = captions({ epoch: EPOCH, threshold }, LABELS);
  assert.match(now.accuracy, /at its end\. Threshold passed after epoch 3\.$/);
  assert.doesNotMatch(now.loss, /Threshold/);
});

test("the pinned drawing is judged before training and after each epoch", () => {
  const judged = (epoch) =>
    captions({ pinned: { epoch, probabilities: [0.1, 0.2, 0.7] } }, LABELS).pinned;
  assert.equal(judged(0), "Before training: bag (70 %).");
  assert.equal(judged(2), "After epoch 2: bag (70 %).");
});

test("it is said in the visitor's language, with that language's numbers", () => {
  speak("de", { "{count} epoch to go": ["noch {count} Epoche", "noch {count} Epochen"] });
  assert.equal(pace({ status: RUNNING }, 1000, false), "noch 1.000 Epochen");
});

test("an accuracy is a percentage, and the change is in points, with its sign", () => {
  assert.equal(percent(0.88349), "88.3 %");
  assert.equal(change(0.8834, 0.8791), "+0.4 vs last run");
  assert.equal(change(0.87, 0.8834), "−1.3 vs last run");
  assert.equal(change(0.87, 0.87), "+0.0 vs last run");
  assert.equal(change(0.87001, 0.87004), "+0.0 vs last run");
  assert.equal(change(undefined, 0.5), "");
  assert.equal(change(0.5, null), "");
});

test("a run that its threshold has ended says so, and how to train the other epochs", () => {
  const finished = { status: "Finished", reason: "" };
  const threshold = { epoch: 3, metric: "accuracy", value: 0.91, threshold: 0.9 };
  assert.equal(
    pace({ status: finished, epoch: EPOCH, threshold }, 40, true),
    "3 of 40 epochs finished. The threshold of 90.0 % ended it: Go on trains the other 37.",
  );
  assert.equal(
    pace({ status: finished, epoch: EPOCH, threshold }, 3, true),
    "3 of 3 epochs finished",
  );
  assert.equal(pace({ status: finished, epoch: EPOCH }, 4, true), "3 of 4 epochs finished");
});
