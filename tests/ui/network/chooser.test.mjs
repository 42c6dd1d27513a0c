import assert from "node:assert/strict";
import { test } from "node:test";

import { shownOf } from "../../../playground/ui/network/draw/chooser.js";

test("of a sealed run only the faces and drawings are shown", () => {
  const faces = [0, 1, 2, 13];
  for (const item of ["test-13", "pixels-AAAA"]) assert.equal(shownOf(item, true, faces), item);
  for (const item of ["test-5", "test-133", "after-1", "hardest-0"]) {
    assert.equal(shownOf(item, true, faces), "test-0");
    assert.equal(shownOf(item, false, faces), item);
  }
  assert.equal(shownOf("test-13", true, []), "test-0");
});
