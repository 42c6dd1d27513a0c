import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keepOne } from "../../../playground/ui/common/held.js";

globalThis.HTMLElement = class {
  isConnected = true;
};

class Thing {
  calls = 0;
  attached = [];
  destroyed = 0;
  constructor(root) {
    this.root = root;
    made.push(this);
  }
  attach(data) {
    this.attached.push(data.value);
  }
  destroy() {
    this.destroyed += 1;
  }
}

let made, parentElement, show;

beforeEach(() => {
  made = [];
  const root = new HTMLElement();
  parentElement = { root, querySelector: () => parentElement.root };
  show = keepOne(".thing", (found) => new Thing(found));
});

const call = (value) => show({ data: { value }, parentElement });

test("an element has one object for all calls", () => {
  call(1);
  call(2);
  assert.deepEqual([made.length, made[0].attached], [1, [1, 2]]);
});

test("cleaning up after an outdated call, before the newer one or after it, destroys nothing", () => {
  call(1)(); // the next call comes when its script has loaded
  const late = call(2);
  call(3);
  late();
  assert.deepEqual([made.length, made[0].destroyed], [1, 0]);
});

test("an object is destroyed once with its element", () => {
  const first = call(1);
  const last = call(2);
  parentElement.root.isConnected = false;
  first();
  last();
  assert.equal(made[0].destroyed, 1);
});

test("another element in the same place has an object of its own", () => {
  call(1);
  parentElement.root = new HTMLElement();
  call(2);
  assert.deepEqual([made.length, made[0].destroyed, made[1].attached], [2, 1, [2]]);
});
