import assert from "node:assert/strict";
import { test } from "node:test";

import { describeCell } from "../../../playground/ui/inside/words.js";

test("a cell says how many images it holds, and of what", () => {
  assert.equal(describeCell(0, "Coat", "Shirt"), "0 images of Coat called Shirt");
  assert.equal(describeCell(1, "Coat", "Coat"), "1 image of Coat called Coat");
});
