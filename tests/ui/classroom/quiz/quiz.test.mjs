// Who has answered the quiz, in a sentence.

import assert from "node:assert/strict";
import { test } from "node:test";

import { says } from "../../../../playground/ui/classroom/quiz/says.js";

const view = { quiz: null, quizzes: { before: 3, after: 1 }, count: 5 };

test("it says how many have answered the quiz that is open", () => {
  assert.equal(says({ ...view, quiz: "before" }), "3 of 5 have answered.");
  assert.equal(says({ ...view, quiz: "after" }), "1 of 5 have answered.");
  assert.match(says(view), /closed.*3.*1/);
});
