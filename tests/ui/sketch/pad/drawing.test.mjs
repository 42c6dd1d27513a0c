import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Drawing } from "../../../../playground/ui/sketch/pad/drawing.js";

const pen = (...points) => ({ tool: "pen", points });
const EMPTY = { version: 0, strokes: [], most: 2000, largest: 2_000_000 };

let stored;

beforeEach(() => {
  stored = {};
  globalThis.sessionStorage = {
    getItem: (name) => stored[name] ?? null,
    setItem: (name, text) => (stored[name] = text),
  };
});

test("undo and redo go through the strokes, and a new stroke ends what could be redone", () => {
  const drawing = new Drawing(EMPTY);
  const [one, two, three] = [pen(1, 1, 1), pen(2, 2, 2), pen(3, 3, 3)];
  drawing.add(one);
  drawing.add(two);
  assert.ok(drawing.undo());
  assert.deepEqual(drawing.visible, [one]);
  assert.ok(drawing.redo());
  assert.deepEqual(drawing.visible, [one, two]);
  drawing.undo();
  drawing.add(three);
  assert.ok(!drawing.redo());
  assert.deepEqual(drawing.visible, [one, three]);
});

test("a clear empties the paper, once, and can be undone", () => {
  const drawing = new Drawing(EMPTY);
  assert.ok(!drawing.clear());
  drawing.add(pen(1, 1, 1));
  assert.ok(drawing.clear());
  assert.ok(!drawing.clear());
  assert.deepEqual(drawing.visible, []);
  assert.ok(drawing.undo());
  assert.equal(drawing.visible.length, 1);
});

test("a full paper makes room by thinning the line that is drawn, if that helps", () => {
  const drawing = new Drawing({ ...EMPTY, most: 4 });
  const straight = pen(0, 0, 5, 10, 0, 5, 20, 0, 5, 30, 0, 5);
  drawing.add(straight);
  assert.ok(drawing.hasRoom(straight));
  assert.deepEqual(straight.points, [0, 0, 5, 30, 0, 5]);
  drawing.add({ tool: "fill", x: 1, y: 1, grey: 9 });
  drawing.add({ tool: "fill", x: 2, y: 2, grey: 9 });
  assert.ok(!drawing.hasRoom(straight));
  assert.ok(!drawing.hasRoom(null));
  drawing.clear();
  assert.ok(drawing.hasRoom(null));
});

test("a page that is loaded again has the newer of the tab's drawing and the server's", () => {
  const drawing = new Drawing(EMPTY);
  drawing.add(pen(1, 1, 1));
  drawing.add(pen(2, 2, 2));
  drawing.undo();
  drawing.commit();
  const again = new Drawing(EMPTY);
  assert.ok(again.unsent);
  assert.deepEqual(again.visible, [pen(1, 1, 1)]);
  assert.ok(again.redo());
  const same = new Drawing({ ...EMPTY, version: 1, strokes: [pen(1, 1, 1)] });
  assert.ok(!same.unsent);
  assert.ok(same.redo());
  const newer = new Drawing({ ...EMPTY, version: 2, strokes: [pen(9, 9, 9)] });
  assert.ok(!newer.unsent);
  assert.deepEqual(newer.visible, [pen(9, 9, 9)]);
});

test("a drawing that is too large is not sent, until some of it is gone", () => {
  const drawing = new Drawing({ ...EMPTY, most: 2, largest: 200 });
  drawing.add(pen(1, 1, 1));
  const { version, visible: strokes } = drawing;
  assert.deepEqual(drawing.toSend("data:,"), { version, strokes, png: "data:," });
  assert.equal(drawing.toSend("x".repeat(200)), null);
  drawing.add(pen(1, 1, 1, 2, 2, 2));
  assert.equal(drawing.toSend("data:,"), null);
  drawing.undo();
  assert.ok(drawing.toSend("data:,"));
});

test("where a tab may keep nothing, the server's drawing is there", () => {
  const refuse = () => {
    throw new Error("storage is forbidden");
  };
  globalThis.sessionStorage = { getItem: refuse, setItem: refuse };
  const drawing = new Drawing({ ...EMPTY, strokes: [pen(1, 1, 1)] });
  drawing.commit();
  assert.equal(drawing.version, 1);
  assert.deepEqual(drawing.visible, [pen(1, 1, 1)]);
});
