import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { BEAT_MS } from "../../../../playground/ui/board/stream/stream.js";
import { Subscriptions } from "../../../../playground/ui/board/stream/subscriptions.js";

let listeners, said, worker;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "setTimeout", "Date"] });
  listeners = {};
  said = [];
  const listen = (name, callback) => (listeners[name] = callback);
  globalThis.document = { visibilityState: "visible", addEventListener: listen };
  globalThis.addEventListener = listen;
  globalThis.SharedWorker = class {
    constructor(url, { type }) {
      worker = this;
      Object.assign(this, { url: String(url), type });
      this.port = { postMessage: (list) => said.push(list) };
    }
  };
});

/** A board that notes what it is told. */
function board(subscriptions, run, seq = 0) {
  const told = [];
  const leave = subscriptions.subscribe(run, seq, {
    onEvent: (event) => told.push(event.seq),
    onConnection: (connected) => told.push(connected),
    onGone: () => told.push("gone"),
  });
  return { told, leave };
}

const tell = (message) => worker.port.onmessage({ data: message });
const events = (...seqs) => seqs.map((seq) => ({ seq, kind: "progress", data: {} }));

test("all boards of a page ask one worker, a module", () => {
  const subscriptions = new Subscriptions();
  board(subscriptions, "a");
  board(subscriptions, "b", 7);
  assert.match(worker.url, /\/board\/stream\/worker\.js$/);
  assert.equal(worker.type, "module");
  assert.deepEqual(said.at(-1), [
    { id: 1, run: "a", seq: 0 },
    { id: 2, run: "b", seq: 7 },
  ]);
});

test("each board gets its events once, and what is not kept as often as it comes", () => {
  const subscriptions = new Subscriptions();
  const [one, two] = [board(subscriptions, "a"), board(subscriptions, "b", 7)];
  tell({ id: 1, events: events(1, 2, 0) });
  tell({ id: 1, events: events(2, 0, 3) });
  tell({ id: 2, events: events(7, 8) });
  assert.deepEqual(one.told, [1, 2, 0, 0, 3]);
  assert.deepEqual(two.told, [8]);
});

test("a board that leaves gets nothing more, not even of the same message", () => {
  const subscriptions = new Subscriptions();
  const told = [];
  const leave = subscriptions.subscribe("a", 0, {
    onEvent: ({ seq }) => {
      told.push(seq);
      if (seq === 2) leave();
    },
  });
  tell({ id: 1, events: events(1, 2, 3) });
  tell({ id: 1, events: events(4) });
  assert.deepEqual(told, [1, 2]);
  assert.deepEqual(said.at(-1), []);
});

test("every board hears of a lost connection, and only one of a run that is not there", () => {
  const subscriptions = new Subscriptions();
  const [one, two] = [board(subscriptions, "a"), board(subscriptions, "b")];
  tell({ connected: false });
  tell({ id: 2, gone: true });
  assert.deepEqual(one.told, [false]);
  assert.deepEqual(two.told, [false, "gone"]);
});

test("a page that nobody sees wants nothing, and then asks for what is newer", () => {
  const subscriptions = new Subscriptions();
  board(subscriptions, "a");
  tell({ id: 1, events: events(1, 2) });
  document.visibilityState = "hidden";
  listeners.visibilitychange();
  assert.deepEqual(said.at(-1), []);
  document.visibilityState = "visible";
  listeners.visibilitychange();
  assert.deepEqual(said.at(-1), [{ id: 1, run: "a", seq: 2 }]);
  listeners.pagehide();
  assert.deepEqual(said.at(-1), []);
});

test("it says again and again what it wants, while it wants something", () => {
  const subscriptions = new Subscriptions();
  const { leave } = board(subscriptions, "a");
  const before = said.length;
  mock.timers.tick(BEAT_MS);
  assert.equal(said.length, before + 1);
  leave();
  const after = said.length;
  mock.timers.tick(2 * BEAT_MS);
  assert.equal(said.length, after);
});

for (const [why, without] of [
  ["there are no shared workers", () => delete globalThis.SharedWorker],
  ["the worker does not load", () => {}],
]) {
  test(`if ${why}, the page asks for itself`, async () => {
    without();
    const asked = new Promise((resolve) => {
      globalThis.EventSource = class {
        constructor(url) {
          resolve(url);
        }
      };
    });
    const subscriptions = new Subscriptions();
    board(subscriptions, "a");
    if (globalThis.SharedWorker) worker.onerror();
    assert.equal(await asked, "/api/events?run=a:0");
    subscriptions.port.close();
  });
}

test("portraits are wanted while the page is seen, and until nobody looks", () => {
  const subscriptions = new Subscriptions();
  const told = [];
  const leave = subscriptions.look("a", {
    onPortrait: ({ position }) => told.push(position),
    onOver: () => told.push("over"),
  });
  assert.deepEqual(said.at(-1), [{ id: 1, run: "a", seq: 0, portrait: true }]);
  document.visibilityState = "hidden";
  listeners.visibilitychange();
  assert.deepEqual(said.at(-1), []);
  document.visibilityState = "visible";
  listeners.visibilitychange();
  assert.equal(said.at(-1).length, 1);
  tell({ connected: true });
  tell({ id: 1, portrait: { position: 2.5 } });
  tell({ id: 1, over: true });
  leave();
  leave();
  assert.deepEqual(said.at(-1), []);
  tell({ id: 1, portrait: { position: 3 } }); // it was under way
  assert.deepEqual(told, [2.5, "over"]);
});

test("a page attends to a class while it is seen, and hears of a lost connection", () => {
  const subscriptions = new Subscriptions();
  const told = [];
  const leave = subscriptions.attend(
    "token",
    (view, at) => told.push([view, at]),
    (connected) => told.push(connected),
  );
  assert.deepEqual(said.at(-1), [{ id: 1, run: "", seq: 0, token: "token" }]);
  tell({ id: 1, view: { curtain: true }, at: 5 });
  tell({ connected: false });
  leave();
  tell({ id: 1, view: null, at: 6 });
  assert.deepEqual(told, [[{ curtain: true }, 5], false]);
  assert.deepEqual(said.at(-1), []);
});

test("a class that is gone for good is asked for no more, one that shows nothing now is", () => {
  const subscriptions = new Subscriptions();
  const told = [];
  subscriptions.attend("token", (view) => told.push(view));
  tell({ id: 1, view: null, at: 5 });
  assert.equal(said.at(-1).length, 1);
  tell({ id: 1, view: null, at: 6, over: true });
  assert.deepEqual(said.at(-1), []);
  mock.timers.tick(BEAT_MS);
  assert.deepEqual(said.at(-1), []);
  assert.deepEqual(told, [null, null]);
});

/** What the newest list says of runs. */
const asked = () => said.at(-1).map(({ run, coming }) => [run, Boolean(coming)]);

test("a run that is expected is asked for at once, and its board gets all that has come", async () => {
  const subscriptions = new Subscriptions();
  subscriptions.expect("next");
  assert.deepEqual(asked(), [["next", true]]);
  tell({ id: 1, events: events(1, 0, 2) });
  const before = said.length;
  const { told, leave } = board(subscriptions, "next");
  assert.equal(said.length, before); // the same connection
  await undefined;
  tell({ id: 1, events: events(2, 3) });
  assert.deepEqual(told, [1, 0, 2, 3]);
  mock.timers.tick(60000);
  assert.deepEqual(asked(), [["next", false]]);
  tell({ id: 1, gone: true });
  assert.deepEqual(told.at(-1), "gone");
  leave();
  assert.deepEqual(said.at(-1), []);
});

test("a board that leaves at the first event that had come gets no second one", async () => {
  const subscriptions = new Subscriptions();
  subscriptions.expect("next");
  tell({ id: 1, events: events(1, 2) });
  const told = [];
  const leave = subscriptions.subscribe("next", 0, {
    onEvent: ({ seq }) => {
      told.push(seq);
      leave();
    },
  });
  await undefined;
  assert.deepEqual(told, [1]);
});

test("boards of other runs, and of one from the middle, ask for themselves", async () => {
  const subscriptions = new Subscriptions();
  subscriptions.expect("next");
  tell({ id: 1, events: events(1, 2) });
  const [other, middle] = [board(subscriptions, "other"), board(subscriptions, "next", 1)];
  await undefined;
  assert.deepEqual([other.told, middle.told], [[], []]);
  assert.deepEqual(asked(), [
    ["next", true],
    ["other", false],
    ["next", false],
  ]);
});

test("a run that does not begin is expected no longer: another press, no such run, ten seconds", () => {
  const subscriptions = new Subscriptions();
  subscriptions.expect("first");
  subscriptions.expect("second");
  assert.deepEqual(asked(), [["second", true]]);
  tell({ id: 2, gone: true });
  assert.deepEqual(asked(), []);
  subscriptions.expect("third");
  assert.deepEqual(asked(), [["third", true]]);
  mock.timers.tick(10000);
  assert.deepEqual(asked(), []);
});
