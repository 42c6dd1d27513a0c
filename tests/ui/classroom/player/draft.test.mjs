// What has been typed and is not saved yet is kept in the browser.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import {
  AGAIN_MS,
  draftOf,
  keepDraft,
  MOST_AGAIN,
  PAUSE_MS,
  same,
  Saver,
} from "../../../../playground/ui/classroom/player/draft.js";

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

/** Something typed, what the class has, and all that was sent. */
function written() {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  const now = { text: "Steps", saved: "", sent: [] };
  const saver = new Saver(
    () => now.text,
    () => now.saved,
    (text) => now.sent.push(text),
  );
  return { now, saver };
}

test("a text is sent once one pauses, and not twice", () => {
  const { now, saver } = written();
  saver.typed();
  mock.timers.tick(PAUSE_MS);
  saver.save();
  assert.deepEqual(now.sent, ["Steps"]);
  now.saved = "Steps";
  saver.answered();
  mock.timers.tick(AGAIN_MS);
  assert.deepEqual(now.sent, ["Steps"]);
});

test("a text that was not saved is sent again, by a press elsewhere or after a while", () => {
  const { now, saver } = written();
  saver.save();
  saver.answered();
  saver.save();
  assert.deepEqual(now.sent, ["Steps", "Steps"]);
  saver.answered();
  mock.timers.tick(2 * AGAIN_MS);
  assert.equal(now.sent.length, 3);
});

test("a text that is refused each time is not sent for ever", () => {
  const { now, saver } = written();
  saver.save();
  for (let i = 0; i < 2 * MOST_AGAIN; i++) {
    saver.answered();
    mock.timers.tick(AGAIN_MS * 2 ** MOST_AGAIN);
  }
  assert.equal(now.sent.length, 1 + MOST_AGAIN);
});
