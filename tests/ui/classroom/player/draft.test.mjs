// What has been typed and is not saved yet is kept in the browser.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { draftOf, keepDraft, same } from "../../../../playground/ui/classroom/player/draft.js";

let stored;
beforeEach(() => {
  stored = new Map();
  globalThis.localStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, text) => stored.set(name, text),
    removeItem: (name) => stored.delete(name),
  };
});

test("a text that is not saved is found again, each under its name", () => {
  keepDraft("a", "Steps too", "");
  assert.equal(draftOf("a"), "Steps too");
  assert.equal(draftOf("b"), null);
});

test("with the class's own text there is no draft", () => {
  keepDraft("a", "Steps too large", "Steps too");
  keepDraft("a", "Steps too large\n", "Steps too large");
  assert.equal(draftOf("a"), null);
});

test("an empty text is a draft, too, where the class has another one", () => {
  keepDraft("a", "", "Steps too large");
  assert.equal(draftOf("a"), "");
});

test("where storage is forbidden nothing fails", () => {
  globalThis.localStorage = undefined;
  keepDraft("a", "Steps", "");
  assert.equal(draftOf("a"), null);
});

test("white space around a text makes no other text", () => {
  assert.ok(same(" a\n", "a"));
  assert.ok(!same("a b", "ab"));
});
