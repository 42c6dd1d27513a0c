import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import arrival, { leaving } from "../../../playground/ui/common/arrival.js";

const listeners = {};
let busy, asked;

globalThis.Element = class {};
globalThis.HTMLAnchorElement = class extends Element {
  constructor(href) {
    super();
    Object.assign(this, { href, target: "" });
  }
  closest() {
    return this;
  }
};
globalThis.PopStateEvent = class {};
globalThis.location = { pathname: "/" };
globalThis.history = { pushState: (_state, _title, path) => (location.pathname = path) };
globalThis.document = {
  addEventListener: (name, listen) => (listeners[name] = listen),
  querySelector: () => busy,
};
globalThis.window = {
  addEventListener: (name, listen) => (listeners[name] = listen),
  dispatchEvent: () => asked.push(location.pathname),
  setTimeout: (...given) => setTimeout(...given),
};

beforeEach(() => {
  listeners.pointerdown?.(); // a timer of the test before is not one of this test's
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [busy, asked, location.pathname] = [null, [], "/"];
  arrival({ data: { page: "" } });
});

function press(path) {
  listeners.click({ target: new HTMLAnchorElement(`http://host${path}`) });
}

test("a page that comes by itself is not asked for again", () => {
  press("/draw");
  assert.equal(leaving(), true);
  arrival({ data: { page: "draw" } });
  assert.equal(leaving(), false);
  mock.timers.tick(60_000);
  assert.deepEqual(asked, []);
});

test("a page that another run has ended is asked for again, whatever the address says", () => {
  press("/draw");
  location.pathname = "/draw";
  mock.timers.tick(2000);
  assert.deepEqual(asked, ["/draw"]);
});

test("a page that was shown only until a run of the old one came is asked for again", () => {
  press("/draw");
  busy = {}; // both pages run, one after the other
  arrival({ data: { page: "draw" } });
  mock.timers.tick(2000);
  arrival({ data: { page: "" } });
  mock.timers.tick(2000);
  assert.deepEqual(asked, []);
  busy = null;
  mock.timers.tick(2000);
  assert.deepEqual(asked, ["/draw"]);
  arrival({ data: { page: "draw" } });
  mock.timers.tick(60_000);
  assert.deepEqual(asked, ["/draw"]);
});

test("what the reader does next is another wish", () => {
  press("/draw");
  listeners.pointerdown();
  mock.timers.tick(60_000);
  assert.deepEqual(asked, []);
});

test("it gives up after three times", () => {
  press("/draw");
  mock.timers.tick(2000);
  mock.timers.tick(4000);
  mock.timers.tick(8000);
  mock.timers.tick(60_000);
  assert.equal(asked.length, 3);
  assert.equal(leaving(), false);
});
