import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { remember, remembered } from "../../../../playground/ui/classroom/curve/memory.js";

beforeEach(() => {
  const stored = {};
  globalThis.sessionStorage = {
    getItem: (name) => stored[name] ?? null,
    setItem: (name, text) => (stored[name] = text),
  };
});

test("each curve is remembered by its name", () => {
  remember("a", { version: 3, samples: [1, null] });
  assert.deepEqual(remembered("a"), { version: 3, samples: [1, null] });
  assert.equal(remembered("b"), null);
});

test("where storage is forbidden there is nothing to remember, and nothing breaks", () => {
  const refuse = () => {
    throw new Error("forbidden");
  };
  globalThis.sessionStorage = { getItem: refuse, setItem: refuse };
  remember("a", { version: 1, samples: [] });
  assert.equal(remembered("a"), null);
});
