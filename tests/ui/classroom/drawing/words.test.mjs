// What is said of drawings and of the networks' guesses.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../../playground/ui/classroom/drawing/words.js";

const LABELS = ["T-shirt", "Trouser", "Bag"];
const DRAWING = { number: 1, name: "Mina", item: "", label: 2, right: 3, of: 4, guesses: [] };

test("it says who has drawn what, and how many networks name it right", () => {
  const of = (newest) => words.standing({ count: 1, newest, ranking: [] }, LABELS);
  assert.equal(of(DRAWING), "Mina has drawn: Bag. 3 of 4 networks name it right.");
  assert.equal(
    of({ ...DRAWING, right: 1, of: 1 }),
    "Mina has drawn: Bag. 1 of 1 network names it right.",
  );
  assert.match(of({ ...DRAWING, right: 0, of: 0 }), /No network of the others has an answer yet/);
  assert.match(of(null), /^Nobody has drawn yet/);
});

test("a guess is marked right or wrong, not by colour alone", () => {
  const guess = { name: "Jun", label: 2, probability: 0.876 };
  assert.equal(words.guessed(guess, 2, LABELS), "✓ Jun: Bag, 88 %");
  assert.equal(words.guessed({ ...guess, label: 0 }, 2, LABELS), "✗ Jun: T-shirt, 88 %");
});

test("the ranking says how many networks understood a drawing", () => {
  assert.equal(words.ranked(DRAWING, LABELS), "Bag by Mina: 3 of 4");
  assert.equal(words.alt(DRAWING, LABELS), "Drawing by Mina: Bag");
});
