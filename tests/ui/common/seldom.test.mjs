import assert from "node:assert/strict";
import { test } from "node:test";

import { PAUSE_MS, Seldom } from "../../../playground/ui/common/seldom.js";

function place(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const heard = [];
  const element = { textContent: "" };
  return { heard, element, seldom: new Seldom(element, (text) => heard.push(text)) };
}

test("what stands there at first is not said, the first change is", (context) => {
  const { heard, element, seldom } = place(context);
  seldom.tell("0 of 3");
  assert.deepEqual([heard, element.textContent], [[], "0 of 3"]);
  seldom.tell("1 of 3");
  assert.deepEqual(heard, ["1 of 3"]);
});

test("of many changes the newest is said, once the pause is over, and nothing twice", (context) => {
  const { heard, element, seldom } = place(context);
  for (let count = 0; count <= 30; count++) seldom.tell(`${count} of 30`);
  assert.deepEqual([heard, element.textContent], [["1 of 30"], "30 of 30"]);
  context.mock.timers.tick(PAUSE_MS);
  assert.deepEqual(heard, ["1 of 30", "30 of 30"]);
  context.mock.timers.tick(10 * PAUSE_MS);
  seldom.tell("30 of 30");
  assert.equal(heard.length, 2);
});

test("a place that is gone says nothing more", (context) => {
  const { heard, seldom } = place(context);
  for (const text of ["a", "b", "c"]) seldom.tell(text);
  seldom.leave();
  context.mock.timers.tick(PAUSE_MS);
  seldom.tell("d");
  assert.deepEqual(heard, ["b"]);
});
