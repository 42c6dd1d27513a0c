import assert from "node:assert/strict";
import { test } from "node:test";

import { noted, read } from "../../../playground/ui/learn/progress.js";

test("what was opened may be finished, and what was finished stays so", () => {
  const opened = noted({}, "dense", "opened");
  const finished = noted(opened, "dense", "finished");
  assert.deepEqual(opened, { dense: "opened" });
  assert.deepEqual(finished, { dense: "finished" });
  assert.deepEqual(noted(finished, "dense", "opened"), finished);
});

test("whatever a browser has kept is read", () => {
  assert.deepEqual(read(null), {});
  assert.deepEqual(read("no JSON"), {});
  assert.deepEqual(read("null"), {});
  assert.deepEqual(read('{"dense": "finished", "flatten": 3}'), { dense: "finished" });
});
