import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { address, Excitement } from "../../../playground/ui/network/data/exciting.js";

globalThis.window = globalThis;
const looked = { source: { kind: "run", id: "abc" }, epoch: null, newest: 2, layer: 0, neuron: 7 };
let asked, answer, come;

const settle = async () => {
  mock.timers.tick(1000);
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [asked, come] = [[], 0];
  answer = { ok: true, json: () => [{ index: 3, label: 8, value: 2.5, pixels: btoa("ab") }] };
  globalThis.fetch = async (from) => {
    asked.push(from);
    if (!answer) throw new TypeError("no connection");
    return answer;
  };
});

test("an address says which neuron of which weights", () => {
  assert.equal(address(looked), "/api/runs/abc/exciting?layer=0&neuron=7");
  assert.equal(address({ ...looked, epoch: 1 }), "/api/runs/abc/exciting?epoch=1&layer=0&neuron=7");
  const settings = { ...looked, source: { kind: "settings", query: "seed=3" }, epoch: 1 };
  assert.equal(address(settings), "/api/exciting?seed=3&layer=0&neuron=7");
});

test("who looks for a moment is answered, once a neuron and epoch", async () => {
  const excitement = new Excitement(() => come++);
  assert.equal(excitement.of(looked), undefined);
  assert.equal(excitement.of(looked), undefined);
  await settle();
  assert.equal(come, 1);
  assert.deepEqual(excitement.of(looked), [
    { index: 3, label: 8, value: 2.5, pixels: new Uint8Array([97, 98]) },
  ]);
  assert.equal(excitement.of({ ...looked, newest: 3 }), undefined);
  await settle();
  assert.equal(asked.length, 2);
});

test("a neuron that was only crossed is not asked for", async () => {
  const excitement = new Excitement(() => come++);
  excitement.of({ ...looked, neuron: 1 });
  excitement.of(looked);
  excitement.leave();
  await settle();
  assert.deepEqual(asked, []);
});

test("what cannot be had is not asked for again at once; without a connection it is", async () => {
  const excitement = new Excitement(() => come++);
  answer = { ok: false };
  excitement.of(looked);
  await settle();
  assert.deepEqual(excitement.of(looked), []);
  answer = undefined;
  excitement.of({ ...looked, neuron: 8 });
  await settle();
  excitement.of({ ...looked, neuron: 8 });
  await settle();
  assert.equal(asked.length, 3);
});
