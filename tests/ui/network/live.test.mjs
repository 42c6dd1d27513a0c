// Portraits of a run that trains: the newest only, when the page has nothing else to do.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

let worker, idle, said;

globalThis.addEventListener = () => {};
globalThis.setInterval = () => 0;
globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
globalThis.SharedWorker = class {
  constructor() {
    worker = this;
    this.port = { postMessage: (list) => said.push(list) };
  }
};
globalThis.requestIdleCallback = (callback, { timeout }) => idle.push([callback, timeout]);

const { decodePortrait, FIGURES_MS, MOST_WAIT_MS, onFirstFigures, watchLive } =
  await import("../../../playground/ui/network/live.js");

beforeEach(() => {
  idle = [];
  said = [];
});

const tell = (message) => worker.port.onmessage({ data: { id: said.at(-1)[0].id, ...message } });
const rest = () => idle.splice(0).forEach(([callback]) => callback());
const base64 = (array) => Buffer.from(array.buffer).toString("base64");

const portrait = (position) => ({
  position,
  choice: "abc",
  layers: [
    {
      units: 5,
      shown: [4, 1],
      side: 2,
      pictures: base64(Int8Array.of(-127, 1, 2, 3, 4, 5, 6, 127)),
      scales: [0.5, 0.25],
      bias: [0.1, -0.1],
      z: base64(Float32Array.of(1.5, -2, 3, 4)),
      values: base64(Float32Array.of(1.5, 0, 3, 4)),
      state: base64(Uint8Array.of(0, 1)),
    },
  ],
  output: {
    bias: [0, 1],
    z: base64(Float32Array.of(0, 1, 2, 3)),
    probabilities: base64(Float32Array.of(0.25, 0.75, 0.5, 0.5)),
    from: base64(Int8Array.of(1, -2, 3, -4)),
    from_scale: 2,
  },
});

test("a portrait is decoded", () => {
  const { position, choice, items, layers, output } = decodePortrait(portrait(2.5));
  assert.deepEqual([position, choice, items], [2.5, "abc", 2]);
  const [layer] = layers;
  assert.deepEqual([...layer.pictures], [-127, 1, 2, 3, 4, 5, 6, 127]);
  assert.deepEqual([layer.side, layer.units, layer.scales], [2, 5, [0.5, 0.25]]);
  assert.deepEqual([...layer.z], [1.5, -2, 3, 4]);
  assert.deepEqual([...layer.values], [1.5, 0, 3, 4]);
  assert.deepEqual([...layer.state], [0, 1]);
  assert.equal(layer.from.length, 0);
  assert.deepEqual([...output.from], [1, -2, 3, -4]);
  assert.equal(output.fromScale, 2);
  assert.deepEqual([...output.probabilities], [0.25, 0.75, 0.5, 0.5]);
  assert.equal(output.side, 0);
});

test("the newest is shown in idle time or soon, and the last before the end", () => {
  const told = [];
  watchLive("a", {
    onPortrait: ({ position }) => told.push(position),
    onEnd: () => told.push("end"),
  });
  assert.equal(said.at(-1)[0].run, "a");
  for (const position of [1, 2, 3]) tell({ portrait: portrait(position) });
  assert.deepEqual(told, []);
  assert.deepEqual(
    idle.map(([, timeout]) => timeout),
    [MOST_WAIT_MS],
  );
  rest();
  tell({ portrait: portrait(4) });
  tell({ portrait: portrait(5) });
  tell({ over: true });
  assert.deepEqual(told, [3, 5, "end"]);
  assert.deepEqual(said.at(-1), []);
  rest();
  assert.deepEqual(told, [3, 5, "end"]);
});

test("who leaves sees no more", () => {
  const told = [];
  const leave = watchLive("a", { onPortrait: ({ position }) => told.push(position) });
  tell({ portrait: portrait(1) });
  leave();
  assert.deepEqual(said.at(-1), []);
  rest();
  assert.deepEqual(told, []);
});

test("a network comes after the first figures of its run, or late without them, once", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let came = 0;
  onFirstFigures(() => came++);
  rest();
  assert.equal(came, 0);
  document.dispatchEvent(new Event("board:begun"));
  rest();
  assert.equal(came, 1);
  mock.timers.tick(FIGURES_MS);
  document.dispatchEvent(new Event("board:begun"));
  rest();
  assert.equal(came, 1);
  onFirstFigures(() => came++);
  mock.timers.tick(FIGURES_MS);
  rest();
  assert.equal(came, 2);
  mock.timers.reset();
});

test("a network that has gone, or another one's, waits for no figures", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let came = 0;
  const leave = onFirstFigures(() => came++);
  document.dispatchEvent(new Event("board:begun"));
  leave();
  rest();
  onFirstFigures(() => came++)();
  mock.timers.tick(FIGURES_MS);
  rest();
  assert.equal(came, 0);
  mock.timers.reset();
});
