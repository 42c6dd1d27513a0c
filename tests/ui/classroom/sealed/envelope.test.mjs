// What the envelope says, and where its lines stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { HEIGHT, lines, MARGIN } from "../../../../playground/ui/classroom/sealed/slope.js";
import * as words from "../../../../playground/ui/classroom/sealed/words.js";

const OPENED = {
  ...{ name: "Mina", val: 0.912, test: 0.884, count: 30, optimism: 0.0234 },
  results: [
    { val: 0.912, test: 0.884 },
    { val: 0.9, test: 0.905 },
  ],
};
const at = (fields) => ({ sealed: true, judging: false, envelope: null, trained: 3, ...fields });

test("it says whether it is closed, being opened or open", () => {
  assert.match(words.standing(at({})), /^Sealed: nobody .* 3 members have trained\.$/);
  assert.match(words.standing(at({ judging: true })), /^The envelope is being opened/);
  assert.match(
    words.standing(at({ sealed: false, envelope: OPENED })),
    /open: 30 runs were judged/,
  );
  assert.equal(words.standing(at({ sealed: false })), "");
});

test("the best has its validation beside its test accuracy, and what chance makes of it", () => {
  assert.equal(words.best(OPENED), "Best on validation, by Mina: validation 91.2 %, test 88.4 %");
  assert.equal(
    words.luck(OPENED),
    "The best looked 2.8 percentage points better on validation than it is on test. Chance alone " +
      "makes the best of 30 equal networks look 2.3 percentage points better than it is, on average.",
  );
  const one = { ...OPENED, test: 0.93, count: 1 };
  assert.equal(
    words.luck(one),
    "The best is 1.8 percentage points better on test than on validation.",
  );
});

test("its chart is said in words", () => {
  assert.equal(words.chartName(OPENED), "From validation to test accuracy: 1 of 2 runs fell.");
});

test("the lines span the picture, the highest accuracy at its top", () => {
  const found = lines(OPENED.results);
  assert.equal(found[0].from, MARGIN);
  assert.equal(found[0].to, HEIGHT - MARGIN);
  assert.ok(found[1].from > found[1].to);
  assert.deepEqual(
    lines([{ val: 0.5, test: 0.5 }]).map(({ from, to }) => [from, to]),
    [[100, 100]],
  );
});
