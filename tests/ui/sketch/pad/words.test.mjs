import assert from "node:assert/strict";
import { test } from "node:test";

import {
  darkness,
  fillProblem,
  paperIsFull,
  sizeInWords,
  toolMoved,
} from "../../../../playground/ui/sketch/pad/words.js";

test("it says what is in the way of a fill, and the way out", () => {
  assert.match(fillProblem("ink"), /choose an empty area/);
  assert.match(fillProblem("open"), /Close its outline first\.$/);
});

test("numbers are said with their units", () => {
  assert.match(paperIsFull(2000), /^The paper is full: a drawing has 2,000 points at most\./);
  assert.equal(sizeInWords(10), "10 pixels");
  assert.equal(darkness(57), "57 per cent dark");
});

test("the keyboard's pen and eraser are said to be up or down", () => {
  const said = ["pen", "eraser"].flatMap((tool) => [toolMoved(tool, true), toolMoved(tool, false)]);
  assert.deepEqual(said, ["pen down.", "pen up.", "eraser down.", "eraser up."]);
});
