import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { bring } from "../../../playground/ui/board/bring.js";

let report,
  place,
  scrolled,
  phone,
  listeners,
  hidden,
  calm,
  runs = 0;
const box = (edges) => ({ getBoundingClientRect: () => edges() });

globalThis.window = {
  addEventListener: (name, listener) => (listeners[name] = listener),
};
globalThis.innerHeight = 850;
globalThis.matchMedia = (query) => ({
  matches: calm && query === "(prefers-reduced-motion: reduce)",
});
globalThis.document = { querySelector: () => ({ clientHeight: 70 }) };
globalThis.getComputedStyle = () => ({ position: phone ? "fixed" : "static" });
globalThis.ResizeObserver = class {
  constructor(resized) {
    report = resized;
  }
  observe() {
    report();
  }
  disconnect() {
    report = () => {};
  }
};

const board = {
  isConnected: true,
  ...box(() => ({ top: place.top })),
  querySelector: () =>
    box(() => (hidden ? { height: 0, bottom: 0 } : { height: 500, bottom: place.top + 640 })),
  closest: () => null,
  scrollIntoView: ({ behavior }) => {
    scrolled.push(behavior);
    place.top = 68;
  },
};

beforeEach(() => {
  [scrolled, phone, hidden, calm, listeners] = [[], true, false, false, {}];
  place = { top: 1400 };
});

test("who starts a run is brought to its board, also to one that is made again", () => {
  bring(board, "one");
  assert.deepEqual(scrolled, ["smooth"]);
  bring(board, "one"); // it is in sight
  assert.equal(scrolled.length, 1);
  place.top = 1400;
  bring({ ...board }, "one");
  assert.equal(scrolled.length, 2);
});

test("who has done anything since is not brought back", () => {
  bring(board, "two");
  listeners.pointerdown();
  place.top = 1400;
  bring({ ...board }, "two");
  assert.equal(scrolled.length, 1);
});

test("on a phone a board that starts in the middle has its curves below the screen", () => {
  place.top = 300;
  bring(board, `run ${runs++}`);
  assert.equal(scrolled.length, 1);
});

test("on a phone it is gone to before its curves are shown", () => {
  hidden = true;
  bring(board, `run ${runs++}`);
  assert.deepEqual(scrolled, ["smooth"]);
});

test("what comes or goes above it does not push it below the navigation", () => {
  for (const kind of [true, false]) {
    phone = kind;
    place.top = 1400;
    bring(board, `run ${runs++}`);
    scrolled = [];
    place.top = 12;
    report();
    assert.deepEqual(scrolled, ["instant"]);
  }
});

test("where Train does not stay at the bottom a board in the upper half is in sight", () => {
  phone = false;
  place.top = 300;
  bring(board, `run ${runs++}`);
  assert.deepEqual(scrolled, []);
});

test("it stays in sight while the page grows, until the reader does anything", () => {
  bring(board, `run ${runs++}`);
  place.top = 500;
  report();
  assert.deepEqual(scrolled, ["smooth", "instant"]);
  listeners.wheel();
  place.top = 500;
  report();
  assert.equal(scrolled.length, 2);
});

test("who wants no motion is there at once", () => {
  calm = true;
  bring(board, `run ${runs++}`);
  assert.deepEqual(scrolled, ["instant"]);
});
